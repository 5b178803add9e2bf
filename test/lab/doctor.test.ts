// The probe rig on a LAN of two hosts: who reaches it, who does not and is said so, and that nothing is left of it, whatever ends
// the doctor.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { lookAround } from '../support/aftermath.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Environment, Process } from '../support/process.ts';
import { readRedis } from '../support/registry-dump.ts';
import { mustRun } from '../support/run.ts';
import { type Doctored, readDoctored, type Told } from '../support/run-doctor.ts';

let fleet: Fleet;
const workers = new Map<string, Process>();
const haveWorker = async (name: string): Promise<void> => {
  if (!workers.has(name)) workers.set(name, await fleet.startWorker(name));
};

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['h1', 'h2'] });
  await fleet.startBot();
  for (const name of fleet.hosts) await haveWorker(name);
});
afterAll(async () => {
  await fleet?.stop();
});

const endWorker = async (name: string): Promise<void> => {
  await workers.get(name)?.end('SIGTERM');
  workers.delete(name);
};

const doctor = async (words: readonly string[] = [], change?: Environment): Promise<Doctored> => {
  const begun = performance.now();
  const running = fleet.spawnDoctor('h1', ['host', '--json', ...words], change);
  const code = await running.ended;
  const ran = { code: Number(code), stdout: running.stdout(), stderr: '' };
  return readDoctored(ran, performance.now() - begun);
};

const ofProbe = ({ findings }: Doctored): readonly Told[] =>
  findings.filter(({ about }) => about === 'probe');
const says = (doctored: Doctored, check: string): readonly string[] =>
  ofProbe(doctored).flatMap((one) => (one.check === check ? [`${one.verdict}: ${one.says}`] : []));

/** Addresses that are set aside, with why. */
const setAside = (): Promise<readonly (readonly [address: string, why: string])[]> =>
  readRedis(fleet.redis.url, async (redis) => {
    const keys = await redis.keys(`{${fleet.installation}}:lan:*:quarantine`);
    const rows = await Promise.all(keys.map((key) => redis.hgetall(key)));
    return rows.flatMap((row) =>
      Object.entries(row).map(
        ([address, text]) => [address, z.object({ why: z.string() }).parse(JSON.parse(text)).why] as const,
      ),
    );
  });

const probeRigs = async (): Promise<readonly string[]> => {
  const { dockerHost } = fleet.host('h1').engine;
  const filter = `label=wcs-rigs.helper=doctor`;
  const listed = await mustRun(['docker', '--host', dockerHost, 'ps', '-aq', '--filter', filter]);
  return listed.split('\n').filter((id) => id !== '');
};

/** Also of the helper that announced it, which lives for three seconds. */
const nothingIsLeft = async (): Promise<void> => {
  await vi.waitFor(async () => expect((await lookAround(fleet)).faults).toEqual([]), {
    timeout: 20_000,
    interval: 200,
  });
  expect(await setAside()).toEqual([]);
  expect(await probeRigs()).toEqual([]);
  const keys = await readRedis(fleet.redis.url, (redis) => redis.keys(`{${fleet.installation}}:doctor*`));
  expect(keys).toEqual([]);
  const jobs = await readRedis(fleet.redis.url, (redis) =>
    redis.keys(`{${fleet.installation}}:queue:*:reach-*`),
  );
  expect(jobs).toEqual([]);
};

/** The doctor is at it: its rig is there, and its address set aside. */
const untilItIsUp = (): Promise<string> =>
  vi.waitFor(
    async () => {
      const [first] = await setAside();
      expect(first?.[1]).toBe('doctor');
      expect(await probeRigs()).toHaveLength(1);
      return first?.[0] ?? '';
    },
    { timeout: 30_000, interval: 50 },
  );

describe('two hosts on one LAN', () => {
  beforeEach(async () => {
    await haveWorker('h1');
    await haveWorker('h2');
  });

  it('the other one reaches it, this one does not, as is usual with macvlan, and nothing is left', async () => {
    const doctored = await doctor();
    expect(says(doctored, 'probe-rig')).toEqual([
      expect.stringMatching(/^well: a probe rig was up at 10\.77\.0\.10\d after/),
    ]);
    expect(says(doctored, 'probe-reach')).toEqual([
      expect.stringMatching(
        /^well: h2 reaches a rig of h1 at 10\.77\.0\.10\d \(8444 in \d+ ms, 8443 in \d+ ms\)$/,
      ),
    ]);
    expect(says(doctored, 'probe-self')).toEqual([
      'well: h1 itself does not reach it, as is usual with macvlan',
    ]);
    expect(doctored.said('key-id')).toMatch(/^well: the bot on .*, this machine, h1 and h2 have the same/);
    expect(doctored.said('host-worker')).toBe('well: a worker serves h1');
    expect(doctored.said('range-overlap')).toMatch(/^well/);
    await nothingIsLeft();
  });

  it('no rig gets its address meanwhile, people see why, and rigs beside it are left alone', async () => {
    await fleet.type('up beside on h1 for 1h');
    await fleet.cardSays('beside', / is ready/, 60_000);
    const running = fleet.spawnDoctor('h1', ['host', '--json']);
    const address = await untilItIsUp();
    await fleet.type('addresses');
    await fleet.slack.until(
      () => fleet.slack.ephemerals('anna', '#rigs').at(-1)?.text.includes('LAN'),
      10_000,
      'the map',
    );
    expect(await running.ended).toEqual(expect.any(Number));
    const { faults, rigs } = await lookAround(fleet);
    expect(rigs.map(({ name, state }) => `${name} ${state}`)).toEqual(['beside running']);
    expect(rigs[0]?.address).not.toBe(address);
    expect(faults.filter((fault) => fault.includes('beside'))).toEqual([]);
    await fleet.type('down beside');
    await fleet.cardSays('beside', / · ended/, 60_000);
    await nothingIsLeft();
  });

  it('the other one is unplugged: it does not reach it, and that is wrong', async () => {
    await fleet.lan.plug('h2', 'out');
    try {
      const doctored = await doctor();
      expect(doctored.code).toBe(1);
      expect(says(doctored, 'probe-reach')).toEqual([
        expect.stringMatching(
          /^wrong: h2 does not reach a rig of h1 at 10\.77\.0\.10\d: 8444 and 8443 (are silent|have no way)/,
        ),
      ]);
    } finally {
      await fleet.lan.plug('h2', 'in');
    }
    await nothingIsLeft();
  });

  it('one with another secret is passed over, and that is wrong', async () => {
    await endWorker('h2');
    workers.set(
      'h2',
      await fleet.startWorker('h2', { WCS_SECRET: 'another secret of thirty-two characters' }),
    );
    const doctored = await doctor(['--no-probe']);
    expect(doctored.code).toBe(1);
    expect(doctored.said('key-id')).toMatch(/^wrong: h2 has another WCS_SECRET than the bot on/);
    expect(ofProbe(doctored)).toEqual([]);
    await endWorker('h2');
  });

  it('Ctrl-C ends it in order', async () => {
    const running = fleet.spawnDoctor('h1', ['host']);
    await untilItIsUp();
    expect(await running.end('SIGINT')).toBe(1);
    expect(running.output()).toContain('broken off');
    await nothingIsLeft();
  });

  it('a kill leaves what everybody can see, and the next doctor clears it', async () => {
    const running = fleet.spawnDoctor('h1', ['host']);
    const address = await untilItIsUp();
    await running.end('SIGKILL');
    await delay(500);
    expect(await setAside()).toEqual([[address, 'doctor']]);
    expect(await probeRigs()).toHaveLength(1);
    const doctored = await doctor();
    expect(says(doctored, 'probe-cleared')).toEqual([expect.stringContaining(`${address} is back`)]);
    expect(says(doctored, 'probe-rig')).toEqual([expect.stringMatching(/^well/)]);
    await nothingIsLeft();
  });
});

describe('one host alone on its LAN', () => {
  beforeEach(async () => {
    await haveWorker('h1');
    await endWorker('h2');
  });

  it('nobody can be asked, and that is to know of', async () => {
    const doctored = await doctor();
    expect(says(doctored, 'probe-reach')).toEqual([
      'doubtful: no other worker is on this LAN that could try to reach it',
    ]);
    await nothingIsLeft();
  });

  it('a colleague who opens its page meanwhile is seen', async () => {
    const running = fleet.spawnDoctor('h1', ['host', '--json', '--wait', '60s']);
    const address = await untilItIsUp();
    // It answers once it has booted.
    await vi.waitFor(
      async () => {
        const page = ['timeout', '12', 'bash', '-c', `exec 3<>/dev/tcp/${address}/8444 && sleep 4`];
        expect((await fleet.lan.run('colleague', page)).code).toBe(0);
      },
      { timeout: 30_000, interval: 200 },
    );
    await running.ended;
    const doctored = readDoctored({ code: 0, stdout: running.stdout(), stderr: '' }, 0);
    expect(says(doctored, 'probe-reach')).toEqual([
      `well: ${fleet.lan.host('colleague').address} reached it while it was up`,
    ]);
    await nothingIsLeft();
  });
});
