// Random lives of rigs, looked at every half a minute: what holds of their leases whatever is seen of their use and whatever
// people do. A failure prints its seed; FC_SEED runs it again.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance, type RigEvent } from '../../../src/rig/advance.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import { decideLease, type LeasePolicy, useNow } from '../../../src/rig/lease.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { isInUse, isKnown, type SeenUse, type Use } from '../../../src/rig/use.ts';
import { anna, aRig, noon } from '../../support/a-rig.ts';
import { aLeasePolicy } from '../../support/policies.ts';

const tick = 30 * second;

const uses: readonly Use[] = [
  { kind: 'streams', count: 1 },
  { kind: 'traffic', bytesPerSecond: 50_000 },
  { kind: 'idle' },
  { kind: 'unknown' },
];

/** For so many ticks this is what its host sees; `undefined`: it does not look. */
const stretch = fc.record({
  ticks: fc.integer({ min: 1, max: 60 }),
  use: fc.constantFrom(...uses, undefined),
  act: fc.option(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('by' as const),
          length: fc.integer({ min: minute, max: 3 * hour }),
        }),
      },
      { weight: 2, arbitrary: fc.constant({ kind: 'want' as const }) },
    ),
    { freq: 4 },
  ),
});

const life = fc.record({
  stretches: fc.array(stretch, { minLength: 5, maxLength: 25 }),
  length: fc.integer({ min: 5 * minute, max: 4 * hour }),
  most: fc.option(fc.integer({ min: 4 * hour, max: 8 * hour }), { nil: undefined }),
  idle: fc.option(fc.integer({ min: 10 * minute, max: hour }), { nil: undefined }),
  keepBy: fc.integer({ min: minute, max: 30 * minute }),
  keepUnknown: fc.integer({ min: 0, max: hour }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

const see = (seen: SeenUse | undefined, use: Use, at: number): SeenUse => ({
  generation: 1,
  at,
  use,
  usedAt: isInUse(use) ? at : seen?.usedAt,
  knownAt: isKnown(use) ? at : seen?.knownAt,
});

type Moment = {
  readonly rig: Rig;
  readonly seen: SeenUse | undefined;
  readonly now: number;
  readonly policy: LeasePolicy;
};

/** What holds of one change. */
const checkChange = (before: Rig, { rig, seen, now, policy }: Moment, event: RigEvent): void => {
  const { lease } = rig;
  if (rig.state.kind === 'stopping') {
    const use = useNow(seen, now, policy.useFresh);
    // One in use goes at its cap and not before; one of whose use nobody knows has had all its time.
    if (isInUse(use)) expect(now).toBeGreaterThanOrEqual(lease.cap ?? Number.POSITIVE_INFINITY);
    if (rig.state.reason.kind === 'idle') expect(use.kind).toBe('idle');
    else expect(now).toBeGreaterThanOrEqual(lease.end ?? Number.POSITIVE_INFINITY);
    return;
  }
  expect(lease.rev).toBe(before.lease.rev + 1);
  expect(lease.end).toBeGreaterThanOrEqual(before.lease.end ?? 0);
  expect(lease.end).toBeLessThanOrEqual(lease.cap ?? Number.POSITIVE_INFINITY);
  expect(lease.cap).toBe(before.lease.cap);
  if (event.kind === 'due' && event.step.kind === 'keep') expect(event.step.end).toBeGreaterThan(now);
};

/** What holds at each moment of a rig that goes on. */
const checkMoment = ({ rig: { lease }, seen, now, policy }: Moment): void => {
  const { keepBy, keepUnknown, useFresh } = policy;
  expect(now).toBeLessThan(lease.end ?? Number.POSITIVE_INFINITY);
  if (lease.keptFrom === undefined) return;
  // Kept is only what was seen in use not long ago, or what nobody knows about, and that not for long.
  const sure = Math.max(lease.keptFrom, (seen?.usedAt ?? 0) + useFresh + keepBy);
  expect(now).toBeLessThanOrEqual(sure + keepUnknown);
};

const live = ({ stretches, length, most, idle, keepBy, keepUnknown }: Life): void => {
  const policy = aLeasePolicy({ idle, keepBy, keepUnknown });
  const cap = most === undefined ? undefined : noon + most;
  let rig = aRig({
    state: { kind: 'running', since: noon },
    lease: { end: noon + length, cap, rev: 1 },
  });
  let seen: SeenUse | undefined;
  let now = noon;
  const apply = (event: RigEvent): void => {
    const step = advance(rig, event);
    if (step.kind !== 'changed') return;
    checkChange(rig, { rig: step.rig, seen, now, policy }, event);
    rig = step.rig;
  };
  for (const { ticks, use, act } of stretches) {
    if (act?.kind === 'by') apply({ kind: 'extend', by: anna, wanted: act, at: now });
    if (act?.kind === 'want') apply({ kind: 'want', by: anna, at: now });
    for (let count = 0; count < ticks && rig.state.kind === 'running'; count += 1) {
      now += tick;
      if (use) seen = see(seen, use, now);
      const facts = { lease: rig.lease, created: rig.created, runningSince: noon, seen };
      const step = decideLease(facts, now, now - tick, policy);
      if (step.kind !== 'nothing') apply({ kind: 'due', step, rev: rig.lease.rev, at: now });
      if (rig.state.kind === 'running') checkMoment({ rig, seen, now, policy });
    }
  }
};

it('is never extended past its cap nor cut short; kept while it is in use, and not for long when nobody knows', () => {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  fc.assert(fc.property(life, live), { seed, numRuns: 500 });
});
