// The story of the outbox: news in order, one drainer at a time, and an entry whose fate is unknown.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { OutboxLease } from '../../src/ports/outbox.ts';
import type { Registry } from '../../src/redis/registry.ts';
import type { News } from '../../src/rig/news.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

const ready: News = { kind: 'ready', took: 12 };
const failed: News = {
  kind: 'failed',
  reason: { kind: 'exited', exitCode: 1, outOfMemory: true },
  tail: ['last words', '"quoted" ✓'],
};

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  /** Two rigs, the second with three pieces of news. */
  const withNews = async (): Promise<Registry> => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    await registry.rigs.claim(aClaim('z1'));
    await registry.rigs.claim(aClaim('a2'));
    const found = await registry.rigs.get('a2');
    const told = [
      { id: 'a2.2.0', news: ready },
      { id: 'a2.2.1', news: failed },
    ];
    if (found) await registry.rigs.save({ ...found, told, release: false });
    return registry;
  };

  const leaseOf = async ({ outbox }: Registry, rig: string, length = 60_000): Promise<OutboxLease> => {
    const lease = await outbox.lease(rig, length);
    if (!lease) throw new Error(`${rig} is being drained`);
    return lease;
  };

  const left = async (lease: OutboxLease) => (await lease.entries()).map(({ id }) => id);

  test('rigs wait in the order in which their news came, and each one’s news is in order', async () => {
    const registry = await withNews();
    expect(await registry.outbox.waiting()).toEqual(['z1', 'a2']);
    expect(await (await leaseOf(registry, 'a2')).entries()).toEqual([
      { id: 'a2.1.0', news: { kind: 'card', progress: false }, uncertain: false },
      { id: 'a2.2.0', news: ready, uncertain: false },
      { id: 'a2.2.1', news: failed, uncertain: false },
    ]);
  });

  test('what was told leaves the list; the rig waits until all was', async () => {
    const registry = await withNews();
    const lease = await leaseOf(registry, 'a2');
    expect(await lease.done(2, undefined)).toBe(true);
    expect(await left(lease)).toEqual(['a2.2.1']);
    expect(await registry.outbox.waiting()).toEqual(['z1', 'a2']);
    expect(await lease.done(1, undefined)).toBe(true);
    expect(await left(lease)).toEqual([]);
    expect(await registry.outbox.waiting()).toEqual(['z1']);
  });

  test('news that comes while an entry is told stays', async () => {
    const registry = await withNews();
    const lease = await leaseOf(registry, 'z1');
    const found = await registry.rigs.get('z1');
    if (found) await registry.rigs.save({ ...found, told: [{ id: 'z1.2.0', news: ready }], release: false });
    await lease.done(1, undefined);
    expect(await left(lease)).toEqual(['z1.2.0']);
    expect(await registry.outbox.waiting()).toContain('z1');
  });

  test('one drainer at a time, per rig', async () => {
    const registry = await withNews();
    const lease = await leaseOf(registry, 'a2');
    expect(await registry.outbox.lease('a2', 60_000)).toBeUndefined();
    await leaseOf(registry, 'z1');
    await lease.giveBack();
    await leaseOf(registry, 'a2');
  });

  test('a drainer that was too slow takes nothing off and sends nothing any more', async () => {
    const registry = await withNews();
    const slow = await leaseOf(registry, 'a2', 50);
    const next = await vi.waitFor(() => leaseOf(registry, 'a2'), 5_000);
    expect(await slow.done(1, { channel: 'C9', ts: '9' })).toBe(false);
    await expect(slow.sending('a2.1.0')).rejects.toThrow('lease on the outbox of rig a2 was lost');
    await slow.giveBack();
    expect(await registry.outbox.lease('a2', 60_000)).toBeUndefined();
    expect(await next.entries()).toMatchObject([{ uncertain: false }, {}, {}]);
    expect(await registry.cards.get('a2')).toBeUndefined();
    expect(await next.done(1, undefined)).toBe(true);
  });

  test('a lease that is kept is not lost, however long telling takes; one that was lost cannot be kept', async () => {
    const registry = await withNews();
    const lease = await leaseOf(registry, 'a2', 400);
    for (let waited = 0; waited < 8; waited += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await lease.keep()).toBe(true);
      expect(await registry.outbox.lease('a2', 60_000)).toBeUndefined();
    }
    expect(await lease.done(1, undefined)).toBe(true);
    await lease.giveBack();
    await leaseOf(registry, 'a2');
    expect(await lease.keep()).toBe(false);
  });

  test('an entry that was on its way is uncertain for the next drainer, until it is done', async () => {
    const registry = await withNews();
    const first = await leaseOf(registry, 'a2');
    await first.sending('a2.1.0');
    await first.giveBack();
    const second = await leaseOf(registry, 'a2');
    expect((await second.entries()).map(({ uncertain }) => uncertain)).toEqual([true, false, false]);
    await second.done(1, undefined);
    expect((await second.entries()).map(({ uncertain }) => uncertain)).toEqual([false, false]);
  });

  test('the card’s place is kept with what was told, and only told places change it', async () => {
    const registry = await withNews();
    const lease = await leaseOf(registry, 'a2');
    await lease.done(1, { channel: 'D1', ts: '1.2', because: 'quietly' });
    expect(await registry.cards.get('a2')).toEqual({ channel: 'D1', ts: '1.2', because: 'quietly' });
    await lease.done(1, undefined);
    expect(await registry.cards.get('a2')).toMatchObject({ ts: '1.2' });
    await registry.cards.put('a2', { channel: 'C1', ts: '3.4' });
    expect(await registry.cards.get('a2')).toEqual({ channel: 'C1', ts: '3.4' });
    expect(await registry.cards.get('z1')).toBeUndefined();
  });

  test('a save leaves the card where it is', async () => {
    const registry = await withNews();
    await registry.cards.put('z1', { channel: 'C1', ts: '1' });
    const found = await registry.rigs.get('z1');
    if (found) await registry.rigs.save({ ...found, told: [], release: false });
    expect(await registry.cards.get('z1')).toEqual({ channel: 'C1', ts: '1' });
  });

  test('a card of a rig that is not known makes no rig', async () => {
    const registry = await withNews();
    await registry.cards.put('ghost', { channel: 'C1', ts: '1' });
    expect(await registry.rigs.get('ghost')).toBeUndefined();
    expect(await registry.cards.get('ghost')).toBeUndefined();
  });

  test('the news of a rig that ended waits as before', async () => {
    const registry = await withNews();
    const found = await registry.rigs.get('z1');
    const state = { kind: 'failed', since: 9, reason: { kind: 'too-late' } } as const;
    const told = [{ id: 'z1.2.0', news: failed }];
    if (found) await registry.rigs.save({ rig: { ...found.rig, state }, version: 1, told, release: true });
    expect(await left(await leaseOf(registry, 'z1'))).toEqual(['z1.1.0', 'z1.2.0']);
  });
});
