// Whose a rig is, and who may act on it beside: shared by its owner or an admin, and given away for good.

import { describe, expect, it } from 'vitest';
import { extendRig } from '../../../src/control/extend-rig.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { giveRig, shareRig } from '../../../src/control/share-rig.ts';
import { stopRig } from '../../../src/control/stop-rig.ts';
import { tellPassword } from '../../../src/control/tell-password.ts';
import { type Asker, personOf } from '../../../src/rig/access.ts';
import { hour } from '../../../src/rig/duration.ts';
import { deriveSecrets } from '../../../src/secrets.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, ben, noon, olga } from '../../support/a-rig.ts';
import { fleetSecret } from '../../support/a-worker.ts';

const which = { name: 'demo' };
const eve: Asker = { id: 'U0EVE', name: 'eve', isAdmin: false };

const withRig = async () => {
  const desk = await openDesk();
  await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
  await desk.put('rig1', { kind: 'running', since: noon });
  await desk.news('rig1');
  desk.sent.length = 0;
  return {
    ...desk,
    share: (people: readonly Asker[], by = anna) => shareRig(desk.ports, which, people, by),
    give: (to: Asker, by = anna, perUser = 5) => giveRig(desk.ports, perUser, which, to, by),
  };
};

describe('sharing', () => {
  it('lets others act on a rig, and tells of it once', async () => {
    const desk = await withRig();
    expect(await desk.share([ben, eve])).toMatchObject({
      kind: 'shared',
      with: [{ id: ben.id }, { id: eve.id }],
    });
    expect(await desk.news('rig1')).toEqual(['card', 'shared']);
    const secrets = deriveSecrets(fleetSecret, 'wcs');
    const password = await tellPassword({ ...desk.ports, secrets }, which, ben);
    expect(password).toMatchObject({ kind: 'password', password: secrets.password('rig1', 1) });
    expect(await extendRig(desk.ports, which, { kind: 'by', length: hour }, eve)).toMatchObject({
      kind: 'extended',
    });
    expect(await stopRig(desk.ports, which, ben)).toMatchObject({ kind: 'stopping' });
    expect(desk.sent).toMatchObject([{ job: { kind: 'stop' } }]);
  });

  it('with those who have it already changes nothing; with others too, only for those', async () => {
    const desk = await withRig();
    await desk.share([ben]);
    await desk.news('rig1');
    expect(await desk.share([ben, anna])).toEqual({
      kind: 'refused',
      refusal: { kind: 'shared-already', name: 'demo', owner: personOf(anna), people: [ben, anna] },
    });
    expect(await desk.news('rig1')).toEqual([]);
    expect(await desk.share([ben, eve])).toMatchObject({ kind: 'shared', with: [eve] });
    expect((await desk.rigOf('rig1')).shared).toEqual([personOf(ben), personOf(eve)]);
  });

  it('with more than 20 is refused whole', async () => {
    const desk = await withRig();
    const many = Array.from({ length: 21 }, (_, n) => ({ id: `U${n}`, name: `u${n}`, isAdmin: false }));
    expect(await desk.share(many)).toMatchObject({ refusal: { kind: 'shared-with-many', limit: 20 } });
    expect((await desk.rigOf('rig1')).shared).toEqual([]);
    expect(await desk.share(many.slice(1))).toMatchObject({ kind: 'shared' });
    expect(await desk.share([ben])).toMatchObject({ refusal: { kind: 'shared-with-many' } });
  });

  it('is for its owner and admins: not for those it is shared with', async () => {
    const desk = await withRig();
    await desk.share([ben]);
    expect(await desk.share([eve], ben)).toEqual({
      kind: 'refused',
      refusal: { kind: 'not-owner', name: 'demo', owner: personOf(anna), handOver: true },
    });
    expect(await desk.share([eve], olga)).toMatchObject({ kind: 'shared' });
  });

  it('of a rig that is being stopped is refused: nobody is to hear of a rig that they cannot use', async () => {
    const desk = await withRig();
    await stopRig(desk.ports, which, anna);
    await desk.news('rig1');
    expect(await desk.share([ben])).toMatchObject({ refusal: { kind: 'already-stopping' } });
    expect(await desk.give(ben)).toMatchObject({ refusal: { kind: 'already-stopping' } });
    expect(await desk.news('rig1')).toEqual([]);
  });

  it('of no rig is a refusal', async () => {
    const desk = await withRig();
    expect(await shareRig(desk.ports, { name: 'none' }, [ben], anna)).toMatchObject({
      refusal: { kind: 'no-such-rig', mine: ['demo'] },
    });
  });
});

describe('giving', () => {
  it('makes it another’s; who had it is a stranger to it then', async () => {
    const desk = await withRig();
    expect(await desk.give(ben)).toMatchObject({
      kind: 'given',
      rig: { owner: personOf(ben) },
      from: personOf(anna),
    });
    expect(await desk.news('rig1')).toEqual(['card', 'given']);
    expect((await desk.registry.rigs.ownedBy(ben.id)).map(({ id }) => id)).toEqual(['rig1']);
    expect(await desk.registry.rigs.ownedBy(anna.id)).toEqual([]);
    expect(await stopRig(desk.ports, which, anna)).toMatchObject({ refusal: { kind: 'not-owner' } });
    expect(await stopRig(desk.ports, which, ben)).toMatchObject({ kind: 'stopping' });
  });

  it('to somebody it is shared with leaves the others their share', async () => {
    const desk = await withRig();
    await desk.share([ben, eve]);
    await desk.give(ben);
    expect((await desk.rigOf('rig1')).shared).toEqual([personOf(eve)]);
  });

  it('to its owner is refused as such', async () => {
    const desk = await withRig();
    expect(await desk.give(anna)).toEqual({
      kind: 'refused',
      refusal: { kind: 'theirs-already', name: 'demo', owner: anna },
    });
  });

  it('to somebody who has as many as one may have is refused, and changes nothing', async () => {
    const desk = await withRig();
    await launchRig(desk.ports, aPolicy(), aRequest({ name: 'bens', owner: ben }));
    expect(await desk.give(ben, anna, 1)).toEqual({
      kind: 'refused',
      refusal: { kind: 'receiver-quota', to: ben, limit: 1 },
    });
    expect((await desk.rigOf('rig1')).owner).toEqual(personOf(anna));
    expect(await desk.give(ben, anna, 2)).toMatchObject({ kind: 'given' });
  });

  it('is for its owner and admins: not for those it is shared with', async () => {
    const desk = await withRig();
    await desk.share([ben]);
    expect(await desk.give(ben, ben)).toMatchObject({ refusal: { kind: 'not-owner' } });
    expect(await desk.give(olga, olga)).toMatchObject({ kind: 'given', rig: { owner: personOf(olga) } });
  });

  it('of two at once is one: the second finds whose it is now', async () => {
    const desk = await withRig();
    desk.before('save', () => desk.give(eve));
    expect(await desk.give(eve)).toMatchObject({ refusal: { kind: 'theirs-already' } });
    expect(await desk.news('rig1')).toEqual(['card', 'given']);
  });
});
