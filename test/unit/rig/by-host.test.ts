// What a host does by itself, and what it refuses, as the bot takes it.

import { describe, expect, it } from 'vitest';
import { adoptEnded } from '../../../src/rig/adopt.ts';
import { advance, type RigEvent, type Step } from '../../../src/rig/advance.ts';
import { hour } from '../../../src/rig/duration.ts';
import type { Sighting } from '../../../src/rig/report.ts';
import type { RigState } from '../../../src/rig/rig.ts';
import { aReport, aRig, noon } from '../../support/a-rig.ts';
import { aHold } from '../../support/policies.ts';

const cap = noon + 24 * hour;
const saw = (sighting: Sighting, at = noon + 1000): RigEvent => ({
  kind: 'reported',
  report: aReport(sighting, { at }),
  hold: aHold,
});
const failed = (kind: 'not-resumed' | 'overdue', at: number): RigEvent =>
  saw({ kind: 'failed', reason: { kind }, tail: [] }, at);
const running = aRig({ state: { kind: 'running', since: noon } });
const kindsOf = (step: Step): readonly string[] =>
  step.kind === 'changed' ? step.news.map(({ kind }) => kind) : [step.kind];

describe('a rig that is up again after Docker was restarted', () => {
  it('runs since then, and its thread is told', () => {
    const step = advance(running, saw({ kind: 'resumed' }));
    expect(step).toMatchObject({ rig: { state: { kind: 'running', since: noon + 1000 } }, release: false });
    expect(kindsOf(step)).toEqual(['card', 'resumed']);
  });

  it('was cut off while it was starting: it is ready', () => {
    const step = advance(aRig(), saw({ kind: 'resumed' }));
    expect(step).toMatchObject({ rig: { state: { kind: 'running' } } });
    expect(kindsOf(step)).toEqual(['card', 'ready']);
  });

  it.each<RigState>([
    { kind: 'stopping', since: noon, reason: { kind: 'expired' } },
    { kind: 'stopped', since: noon, reason: { kind: 'expired' } },
    { kind: 'crashed', since: noon, crash: { reason: { kind: 'removed' }, tail: [] }, until: noon + 5 },
  ])('changes nothing about one that is $kind', (state) => {
    expect(advance(aRig({ state }), saw({ kind: 'resumed' }))).toEqual({ kind: 'unchanged' });
  });

  it('of an earlier generation says nothing', () => {
    expect(advance({ ...running, generation: 2 }, saw({ kind: 'resumed' }))).toEqual({ kind: 'unchanged' });
  });
});

describe('a rig that its host ended', () => {
  it.each([
    ['not-resumed', noon + 4 * hour, 'expired'],
    ['overdue', cap + hour, 'overdue'],
  ] as const)('since it was over (%s) has ended, and holds nothing', (kind, at, reason) => {
    const step = advance(running, failed(kind, at));
    expect(step).toMatchObject({
      rig: { state: { kind: 'stopped', reason: { kind: reason } } },
      release: true,
    });
    expect(kindsOf(step)).toEqual(['card', 'ended']);
  });

  it.each([
    ['not-resumed', noon + hour],
    ['overdue', noon + 5 * hour],
  ] as const)('though its lease goes on (%s) has crashed: it can be restarted', (kind, at) => {
    const step = advance(running, failed(kind, at));
    expect(step).toMatchObject({ rig: { state: { kind: 'crashed' } }, release: false });
  });

  it('takes its buttons along', () => {
    const lease = { ...running.lease, reminded: noon };
    expect(kindsOf(advance({ ...running, lease }, failed('overdue', cap + hour)))).toEqual([
      'card',
      'answered',
      'ended',
    ]);
  });

  it('is told of in the same words by a registry that was lost since', () => {
    const { rig, news } = adoptEnded(running, { kind: 'overdue' }, cap + hour);
    expect(rig.state).toMatchObject({ kind: 'stopped', reason: { kind: 'overdue' } });
    expect(news.map(({ kind }) => kind)).toEqual(['card', 'ended']);
    expect(adoptEnded(running, { kind: 'removed' }, cap).rig.state).toMatchObject({ kind: 'failed' });
  });
});

describe('a host that refuses a stop', () => {
  it('changes nothing yet: its next survey has the later lease', () => {
    const state = { kind: 'stopping', since: noon, reason: { kind: 'expired' } } as const;
    expect(advance(aRig({ state }), saw({ kind: 'refused', rev: 7 }))).toEqual({ kind: 'unchanged' });
  });
});
