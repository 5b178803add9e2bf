// What those who run the bot do with hosts: drain, empty, take back, forget, say yes.

import { describe, expect, test } from 'vitest';
import { allowHost } from '../../../src/control/allow-host.ts';
import { drainHost, emptyHost, undrainHost } from '../../../src/control/drain-host.ts';
import { forgetHost, lookBeforeForget } from '../../../src/control/forget-host.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { lookHosts } from '../../../src/control/look-hosts.ts';
import { restartRig } from '../../../src/control/restart-rig.ts';
import { aPolicy, aRequest, openDesk, queueDown } from '../../support/a-desk.ts';
import { anna, ben, noon, olga } from '../../support/a-rig.ts';
import { aRegistration, fleetKeyId } from '../../support/registries.ts';

const by = { id: olga.id, name: olga.name };
const keyIds = [fleetKeyId];

const launch = async (desk: Awaited<ReturnType<typeof openDesk>>, change: Parameters<typeof aRequest>[0]) =>
  launchRig(desk.ports, aPolicy(), aRequest(change));

/** h1 with a ready rig of anna's and one of ben's. */
const withTwo = async () => {
  const desk = await openDesk({}, { name: 'h2' });
  await launch(desk, { name: 'one', host: 'h1' });
  await launch(desk, { name: 'two', host: 'h1', owner: ben });
  await desk.put('rig1', { kind: 'running', since: noon });
  for (const rig of ['rig1', 'rig2']) await desk.news(rig);
  desk.sent.length = 0;
  return desk;
};

const only = { kind: 'refused', refusal: { kind: 'only-admins' } };

describe('drain', () => {
  test('takes no new rigs, says which are there, and who did it before', async () => {
    const desk = await withTwo();
    expect(await drainHost(desk.ports, 'H1', olga)).toMatchObject({
      kind: 'draining',
      host: { name: 'h1' },
      rigs: [{ name: 'one' }, { name: 'two' }],
      before: undefined,
    });
    desk.clock.now += 1000;
    expect(await drainHost(desk.ports, 'h1', { ...ben, isAdmin: true })).toMatchObject({
      kind: 'draining',
      before: { by, at: noon },
    });
    expect(desk.sent).toEqual([]);
    expect(await launch(desk, { host: 'h1' })).toMatchObject({
      refusal: { kind: 'nowhere', asked: 'h1', reasons: [{ host: 'h1', why: 'is draining' }] },
    });
    expect(await launch(desk, {})).toMatchObject({ kind: 'launched', rig: { host: 'h2' } });
  });

  test('whoever looked before it and claims after it goes elsewhere', async () => {
    const desk = await openDesk({ slots: 500 }, { name: 'h2', tags: [] });
    desk.before('claim', () => drainHost(desk.ports, 'h1', olga));
    expect(await launch(desk, {})).toMatchObject({ kind: 'launched', rig: { host: 'h2' } });
  });

  test('lets those there be restarted: they stay what they were', async () => {
    const desk = await withTwo();
    await drainHost(desk.ports, 'h1', olga);
    const restarted = await restartRig(desk.ports, aPolicy(), { name: 'one' }, undefined, anna);
    expect(restarted).toMatchObject({ kind: 'restarting', rig: { generation: 2, keyId: keyIds[0] } });
  });

  test('now: stops each that is not stopping already, in the name of who said so', async () => {
    const desk = await withTwo();
    await desk.put('rig2', { kind: 'stopping', since: noon, reason: { kind: 'expired' } });
    const emptied = await emptyHost(desk.ports, 'h1', olga);
    expect(emptied).toMatchObject({ kind: 'emptying', stopping: [{ name: 'one' }] });
    expect(desk.sent).toMatchObject([{ host: 'h1', job: { kind: 'stop', rig: 'rig1' } }]);
    expect((await desk.rigOf('rig1')).state).toMatchObject({
      kind: 'stopping',
      reason: { kind: 'drained', by },
    });
    expect((await desk.rigOf('rig2')).state).toMatchObject({ reason: { kind: 'expired' } });
    expect(await desk.registry.audit.ofRig('one', 1)).toMatchObject([
      { what: 'stop', why: 'drained', by: { kind: 'person', ...by } },
    ]);
  });

  test('is taken back, once', async () => {
    const desk = await openDesk();
    await drainHost(desk.ports, 'h1', olga);
    expect(await undrainHost(desk.ports, 'H1', olga)).toMatchObject({ kind: 'undrained' });
    expect(await undrainHost(desk.ports, 'h1', olga)).toMatchObject({ kind: 'not-draining' });
    expect(await launch(desk, {})).toMatchObject({ kind: 'launched' });
  });
});

describe('forget', () => {
  test('is refused while its worker is there', async () => {
    const desk = await withTwo();
    const present = { kind: 'refused', refusal: { kind: 'host-present', host: 'h1' } };
    expect(await lookBeforeForget(desk.ports, 'H1', olga)).toEqual(present);
    expect(await forgetHost(desk.ports, 'H1', olga)).toEqual(present);
    expect(await desk.registry.hosts.list()).toMatchObject([{ state: 'ready' }, { state: 'ready' }]);
  });

  test('ends all of its rigs, tells their owners, and gives their addresses to nobody', async () => {
    const desk = await withTwo();
    await desk.put('rig2', { kind: 'stopping', since: noon, reason: { kind: 'expired' } });
    await desk.registry.presence.giveBack('h1', 'session-h1');
    const forgotten = await forgetHost(desk.ports, 'h1', olga);
    expect(forgotten).toMatchObject({
      kind: 'forgotten',
      lost: [
        { name: 'one', address: '10.0.0.10' },
        { name: 'two', address: '10.0.0.11' },
      ],
    });
    const reason = { kind: 'host-forgotten', host: 'h1', by };
    for (const id of ['rig1', 'rig2']) {
      expect((await desk.rigOf(id)).state).toMatchObject({ kind: 'failed', reason });
      expect(await desk.registry.fence.claim(id)).toBeUndefined();
      expect(await desk.news(id)).toEqual(['card', 'failed']);
    }
    expect(desk.queue.forgotten).toEqual(['h1']);
    expect(await desk.registry.hosts.list()).toMatchObject([{ name: 'h2', freeAddresses: 1 }]);
    expect(await desk.registry.audit.ofRig('one', 1)).toMatchObject([
      { what: 'give up', why: 'host-forgotten', outcome: 'failed' },
    ]);
    // Both had the same range: the one address that is left, and then none.
    expect(await launch(desk, {})).toMatchObject({ rig: { host: 'h2', address: '10.0.0.12' } });
    expect(await launch(desk, {})).toMatchObject({
      refusal: { kind: 'nowhere', reasons: [{ host: 'h2', why: 'has no free address' }] },
    });
  });

  test('a claim that was on its way is given up with the others', async () => {
    const desk = await withTwo();
    await desk.registry.presence.giveBack('h1', 'session-h1');
    const claim = desk.registry.rigs.claim;
    await desk.registry.presence.take(aRegistration(), 'session-h1');
    // Two looks at what lives there; between them somebody's claim arrives that had been taken before.
    desk.before(
      'save',
      async () => undefined,
      async () => {
        await desk.registry.hosts.undrain('h1');
        const { rig } = (await desk.registry.rigs.get('rig1')) ?? {};
        if (!rig) throw new Error('no rig');
        const { address: _, ...facts } = rig;
        const late = { ...facts, id: 'late', name: 'late', state: { kind: 'placed', since: noon } as const };
        await claim({
          rig: late,
          limits: { perUser: 9, fleet: undefined },
          slots: 100,
          request: 'late',
          told: [],
          audit: { at: noon, by: { kind: 'bot' }, what: 'up', outcome: 'done' },
        });
        await desk.registry.hosts.drain('h1', { by, at: noon });
      },
    );
    await desk.registry.presence.giveBack('h1', 'session-h1');
    const forgotten = await forgetHost(desk.ports, 'h1', olga);
    expect(forgotten).toMatchObject({ lost: [{ name: 'one' }, { name: 'two' }, { name: 'late' }] });
    expect(await desk.registry.rigs.living()).toEqual([]);
  });

  const comeBackWhile = (desk: Awaited<ReturnType<typeof withTwo>>) =>
    desk.before(
      'save',
      () => undefined,
      () => desk.registry.presence.take(aRegistration(), 'session-again'),
    );

  test('where its worker is back before that, it stays and takes rigs, and what was lost is said', async () => {
    const desk = await withTwo();
    await desk.registry.presence.giveBack('h1', 'session-h1');
    comeBackWhile(desk);
    expect(await forgetHost(desk.ports, 'h1', olga)).toMatchObject({
      kind: 'came-back',
      lost: [{ name: 'one' }, { name: 'two' }],
      isDraining: false,
    });
    expect(await desk.registry.hosts.list()).toMatchObject([{ name: 'h1', state: 'ready' }, { name: 'h2' }]);
  });

  test('one that was draining before goes on draining', async () => {
    const desk = await withTwo();
    await drainHost(desk.ports, 'h1', olga);
    await desk.registry.presence.giveBack('h1', 'session-h1');
    comeBackWhile(desk);
    expect(await forgetHost(desk.ports, 'h1', olga)).toMatchObject({ kind: 'came-back', isDraining: true });
    expect(await desk.registry.hosts.list()).toMatchObject([{ state: 'draining' }, { name: 'h2' }]);
  });

  test('where nothing was lost by then, it is refused as always', async () => {
    const desk = await openDesk();
    await desk.registry.presence.giveBack('h1', 'session-h1');
    const { hosts } = desk.registry;
    const late = async (...facts: Parameters<typeof hosts.drain>) => {
      const drains = await hosts.drain(...facts);
      await desk.registry.presence.take(aRegistration(), 'session-again');
      return drains;
    };
    const ports = { ...desk.ports, hosts: { ...hosts, drain: late } };
    expect(await forgetHost(ports, 'h1', olga)).toMatchObject({ refusal: { kind: 'host-present' } });
    expect(await hosts.list()).toMatchObject([{ state: 'ready' }]);
  });

  test('begun and not ended it is done once more', async () => {
    const desk = await withTwo();
    await desk.registry.presence.giveBack('h1', 'session-h1');
    desk.before('save', () => undefined, queueDown);
    await expect(forgetHost(desk.ports, 'h1', olga)).rejects.toThrow('Redis does not answer');
    expect(await desk.registry.rigs.living()).toHaveLength(1);
    expect(await forgetHost(desk.ports, 'h1', olga)).toMatchObject({ kind: 'forgotten', lost: [{}] });
    expect(await desk.registry.rigs.living()).toEqual([]);
  });
});

describe('allow', () => {
  test('says yes to what waits, and to nothing else', async () => {
    const desk = await openDesk();
    const ports = { ...desk.ports, breaker: desk.registry.breaker };
    expect(await allowHost(ports, 'h1', olga)).toMatchObject({ kind: 'nothing-waits' });
    await desk.registry.breaker.put({ host: 'h1', at: noon, would: 5, of: 8 });
    expect(await allowHost(ports, 'H1', olga)).toMatchObject({
      kind: 'allowed',
      waited: { would: 5, of: 8 },
    });
    expect(await desk.registry.breaker.list()).toMatchObject([{ allowed: { by, at: noon } }]);
  });
});

test('all that is for admins is for admins', async () => {
  const desk = await withTwo();
  const ports = { ...desk.ports, breaker: desk.registry.breaker };
  const refused = await Promise.all([
    drainHost(ports, 'h1', anna),
    emptyHost(ports, 'h1', anna),
    undrainHost(ports, 'h1', anna),
    lookBeforeForget(ports, 'h1', anna),
    forgetHost(ports, 'h1', anna),
    allowHost(ports, 'h1', anna),
  ]);
  for (const one of refused) expect(one).toMatchObject(only);
  expect(await desk.registry.hosts.list()).toMatchObject([{ state: 'ready' }, { state: 'ready' }]);
  expect(desk.sent).toEqual([]);
});

test('a host that there is not: those that there are', async () => {
  const desk = await openDesk({}, { name: 'h2' });
  const none = { kind: 'refused', refusal: { kind: 'no-such-host', asked: 'h9', known: ['h1', 'h2'] } };
  expect(await drainHost(desk.ports, 'h9', olga)).toEqual(none);
  const { hosts, breaker, licences } = desk.registry;
  const ports = { hosts, breaker, licences };
  expect(await lookHosts(ports, keyIds, 'h9')).toEqual(none);
});

test('hosts: what waits for a yes first, then those away, foreign, draining, ready; by number where they have one', async () => {
  const names = ['h10', 'h9', 'draining', 'away', 'foreign', 'waits', 'said-yes'];
  const desk = await openDesk(
    ...names.map((name) => ({ name, keyId: name === 'foreign' ? 'ffffffff' : keyIds[0] })),
  );
  const { hosts, breaker, licences, presence } = desk.registry;
  await hosts.drain('draining', { by, at: noon });
  await hosts.drain('away', { by, at: noon });
  await presence.giveBack('away', 'session-away');
  await breaker.put({ host: 'WAITS', at: noon, would: 3, of: 3 });
  await breaker.put({ host: 'said-yes', at: noon, would: 3, of: 3 });
  await breaker.allow('said-yes', by, noon);
  const list = await lookHosts({ hosts, breaker, licences }, keyIds, undefined);
  if (list.kind !== 'hosts') throw new Error('refused');
  expect(list.hosts.map(({ host }) => host.name)).toEqual([
    'waits',
    'away',
    'foreign',
    'draining',
    'h9',
    'h10',
    'said-yes',
  ]);
  const one = await lookHosts({ hosts, breaker, licences }, keyIds, 'FOREIGN');
  expect(one).toMatchObject({ hosts: [{ host: { name: 'foreign' }, isForeign: true, tripped: undefined }] });
});
