import { describe, expect, it } from 'vitest';
import { advance, type RigEvent } from '../../../src/rig/advance.ts';
import type { Sighting } from '../../../src/rig/report.ts';
import type { RigState, RunningImage } from '../../../src/rig/rig.ts';
import { anna, aReport, aRig, noon } from '../../support/a-rig.ts';

const image: RunningImage = { digest: '0123456789ab', unchecked: false, licensed: true };
const byAnna = { kind: 'asked', by: anna } as const;
const died = { kind: 'exited', exitCode: 1, outOfMemory: false } as const;

const states = {
  placed: { kind: 'placed', since: noon },
  pulling: { kind: 'starting', since: noon, phase: { kind: 'pulling', percent: 10 } },
  booting: { kind: 'starting', since: noon, phase: { kind: 'booting' } },
  running: { kind: 'running', since: noon },
  stopping: { kind: 'stopping', since: noon, reason: byAnna },
  stopped: { kind: 'stopped', since: noon, reason: byAnna },
  failed: { kind: 'failed', since: noon, reason: died },
} as const satisfies Record<string, RigState>;

const saw = (sighting: Sighting): RigEvent => ({ kind: 'reported', report: aReport(sighting) });

const events = {
  pulling: saw({ kind: 'pulling', percent: 43 }),
  starting: saw({ kind: 'starting', image }),
  ready: saw({ kind: 'ready' }),
  failed: saw({ kind: 'failed', reason: died, tail: ['last words'] }),
  gone: saw({ kind: 'gone' }),
  stop: { kind: 'stop', reason: byAnna, at: noon + 1000 },
  withdrawn: { kind: 'withdrawn', at: noon + 1000 },
  extend: { kind: 'extend', by: anna, wanted: { kind: 'by', length: 3_600_000 } },
  remind: { kind: 'due', step: { kind: 'remind', deadline: noon, before: 1000 }, rev: 1, at: noon + 1000 },
  grace: { kind: 'due', step: { kind: 'grace', end: noon + 9000 }, rev: 1, at: noon + 1000 },
  expire: { kind: 'due', step: { kind: 'expire' }, rev: 1, at: noon + 1000 },
} as const satisfies Record<string, RigEvent>;

const noLease = { withdrawn: '-', extend: '-', remind: '-', grace: '-', expire: '-' } as const;

// Every state with every event: what it becomes, what is told, whether the claim is given back. `-`: nothing changes.
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  placed: {
    pulling: 'starting pulling | card',
    starting: 'starting booting | card',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: 'failed | card, failed | release',
    extend: 'placed | card',
    remind: 'placed | reminder',
    grace: 'placed | card, reminder',
    expire: 'stopping | card',
  },
  pulling: {
    pulling: 'starting pulling | progress',
    starting: 'starting booting | card',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: '-',
    extend: 'starting pulling | card',
    remind: 'starting pulling | reminder',
    grace: 'starting pulling | card, reminder',
    expire: 'stopping | card',
  },
  booting: {
    pulling: '-',
    starting: '-',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: '-',
    extend: 'starting booting | card',
    remind: 'starting booting | reminder',
    grace: 'starting booting | card, reminder',
    expire: 'stopping | card',
  },
  running: {
    pulling: '-',
    starting: '-',
    ready: '-',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: '-',
    extend: 'running | card',
    remind: 'running | reminder',
    grace: 'running | card, reminder',
    expire: 'stopping | card',
  },
  stopping: {
    pulling: '-',
    starting: '-',
    ready: '-',
    failed: 'stopped | card, ended | release',
    gone: 'stopped | card, ended | release',
    stop: '-',
    withdrawn: '-',
    extend: '-',
    remind: '-',
    grace: '-',
    expire: '-',
  },
  stopped: { pulling: '-', starting: '-', ready: '-', failed: '-', gone: '-', stop: '-', ...noLease },
  failed: { pulling: '-', starting: '-', ready: '-', failed: '-', gone: '-', stop: '-', ...noLease },
};

const describeStep = (state: keyof typeof states, event: keyof typeof events): string => {
  const step = advance(aRig({ state: states[state] }), events[event]);
  if (step.kind === 'unchanged') return '-';
  const { state: after } = step.rig;
  const name = after.kind === 'starting' ? `starting ${after.phase.kind}` : after.kind;
  const news = step.news.map((one) => (one.kind === 'card' && one.progress ? 'progress' : one.kind));
  return [name, news.join(', '), ...(step.release ? ['release'] : [])].join(' | ');
};

const keys = <K extends string>(record: Record<K, unknown>): K[] => {
  const names: K[] = [];
  for (const key in record) names.push(key);
  return names;
};

describe('advance', () => {
  for (const state of keys(states)) {
    for (const event of keys(events)) {
      it(`${state} and ${event}: ${table[state][event]}`, () => {
        expect(describeStep(state, event)).toBe(table[state][event]);
      });
    }
  }

  it('ignores what an earlier generation reports', () => {
    const event: RigEvent = { kind: 'reported', report: aReport({ kind: 'ready' }, { generation: 1 }) };
    expect(advance(aRig({ generation: 2 }), event)).toEqual({ kind: 'unchanged' });
  });

  it('keeps what the container is made of, and how long it took', () => {
    const booting = advance(aRig(), events.starting);
    if (booting.kind === 'unchanged') throw new Error('it did not start');
    expect(booting.rig.image).toEqual(image);
    const ready = advance(booting.rig, {
      kind: 'reported',
      report: aReport({ kind: 'ready' }, { at: noon + 41_000 }),
    });
    if (ready.kind === 'unchanged') throw new Error('it did not become ready');
    expect(ready.rig.took).toBe(41_000);
    expect(ready.news.at(-1)).toEqual({ kind: 'ready', took: 41_000 });
  });

  it('keeps who asked for the stop until the end', () => {
    const stopped = advance(aRig({ state: states.stopping }), events.gone);
    if (stopped.kind === 'unchanged') throw new Error('it did not stop');
    expect(stopped.news.at(-1)).toEqual({ kind: 'ended', reason: byAnna });
  });

  it('learns the image from whichever report comes first, and keeps it', () => {
    const [early, late] = [
      { ...image, digest: 'aaaaaaaaaaaa' },
      { ...image, digest: 'bbbbbbbbbbbb' },
    ];
    const ready = advance(aRig(), saw({ kind: 'ready', image: early }));
    if (ready.kind !== 'changed') throw new Error('ready changed nothing');
    expect(ready.rig.image).toEqual(early);
    expect(advance(ready.rig, saw({ kind: 'starting', image: late }))).toEqual({ kind: 'unchanged' });
    const booting = aRig({ image: early, state: states.booting });
    expect(advance(booting, saw({ kind: 'ready', image: late }))).toMatchObject({ rig: { image: early } });
    expect(advance(booting, saw({ kind: 'ready' }))).toMatchObject({ rig: { image: early } });
  });

  it('does what a sweep found due only to the lease that the sweep saw', () => {
    const lease = { ...aRig().lease, rev: 2 };
    for (const event of [events.remind, events.grace, events.expire]) {
      expect(advance(aRig({ state: states.running, lease }), event)).toEqual({ kind: 'unchanged' });
    }
  });

  it('takes the buttons off an open reminder with whatever answers it, and only then', () => {
    const reminded = aRig({ state: states.running, lease: { ...aRig().lease, reminded: noon } });
    const answers = [events.extend, events.stop, events.expire, events.failed].map((event) => {
      const step = advance(reminded, event);
      return step.kind === 'changed'
        ? step.news.flatMap((one) => (one.kind === 'answered' ? [one.answer.kind] : []))
        : [];
    });
    expect(answers).toEqual([['extended'], ['stopped'], ['expired'], ['failed']]);
  });

  it('forgets with an extension what was reminded of, and counts each change of the lease', () => {
    const step = advance(
      aRig({ state: states.running, lease: { ...aRig().lease, reminded: noon } }),
      events.extend,
    );
    if (step.kind === 'unchanged') throw new Error('it was not extended');
    expect(step.rig.lease).toEqual({ end: noon + 5 * 3_600_000, cap: noon + 24 * 3_600_000, rev: 2 });
  });
});
