// An address that moves from one host to another answers its neighbours soon: the rig is announced from inside its network.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../support/fleet.ts';
import { mustRun } from '../support/run.ts';

const address = '10.77.0.100';
let fleet: Fleet;

beforeAll(async () => {
  const shared = { WCS_RANGE: address, WCS_RANGE_SHARED: 'on', WCS_SLOTS: '1', WCS_PROBE: 'none' };
  fleet = await startFleet({ hosts: ['h1', 'h2'], environment: {} });
  await fleet.startBot();
  await fleet.startWorker('h1', shared);
  await fleet.startWorker('h2', shared);
});
afterAll(async () => {
  await fleet?.stop();
});

/** As a browser does it: by what this machine believes to know of its neighbour. */
const reaches = async (): Promise<boolean> =>
  (await fleet.lan.run('colleague', ['timeout', '1', 'bash', '-c', `</dev/tcp/${address}/8444`])).code === 0;
const neighbour = async (): Promise<string> =>
  (await fleet.lan.run('colleague', ['ip', 'neigh', 'show', address])).stdout;

it('a neighbour that knew it on another machine reaches it there within seconds, and no helper is left', async () => {
  await fleet.type('up first on h1 for 1h');
  await fleet.cardSays('first', / is ready/, 60_000);
  expect(await reaches()).toBe(true);
  // The colleague will not ask again by itself for a long time: only an announcement changes its mind.
  const mac = /lladdr (\S+)/.exec(await neighbour())?.[1] ?? '';
  const colleague = ['nsenter', `--net=/run/netns/${fleet.lan.host('colleague').namespace}`];
  await fleet.type('down first');
  await fleet.cardSays('first', / · ended/, 60_000);
  await mustRun([
    ...colleague,
    'ip',
    'neigh',
    'replace',
    address,
    'lladdr',
    '02:00:00:00:00:99',
    'dev',
    'eth0',
    'nud',
    'reachable',
  ]);
  await mustRun([
    ...colleague,
    '/usr/sbin/sysctl',
    '-qw',
    'net.ipv4.neigh.eth0.base_reachable_time_ms=600000',
  ]);
  expect(mac).not.toBe('');

  await fleet.type('up second on h2 for 1h');
  await fleet.cardSays('second', / is ready/, 60_000);
  const begun = performance.now();
  while (!(await reaches()) && performance.now() - begun < 30_000) await delay(100);
  const took = performance.now() - begun;
  console.log(`announced: reached ${Math.round(took)} ms after it was ready`);
  expect(took).toBeLessThan(5_000);

  const engine = fleet.host('h2').engine.dockerHost;
  const helpers = async () =>
    (await mustRun(['docker', '-H', engine, 'ps', '-aq', '--filter', 'label=wcs-rigs.helper'])).trim();
  await expect.poll(helpers, { timeout: 15_000, interval: 500 }).toBe('');
  expect(await fleet.containers('h2')).toHaveLength(1);
});
