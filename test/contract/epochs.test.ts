// Which registry this is: one that was lost or restored is recognised, and nothing is given out before its hosts were asked.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeenEpoch } from '../../src/rig/epoch.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

const h1 = { name: 'h1', lan: 'office' };

describe.each(registryKinds())('the epoch %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  test('is made by the first who looks, and rises with each change', async () => {
    const { epochs, presence, rigs } = await kind.open();
    expect(await epochs.current()).toBeUndefined();
    const first = await epochs.look({ seen: undefined });
    expect(first).toMatchObject({ verdict: 'first', adopted: false });
    expect(await epochs.current()).toBe(first.epoch.id);
    await presence.take(aRegistration(), 's1');
    await rigs.claim(aClaim('a'));
    expect(epochs.known()?.seq).toBe(first.epoch.seq + 1);
    const stored = await rigs.get('a');
    if (!stored) throw new Error('no rig a');
    await rigs.save({ rig: stored.rig, version: stored.version, told: [], release: false });
    const second = await epochs.look({ seen: first.epoch, rise: true });
    expect(second).toMatchObject({ verdict: 'same', epoch: { seq: first.epoch.seq + 3 } });
    expect(await epochs.adopting()).toEqual(new Map());
  });

  test('of a registry that was lost is another; the host that says so has its LAN marked', async () => {
    const { epochs, presence, rigs } = await kind.open();
    const seen: SeenEpoch = { id: 'before', seq: 70, at: 1_000 };
    const look = await epochs.look({ seen, host: h1 });
    expect(look).toMatchObject({ verdict: 'lost', epoch: { seq: 71 }, adopted: false });
    expect([...(await epochs.adopting()).keys()]).toEqual(['office']);
    await presence.take(aRegistration(), 's1');
    expect(await rigs.claim(aClaim('a'))).toEqual({ kind: 'adopting' });
    // Another LAN has nothing to do with it.
    await presence.take(aRegistration({ name: 'h2', lan: 'lab' }), 's2');
    const elsewhere = { host: 'h2', network: { lan: 'lab', mode: 'ipvlan', subnet: '10.0.0.0/24' } } as const;
    expect((await rigs.claim(aClaim('b', { rig: elsewhere }))).kind).toBe('claimed');
    expect(await epochs.finish('office', look.epoch.id)).toBe(false);
    await epochs.markAdopted('h1', look.epoch.id);
    expect(await epochs.finish('office', look.epoch.id)).toBe(true);
    expect((await rigs.claim(aClaim('a'))).kind).toBe('claimed');
  });

  test('a host that comes later is asked as well, until it was taken in', async () => {
    const { epochs } = await kind.open();
    const { epoch } = await epochs.look({ seen: undefined });
    const seen: SeenEpoch = { id: 'before', seq: 9_000, at: 1_000 };
    expect(await epochs.look({ seen, host: h1 })).toMatchObject({
      verdict: 'newer',
      adopted: false,
      epoch: { id: epoch.id },
    });
    expect((await epochs.adopting()).has('office')).toBe(true);
    await epochs.markAdopted('H1', epoch.id);
    await epochs.finish('office', epoch.id);
    expect(await epochs.isAdopted('h1', epoch.id)).toBe(true);
    expect(await epochs.look({ seen, host: h1 })).toMatchObject({ verdict: 'newer', adopted: true });
    expect((await epochs.adopting()).size).toBe(0);
    expect(await epochs.look({ seen: epoch, host: h1 })).toMatchObject({ verdict: 'same' });
  });

  test('a LAN that came out of adoption while a host was registering is in it again', async () => {
    const { epochs, presence, rigs } = await kind.open();
    const { epoch } = await epochs.look({ seen: undefined });
    await presence.take(aRegistration(), 's1', true);
    expect((await epochs.adopting()).has('office')).toBe(true);
    expect(await rigs.claim(aClaim('a'))).toEqual({ kind: 'adopting' });
    await epochs.markAdopted('h1', epoch.id);
    await epochs.finish('office', epoch.id);
    await presence.take(aRegistration(), 's1', true);
    expect((await epochs.adopting()).size).toBe(0);
  });

  test('made by a Redis whose clock is behind is made once', async () => {
    const { epochs } = await kind.open();
    const seen: SeenEpoch = { id: 'before', seq: 7, at: Date.now() + 3_600_000 };
    const first = await epochs.look({ seen, host: h1 });
    expect(first.verdict).toBe('lost');
    const second = await epochs.look({ seen, host: h1 });
    expect(second).toMatchObject({ verdict: 'newer', epoch: { id: first.epoch.id } });
    expect(
      (await epochs.look({ seen: { ...seen, id: 'other' }, host: { name: 'h2', lan: 'office' } })).epoch.id,
    ).toBe(first.epoch.id);
  });

  test('that has fallen is a copy: all LANs are marked, and the epoch is another one', async () => {
    const { epochs, presence } = await kind.open();
    const { epoch } = await epochs.look({ seen: undefined });
    await presence.take(aRegistration(), 's1');
    await presence.take(aRegistration({ name: 'h2', lan: 'a b/c' }), 's2');
    const later = { ...epoch, seq: epoch.seq + 5 };
    const look = await epochs.look({ seen: later });
    expect(look.verdict).toBe('restored');
    expect(look.epoch.id).not.toBe(epoch.id);
    expect(look.epoch.seq).toBeGreaterThan(later.seq);
    expect([...(await epochs.adopting()).keys()].sort()).toEqual(['a b/c', 'office']);
  });

  test('of another name that was there before the last look is a copy of an older one', async () => {
    const { epochs } = await kind.open();
    const { epoch } = await epochs.look({ seen: undefined });
    await delay(5);
    const { epoch: now } = await epochs.look({ seen: epoch });
    expect(await epochs.look({ seen: { id: 'other', seq: 1, at: now.at } })).toMatchObject({
      verdict: 'restored',
    });
    expect(await epochs.look({ seen: { id: 'other', seq: 1, at: epoch.at - 1 } })).toMatchObject({
      verdict: expect.stringMatching(/newer/),
    });
  });
});
