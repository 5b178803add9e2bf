// The story of hosts: one worker per name, ranges that change, LANs that are shared, and how long a start takes.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { connectRegistry, type Registry } from '../../src/redis/registry.ts';
import { rememberingLog } from '../support/a-worker.ts';
import { aClaim, aRegistration, fleetKeyId, registryKinds } from '../support/registries.ts';
import { addressOf } from '../support/registry-address.ts';

const claimAddress = async (registry: Registry, id: string, host = 'h1'): Promise<string> => {
  const outcome = await registry.rigs.claim(aClaim(id, { rig: { host } }));
  return outcome.kind === 'claimed' ? outcome.rig.address : outcome.kind;
};

const end = async ({ rigs }: Registry, id: string) => {
  const found = await rigs.get(id);
  if (!found) throw new Error(`no rig ${id}`);
  const state = { kind: 'failed', since: 9_000, reason: { kind: 'too-late' } } as const;
  return rigs.save({ rig: { ...found.rig, state }, version: found.version, told: [], release: true });
};

/** What is read anew each time, and what is read once and then mended, are the same. */
const listed = async ({ hosts }: Registry) => {
  const current = await hosts.current();
  expect(current).toEqual(await hosts.list());
  return current;
};

const free = async (registry: Registry) =>
  Object.fromEntries((await listed(registry)).map(({ name, freeAddresses }) => [name, freeAddresses]));

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  test('a registered host is listed with what is free on it', async () => {
    const { presence, hosts } = await kind.open();
    const image = 'registry.lan:5000/team/wcs:5.2@sha256:abc';
    await presence.take(aRegistration({ name: 'h2', image, slots: 4 }), 's2');
    await presence.take(aRegistration({ image: 'registry.lan:5000/team/wcs' }), 's1');
    expect(await hosts.list()).toEqual([
      {
        name: 'h1',
        state: 'ready',
        draining: undefined,
        seen: expect.any(Number),
        rigs: 0,
        tags: ['latest'],
        keyId: fleetKeyId,
        versions: { engine: '20.10', worker: '0.1.0' },
        network: { lan: 'office', mode: 'ipvlan', subnet: '10.0.0.0/24' },
        slots: 100,
        freeSlots: 100,
        freeAddresses: 3,
        tag: 'latest',
      },
      expect.objectContaining({ name: 'h2', slots: 4, freeSlots: 4, tag: '5.2' }),
    ]);
  });

  test('a second worker of the same name, in whatever case, is refused and told who has it', async () => {
    const { presence, hosts } = await kind.open();
    expect(await presence.take(aRegistration(), 's1')).toEqual({ kind: 'taken' });
    const second = aRegistration({ name: 'H1', slots: 1, addresses: ['10.9.9.9'], keyId: fleetKeyId });
    expect(await presence.take(second, 's2')).toEqual({ kind: 'held', session: 's1' });
    expect(await presence.keep('h1', 's1')).toBe(true);
    expect(await presence.keep('h1', 's2')).toBe(false);
    await presence.giveBack('h1', 's2');
    expect(await hosts.list()).toMatchObject([{ name: 'h1', state: 'ready', slots: 100, freeAddresses: 3 }]);

    await presence.giveBack('h1', 's1');
    expect(await hosts.list()).toMatchObject([{ name: 'h1', state: 'unreachable' }]);
    expect(await presence.take(second, 's2')).toEqual({ kind: 'taken' });
    expect(await presence.keep('h1', 's1')).toBe(false);
    expect(await hosts.list()).toMatchObject([
      { name: 'H1', state: 'ready', slots: 1, freeAddresses: 1, keyId: fleetKeyId },
    ]);
  });

  test('the same session may take it again', async () => {
    const { presence } = await kind.open();
    await presence.take(aRegistration(), 's1');
    expect(await presence.take(aRegistration(), 's1')).toEqual({ kind: 'taken' });
  });

  test('without a word the name is free after a while; who comes back first has it', async () => {
    const { presence, hosts } = await kind.open({ presence: 200 });
    await presence.take(aRegistration(), 's1');
    await vi.waitFor(async () => expect(await hosts.list()).toMatchObject([{ state: 'unreachable' }]), 5_000);
    // Ran out: it has to be taken again, after a look at which registry this is.
    expect(await presence.keep('h1', 's1')).toBe(false);
    expect(await presence.take(aRegistration(), 's1')).toEqual({ kind: 'taken' });
    expect(await hosts.list()).toMatchObject([{ state: 'ready' }]);
    await vi.waitFor(
      async () => expect(await presence.take(aRegistration(), 's2')).toEqual({ kind: 'taken' }),
      5_000,
    );
    expect(await presence.keep('h1', 's1')).toBe(false);
  });

  test('who asks again and again sees each host come, go, fill and be freed', async () => {
    const registry = await kind.open({ presence: 200 });
    const { presence, hosts } = registry;
    const seen = async () =>
      (await hosts.current()).map(({ name, state, freeSlots }) => `${name} ${state} ${freeSlots}`);
    expect(await seen()).toEqual([]);
    await presence.take(aRegistration(), 's1');
    expect(await seen()).toEqual(['h1 ready 100']);
    await vi.waitFor(async () => expect(await seen()).toEqual(['h1 unreachable 100']), 5_000);
    await presence.take(aRegistration({ name: 'h0', lan: 'lab' }), 's0');
    await presence.take(aRegistration(), 's1');
    expect(await seen()).toEqual(['h0 ready 100', 'h1 ready 100']);
    await claimAddress(registry, 'a');
    expect(await seen()).toEqual(['h0 ready 100', 'h1 ready 99']);
    await end(registry, 'a');
    await presence.giveBack('h0', 's0');
    expect(await seen()).toEqual(['h0 unreachable 100', 'h1 ready 100']);
    // Kept without another change, for longer than a presence lasts.
    for (let count = 0; count < 6; count += 1) {
      expect(await presence.keep('h1', 's1')).toBe(true);
      expect((await seen())[1]).toBe('h1 ready 100');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  test('a range that changes: what left is not given out, what is held stays held, the order is kept', async () => {
    const registry = await kind.open();
    const register = (addresses: string[]) => registry.presence.take(aRegistration({ addresses }), 's1');
    await register(['.1', '.2', '.3']);
    expect([await claimAddress(registry, 'a'), await claimAddress(registry, 'b')]).toEqual(['.1', '.2']);
    await end(registry, 'b');

    await register(['.2', '.4', '.1']);
    expect(await free(registry)).toEqual({ h1: 2 });
    // .4 was never given out, .2 was; .1 is held.
    expect(await claimAddress(registry, 'c')).toBe('.4');
    expect(await claimAddress(registry, 'd')).toBe('.2');
    expect(await claimAddress(registry, 'e')).toBe('no-address');

    await register(['.3']);
    await end(registry, 'a');
    await end(registry, 'd');
    expect(await free(registry)).toEqual({ h1: 1 });
    await register(['.2', '.1', '.3']);
    // .1 was released before .2, though neither was in the range at that time.
    expect([await claimAddress(registry, 'f'), await claimAddress(registry, 'g')]).toEqual(['.3', '.1']);
    expect(await claimAddress(registry, 'h')).toBe('.2');
  });

  test('two hosts with overlapping ranges on one LAN never share an address', async () => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration({ addresses: ['.1', '.2'] }), 's1');
    await registry.presence.take(aRegistration({ name: 'h2', addresses: ['.1', '.2', '.3'] }), 's2');
    expect(await claimAddress(registry, 'a', 'h1')).toBe('.1');
    expect(await free(registry)).toEqual({ h1: 1, h2: 2 });
    expect(await claimAddress(registry, 'b', 'h2')).toBe('.2');
    expect(await claimAddress(registry, 'c', 'h1')).toBe('no-address');
    await end(registry, 'b');
    expect(await free(registry)).toEqual({ h1: 1, h2: 2 });
    // Released on h2 just now, so that .3 comes first there, and h1 may have it.
    expect(await claimAddress(registry, 'd', 'h2')).toBe('.3');
    expect(await claimAddress(registry, 'e', 'h1')).toBe('.2');
    // A host that comes later finds them held as well.
    await registry.presence.take(aRegistration({ name: 'h3', addresses: ['.1', '.2', '.4'] }), 's3');
    expect(await free(registry)).toEqual({ h1: 0, h2: 0, h3: 1 });
  });

  test('the same address on two LANs is two addresses', async () => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration({ addresses: ['.1'] }), 's1');
    await registry.presence.take(aRegistration({ name: 'h2', lan: 'bridge:h2', addresses: ['.1'] }), 's2');
    expect(await claimAddress(registry, 'a', 'h1')).toBe('.1');
    expect(await free(registry)).toEqual({ h1: 0, h2: 1 });
  });

  test('a host that moves to another LAN takes its range along, and leaves what is held there', async () => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration({ addresses: ['.1', '.2'] }), 's1');
    expect(await claimAddress(registry, 'a')).toBe('.1');
    await registry.presence.take(aRegistration({ addresses: ['.1', '.2'], lan: 'lab' }), 's1');
    expect(await free(registry)).toEqual({ h1: 2 });
    // Whoever looked at the host before it moved gets nothing on the old LAN.
    expect(await claimAddress(registry, 'b')).toBe('no-address');
    await registry.presence.take(aRegistration({ addresses: ['.1', '.2'] }), 's1');
    expect(await free(registry)).toEqual({ h1: 1 });
    await end(registry, 'a');
    expect(await free(registry)).toEqual({ h1: 2 });
  });

  test('fewer slots than rigs are no free slots, not less than none', async () => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    await claimAddress(registry, 'a');
    await claimAddress(registry, 'b');
    await registry.presence.take(aRegistration({ slots: 1 }), 's1');
    expect(await registry.hosts.list()).toMatchObject([{ slots: 1, freeSlots: 0 }]);
  });

  test('the usual time is the median of the last twenty, once there are three', async () => {
    const { hosts } = await kind.open();
    expect(await hosts.usualTook('h1')).toBeUndefined();
    await hosts.recordTook('h1', 9_000);
    await hosts.recordTook('h1', 100);
    expect(await hosts.usualTook('h1')).toBeUndefined();
    await hosts.recordTook('h1', 300);
    expect(await hosts.usualTook('h1')).toBe(300);
    await hosts.recordTook('H1', 500);
    expect(await hosts.usualTook('h1')).toBe(400);
    expect(await hosts.usualTook('h2')).toBeUndefined();
    for (let count = 0; count < 20; count += 1) await hosts.recordTook('h1', 7.4);
    expect(await hosts.usualTook('h1')).toBe(7);
  });
});

test('a registration that cannot be read is left out with a line in the log; the others are there and join', async () => {
  const redis = await startPrivateRedis();
  const log = rememberingLog();
  const address = addressOf(redis.url);
  const registry = await connectRegistry({ address, installation: 'wcs', log });
  const connection = await connectRedis({ address, log });
  const names = async () => (await listed(registry)).map(({ name }) => name);
  try {
    await registry.presence.take(aRegistration({ range: '1' }), 's1');
    await registry.presence.take(aRegistration({ name: 'h2', range: '2' }), 's2');
    expect(await names()).toEqual(['h1', 'h2']);
    for (const text of ['{', '{"v":1}', 'null', '7']) {
      await connection.ask((client) => client.hset(createKeys('wcs').hosts, 'h2', text));
      expect((await registry.hosts.list()).map(({ name }) => name)).toEqual(['h1']);
      expect((await registry.addresses.map()).flatMap(({ hosts }) => hosts.map(({ name }) => name))).toEqual([
        'h1',
      ]);
    }
    expect(log.lines.filter((line) => line.includes('a registration that cannot be read'))).toHaveLength(4);
    // Nobody can tell whether it shares its addresses: whoever joins keeps off them.
    const apart = aRegistration({ name: 'h3', addresses: ['10.0.0.20'] });
    expect(await registry.presence.take(apart, 's3')).toEqual({ kind: 'taken' });
    expect(await claimAddress(registry, 'a')).toBe('10.0.0.10');
    await registry.presence.take(aRegistration({ name: 'h2', range: '2' }), 's2');
    expect(await names()).toEqual(['h1', 'h2', 'h3']);
  } finally {
    registry.close();
    connection.close();
    await redis.stop();
  }
});
