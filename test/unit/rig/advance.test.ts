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
} as const satisfies Record<string, RigEvent>;

// Every state with every event: what it becomes, what is told, whether the claim is given back. `-`: nothing changes.
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  placed: {
    pulling: 'starting pulling | card',
    starting: 'starting booting | card',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
  },
  pulling: {
    pulling: 'starting pulling | progress',
    starting: 'starting booting | card',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
  },
  booting: {
    pulling: '-',
    starting: '-',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
  },
  running: {
    pulling: '-',
    starting: '-',
    ready: '-',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
  },
  stopping: {
    pulling: '-',
    starting: '-',
    ready: '-',
    failed: 'stopped | card, ended | release',
    gone: 'stopped | card, ended | release',
    stop: '-',
  },
  stopped: { pulling: '-', starting: '-', ready: '-', failed: '-', gone: '-', stop: '-' },
  failed: { pulling: '-', starting: '-', ready: '-', failed: '-', gone: '-', stop: '-' },
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
});
