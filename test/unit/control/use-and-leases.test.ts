// What becomes of a lease with what is seen of a rig's use, told against the registry in memory with a clock that the test
// moves.

import { describe, expect, it } from 'vitest';
import { restartRig } from '../../../src/control/restart-rig.ts';
import { sweepIdle, sweepLeases } from '../../../src/control/sweep-leases.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import type { Use } from '../../../src/rig/use.ts';
import { aLeasedRig } from '../../support/a-leased-rig.ts';
import { anna, noon } from '../../support/a-rig.ts';
import { aLeasePolicy } from '../../support/policies.ts';

const streams: Use = { kind: 'streams', count: 2 };
const idle: Use = { kind: 'idle' };
const unknown: Use = { kind: 'unknown' };
const end = noon + 4 * hour;
const count = (kinds: readonly string[], kind: string): number => kinds.filter((one) => one === kind).length;

describe('a rig in use at its end', () => {
  it('is kept, a quarter of an hour at a time, with one word each time, up to its cap and no further', async () => {
    const cap = noon + 6 * hour;
    const rig = await aLeasedRig({ lease: { cap } });
    rig.see(streams);
    await rig.pass(4 * hour - second);
    expect(await rig.told()).toEqual(['reminder']);
    await rig.pass(second);
    expect(await rig.news()).toEqual([
      { kind: 'card', progress: false },
      { kind: 'kept', use: streams, end: end + 15 * minute, cap },
    ]);
    expect((await rig.rig()).lease).toMatchObject({ end: end + 15 * minute, keptFrom: end });
    await rig.pass(hour);
    const kinds = await rig.told();
    expect([count(kinds, 'kept'), count(kinds, 'reminder')]).toEqual([4, 0]);
    expect(rig.sent).toEqual([]);

    // Half an hour before its cap comes the one reminder; then nothing but that it is kept.
    await rig.pass(cap - end - hour - second);
    const news = (await rig.news()).filter(({ kind }) => kind === 'reminder');
    expect(news).toEqual([
      { kind: 'reminder', end: cap, left: expect.closeTo(30 * minute, -5), late: false },
    ]);
    expect((await rig.rig()).state.kind).toBe('running');
    await rig.pass(second);
    expect((await rig.rig()).state).toMatchObject({ kind: 'stopping', reason: { kind: 'expired' } });
    expect(rig.sent.map(({ kind }) => kind)).toEqual(['stop']);
  });

  it('goes at the end of the quarter of an hour in which it was left', async () => {
    const rig = await aLeasedRig();
    rig.see(streams);
    await rig.pass(4 * hour + minute);
    rig.see(idle);
    await rig.pass(14 * minute - second);
    expect((await rig.rig()).state.kind).toBe('running');
    await rig.pass(second);
    expect((await rig.rig()).state).toMatchObject({ kind: 'stopping', reason: { kind: 'expired' } });
    expect((await rig.news()).at(-1)).toEqual({ kind: 'answered', answer: { kind: 'expired' } });
  });

  it('that is extended while it is kept is no kept one any more, and reminded as any other', async () => {
    const rig = await aLeasedRig();
    rig.see(streams);
    await rig.pass(4 * hour + minute);
    await rig.told();
    expect(await rig.extend(hour)).toMatchObject({ kind: 'extended' });
    const { lease } = await rig.rig();
    expect([lease.end, lease.keptFrom]).toEqual([end + 75 * minute, undefined]);
    expect((await rig.news()).at(-1)).toMatchObject({ kind: 'answered', answer: { kind: 'extended' } });
    rig.see(idle);
    await rig.pass(46 * minute);
    expect(await rig.told()).toEqual(['reminder']);
  });
});

describe('a rig of whose use nobody knows', () => {
  it('is kept for an hour at most', async () => {
    const rig = await aLeasedRig();
    rig.see(unknown);
    await rig.pass(5 * hour - second);
    expect((await rig.rig()).state.kind).toBe('running');
    expect(count(await rig.told(), 'kept')).toBe(4);
    await rig.pass(second);
    expect((await rig.rig()).state).toMatchObject({ kind: 'stopping', reason: { kind: 'expired' } });
  });

  it('since its host looks no more is no different', async () => {
    const rig = await aLeasedRig();
    rig.see(idle);
    await rig.pass(3 * hour);
    rig.see(undefined);
    await rig.pass(2 * hour - second);
    expect((await rig.rig()).state.kind).toBe('running');
    await rig.pass(second);
    expect((await rig.rig()).state.kind).toBe('stopping');
  });

  it('and that was in use just before is not taken for that', async () => {
    const rig = await aLeasedRig();
    rig.see(streams);
    await rig.pass(8 * hour);
    rig.see(unknown);
    await rig.pass(50 * minute);
    expect((await rig.rig()).state.kind).toBe('running');
    await rig.pass(30 * minute);
    expect((await rig.rig()).state.kind).toBe('stopping');
  });
});

describe('a rig in use whose end nobody looked at', () => {
  it('gets its grace first, and is kept after that', async () => {
    const rig = await aLeasedRig();
    rig.see(streams);
    await rig.pass(3 * hour);
    rig.sleep(2 * hour);
    await rig.pass(second);
    expect(await rig.news()).toMatchObject([{ kind: 'card' }, { kind: 'reminder', late: true }]);
    await rig.pass(10 * minute);
    expect(await rig.told()).toEqual(['card', 'kept']);
    expect((await rig.rig()).state.kind).toBe('running');
  });
});

describe('a rig that nobody uses', () => {
  const withIdle = () => aLeasedRig({ policy: { idle: hour } });

  it('is left alone where the operator does not say otherwise', async () => {
    const rig = await aLeasedRig();
    rig.see(idle);
    await rig.pass(3 * hour);
    expect(await rig.told()).toEqual([]);
  });

  it('is asked about once, and stops ten minutes later', async () => {
    const rig = await withIdle();
    rig.see(idle);
    await rig.pass(hour - second);
    expect(await rig.told()).toEqual([]);
    await rig.pass(second);
    const stop = noon + hour + 10 * minute;
    expect(await rig.news()).toEqual([{ kind: 'idle', unused: hour, stop }]);
    await rig.pass(10 * minute - second);
    expect(await rig.told()).toEqual([]);
    expect((await rig.rig()).state.kind).toBe('running');
    await rig.pass(second);
    expect((await rig.rig()).state).toMatchObject({ kind: 'stopping', reason: { kind: 'idle' } });
    expect((await rig.news()).at(-1)).toEqual({ kind: 'answered', answer: { kind: 'idle' } });
    expect(rig.sent.map(({ kind }) => kind)).toEqual(['stop']);
  });

  it('used again by then goes on, and says so', async () => {
    const rig = await withIdle();
    rig.see(idle);
    await rig.pass(hour + minute);
    rig.see(streams);
    await rig.pass(20 * second);
    expect((await rig.rig()).lease.idleStop).toBeUndefined();
    expect((await rig.news()).at(-1)).toEqual({ kind: 'answered', answer: { kind: 'used' } });
    rig.see(idle);
    await rig.pass(59 * minute);
    expect(await rig.told()).toEqual([]);
    await rig.pass(2 * minute);
    expect(await rig.told()).toEqual(['idle']);
  });

  it('that somebody wants goes on for as long again', async () => {
    const rig = await withIdle();
    rig.see(idle);
    await rig.pass(hour + minute);
    await rig.told();
    expect(await rig.want()).toMatchObject({ kind: 'wanted' });
    expect(await rig.news()).toMatchObject([
      { kind: 'answered', answer: { kind: 'wanted', by: { id: anna.id } } },
    ]);
    expect((await rig.rig()).lease).toMatchObject({ end, idleStop: undefined });
    await rig.pass(hour - second);
    expect(await rig.told()).toEqual([]);
    await rig.pass(second);
    expect(await rig.told()).toEqual(['idle']);
  });

  it('that somebody extends goes on as well', async () => {
    const rig = await withIdle();
    rig.see(idle);
    await rig.pass(hour + minute);
    await rig.extend(hour);
    const { lease } = await rig.rig();
    expect([lease.end, lease.idleStop]).toEqual([end + hour, undefined]);
    await rig.told();
    await rig.pass(30 * minute);
    expect(await rig.told()).toEqual([]);
    expect((await rig.rig()).state.kind).toBe('running');
  });

  it('is not taken for one of whose use nobody knows', async () => {
    const rig = await withIdle();
    rig.see(unknown);
    await rig.pass(3 * hour);
    expect(await rig.told()).toEqual([]);
    rig.see(idle);
    await rig.pass(20 * second);
    expect(await rig.told()).toEqual(['idle']);
    rig.see(unknown);
    await rig.pass(20 * second);
    expect((await rig.news()).at(-1)).toEqual({ kind: 'answered', answer: { kind: 'used' } });
  });

  it('and was to stop while no bot was there is asked about once more', async () => {
    const rig = await withIdle();
    rig.see(idle);
    await rig.pass(hour + minute);
    await rig.told();
    rig.sleep(30 * minute);
    await rig.pass(second);
    expect(await rig.told()).toEqual(['idle']);
    await rig.pass(10 * minute - second);
    expect((await rig.rig()).state.kind).toBe('running');
    await rig.pass(2 * second);
    expect((await rig.rig()).state.kind).toBe('stopping');
  });

  it('is called off when the operator wants it no more', async () => {
    const rig = await withIdle();
    rig.see(idle);
    await rig.pass(hour + minute);
    await rig.told();
    await sweepIdle(rig.ports, aLeasePolicy());
    expect((await rig.rig()).lease.idleStop).toBeUndefined();
    expect(await rig.told()).toEqual(['answered']);
  });

  it('and has no end is nobody’s business', async () => {
    const rig = await aLeasedRig({ policy: { idle: hour }, lease: { end: undefined, cap: undefined } });
    rig.see(idle);
    await rig.pass(5 * hour);
    expect(await rig.told()).toEqual([]);
  });

  it('and crashed waits for its restart, past its end too', async () => {
    const rig = await withIdle();
    rig.see(idle);
    const crash = { reason: { kind: 'removed' }, tail: [] } as const;
    await rig.put({ kind: 'crashed', since: noon, crash, until: noon + 9 * hour });
    await rig.pass(5 * hour, minute);
    expect((await rig.rig()).state.kind).toBe('crashed');
    expect(await rig.told()).toEqual([]);
  });
});

describe('a rig that crashed before its end', () => {
  it('and is brought back after it is not stopped while it boots, but kept for a while', async () => {
    const rig = await aLeasedRig();
    rig.see(idle);
    await rig.pass(4 * hour - minute);
    const crash = { reason: { kind: 'removed' }, tail: [] } as const;
    await rig.put({ kind: 'crashed', since: end - minute, crash, until: end + 9 * minute });
    rig.see(undefined);
    await rig.pass(5 * minute);
    await rig.told();
    const which = { name: 'demo' };
    const outcome = await restartRig(
      rig.ports,
      { tags: undefined, deadline: minute },
      which,
      undefined,
      anna,
    );
    expect(outcome.kind).toBe('restarting');
    await rig.pass(minute);
    expect((await rig.rig()).state.kind).toBe('placed');
    expect((await rig.news()).at(-1)).toMatchObject({ kind: 'kept', use: unknown });
    await rig.pass(2 * hour);
    expect((await rig.rig()).state.kind).toBe('stopping');
  });
});

describe('several bots', () => {
  it('sweep side by side, and each thing is told once', async () => {
    const rig = await aLeasedRig();
    rig.see(streams);
    await rig.pass(4 * hour - second);
    await rig.told();
    rig.sleep(second);
    await Promise.all([1, 2, 3].map(() => sweepLeases(rig.ports, aLeasePolicy())));
    expect(await rig.told()).toEqual(['card', 'kept']);
  });
});
