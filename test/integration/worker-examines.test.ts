// A worker looks at its host before it serves: what would hurt others keeps it from serving, before anything of it is on the
// network; everything else is said, and it serves.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import { connectRegistry } from '../../src/redis/registry.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { type Process, startProcess } from '../support/process.ts';
import { addressOf, silent } from '../support/registry-address.ts';
import { mustRun } from '../support/run.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
let lan: Lan;
let redis: PrivateRedis;
let engine: PrivateEngine;
let stateDir = '';
const undo: (() => Promise<unknown>)[] = [];

const ip = (...command: readonly string[]): Promise<string> =>
  mustRun(['ip', '-n', lan.host('h1').namespace, ...command]);
const docker = (...command: readonly string[]): Promise<string> =>
  mustRun(['docker', '--host', engine.dockerHost, ...command]);

beforeAll(async () => {
  lan = await createLan({ hosts: ['h1'] });
  redis = await startPrivateRedis({ unixSocket: true });
  engine = await startPrivateEngine({ namespace: lan.host('h1').namespace });
  stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-state-'));
});
afterAll(async () => {
  await engine?.stop();
  await redis?.stop();
  await lan?.stop();
  await rm(stateDir, { recursive: true, force: true });
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const redisUrl = (): string => redis.socketPath ?? redis.url;

/** In the host's namespace, with a /sys of its own. */
const startWorker = (change: Readonly<Record<string, string>>): Process => {
  const command = ['ip', 'netns', 'exec', lan.host('h1').namespace, process.execPath, main, 'worker'];
  const worker = startProcess(command, {
    REDIS_URL: redisUrl(),
    DOCKER_HOST: engine.dockerHost,
    WCS_SECRET: fleetSecret,
    WCS_HOST: 'h1',
    WCS_PARENT: 'eth0',
    WCS_GATEWAY: '10.77.0.1',
    WCS_RANGE: '10.77.0.100-10.77.0.103',
    WCS_IMAGE: 'localhost/stand-in:latest',
    WCS_RIG_MEMORY: '128m',
    WCS_PROBE: 'none',
    WCS_STATE_DIR: stateDir,
    ...change,
  });
  undo.push(() => worker.end('SIGTERM'));
  return worker;
};

const networks = async (): Promise<readonly string[]> =>
  (await docker('network', 'ls', '--format', '{{.Name}}')).trim().split('\n').sort();

const notes = async (): Promise<readonly string[]> => {
  const address = addressOf(redisUrl());
  const registry = await connectRegistry({ address, installation: 'wcs', log: silent });
  try {
    return (await registry.addresses.map()).flatMap(({ hosts }) => hosts.flatMap((host) => host.notes));
  } finally {
    registry.close();
  }
};

describe('a worker that starts', () => {
  it('does not serve where its parent carries the other kind, and says what mends it', async () => {
    await ip('link', 'add', 'link', 'eth0', 'name', 'mv0', 'type', 'macvlan', 'mode', 'bridge');
    undo.push(() => ip('link', 'delete', 'mv0'));
    const before = await networks();
    const worker = startWorker({ WCS_NETWORK: 'ipvlan' });
    expect(await worker.ended).toBe(1);
    expect(worker.output()).toMatch(
      /host h1 does not serve, since it would hurt others: the interface mv0 is macvlan on eth0, .*sudo ip link delete mv0/,
    );
    expect(await networks()).toEqual(before);
  });

  it('does not serve where its bridge would take away what goes elsewhere', async () => {
    await ip('route', 'add', '172.31.7.0/24', 'via', '10.77.0.3');
    undo.push(() => ip('route', 'delete', '172.31.7.0/24'));
    const before = await networks();
    const bridge = {
      WCS_NETWORK: 'bridge',
      WCS_RANGE: '172.31.7.10-172.31.7.13',
      WCS_PARENT: '',
      WCS_GATEWAY: '',
    };
    const worker = startWorker(bridge);
    expect(await worker.ended).toBe(1);
    expect(worker.output()).toMatch(
      /would hurt others: this machine reaches 172\.31\.7\.0\/24 through eth0; .*WCS_SUBNET=/,
    );
    expect(await networks()).toEqual(before);
  });

  it('serves with what is only worth knowing, which its log and its registration say', async () => {
    undo.push(() => ip('link', 'set', 'eth0', 'mtu', '1500'));
    await ip('link', 'set', 'eth0', 'mtu', '9000');
    const worker = startWorker({ WCS_NETWORK: 'macvlan' });
    await worker.says('"msg":"serving"');
    undo.push(() => docker('network', 'rm', 'wcs-rigs'));
    expect(worker.output()).toMatch(/"check":"mtu","mend":".*","msg":"eth0 has an MTU of 9000/);
    expect(worker.output()).toMatch(/"check":"range-dhcp"/);
    expect(await notes()).toEqual([
      expect.stringContaining('eth0 has an MTU of 9000'),
      expect.stringContaining('WCS_DHCP is not set'),
    ]);
    await worker.end('SIGTERM');
  });

  it('serves in silence where all is well, also after it was there before', async () => {
    const settings = { WCS_NETWORK: 'macvlan', WCS_DHCP: '10.77.0.200-10.77.0.250' };
    for (let round = 0; round < 2; round += 1) {
      const worker = startWorker(settings);
      await worker.says('"msg":"serving"');
      expect(worker.output()).not.toContain('"check"');
      expect(await notes()).toEqual([]);
      expect(await worker.end('SIGTERM'), worker.output()).toBe(0);
    }
    await docker('network', 'rm', 'wcs-rigs');
  });
});
