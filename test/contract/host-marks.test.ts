// What is said of a host beside its registration: when it was seen, that it takes no new rigs, that it is gone for good, and
// the passes that wait for a yes.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

const olga = { id: 'UOLGA', name: 'olga "the ✓"' };
const mark = { by: olga, at: 7_000 };

const claimOn = async ({ rigs }: Registry, id: string, host = 'h1') => {
  const outcome = await rigs.claim(aClaim(id, { rig: { host } }));
  return outcome.kind === 'claimed' ? outcome.rig.address : outcome.kind;
};

/** As `forget` ends a rig: the address does not become free. */
const giveUp = async ({ rigs }: Registry, id: string) => {
  const found = await rigs.get(id);
  if (!found) throw new Error(`no rig ${id}`);
  const { rig, version } = found;
  const reason = { kind: 'host-forgotten', host: rig.host, by: olga } as const;
  const quarantine = { why: 'host-vanished', at: 9_000, host: rig.host, rig: id } as const;
  const failed = { ...rig, state: { kind: 'failed', since: 9_000, reason } as const };
  return rigs.save({ rig: failed, version, told: [], release: true, quarantine });
};

const free = async ({ hosts }: Registry) =>
  Object.fromEntries((await hosts.list()).map(({ name, freeAddresses }) => [name, freeAddresses]));

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  test('a worker of an older version is taken as it is', async () => {
    const { presence, hosts } = await kind.open();
    const { keyId: _keyId, ...older } = aRegistration({ tags: [] });
    await presence.take(older, 's1');
    expect(await hosts.list()).toMatchObject([{ name: 'h1', tags: [], keyId: undefined }]);
  });

  test('a host was last seen when its worker last kept its name, and that is still known without it', async () => {
    const { presence, hosts, clock } = await kind.open({ presence: 10_000 });
    const seen = async () => (await hosts.list())[0]?.seen ?? 0;
    await presence.take(aRegistration(), 's1');
    const first = await seen();
    expect(Math.abs(first - clock.now())).toBeLessThan(5_000);
    await new Promise((go) => setTimeout(go, 30));
    expect(await presence.keep('H1', 's1')).toBe(true);
    const second = await seen();
    expect(second).toBeGreaterThan(first);
    // Somebody else's word is not its worker's.
    await presence.keep('h1', 's2');
    await presence.giveBack('h1', 's1');
    expect(await hosts.list()).toMatchObject([{ state: 'unreachable', seen: second }]);
  });

  test('a draining host takes no claims, whoever registers it; those there stay; undrain ends it', async () => {
    const registry = await kind.open();
    const { presence, hosts } = registry;
    await presence.take(aRegistration(), 's1');
    await claimOn(registry, 'a');
    expect(await hosts.drain('H1', mark)).toBe(true);
    expect(await hosts.drain('h1', { by: { id: 'U2', name: 'ben' }, at: 8_000 })).toBe(false);
    expect(await hosts.list()).toMatchObject([{ state: 'draining', draining: mark, rigs: 1 }]);
    expect(await claimOn(registry, 'b')).toBe('host-draining');
    expect(await claimOn(registry, 'b', 'H1')).toBe('host-draining');

    await presence.giveBack('h1', 's1');
    expect(await hosts.list()).toMatchObject([{ state: 'unreachable', draining: mark }]);
    await presence.take(aRegistration(), 's2');
    expect(await hosts.list()).toMatchObject([{ state: 'draining', draining: mark }]);

    expect(await hosts.undrain('h1')).toBe(true);
    expect(await hosts.undrain('h1')).toBe(false);
    expect(await hosts.list()).toMatchObject([{ state: 'ready', draining: undefined }]);
    expect(await claimOn(registry, 'b')).toBe('10.0.0.11');
  });

  test('an address that is set aside becomes nobody’s, neither at once nor with a new registration here', async () => {
    const registry = await kind.open();
    const { presence, fence, rigs } = registry;
    await presence.take(aRegistration(), 's1');
    await presence.take(aRegistration({ name: 'h2' }), 's2');
    expect(await claimOn(registry, 'a')).toBe('10.0.0.10');
    expect(await free(registry)).toEqual({ h1: 2, h2: 2 });
    expect(await giveUp(registry, 'a')).toBe('saved');
    expect(await free(registry)).toEqual({ h1: 2, h2: 2 });
    expect(await fence.claim('a')).toBeUndefined();
    expect(await rigs.named('a')).toBeUndefined();
    expect(await rigs.living()).toEqual([]);
    expect([await claimOn(registry, 'b', 'h2'), await claimOn(registry, 'c', 'h2')]).toEqual([
      '10.0.0.11',
      '10.0.0.12',
    ]);
    expect(await claimOn(registry, 'd', 'h2')).toBe('no-address');
  });

  test('forgotten is who is neither there nor has rigs; a later registration begins afresh', async () => {
    const registry = await kind.open();
    const { presence, hosts, breaker } = registry;
    expect(await hosts.forget('h1')).toBe('unknown');
    await presence.take(aRegistration(), 's1');
    await presence.take(aRegistration({ name: 'h2' }), 's2');
    await claimOn(registry, 'a');
    await hosts.drain('h1', mark);
    await breaker.put({ host: 'h1', at: 1, would: 5, of: 8 });
    for (const took of [1, 2, 3]) await hosts.recordTook('h1', took);
    expect(await hosts.forget('H1')).toBe('present');
    await presence.giveBack('h1', 's1');
    expect(await hosts.forget('h1')).toBe('has-rigs');
    expect((await hosts.list()).map(({ name }) => name)).toEqual(['h1', 'h2']);
    await giveUp(registry, 'a');
    expect(await hosts.forget('h1')).toBe('forgotten');
    expect(await hosts.forget('h1')).toBe('unknown');
    expect((await hosts.list()).map(({ name }) => name)).toEqual(['h2']);
    expect(await breaker.list()).toEqual([]);
    expect(await hosts.usualTook('h1')).toBeUndefined();
    // Whoever looked before has nothing to claim.
    expect(await claimOn(registry, 'b')).toBe('no-address');

    await presence.take(aRegistration(), 's3');
    expect(await hosts.list()).toMatchObject([{ name: 'h1', state: 'ready', rigs: 0 }, { name: 'h2' }]);
  });

  test('of one that is forgotten nothing counts any more: neither what it saw, nor that it was taken in', async () => {
    const { presence, hosts, addresses, epochs } = await kind.open();
    const { epoch } = await epochs.look({ seen: undefined });
    for (const name of ['h1', 'h2']) {
      await presence.take(aRegistration({ name }), name);
      const answered = { mac: 'ea:03:20:43:76:99', at: 5 };
      const seen = [{ address: '10.0.0.10', answered }];
      await addresses.sight({ v: 1, host: name, lan: 'office', at: 7, seen });
      await epochs.markAdopted(name, epoch.id);
    }
    await presence.giveBack('h1', 'h1');
    expect(await hosts.forget('H1')).toBe('forgotten');
    expect(await addresses.sightings()).toMatchObject([{ host: 'h2' }]);
    expect(await epochs.isAdopted('h1', epoch.id)).toBe(false);
    expect(await epochs.isAdopted('h2', epoch.id)).toBe(true);
  });

  test('a pass that waits is kept for each host; a yes stays whatever the next pass says', async () => {
    const { breaker } = await kind.open();
    expect(await breaker.list()).toEqual([]);
    expect(await breaker.allow('h1', olga, 5)).toBe('nothing-waits');
    expect(await breaker.put({ host: 'h1', at: 1, would: 5, of: 8 })).toEqual({
      host: 'h1',
      at: 1,
      would: 5,
      of: 8,
    });
    await breaker.put({ host: 'a9', at: 2, would: 3, of: 3 });
    expect(await breaker.allow('H1', olga, 5)).toBe('allowed');
    expect(await breaker.allow('h1', { id: 'U2', name: 'ben' }, 6)).toBe('allowed');
    const allowed = { by: olga, at: 5 };
    expect(await breaker.put({ host: 'h1', at: 3, would: 6, of: 8 })).toEqual({
      host: 'h1',
      at: 3,
      would: 6,
      of: 8,
      allowed,
    });
    expect(await breaker.list()).toEqual([
      { host: 'a9', at: 2, would: 3, of: 3 },
      { host: 'h1', at: 3, would: 6, of: 8, allowed },
    ]);
    await breaker.clear('H1');
    expect((await breaker.list()).map(({ host }) => host)).toEqual(['a9']);
  });
});
