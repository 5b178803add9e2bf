// One worker per host name: taken, kept, lost, given back.

import { describe, expect, it, vi } from 'vitest';
import { holdPresence } from '../../../src/host/hold-presence.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aRegistration } from '../../support/registries.ts';

const length = 120;

const open = () => {
  const registry = createMemoryRegistry({ presence: length });
  const log = rememberingLog();
  const { take, keep, giveBack } = registry.presence;
  const away = { is: false };
  const orAway = <Given extends readonly unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) => {
    return async (...given: Given): Promise<Answer> => {
      if (away.is) throw new QueueDown('Redis does not answer');
      return ask(...given);
    };
  };
  const presence = { take: orAway(take), keep: orAway(keep), giveBack: orAway(giveBack) };
  const lost = vi.fn<() => void>();
  const hold = (session: string) =>
    holdPresence({ presence, log }, aRegistration(), { session, length, onLost: lost });
  const state = async () => (await registry.hosts.list())[0]?.state;
  return { registry, log, away, lost, hold, state };
};

const held = async (outcome: ReturnType<ReturnType<typeof open>['hold']>) => {
  const got = await outcome;
  if (got.kind !== 'held') throw new Error(`refused: ${JSON.stringify(got.why)}`);
  return got;
};

const pass = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the presence of a worker', () => {
  it('is kept for longer than its lock lives, and is gone at once when it is given back', async () => {
    const { hold, state, lost } = open();
    const { giveBack } = await held(hold('first'));
    for (let look = 0; look < 6; look += 1) {
      await pass(length / 2);
      expect(await state()).toBe('ready');
    }
    await giveBack();
    expect(await state()).toBe('unreachable');
    expect(lost).not.toHaveBeenCalled();
  });

  it('is refused to a second worker, who hears who has it, after having waited for a dead one’s lock', async () => {
    const { hold, log } = open();
    const { giveBack } = await held(hold('first'));
    const begun = performance.now();
    expect(await hold('second')).toEqual({ kind: 'refused', why: { kind: 'held', session: 'first' } });
    expect(performance.now() - begun).toBeGreaterThan(length);
    expect(log.lines.join('\n')).toContain('waiting for the host name');
    await giveBack();
  });

  it('passes to the next worker when the one before was killed', async () => {
    const { registry, hold } = open();
    await registry.presence.take(aRegistration(), 'killed');
    await (await held(hold('next'))).giveBack();
  });

  it('is taken again by the same worker after an outage that was longer than the lock', async () => {
    const { away, hold, state, lost, log } = open();
    const { giveBack } = await held(hold('first'));
    away.is = true;
    await pass(2 * length);
    expect(await state()).toBe('unreachable');
    away.is = false;
    await vi.waitFor(async () => expect(await state()).toBe('ready'), { timeout: 10 * length, interval: 10 });
    expect(lost).not.toHaveBeenCalled();
    expect(log.lines.join('\n')).toContain('presence could not be kept');
    // However often it was tried meanwhile.
    expect(log.lines.filter((line) => line.includes('presence could not be kept'))).toHaveLength(1);
    await giveBack();
  });

  it('that somebody else took meanwhile is lost: the worker is told once, and leaves the other’s alone', async () => {
    const { registry, away, hold, lost, state } = open();
    const { giveBack } = await held(hold('first'));
    away.is = true;
    await pass(1.5 * length);
    await registry.presence.take(aRegistration(), 'quicker');
    const keeping = setInterval(() => void registry.presence.keep('h1', 'quicker'), length / 4);
    away.is = false;
    await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1), { timeout: 10 * length, interval: 10 });
    await giveBack();
    expect(await state()).toBe('ready');
    clearInterval(keeping);
  });

  it('says what there is to say since then, also when Redis was away just then', async () => {
    const { registry, away, hold, lost } = open();
    const got = await held(hold('first'));
    const slots = async () => (await registry.hosts.list())[0]?.slots;
    away.is = true;
    got.say({ ...aRegistration(), slots: 1, notes: ['one at a time'] });
    await pass(length / 2);
    expect(await slots()).toBe(aRegistration().slots);
    away.is = false;
    await vi.waitFor(async () => expect(await slots()).toBe(1), { timeout: 10 * length, interval: 10 });
    expect((await registry.hosts.list())[0]?.notes).toEqual(['one at a time']);
    expect(lost).not.toHaveBeenCalled();
    await got.giveBack();
  });

  it('cannot be taken while Redis is away: that is said, not waited for', async () => {
    const { away, hold } = open();
    away.is = true;
    await expect(hold('first')).rejects.toThrow(QueueDown);
  });
});
