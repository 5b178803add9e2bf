import { describe, expect, it } from 'vitest';
import { advance, type RigEvent } from '../../../src/rig/advance.ts';
import type { Sighting } from '../../../src/rig/report.ts';
import type { RigState, RunningImage } from '../../../src/rig/rig.ts';
import { anna, aReport, aRig, ben, noon, olga } from '../../support/a-rig.ts';
import { aHold } from '../../support/policies.ts';

const image: RunningImage = { digest: '0123456789ab', unchecked: false, licensed: true };
const byAnna = { kind: 'asked', by: anna } as const;
const died = { kind: 'exited', exitCode: 1, outOfMemory: false } as const;

const states = {
  placed: { kind: 'placed', since: noon },
  pulling: { kind: 'starting', since: noon, phase: { kind: 'pulling', percent: 10 } },
  booting: { kind: 'starting', since: noon, phase: { kind: 'booting' } },
  running: { kind: 'running', since: noon },
  crashed: { kind: 'crashed', since: noon, crash: { reason: died, tail: ['last words'] }, until: noon + 500 },
  stopping: { kind: 'stopping', since: noon, reason: byAnna },
  stopped: { kind: 'stopped', since: noon, reason: byAnna },
  failed: { kind: 'failed', since: noon, reason: died },
} as const satisfies Record<string, RigState>;

const saw = (sighting: Sighting): RigEvent => ({ kind: 'reported', report: aReport(sighting), hold: aHold });

const events = {
  pulling: saw({ kind: 'pulling', percent: 43 }),
  starting: saw({ kind: 'starting', image }),
  ready: saw({ kind: 'ready' }),
  failed: saw({ kind: 'failed', reason: died, tail: ['last words'] }),
  gone: saw({ kind: 'gone' }),
  stop: { kind: 'stop', reason: byAnna, at: noon + 1000 },
  log: saw({ kind: 'log', to: ben, lines: ['a line'] }),
  withdrawn: { kind: 'withdrawn', mayHaveRun: false, at: noon + 1000 },
  restart: { kind: 'restart', by: anna, tag: undefined, at: noon + 1000 },
  givenUp: { kind: 'given-up', at: noon + 1000 },
  extend: { kind: 'extend', by: anna, wanted: { kind: 'by', length: 3_600_000 }, at: noon + 1000 },
  keep: { kind: 'keep', by: olga, at: noon + 1000 },
  want: { kind: 'want', by: anna, at: noon + 1000 },
  share: { kind: 'share', by: anna, with: [ben] },
  give: { kind: 'give', by: anna, to: ben },
  remind: { kind: 'due', step: { kind: 'remind', deadline: noon, before: 1000 }, rev: 1, at: noon + 1000 },
  grace: { kind: 'due', step: { kind: 'grace', end: noon + 9000 }, rev: 1, at: noon + 1000 },
  kept: {
    kind: 'due',
    step: { kind: 'keep', end: noon + 9000, use: { kind: 'streams', count: 2 } },
    rev: 1,
    at: noon + 1000,
  },
  idle: { kind: 'due', step: { kind: 'idle', since: noon, stop: noon + 9000 }, rev: 1, at: noon + 1000 },
  used: { kind: 'due', step: { kind: 'used' }, rev: 1, at: noon + 1000 },
  expire: { kind: 'due', step: { kind: 'expire', reason: 'expired' }, rev: 1, at: noon + 1000 },
} as const satisfies Record<string, RigEvent>;

const ended = {
  pulling: '-',
  starting: '-',
  ready: '-',
  failed: '-',
  gone: '-',
  stop: '-',
  withdrawn: '-',
  restart: '-',
  givenUp: '-',
  extend: '-',
  keep: '-',
  want: '-',
  share: '-',
  give: '-',
  remind: '-',
  grace: '-',
  kept: '-',
  idle: '-',
  used: '-',
  expire: '-',
} as const;

/** What may happen to the lease and the people of a rig that may still go on. */
const open = (state: string) => ({
  log: `${state} | log`,
  givenUp: '-',
  extend: `${state} | card`,
  keep: `${state} | card`,
  want: '-',
  share: `${state} | card, shared`,
  give: `${state} | card, given`,
  remind: `${state} | reminder`,
  grace: `${state} | card, reminder`,
  kept: `${state} | card, kept`,
  idle: `${state} | idle`,
  used: `${state} | `,
  expire: 'stopping | card',
});

// Every state with every event: what it becomes, what is told, whether the claim is given back. `-`: nothing changes.
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  placed: {
    ...open('placed'),
    pulling: 'starting pulling | card',
    starting: 'starting booting | card',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: 'failed | card, failed | release',
    restart: '-',
  },
  pulling: {
    ...open('starting pulling'),
    pulling: 'starting pulling | progress',
    starting: 'starting booting | card',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: '-',
    restart: '-',
  },
  booting: {
    ...open('starting booting'),
    pulling: '-',
    starting: '-',
    ready: 'running | card, ready',
    failed: 'failed | card, failed | release',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: '-',
    restart: '-',
  },
  running: {
    ...open('running'),
    pulling: '-',
    starting: '-',
    ready: '-',
    failed: 'crashed | card, crashed',
    gone: '-',
    stop: 'stopping | card',
    withdrawn: '-',
    restart: 'placed | card',
  },
  crashed: {
    ...ended,
    log: 'crashed | log',
    stop: 'stopping | card, answered',
    restart: 'placed | card, answered',
    givenUp: 'failed | card, answered | release',
    share: 'crashed | card, shared',
    give: 'crashed | card, given',
    expire: 'stopping | card, answered',
  },
  stopping: {
    ...ended,
    failed: 'stopped | card, ended | release',
    gone: 'stopped | card, ended | release',
    log: 'stopping | log',
  },
  stopped: { ...ended, log: 'stopped | log' },
  failed: { ...ended, log: 'failed | log' },
};

const describeStep = (state: keyof typeof states, event: keyof typeof events): string => {
  const step = advance(aRig({ state: states[state] }), events[event]);
  if (step.kind === 'unchanged') return '-';
  if (step.kind === 'swap') return 'swap';
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

  describe('of an address that is in use', () => {
    const inUse = (generation = 1): RigEvent => {
      const reason = { kind: 'address-in-use', address: '192.168.23.100' } as const;
      const at = noon + 2000;
      const report = aReport({ kind: 'failed', reason, tail: ['busy'] }, { generation, at });
      return { kind: 'reported', report, hold: aHold };
    };
    const setAside = { why: 'in-use', at: noon + 2000, host: 'h1', rig: 'k3f9ab' };

    it('takes another one for its next generation, and fails where none is free', () => {
      const { address: _, ...rest } = aRig({ image });
      const step = advance(aRig({ state: states.booting, image }), inUse());
      expect(step).toMatchObject({
        kind: 'swap',
        rig: {
          ...rest,
          generation: 2,
          swaps: 1,
          image: undefined,
          state: { kind: 'placed', since: noon + 2000 },
        },
        news: [{ kind: 'card' }],
        setAside,
        otherwise: {
          rig: {
            generation: 1,
            address: '192.168.23.100',
            state: { kind: 'failed', reason: { others: 'none-free' } },
          },
          news: [{ kind: 'card' }, { kind: 'failed', tail: ['busy'] }],
          release: true,
          setAside,
        },
      });
      expect(step).not.toHaveProperty('rig.address');
    });

    it('is put up with three times', () => {
      expect(advance(aRig({ generation: 3, swaps: 2 }), inUse(3)).kind).toBe('swap');
      expect(advance(aRig({ generation: 4, swaps: 3 }), inUse(4))).toMatchObject({
        kind: 'changed',
        rig: { state: { kind: 'failed', reason: { others: 'taken-too' } } },
        release: true,
        setAside,
      });
    });

    it('leaves a first start a first start: another failure is its end, and nothing to restart', () => {
      const report = aReport({ kind: 'failed', reason: died, tail: [] }, { generation: 2 });
      const step = advance(aRig({ generation: 2, swaps: 1 }), { kind: 'reported', report, hold: aHold });
      expect(step).toMatchObject({ rig: { state: { kind: 'failed' } }, release: true });
      const late = { kind: 'withdrawn', mayHaveRun: false, at: noon } as const;
      expect(advance(aRig({ generation: 2, swaps: 1 }), late)).toMatchObject({
        rig: { state: { kind: 'failed' } },
      });
    });

    it('says nothing about one that is not starting', () => {
      expect(advance(aRig({ state: states.running }), inUse())).toMatchObject({
        rig: { state: { kind: 'crashed' } },
      });
      expect(advance(aRig({ state: states.stopping }), inUse())).toMatchObject({
        rig: { state: { kind: 'stopped' } },
      });
    });
  });

  it('ignores what an earlier generation reports', () => {
    const event: RigEvent = {
      kind: 'reported',
      report: aReport({ kind: 'ready' }, { generation: 1 }),
      hold: aHold,
    };
    expect(advance(aRig({ generation: 2 }), event)).toEqual({ kind: 'unchanged' });
  });

  it('ignores what another host reports, but for a log that somebody waits for', () => {
    const from = (host: string, sighting: Sighting) =>
      advance(aRig(), { kind: 'reported', report: aReport(sighting, { host }), hold: aHold }).kind;
    expect(from('h2', { kind: 'ready' })).toBe('unchanged');
    expect(from('h2', { kind: 'failed', reason: died, tail: [] })).toBe('unchanged');
    expect(from('h2', { kind: 'log', to: ben, lines: [] })).toBe('changed');
    expect(from('H1', { kind: 'ready' })).toBe('changed');
  });

  it('keeps what the container is made of, and how long it took', () => {
    const booting = advance(aRig(), events.starting);
    if (booting.kind !== 'changed') throw new Error('it did not start');
    expect(booting.rig.image).toEqual(image);
    const ready = advance(booting.rig, {
      kind: 'reported',
      report: aReport({ kind: 'ready' }, { at: noon + 41_000 }),
      hold: aHold,
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
    expect(step.rig.lease).toEqual({
      end: noon + 5 * 3_600_000,
      cap: noon + 24 * 3_600_000,
      rev: 2,
      wanted: noon + 1000,
    });
  });

  it('holds a rig that was up before when its restart fails, and looks before it lets go of it', () => {
    const again = aRig({ generation: 2, restarted: { at: noon, by: anna } });
    const failed: RigEvent = {
      kind: 'reported',
      report: aReport({ kind: 'failed', reason: died, tail: [] }, { generation: 2 }),
      hold: aHold,
    };
    expect(advance(again, failed)).toMatchObject({
      rig: { state: { kind: 'crashed', until: noon + 1000 + aHold } },
      release: false,
    });
    expect(advance(again, events.withdrawn)).toMatchObject({
      rig: { state: { kind: 'stopping', reason: { kind: 'not-restarted' } } },
      release: false,
    });
  });

  it('looks before it lets go of one whose launch may have run after all', () => {
    const step = advance(aRig(), { ...events.withdrawn, mayHaveRun: true });
    expect(step).toMatchObject({ rig: { state: { kind: 'stopping' } }, release: false });
  });

  it('starts a new generation on the same address with the same lease, and says again when it is ready', () => {
    const before = aRig({ state: states.running, image, took: 5, tag: '5.1' });
    const step = advance(before, { ...events.restart, tag: '5.2' });
    if (step.kind !== 'changed') throw new Error('it was not restarted');
    const { address, lease, id } = before;
    expect(step.rig).toMatchObject({
      id,
      address,
      lease,
      generation: 2,
      tag: '5.2',
      state: { kind: 'placed' },
    });
    expect([step.rig.image, step.rig.took]).toEqual([undefined, undefined]);
    const ready = advance(step.rig, {
      kind: 'reported',
      report: aReport({ kind: 'ready', image }, { generation: 2, at: noon + 3000 }),
      hold: aHold,
    });
    expect(ready).toMatchObject({ rig: { took: 2000, ran: '5.2' } });
    expect(ready.kind === 'changed' && ready.news.at(-1)).toEqual({ kind: 'ready', took: 2000, again: anna });
  });

  it('holds one that crashed past its end, but not past its cap: a restart would only be stopped', () => {
    const crashed = (cap: number | undefined) => {
      const step = advance(aRig({ state: states.running, lease: { end: noon, cap, rev: 1 } }), events.failed);
      return step.kind === 'changed' && step.rig.state.kind === 'crashed' && step.rig.state.until;
    };
    const at = noon + 1000;
    expect(crashed(at + aHold - 1)).toBe(at + aHold - 1);
    expect(crashed(at + aHold + 1)).toBe(at + aHold);
    expect(crashed(undefined)).toBe(at + aHold);
    expect(crashed(noon)).toBe(at);
  });

  it('does not give up a crashed rig before its time', () => {
    const crashed = aRig({ state: states.crashed });
    expect(advance(crashed, { kind: 'given-up', at: noon + 499 })).toEqual({ kind: 'unchanged' });
  });

  it('tells with a crash that is answered what had happened', () => {
    for (const event of [events.restart, events.givenUp]) {
      const step = advance(aRig({ state: states.crashed }), event);
      const told = step.kind === 'changed' ? step.news.at(-1) : undefined;
      expect(told).toMatchObject({ kind: 'answered', answer: { crash: states.crashed.crash } });
    }
  });

  it('keeps an unused rig whose owner wants it, and answers what it was asked', () => {
    const lease = { ...aRig().lease, idleStop: noon + 9000 };
    const step = advance(aRig({ state: states.running, lease }), events.want);
    expect(step).toMatchObject({
      rig: { lease: { end: lease.end, wanted: noon + 1000, idleStop: undefined, rev: 2 } },
      news: [{ kind: 'answered', answer: { kind: 'wanted' } }],
    });
  });

  it('shares with nobody twice, nor with its owner, and with 20 at most', () => {
    const shared = aRig({ shared: [{ id: ben.id, name: ben.name }] });
    expect(advance(shared, events.share)).toEqual({ kind: 'unchanged' });
    expect(advance(aRig(), { ...events.share, with: [anna] })).toEqual({ kind: 'unchanged' });
    const many = Array.from({ length: 21 }, (_, n) => ({ id: `U${n}`, name: `${n}` }));
    expect(advance(aRig(), { ...events.share, with: many })).toEqual({ kind: 'unchanged' });
    expect(
      advance(aRig(), { ...events.share, with: [...many.slice(0, 20), ...many.slice(0, 3)] }),
    ).toMatchObject({
      rig: { shared: many.slice(0, 20) },
    });
  });

  it('gives a rig to one person, who needs no share of it any more; the old owner is a stranger to it', () => {
    const shared = [
      { id: ben.id, name: ben.name },
      { id: olga.id, name: olga.name },
    ];
    const step = advance(aRig({ shared }), events.give);
    expect(step).toMatchObject({
      rig: { owner: { id: ben.id }, shared: [{ id: olga.id }] },
      news: [{ kind: 'card' }, { kind: 'given', from: { id: anna.id } }],
    });
    expect(advance(aRig(), { ...events.give, to: anna })).toEqual({ kind: 'unchanged' });
    // What only the moment of asking knows is not kept.
    expect(JSON.stringify(step)).not.toContain('isAdmin');
  });
});
