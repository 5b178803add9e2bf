// Each network mode from `/wcs up` to the page at a colleague's machine, three rigs at once on one host. ipvlan has a machine of
// its own: ipvlan.test.ts.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { echoFrom, fetchFrom } from '../support/colleague.ts';
import { type Fleet, fleetImage, startFleet } from '../support/fleet.ts';
import { type LabMode, labHosts, labModes, onMachine, startMode } from '../support/network-modes.ts';
import type { Process } from '../support/process.ts';
import { readRedis } from '../support/registry-dump.ts';
import { mustRun } from '../support/run.ts';

const twoWayStreaming = '/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html';

let fleet: Fleet;
const workers = new Map<string, Process>();

beforeAll(async () => {
  fleet = await startFleet({
    hosts: labHosts,
    firewall: true,
    environment: { WCS_RIGS_PER_USER: '50', WCS_USE_EVERY: '1s' },
  });
  // As a server that listens on its own address alone.
  const { dockerHost } = fleet.host('own').engine;
  await buildStandIn({ dockerHost, reference: `${fleetImage}:own`, env: { STAND_IN_BIND: 'own' } });
  await fleet.startBot();
  for (const mode of Object.values(labModes)) workers.set(mode.host, await startMode(fleet, mode));
});
afterAll(async () => {
  await fleet?.stop();
});

const addressOf = async (name: string, written: RegExp): Promise<string> => {
  const { text } = await fleet.cardSays(name, / is ready/, 60_000);
  const address = written.exec(text)?.[0];
  if (address === undefined) throw new Error(`no address on the card: ${text}`);
  return address;
};

const gone = async (...names: readonly string[]): Promise<void> => {
  await fleet.type(`down ${names.join(' ')}`);
  for (const name of names) await fleet.cardSays(name, / · ended/, 60_000);
};

describe.each<[string, LabMode]>(Object.entries(labModes))(
  '%s',
  (mode, { host, addresses, tag, reachesItsOwn }) => {
    const names = [1, 2, 3].map((index) => `${mode}-${index}`);

    it('brings three rigs up at once that a colleague reaches, page and WebSocket', async () => {
      const tagged = tag === undefined ? '' : ` tag ${tag}`;
      await Promise.all(names.map((name) => fleet.type(`up ${name} on ${host} for 1h${tagged}`)));
      const found = new Set<string>();
      for (const name of names) {
        const address = await addressOf(name, addresses);
        found.add(address);
        const page = await fetchFrom(fleet.lan, 'colleague', `https://${address}:8444${twoWayStreaming}`);
        expect(page, `${name} at ${address}`).toMatchObject({ status: 200 });
        expect(page.body).toContain('Two Way Streaming');
        const facts = await fetchFrom(fleet.lan, 'colleague', `https://${address}:8444/`);
        expect(facts.body, 'a page of this rig, and of no other').toContain(`Address: ${address}.`);
        expect(await echoFrom(fleet.lan, 'colleague', `wss://${address}:8443`, 'hello')).toContain('hello');
        const own = await fetchFrom(fleet.lan, host, `https://${address}:8444/`);
        expect(own.status !== 0, 'its own host reaches it').toBe(reachesItsOwn);
      }
      expect(found.size).toBe(3);
    });

    it('sees the use of each by itself', async () => {
      const [busy, ...others] = await fleet.containers(host);
      const pretend = (streams: number) =>
        fetchFrom(
          fleet.lan,
          'colleague',
          `http://${busy?.address}:8081/?action=pretend&streams_rtmp_in=${streams}`,
        );
      expect(await pretend(2)).toMatchObject({ status: 200 });
      const useOf = (rig = ''): Promise<string> =>
        readRedis(
          fleet.redis.url,
          async (redis) => (await redis.hget(`{${fleet.installation}}:rig:${rig}`, 'use')) ?? '',
        );
      const becomes = async (isUsed: boolean): Promise<void> => {
        for (let look = 0; (await useOf(busy?.rig)).includes('streams') !== isUsed; look += 1) {
          expect(look, 'looks at its use').toBeLessThan(100);
          await delay(100);
        }
      };
      await becomes(true);
      // One more round of looks at all of them.
      await delay(1500);
      for (const { rig } of others) expect(await useOf(rig)).not.toContain('streams');
      // Whatever is in use is asked about before it is stopped.
      await pretend(0);
      await becomes(false);
    });

    it('takes them down and leaves nothing', async () => {
      await gone(...names);
      expect(await fleet.containers(host)).toEqual([]);
    });
  },
);

describe('publish', () => {
  it('narrows the media range, on the host and in the rig, and leaves what else stands there', async () => {
    await fleet.type('up narrow on pub for 1h');
    await addressOf('narrow', labModes.publish.addresses);
    const [rig] = await fleet.containers('pub');
    const { dockerHost } = fleet.host('pub').engine;
    const docker = (...words: readonly string[]) => mustRun(['docker', '--host', dockerHost, ...words]);
    const published = await docker('port', rig?.container ?? '');
    const udp = [...published.matchAll(/^(\d+)\/udp -> (\S+):/gm)];
    expect(udp).toHaveLength(100);
    expect(new Set(udp.map(([, , address]) => address))).toEqual(new Set([rig?.address]));
    expect(udp.map(([, port]) => Number(port)).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 100 }, (_, index) => 31_001 + index),
    );
    const file = '/usr/local/FlashphonerWebCallServer/conf/flashphoner.properties';
    const lines = (await docker('exec', rig?.container ?? '', 'cat', file)).split('\n');
    const settingOf = (key: string) =>
      lines
        .find((line) => line.startsWith(key))
        ?.split('=')[1]
        ?.trim();
    expect([settingOf('media_port_from'), settingOf('media_port_to')]).toEqual(['31001', '31100']);
    expect([settingOf('ip '), settingOf('ip_local')]).toEqual([
      rig?.address,
      expect.stringMatching(/^10\.231\.0\./),
    ]);
    expect(settingOf('https.port')).toBe('8444');
    await gone('narrow');
  });
});

describe('publish behind a router that translates one to one', () => {
  const translated = /203\.0\.113\.\d/;

  it('says and links what others see, and is reached there', async () => {
    await workers.get('pub')?.end('SIGTERM');
    const pairs = [1, 2, 3].map((index) => [`10.77.0.20${index}`, `203.0.113.${index}`] as const);
    for (const [inside, outside] of pairs) {
      const rule = `iptables -t nat -I PREROUTING -d ${outside} -j DNAT --to-destination ${inside}`;
      await onMachine(fleet, 'pub', rule);
    }
    await onMachine(fleet, 'colleague', `ip route add 203.0.113.0/24 via ${fleet.lan.host('pub').address}`);
    const WCS_EXTERNAL = pairs.map((pair) => pair.join('=')).join(',');
    await fleet.startWorker('pub', { ...labModes.publish.environment, WCS_EXTERNAL });
    await fleet.type('up translated on pub for 1h');
    const address = await addressOf('translated', translated);
    const page = await fetchFrom(fleet.lan, 'colleague', `https://${address}:8444/`);
    expect(page.body).toContain(`Address: ${address}.`);
    expect(await echoFrom(fleet.lan, 'colleague', `wss://${address}:8443`, 'hello')).toContain('hello');
    const told = fleet.replies('translated').find((text) => / is ready/.test(text));
    expect(told).toContain(`<https://${address}:8444${twoWayStreaming}|Two Way Streaming>`);
    expect(told).not.toContain('10.77.0.20');
    await gone('translated');
  });
});

describe('where a server takes all addresses of its host', () => {
  it('the second rig is refused by the server that is there, and from then on by everybody', async () => {
    await fleet.type('up everywhere on own for 1h');
    await addressOf('everywhere', /10\.77\.0\.21[1-3]/);
    const answers = async (text: string): Promise<string> => {
      const heard = () => fleet.slack.ephemerals('anna', '#rigs');
      const before = heard().length;
      await fleet.type(text);
      return JSON.stringify(await fleet.slack.until(() => heard()[before], 10_000, `an answer to ${text}`));
    };
    // The worker's next word about its host.
    await delay(1500);
    expect(await answers('up second on own')).toContain('own is full (1 of 1)');
    expect(await answers('hosts own')).toContain('takes one rig at a time');
    await gone('everywhere');
  });
});

it('gave Slack no cause to object', () => {
  expect(fleet.slack.violations).toEqual([]);
});
