// `down`, `list`, `password`: whose rigs, which of them, and what is said when it is not to be.

import { describe, expect, it } from 'vitest';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { listRigs } from '../../../src/control/list-rigs.ts';
import { shareRig } from '../../../src/control/share-rig.ts';
import { stopAllOf, stopRig } from '../../../src/control/stop-rig.ts';
import { tellPassword } from '../../../src/control/tell-password.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import { type Asker, personOf } from '../../../src/rig/access.ts';
import { deriveSecrets } from '../../../src/secrets.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, ben, noon, olga } from '../../support/a-rig.ts';
import { fleetSecret } from '../../support/a-worker.ts';

const gone = { kind: 'stopped', since: noon, reason: { kind: 'asked', by: anna } } as const;

/** rig1 and so on, of these people, by these names, a second apart. */
const withRigs = async (...rigs: readonly (readonly [name: string, owner: Asker, host?: string])[]) => {
  const addresses = (from: number) => Array.from({ length: 100 }, (_, n) => `10.0.${from}.${n + 1}`);
  const desk = await openDesk(
    { name: 'h1', addresses: addresses(1) },
    { name: 'H2', addresses: addresses(2) },
  );
  for (const [name, owner, host = 'h1'] of rigs) {
    desk.clock.now += 1000;
    const outcome = await launchRig(
      desk.ports,
      aPolicy({ rigsPerUser: 100 }),
      aRequest({ name, owner, host }),
    );
    expect(outcome.kind).toBe('launched');
  }
  desk.sent.length = 0;
  return desk;
};

describe('a stop', () => {
  it('of one’s own rig closes its claim for starts, then asks its host', async () => {
    const desk = await withRigs(['demo', anna]);
    expect(await stopRig(desk.ports, { name: 'demo' }, anna)).toMatchObject({
      kind: 'stopping',
      rig: { id: 'rig1' },
    });
    expect(await desk.registry.fence.claim('rig1')).toMatchObject({ stopping: true });
    expect(desk.sent).toEqual([
      { host: 'h1', job: { v: 1, kind: 'stop', rig: 'rig1', generation: 1, attempt: 1 } },
    ]);
  });

  it('of a name that nobody has lists mine', async () => {
    const desk = await withRigs(['demo', anna], ['bens', ben]);
    expect(await stopRig(desk.ports, { name: 'dmeo' }, anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'no-such-rig', name: 'dmeo', mine: ['demo'] },
    });
  });

  it('of somebody else’s is refused with whose it is, and changes nothing', async () => {
    const desk = await withRigs(['bens', ben]);
    expect(await stopRig(desk.ports, { name: 'bens' }, anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'not-owner', name: 'bens', owner: personOf(ben) },
    });
    expect(await stopRig(desk.ports, { id: 'rig1', name: 'bens' }, anna)).toMatchObject({
      refusal: { kind: 'not-owner' },
    });
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'placed' } });
    expect(desk.sent).toEqual([]);
  });

  it('of somebody else’s is for admins, and for those it is shared with', async () => {
    const desk = await withRigs(['one', ben], ['two', ben]);
    expect(await stopRig(desk.ports, { name: 'one' }, olga)).toMatchObject({
      kind: 'stopping',
      rig: { state: { reason: { kind: 'asked', by: personOf(olga) } } },
    });
    await shareRig(desk.ports, { name: 'two' }, [anna], ben);
    expect(await stopRig(desk.ports, { name: 'two' }, anna)).toMatchObject({ kind: 'stopping' });
  });

  it('of all an admin’s leaves those of others alone, and so it does of those shared with me', async () => {
    const desk = await withRigs(['one', ben], ['two', anna]);
    await shareRig(desk.ports, { name: 'one' }, [anna], ben);
    expect(await stopAllOf(desk.ports, olga)).toEqual([]);
    expect((await stopAllOf(desk.ports, anna)).map(({ name }) => name)).toEqual(['two']);
  });

  it('a second time is refused as such', async () => {
    const desk = await withRigs(['demo', anna]);
    await stopRig(desk.ports, { name: 'demo' }, anna);
    expect(await stopRig(desk.ports, { name: 'demo' }, anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'already-stopping', name: 'demo' },
    });
    expect(desk.sent).toHaveLength(1);
  });

  it('by many clicks at once is one', async () => {
    const desk = await withRigs(['demo', anna]);
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => stopRig(desk.ports, { id: 'rig1', name: 'demo' }, anna)),
    );
    expect(outcomes.filter(({ kind }) => kind === 'stopping')).toHaveLength(1);
    expect(desk.sent).toHaveLength(1);
  });

  it('by a button of a rig that ended leaves the younger one of its name alone', async () => {
    const desk = await withRigs(['demo', anna]);
    await desk.put('rig1', gone, true);
    await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
    expect(await stopRig(desk.ports, { id: 'rig1', name: 'demo' }, anna)).toMatchObject({
      refusal: { kind: 'no-such-rig', mine: ['demo'] },
    });
    expect(await desk.rigOf('rig2')).toMatchObject({ state: { kind: 'placed' } });
  });

  it('of a rig that ends in that very moment says that there is none, not that it is stopping', async () => {
    const desk = await withRigs(['demo', anna]);
    desk.before('save', () => desk.put('rig1', gone, true));
    expect(await stopRig(desk.ports, { name: 'demo' }, anna)).toMatchObject({
      refusal: { kind: 'no-such-rig' },
    });
    expect(desk.sent).toEqual([]);
  });

  it('whose job cannot be sent is decided all the same, and the person hears that the queue is down', async () => {
    const desk = await withRigs(['demo', anna]);
    desk.queue.isDown = true;
    await expect(stopRig(desk.ports, { name: 'demo' }, anna)).rejects.toThrow(QueueDown);
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'stopping' } });
  });

  it('of all means mine, each once, and not those that stop already', async () => {
    const desk = await withRigs(['a', anna], ['b', ben], ['c', anna], ['d', anna]);
    await stopRig(desk.ports, { name: 'c' }, anna);
    const stopped = await stopAllOf(desk.ports, anna);
    expect(stopped.map(({ name }) => name)).toEqual(['a', 'd']);
    expect(desk.sent.map(({ job }) => job.rig).sort()).toEqual(['rig1', 'rig3', 'rig4']);
    expect(await desk.rigOf('rig2')).toMatchObject({ state: { kind: 'placed' } });
    expect(await stopAllOf(desk.ports, anna)).toEqual([]);
  });
});

describe('the list', () => {
  const names = async (...[filter, by]: [Parameters<typeof listRigs>[1], Asker]) => {
    const desk = await withRigs(['b1', ben], ['a1', anna], ['b2', ben, 'h2'], ['a2', anna, 'h2']);
    const list = await listRigs(desk.ports, filter, by, 0);
    expect(list.now).toBe(desk.clock.now);
    return list.rigs.map(({ name }) => name);
  };

  it('has mine first, each part oldest first', async () => {
    expect(await names({ kind: 'all' }, anna)).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(await names({ kind: 'all' }, ben)).toEqual(['b1', 'b2', 'a1', 'a2']);
  });

  it('has mine alone, or one host’s in whatever case', async () => {
    expect(await names({ kind: 'mine' }, anna)).toEqual(['a1', 'a2']);
    expect(await names({ kind: 'on', host: 'h2' }, ben)).toEqual(['b2', 'a2']);
    expect(await names({ kind: 'on', host: 'h9' }, ben)).toEqual([]);
  });

  it('comes in pages, and whoever asks for one that is no more gets the last', async () => {
    const many = Array.from({ length: 25 }, (_, index) => `b${index}`);
    const desk = await withRigs(...many.map((name): [string, Asker] => [name, ben]), ['a1', anna]);
    const page = async (wanted: number) => {
      const { rigs, ...rest } = await listRigs(desk.ports, { kind: 'all' }, anna, wanted);
      return { ...rest, first: rigs[0]?.name, count: rigs.length };
    };
    const common = { total: 26, pages: 2, now: desk.clock.now };
    expect(await page(0)).toEqual({ ...common, page: 0, first: 'a1', count: 20 });
    expect(await page(1)).toEqual({ ...common, page: 1, first: 'b19', count: 6 });
    expect(await page(7)).toEqual({ ...common, page: 1, first: 'b19', count: 6 });
  });

  it('has those that stop, and not those that ended', async () => {
    const desk = await withRigs(['a1', anna], ['a2', anna]);
    await stopRig(desk.ports, { name: 'a1' }, anna);
    await desk.put('rig2', gone, true);
    expect((await listRigs(desk.ports, { kind: 'all' }, ben, 0)).rigs).toMatchObject([
      { name: 'a1', state: { kind: 'stopping' } },
    ]);
  });
});

describe('the password', () => {
  const secrets = deriveSecrets(fleetSecret, 'wcs');

  it('is for the owner, by name or by button, the same any number of times', async () => {
    const desk = await withRigs(['demo', anna]);
    const ports = { ...desk.ports, secrets };
    const password = secrets.password('rig1', 1);
    expect(await tellPassword(ports, { name: 'demo' }, anna)).toMatchObject({ kind: 'password', password });
    expect(await tellPassword(ports, { name: 'demo', id: 'rig1' }, anna)).toMatchObject({ password });
  });

  it('is for those it is shared with and for admins, and of the generation that runs', async () => {
    const desk = await withRigs(['demo', anna]);
    const ports = { ...desk.ports, secrets };
    await shareRig(desk.ports, { name: 'demo' }, [ben], anna);
    for (const who of [ben, olga])
      expect(await tellPassword(ports, { name: 'demo' }, who)).toMatchObject({ kind: 'password' });
    const stored = await desk.registry.rigs.get('rig1');
    if (!stored) throw new Error('no rig');
    const rig = { ...stored.rig, generation: 2 };
    await desk.registry.rigs.save({ rig, version: stored.version, told: [], release: false });
    expect(await tellPassword(ports, { name: 'demo' }, ben)).toMatchObject({
      password: secrets.password('rig1', 2),
    });
  });

  it('is for nobody else', async () => {
    const desk = await withRigs(['demo', anna]);
    const ports = { ...desk.ports, secrets };
    for (const which of [{ name: 'demo' }, { name: 'demo', id: 'rig1' }]) {
      const outcome = await tellPassword(ports, which, ben);
      expect(outcome).toEqual({
        kind: 'refused',
        refusal: { kind: 'not-owner', name: 'demo', owner: personOf(anna) },
      });
    }
  });

  it('of a rig that ended is told to nobody, though a younger one has its name', async () => {
    const desk = await withRigs(['demo', anna]);
    await desk.put('rig1', gone, true);
    await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo', owner: ben }));
    const outcome = await tellPassword({ ...desk.ports, secrets }, { name: 'demo', id: 'rig1' }, anna);
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { kind: 'no-such-rig', mine: [] } });
  });

  it('is that of the key the rig was made with, and a refusal once that is forgotten', async () => {
    const later = 'another secret of thirty-two characters';
    const desk = await openDesk({ keyId: secrets.keyId });
    const policy = aPolicy({ keyIds: secrets.keyIds });
    await launchRig(desk.ports, policy, aRequest({ name: 'demo', owner: anna }));
    expect((await desk.rigOf('rig1')).keyId).toBe(secrets.keyId);
    const both = { ...desk.ports, secrets: deriveSecrets(later, 'wcs', fleetSecret) };
    expect(await tellPassword(both, { name: 'demo' }, anna)).toMatchObject({
      password: secrets.password('rig1', 1),
    });
    const after = { ...desk.ports, secrets: deriveSecrets(later, 'wcs') };
    expect(await tellPassword(after, { name: 'demo' }, anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'earlier-secret', name: 'demo' },
    });
  });

  it('of no rig is a refusal', async () => {
    const desk = await withRigs();
    const outcome = await tellPassword({ ...desk.ports, secrets }, { name: 'none' }, anna);
    expect(outcome).toMatchObject({ refusal: { kind: 'no-such-rig', name: 'none' } });
  });
});
