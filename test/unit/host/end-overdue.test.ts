// The bot is dead for long: what its hosts end by themselves, and that nothing else happens.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOverdueWatch } from '../../../src/host/end-overdue.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import { type HostChange, openHost, queueDown } from '../../support/a-host.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A rig whose cap was 25 hours after its birth; a bot that looked at leases when it was born, and never again. */
const open = async (change?: HostChange) => {
  const host = await openHost(change);
  const { registry, clock } = host;
  const rig = await host.claim();
  const cap = clock.now + 25 * hour;
  await registry.rigs.save({
    rig: { ...rig, lease: { ...rig.lease, end: cap, cap, rev: rig.lease.rev + 1 } },
    version: 1,
    told: [],
    release: false,
  });
  await registry.watch.note(clock.now);
  await host.launch(rig, { lease: { end: cap, cap, rev: 2 } });
  host.reports.all.length = 0;
  let elapsed = 0;
  const redis = { isAway: false };
  const watch = { last: async () => (redis.isAway ? queueDown() : registry.watch.last()) };
  const openWatch = () =>
    createOverdueWatch(
      { ...host.parts, watch, ender: host.care.ender },
      hour,
      host.care.isAtWork,
      () => elapsed,
    );
  const { look } = openWatch();
  return {
    host,
    rig,
    cap,
    redis,
    look,
    openWatch,
    pass: (length: number): void => {
      clock.now += length;
      elapsed += length;
    },
    isThere: () => host.docker.containers().length === 1,
  };
};

describe('while no bot is there', () => {
  it('a rig an hour past its cap is removed, noted and reported', async () => {
    const { host, rig, look, pass, isThere } = await open();
    await look();
    pass(26 * hour - 1);
    await look();
    expect(isThere()).toBe(true);
    pass(1);
    await look();
    expect(isThere()).toBe(false);
    expect(host.files.get(rig.id)?.ended?.reason).toEqual({ kind: 'overdue' });
    expect(host.reports.all.map(({ saw }) => saw)).toMatchObject([
      { kind: 'failed', reason: { kind: 'overdue' } },
    ]);
  });

  it('one that cannot be removed keeps no other there', async () => {
    const { host, rig, look, pass } = await open();
    const other = await host.claim('other');
    await host.launch(other);
    await look();
    pass(900 * hour);
    host.docker.refuseNext('remove', 'device or resource busy');
    await expect(look()).rejects.toThrow('device or resource busy');
    expect(host.docker.containers().map(({ spec }) => spec?.job.rig)).toEqual([rig.id]);
  });

  it('nothing is removed by a worker that has not seen that for an hour itself', async () => {
    const { look, pass, openWatch, isThere } = await open();
    await look();
    pass(90 * hour);
    const next = openWatch();
    await next.look();
    expect(isThere()).toBe(true);
    pass(hour);
    await next.look();
    expect(isThere()).toBe(false);
  });

  it('nor one whose cap was taken away, as its note says', async () => {
    const { host, rig, look, pass, isThere } = await open();
    const file = host.files.get(rig.id);
    if (!file) throw new Error('no note');
    host.files.set(rig.id, { ...file, lease: { ...file.lease, end: undefined, cap: undefined } });
    await look();
    pass(900 * hour);
    await look();
    expect(isThere()).toBe(true);
  });

  it('one without a note is, an hour past the cap on its label', async () => {
    const { host, look, pass, isThere } = await open();
    host.files.clear();
    await look();
    pass(26 * hour - 1);
    await look();
    expect(isThere()).toBe(true);
    pass(1);
    await look();
    expect(isThere()).toBe(false);
  });

  it('nor one that a job is at', async () => {
    const { host, look, pass, isThere } = await open();
    await look();
    pass(26 * hour);
    const busy = createOverdueWatch(
      { ...host.parts, watch: host.registry.watch, ender: host.care.ender },
      0,
      () => true,
      () => 5,
    );
    await busy.look();
    expect(isThere()).toBe(true);
  });

  it('and Redis is away as well: by what was seen before; it is reported when Redis is back', async () => {
    const { host, redis, look, pass, isThere } = await open();
    await look();
    redis.isAway = true;
    host.reports.before('failed', queueDown);
    pass(26 * hour);
    await look();
    expect(isThere()).toBe(false);
    host.reports.before('failed', () => undefined);
    await host.look();
    expect(host.reports.all).toMatchObject([{ saw: { reason: { kind: 'overdue' } } }]);
  });

  it('nor anything where Redis was away from the start', async () => {
    const { redis, look, pass, isThere } = await open();
    redis.isAway = true;
    await look();
    pass(90 * hour);
    await look();
    expect(isThere()).toBe(true);
  });

  it('nor anything before the clock was agreed with Redis', async () => {
    const { host, pass, isThere } = await open();
    pass(90 * hour);
    const watch = createOverdueWatch(
      {
        ...host.parts,
        clock: { now: queueDown },
        watch: host.registry.watch,
        ender: host.care.ender,
      },
      0,
      () => false,
      () => 5,
    );
    await expect(watch.look()).rejects.toThrow('Redis does not answer');
    expect(isThere()).toBe(true);
  });
});

describe('a bot that is there', () => {
  it('decides alone, however long a rig is past its cap', async () => {
    const { host, look, pass, isThere } = await open();
    for (let round = 0; round < 40; round += 1) {
      await look();
      pass(hour - minute);
      await host.registry.watch.note(host.clock.now);
    }
    await look();
    expect(isThere()).toBe(true);
  });
});

describe("a host's own time of day", () => {
  it.each([
    ['five minutes behind', -5 * minute],
    ['ten years ahead', 87_600 * hour],
  ])('means nothing: %s', async (_, off) => {
    const { look, pass, isThere } = await open();
    vi.spyOn(Date, 'now').mockImplementation(() => 1_900_000_000_000 + off);
    await look();
    for (let round = 0; round < 25; round += 1) {
      pass(hour);
      await look();
      expect(isThere()).toBe(true);
    }
    pass(hour);
    await look();
    expect(isThere()).toBe(false);
  });
});
