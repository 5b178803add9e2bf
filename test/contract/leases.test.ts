// What the registry knows of leases: which end soon, when they were last looked at, and who wins when an extension and an
// expiry come at the same moment.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extendRig } from '../../src/control/extend-rig.ts';
import { sweepLeases } from '../../src/control/sweep-leases.ts';
import type { Jobs } from '../../src/ports/queue.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { hour } from '../../src/rig/duration.ts';
import type { Rig, RigState } from '../../src/rig/rig.ts';
import { anna } from '../support/a-rig.ts';
import { aLeasePolicy } from '../support/policies.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';
import { silent } from '../support/registry-address.ts';

const jobs: Jobs = {
  send: async () => undefined,
  withdraw: async () => false,
  forgetHost: async () => undefined,
  wakeTeller: async () => undefined,
};
const running: RigState = { kind: 'running', since: 1 };

describe.each(registryKinds())('leases %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const open = async (): Promise<Registry> => {
    const registry = await kind.open();
    const addresses = Array.from({ length: 60 }, (_, index) => `10.0.0.${index + 10}`);
    await registry.presence.take(aRegistration({ addresses, slots: 60 }), 's1');
    return registry;
  };
  const take = async ({ rigs }: Registry, id: string, end: number): Promise<Rig> => {
    const lease = { end, cap: end + hour, rev: 1 };
    const outcome = await rigs.claim(aClaim(id, { rig: { lease, owner: anna, state: running } }));
    if (outcome.kind !== 'claimed') throw new Error(`refused: ${outcome.kind}`);
    return outcome.rig;
  };
  const save = async ({ rigs }: Registry, rig: Rig, release = false): Promise<void> => {
    const version = (await rigs.get(rig.id))?.version ?? 0;
    expect(await rigs.save({ rig, version, told: [], release })).toBe('saved');
  };
  const ending = async ({ rigs }: Registry, moment: number): Promise<readonly string[]> =>
    (await rigs.endingBefore(moment)).map(({ id }) => id);

  test('those that end before a moment, the earliest first, for as long as it is open whether they end', async () => {
    const registry = await open();
    const late = await take(registry, 'late', 3000);
    const early = await take(registry, 'early', 1000);
    await take(registry, 'middle', 2000);
    expect(await ending(registry, 3000)).toEqual(['early', 'middle']);
    expect(await ending(registry, 3001)).toEqual(['early', 'middle', 'late']);

    await save(registry, { ...early, lease: { ...early.lease, end: 2500 } });
    expect(await ending(registry, 3000)).toEqual(['middle', 'early']);

    const stopping: RigState = { kind: 'stopping', since: 1, reason: { kind: 'expired' } };
    await save(registry, { ...late, state: stopping });
    expect(await ending(registry, 9000)).toEqual(['middle', 'early']);
    await save(registry, { ...late, state: { ...stopping, kind: 'stopped' } }, true);
    await save(
      registry,
      { ...early, state: { kind: 'failed', since: 1, reason: { kind: 'too-late' } } },
      true,
    );
    expect(await ending(registry, 9000)).toEqual(['middle']);
  });

  test('when leases were last looked at', async () => {
    const registry = await open();
    expect(await registry.watch.last()).toBeUndefined();
    await registry.watch.note(1_700_000_000_123);
    expect(await registry.watch.last()).toBe(1_700_000_000_123);
  });

  test('an extension and an expiry at the same moment, 1,000 times: never extended and dead', async () => {
    const registry = await open();
    const { rigs, watch, uses, epochs, clock } = registry;
    const policy = aLeasePolicy({ remind: [], keepUnknown: 0 });
    const won = { extended: 0, expired: 0 };
    for (let batch = 0; batch < 20; batch += 1) {
      const names = Array.from({ length: 50 }, (_, index) => `race-${batch}-${index}`);
      for (const name of names) await take(registry, name, clock.now());
      const ports = { rigs, jobs, watch, uses, epochs, clock, log: silent };
      const extensions = names.map((name) =>
        extendRig(ports, { name, id: name }, { kind: 'by', length: hour }, anna),
      );
      const [outcomes] = await Promise.all([
        Promise.all(extensions),
        sweepLeases(ports, policy),
        sweepLeases(ports, policy),
      ]);
      for (const [index, outcome] of outcomes.entries()) {
        const rig = (await rigs.get(names[index] ?? ''))?.rig;
        if (!rig) throw new Error(`${names[index]} is gone`);
        // Whoever was told "extended" is alive until then; whoever was not is being stopped.
        expect([outcome.kind, rig.state.kind]).toEqual(
          outcome.kind === 'extended' ? ['extended', 'running'] : ['refused', 'stopping'],
        );
        won[outcome.kind === 'extended' ? 'extended' : 'expired'] += 1;
        await save(
          registry,
          { ...rig, state: { kind: 'stopped', since: 1, reason: { kind: 'expired' } } },
          true,
        );
      }
    }
    expect(won.extended + won.expired).toBe(1000);
  });
});
