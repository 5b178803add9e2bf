// What the doctor says of a fleet: each fault there, and not there.

import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/finding.ts';
import { checkFleet } from '../../../src/doctor/fleet/checks.ts';
import { examineFleet } from '../../../src/doctor/fleet/examine-fleet.ts';
import type { FleetFacts, FleetHost, Own } from '../../../src/doctor/fleet/facts.ts';
import type { BotNote } from '../../../src/ports/bots.ts';
import { day, minute } from '../../../src/rig/duration.ts';
import { worker } from '../../support/config-readings.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aRegistration } from '../../support/registries.ts';

const lan = '192.168.23.0/24@192.168.23.1';
const now = 10 * day;
const range = '192.168.23.100-192.168.23.131';

const aHost = (name: string, change: Partial<FleetHost> = {}): FleetHost => ({
  name,
  state: 'ready',
  seen: now - 3_000,
  network: { lan, mode: 'ipvlan', subnet: '192.168.23.0/24' },
  keyId: 'key-now',
  versions: { engine: '20.10', worker: '0.1.0' },
  range: '192.168.23.200-192.168.23.209',
  shared: false,
  notes: [],
  ...change,
});
const aBot = (change: Partial<BotNote> = {}): BotNote => ({
  v: 1,
  session: 'box0 pid 7 0a1b',
  keyIds: ['key-now'],
  version: '0.1.0',
  since: 5,
  ...change,
});
const own: Own = {
  version: '0.1.0',
  keyIds: ['key-now'],
  machine: 'box1',
  worker: worker({ WCS_HOST: 'h1' }),
};
const h1 = aHost('h1', { range });
const sound: FleetFacts = {
  own,
  hosts: [h1, aHost('h2')],
  bots: [aBot()],
  servedBy: 'box1 pid 12 ffff',
  now,
};

const lines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ check, verdict, says, mend }) =>
      `${verdict} ${check}: ${says}${mend === undefined ? '' : ` → ${mend}`}`,
  );

const trouble = (change: Partial<FleetFacts>): readonly string[] =>
  lines(checkFleet({ ...sound, ...change }).filter(({ verdict }) => verdict !== 'well'));

test('a sound one, from a host', () => {
  expect(lines(checkFleet(sound))).toEqual([
    'well fleet-bots: one bot is there, on box0',
    'well fleet-hosts: h1 and h2 are ready',
    'well fleet-versions: all are of version 0.1.0',
    'well key-id: the bot on box0, this machine, h1 and h2 have the same WCS_SECRET (key key-now)',
    'well host-worker: a worker serves h1',
    `well range-overlap: no other host of its LAN has an address of ${range}`,
  ]);
});

test('a sound one, from the machine of a bot', () => {
  expect(trouble({ own: { ...own, worker: undefined }, servedBy: undefined })).toEqual([]);
});

describe('who is there', () => {
  test.each<[Partial<FleetFacts>, readonly RegExp[]]>([
    [{ bots: [] }, [/^doubtful fleet-bots: no bot says that it is there.*→ `docker compose up -d bot/]],
    [
      { hosts: [], own: { ...own, worker: undefined } },
      [/^doubtful fleet-hosts: no host has joined yet → `docker compose up -d worker/],
    ],
    [
      { hosts: [h1, aHost('h2', { state: 'unreachable', seen: now - 12 * minute })] },
      [
        /^doubtful fleet-unreachable: h2 \(last heard of 12 m ago\) is unreachable: its rigs run on.*→ `docker compose logs worker` there; `\/wcs forget h2/,
      ],
    ],
    [
      {
        hosts: [
          h1,
          aHost('h2', { state: 'unreachable', seen: now - 40_000 }),
          aHost('h3', { state: 'unreachable', seen: undefined }),
        ],
      },
      [/h2 \(last heard of 40 s ago\) and h3 are unreachable: their rigs/],
    ],
    [
      { hosts: [h1, aHost('h2', { state: 'draining' })] },
      [/^doubtful fleet-draining: h2 is draining.*→ `\/wcs undrain h2/],
    ],
    [
      {
        hosts: [
          h1,
          aHost('h2', { notes: ['arping is not installed'] }),
          aHost('h3', { notes: ['arping is not installed'] }),
        ],
      },
      [/^doubtful fleet-note: on h2 and h3: arping is not installed$/],
    ],
    [
      { hosts: [h1, aHost('h2', { versions: { engine: '20.10', worker: '0.0.9' } })] },
      [
        /^doubtful fleet-versions: there are several versions: 0\.1\.0 \(this doctor, the bot on box0 and h1\) and 0\.0\.9 \(h2\) → .*bots first/,
      ],
    ],
    [{ bots: [aBot({ version: '0.2.0' })] }, [/^doubtful fleet-versions: .*0\.2\.0 \(the bot on box0\)/]],
    // One that is away says nothing of now.
    [
      {
        hosts: [
          h1,
          aHost('h2', { state: 'unreachable', versions: { engine: '', worker: '0.0.1' }, keyId: 'old' }),
        ],
      },
      [/^doubtful fleet-unreachable/],
    ],
  ])('%#', (change, said) => {
    const found = trouble(change);
    expect(found).toHaveLength(said.length);
    for (const [index, line] of found.entries()) expect(line).toMatch(said[index] ?? /never/);
  });

  test('what its worker noted of this host is not said once more', () => {
    const noted = aHost('H1', { range, notes: ['arping is not installed'] });
    expect(trouble({ hosts: [noted, aHost('h2')] })).toEqual([]);
    expect(trouble({ own: { ...own, worker: undefined }, hosts: [noted] })).toEqual([
      'doubtful fleet-note: on H1: arping is not installed',
    ]);
  });

  test('two bots are two', () => {
    const bots = [aBot(), aBot({ session: 'box9 pid 1 00' })];
    expect(lines(checkFleet({ ...sound, bots }))[0]).toBe(
      'well fleet-bots: 2 bots are there, on box0 and box9',
    );
  });
});

describe('the secret', () => {
  const mine = (...keyIds: readonly string[]): Partial<FleetFacts> => ({ own: { ...own, keyIds } });
  const hosts = (keyId: string | undefined) => [h1, aHost('h2', { keyId })];

  test.each<[string, Partial<FleetFacts>, readonly RegExp[]]>([
    [
      'a host with another',
      { hosts: hosts('foreign') },
      [
        /^wrong key-id: h2 has another WCS_SECRET than the bot on box0 \(key foreign, not key-now\): it is passed over, and gets no rig → give it the WCS_SECRET of the bot/,
      ],
    ],
    [
      'this machine with another',
      mine('foreign'),
      [
        /^wrong key-id: this machine has another WCS_SECRET than the bot on box0.*: as a host it is passed over/,
      ],
    ],
    [
      'two bots with different ones',
      { bots: [aBot(), aBot({ session: 'box9 pid 1 00', keyIds: ['other'] })] },
      [/^wrong key-id: the bot on box9 has another WCS_SECRET than the bot on box0/],
    ],
    [
      'a host with the one before',
      { bots: [aBot({ keyIds: ['key-now', 'before'] })], hosts: hosts('before') },
      [
        /^doubtful key-id: h2 works with key before and the bot on box0 with key-now: the secret is being changed → /,
      ],
    ],
    [
      'this machine that is ahead',
      mine('next', 'key-now'),
      [/^doubtful key-id: this machine works with key next and the bot on box0 with key-now/],
    ],
    [
      'a host that does not say',
      { hosts: hosts(undefined) },
      [/^doubtful key-id: h2 does not say with which secret/],
    ],
    [
      'no bot to ask, and a host with another',
      { bots: [], hosts: hosts('foreign') },
      [/^doubtful fleet-bots/, /^wrong key-id: h2 has another WCS_SECRET than this machine/],
    ],
    [
      'no bot and no secret here, and two hosts that differ',
      { bots: [], ...mine(), hosts: hosts('foreign') },
      [
        /^doubtful fleet-bots/,
        /^wrong key-id: hosts work with several secrets: key-now \(h1\) and foreign \(h2\)/,
      ],
    ],
    ['no secret here', mine(), []],
  ])('%s', (_, change, said) => {
    const found = trouble(change);
    expect(found).toHaveLength(said.length);
    for (const [index, line] of found.entries()) expect(line).toMatch(said[index] ?? /never/);
  });

  test('nobody to compare with says nothing', () => {
    const alone = { own: { ...own, worker: undefined }, hosts: [], bots: [] };
    expect(checkFleet({ ...sound, ...alone }).filter(({ check }) => check === 'key-id')).toEqual([]);
  });
});

describe('this host among the others', () => {
  const overlapping = aHost('h2', { range: '192.168.23.120-192.168.23.140' });
  const shared = { ...own, worker: worker({ WCS_HOST: 'h1', WCS_RANGE_SHARED: 'on' }) };

  test('a range that another one has as well hurts others', () => {
    const found = checkFleet({ ...sound, hosts: [h1, overlapping] }).filter(
      ({ verdict }) => verdict === 'wrong',
    );
    expect(found).toMatchObject([{ check: 'range-overlap', hurtsOthers: true }]);
    expect(lines(found)[0]).toMatch(
      /h2 has 192\.168\.23\.120-192\.168\.23\.131 in its range as well, on the same LAN.*→ another WCS_RANGE.*WCS_RANGE_SHARED=on/,
    );
  });

  test.each<[string, FleetHost, Own]>([
    ['on another LAN', { ...overlapping, network: { ...overlapping.network, lan: 'lab' } }, own],
    ['where both share theirs', { ...overlapping, shared: true }, shared],
    ['its own registration', { ...overlapping, name: 'H1', state: 'unreachable' }, own],
  ])('not %s', (_, host, own) => {
    const found = checkFleet({ ...sound, own, hosts: [host] });
    expect(found.filter(({ check, verdict }) => check === 'range-overlap' && verdict !== 'well')).toEqual([]);
  });

  test('one of them shares and the other does not', () => {
    const found = checkFleet({ ...sound, own: shared, hosts: [overlapping] });
    expect(found.filter(({ hurtsOthers }) => hurtsOthers)).toHaveLength(1);
  });

  test('one that is unreachable has its range all the same', () => {
    const found = checkFleet({ ...sound, hosts: [{ ...overlapping, state: 'unreachable' }] });
    expect(found.filter(({ hurtsOthers }) => hurtsOthers)).toHaveLength(1);
  });

  test.each<[string, Partial<FleetFacts>, RegExp]>([
    [
      'no worker yet',
      { hosts: [aHost('h2')], servedBy: undefined },
      /^doubtful host-worker: no worker serves h1 at the moment → `docker compose up -d worker/,
    ],
    [
      'its name on another machine',
      { servedBy: 'box7 pid 3 aa' },
      /^doubtful host-worker: h1 is served by a worker on box7, and this machine is called box1.*→ a WCS_HOST of its own/,
    ],
    [
      'a worker that was started with another range',
      { hosts: [aHost('h1', { range: '192.168.23.50-192.168.23.59' }), aHost('h2')] },
      /^doubtful host-restart: .*WCS_RANGE was 192\.168\.23\.50-192\.168\.23\.59 and is 192\.168\.23\.100-192\.168\.23\.131 → `docker compose up -d worker/,
    ],
    [
      'and with another mode',
      { hosts: [aHost('h1', { range, network: { ...h1.network, mode: 'macvlan' } }), aHost('h2')] },
      /WCS_NETWORK was macvlan and is ipvlan/,
    ],
  ])('%s', (_, change, said) => {
    const found = trouble(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(said);
  });
});

test('it is gathered from the registry', async () => {
  const registry = createMemoryRegistry({ now: () => now });
  const addresses = ['192.168.23.120'];
  const facts = { lan, range: '192.168.23.120', addresses, shared: false, keyId: 'key-now' };
  await registry.presence.take(aRegistration({ ...facts, name: 'h2', notes: ['a note'] }), 'box2 pid 1');
  await registry.bots.note(aBot(), minute);
  const findings = await examineFleet({ registry, examiner: { servedBy: async () => undefined } }, own);
  expect(lines(findings).map((line) => line.split(':')[0])).toEqual([
    'well fleet-bots',
    'well fleet-hosts',
    'doubtful fleet-note',
    'well fleet-versions',
    'well key-id',
    'doubtful host-worker',
    'wrong range-overlap',
  ]);
});
