// Whatever is written of a rig comes back as it was: each state, each piece of news, each answer, each fact of a lease. What
// the registry did not know how to read would never be told.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import type { Lease } from '../../src/rig/lease.ts';
import type { Answer, News } from '../../src/rig/news.ts';
import type { FailReason, Rig, RigState, StopReason } from '../../src/rig/rig.ts';
import type { Use } from '../../src/rig/use.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

/** One at least of every kind, or it does not type-check. */
type EachKind<T extends { readonly kind: string }> = {
  readonly [K in T['kind']]: readonly (T & { readonly kind: K })[];
};
const allOf = <T extends { readonly kind: string }>(each: EachKind<T>): readonly T[] => {
  const lists: readonly (readonly T[])[] = Object.values(each);
  return lists.flat();
};

const anna = { id: 'UANNA', name: 'anna' };
const bob = { id: 'UBOB', name: 'bob "the ✓"' };

const uses = allOf<Use>({
  streams: [{ kind: 'streams', count: 2 }],
  traffic: [{ kind: 'traffic', bytesPerSecond: 40_000 }],
  idle: [{ kind: 'idle' }],
  unknown: [{ kind: 'unknown' }],
});
const failures = allOf<FailReason>({
  exited: [{ kind: 'exited', exitCode: 7, outOfMemory: true }],
  'not-ready': [{ kind: 'not-ready', missingPorts: [8443], waited: 60 }],
  'no-image': [{ kind: 'no-image', reference: 'x:y', detail: 'denied' }],
  'address-in-use': [{ kind: 'address-in-use', address: '10.0.0.10' }],
  'ports-taken': [{ kind: 'ports-taken', ports: [8443, 8444] }],
  'licence-in-use': [{ kind: 'licence-in-use' }],
  died: [{ kind: 'died', exitCode: 137, outOfMemory: false }],
  removed: [{ kind: 'removed' }],
  'too-late': [{ kind: 'too-late' }],
  superseded: [{ kind: 'superseded' }],
  'not-resumed': [{ kind: 'not-resumed' }],
  overdue: [{ kind: 'overdue' }],
  'host-forgotten': [{ kind: 'host-forgotten', host: 'h1', by: bob }],
  engine: [{ kind: 'engine', detail: 'busy' }],
});
const stops = allOf<StopReason>({
  asked: [{ kind: 'asked', by: bob }],
  expired: [{ kind: 'expired' }],
  idle: [{ kind: 'idle' }],
  drained: [{ kind: 'drained', by: bob }],
  'not-restarted': [{ kind: 'not-restarted' }],
  'not-there': [{ kind: 'not-there' }],
  'address-twice': [{ kind: 'address-twice' }],
  'licence-twice': [{ kind: 'licence-twice' }],
  overdue: [{ kind: 'overdue' }],
});
const crash = { reason: { kind: 'removed' }, tail: ['last', 'words'] } as const;

const states = allOf<RigState>({
  placed: [{ kind: 'placed', since: 1 }],
  starting: [
    { kind: 'starting', since: 1, phase: { kind: 'pulling', percent: 43 } },
    { kind: 'starting', since: 1, phase: { kind: 'pulling', percent: undefined } },
    { kind: 'starting', since: 1, phase: { kind: 'booting' } },
  ],
  running: [{ kind: 'running', since: 1 }],
  crashed: [{ kind: 'crashed', since: 1, crash, until: 9 }],
  stopping: stops.map((reason) => ({ kind: 'stopping', since: 1, reason })),
  stopped: stops.map((reason) => ({ kind: 'stopped', since: 1, reason })),
  failed: failures.map((reason) => ({ kind: 'failed', since: 1, reason })),
});

const answers = allOf<Answer>({
  extended: [{ kind: 'extended', by: anna, end: 9, most: true }],
  endless: [{ kind: 'endless', by: anna }],
  wanted: [{ kind: 'wanted', by: anna }],
  stopped: [{ kind: 'stopped', by: anna }],
  expired: [{ kind: 'expired' }],
  idle: [{ kind: 'idle' }],
  failed: [{ kind: 'failed' }],
  used: [{ kind: 'used' }],
  restarted: [
    { kind: 'restarted', by: anna, crash },
    { kind: 'restarted', by: anna, crash: undefined },
  ],
  'given-up': [{ kind: 'given-up', crash }],
});

const news = allOf<News>({
  card: [
    { kind: 'card', progress: true },
    { kind: 'card', progress: false },
  ],
  ready: [
    { kind: 'ready', took: 5 },
    { kind: 'ready', took: 5, again: anna },
  ],
  failed: failures.map((reason) => ({ kind: 'failed', reason, tail: ['a', '<b>'] })),
  crashed: [{ kind: 'crashed', crash, until: 9 }],
  ended: stops.map((reason) => ({ kind: 'ended', reason })),
  reminder: [{ kind: 'reminder', end: 9, left: 3, late: true }],
  kept: uses.flatMap((use) => [
    { kind: 'kept', use, end: 9, cap: 10 } as const,
    { kind: 'kept', use, end: 9, cap: undefined } as const,
  ]),
  idle: [{ kind: 'idle', unused: 5, stop: 9 }],
  answered: answers.map((answer) => ({ kind: 'answered', answer })),
  shared: [{ kind: 'shared', by: anna, with: [bob, anna] }],
  given: [{ kind: 'given', by: anna, from: bob }],
  adopted: [
    { kind: 'adopted', end: 9, later: true, was: 'demo' },
    { kind: 'adopted', end: undefined, later: false, was: undefined },
  ],
  resumed: [{ kind: 'resumed' }],
  log: [
    { kind: 'log', to: bob, lines: ['a', ''], host: 'H2' },
    { kind: 'log', to: bob, lines: undefined, host: 'H2' },
  ],
});

const leases: readonly Lease[] = [
  { end: 5, cap: 9, rev: 1 },
  { end: undefined, cap: undefined, rev: 2, wanted: 4 },
  { end: 5, cap: undefined, rev: 3, reminded: 4, keptFrom: 3, idleStop: 6, wanted: 2 },
];

describe.each(registryKinds())('as stored %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (): Promise<{ readonly registry: Registry; readonly rig: Rig }> => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    const outcome = await registry.rigs.claim(aClaim('a1', { told: [] }));
    if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
    return { registry, rig: outcome.rig };
  };
  const save = async ({ rigs }: Registry, rig: Rig): Promise<Rig | undefined> => {
    const version = (await rigs.get(rig.id))?.version ?? 0;
    expect(await rigs.save({ rig, version, told: [], release: false })).toBe('saved');
    return (await rigs.get(rig.id))?.rig;
  };

  test('each state comes back as it was', async () => {
    const { registry, rig } = await open();
    for (const state of states) expect(await save(registry, { ...rig, state })).toEqual({ ...rig, state });
  });

  test('each lease, and all that else is known of a rig', async () => {
    const { registry, rig } = await open();
    for (const lease of leases) {
      const whole: Rig = {
        ...rig,
        lease,
        generation: 3,
        shared: [bob],
        keyId: '0a1b2c3d',
        image: { digest: '0123456789ab', unchecked: true, licensed: false },
        restarted: { at: 7, by: bob },
        ran: '5.2',
        took: 40,
        usual: 41,
        asked: { channel: 'C', command: '/wcs-dev', quietly: true, cut: true, host: 'H2' },
      };
      expect(await save(registry, whole)).toEqual(whole);
    }
  });

  test('each piece of news, and each answer', async () => {
    const { registry, rig } = await open();
    const told = news.map((one, index) => ({ id: `a1.2.${index}`, news: one }));
    expect(await registry.rigs.save({ rig, version: 1, told, release: false })).toBe('saved');
    const lease = await registry.outbox.lease('a1', 60_000);
    const entries = (await lease?.entries()) ?? [];
    expect(entries.map((entry) => entry.news)).toEqual(news);
  });
});
