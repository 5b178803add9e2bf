// Surveys become what the registry knows: after a loss, after a restoration, and when hosts have what nobody knows.

import { describe, expect, it } from 'vitest';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { createReconciler } from '../../../src/control/reconcile.ts';
import { recordReport } from '../../../src/control/record-report.ts';
import type { RigFile } from '../../../src/ports/rig-files.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import type { SeenEpoch } from '../../../src/rig/epoch.ts';
import type { Rig, RigState } from '../../../src/rig/rig.ts';
import type { LeftNote, SurveyedContainer } from '../../../src/rig/survey.ts';
import { noticeText } from '../../../src/slack/words/notice.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, aReport, ben, noon } from '../../support/a-rig.ts';
import { aPatience } from '../../support/policies.ts';
import { aRegistration } from '../../support/registries.ts';

const policy = { grace: 2 * minute, fresh: 90 * second, adoption: minute, hold: 10 * minute };

type Desk = Awaited<ReturnType<typeof openDesk>>;

const open = async (...hosts: Parameters<typeof openDesk>) => {
  const desk = await openDesk(...hosts);
  await desk.registry.epochs.look({ seen: undefined });
  const { hosts: list, surveys, addresses, epochs, breaker, notices } = desk.registry;
  const ports = { ...desk.ports, hosts: list, surveys, addresses, epochs, breaker, notices };
  const { pass } = createReconciler(ports, policy);
  return { desk, registry: desk.registry, pass };
};

/** As the registry would have written it for its host. */
const fileOf = (rig: Rig, version = 4): RigFile => {
  const { address, licenceId, ...body } = rig;
  const { end, cap, rev } = rig.lease;
  const text = JSON.stringify({
    version,
    address,
    body: JSON.stringify(body),
    licence: licenceId ?? null,
    card: '{"channel":"C1","ts":"1.2"}',
  });
  return { rig: rig.id, generation: rig.generation, version, lease: { end, cap, rev }, text };
};

const running: RigState = { kind: 'running', since: noon };
const aRunning = async (desk: Desk, name = 'demo', host?: string): Promise<Rig> => {
  const outcome = await launchRig(desk.ports, aPolicy(), aRequest({ name, host }));
  if (outcome.kind !== 'launched') throw new Error(`refused: ${outcome.kind}`);
  await desk.put(outcome.rig.id, running);
  return desk.rigOf(outcome.rig.id);
};

const containerOf = (rig: Rig, kept?: RigFile, madeAt = noon): SurveyedContainer<RigFile> => ({
  rig: rig.id,
  generation: rig.generation,
  address: rig.address,
  state: 'running',
  madeAt,
  birth: {
    name: rig.name,
    owner: rig.owner,
    lan: rig.network.lan,
    tag: rig.tag,
    created: rig.created,
    cap: rig.lease.cap,
    keyId: undefined,
    licenceId: rig.licenceId,
  },
  kept,
});

const say = (
  desk: Desk,
  containers: readonly SurveyedContainer<RigFile>[],
  notes: readonly LeftNote<RigFile>[] = [],
  host = 'h1',
) => desk.registry.surveys.put({ v: 1, host, started: desk.clock.now, containers, notes });

/** What a lost registry knows: nothing but what its hosts say. */
const lost = async (seen: SeenEpoch = { id: 'before', seq: 9, at: 1 }) => {
  const { desk, registry, pass } = await open();
  await registry.epochs.look({ seen, host: { name: 'h1', lan: 'office' } });
  return { desk, registry, pass };
};

describe('a registry that was lost', () => {
  it('has everything again: name, owner, lease, card; its owner is told, and only then something new is started', async () => {
    const before = await open();
    const one = await aRunning(before.desk);
    const rig: Rig = { ...one, owner: { id: ben.id, name: ben.name }, lease: { ...one.lease, rev: 5 } };
    const { desk, registry, pass } = await lost();
    desk.clock.now = noon + 30 * second;
    await say(desk, [containerOf(rig, fileOf(rig))]);
    await pass();
    const again = await desk.rigOf(rig.id);
    expect(again).toMatchObject({
      name: 'demo',
      owner: { id: ben.id },
      address: rig.address,
      state: running,
      lease: { end: rig.lease.end, rev: 6 },
    });
    expect(await registry.cards.get(rig.id)).toEqual({ channel: 'C1', ts: '1.2' });
    expect(await desk.news(rig.id)).toEqual(['card', 'adopted']);
    const ports = { ...desk.ports, newId: () => 'fresh' };
    expect((await launchRig(ports, aPolicy(), aRequest())).kind).toBe('refused');
    desk.clock.now += minute;
    await pass();
    expect((await launchRig(ports, aPolicy(), aRequest())).kind).toBe('launched');
    expect(await registry.notices.take(minute)).toMatchObject({ kind: 'adoption' });
  });

  it('gives a lease that is nearly over half an hour, but not past its hard end', async () => {
    const before = await open();
    const one = await aRunning(before.desk);
    const { desk, pass } = await lost();
    desk.clock.now = noon + 5 * hour;
    const ended: Rig = { ...one, lease: { end: noon + hour, cap: noon + 24 * hour, rev: 2 } };
    const capped: Rig = {
      ...one,
      id: 'capped',
      name: 'capped',
      address: '10.0.0.11',
      lease: { end: noon + hour, cap: noon + 4.25 * hour, rev: 2 },
    };
    await say(desk, [containerOf(ended, fileOf(ended)), containerOf(capped, fileOf(capped))]);
    await pass();
    expect((await desk.rigOf(ended.id)).lease.end).toBe(noon + 5.5 * hour);
    expect((await desk.rigOf('capped')).lease.end).toBe(noon + 5.25 * hour);
  });

  it('believes labels where there is no note: the birth owner, for half an hour, in a direct message', async () => {
    const before = await open();
    const rig = await aRunning(before.desk);
    const { desk, pass } = await lost();
    await say(desk, [containerOf(rig)]);
    await pass();
    expect(await desk.rigOf(rig.id)).toMatchObject({
      owner: { id: anna.id },
      lease: { end: noon + 30 * minute, rev: 1 },
      asked: { quietly: true },
      state: { kind: 'running' },
    });
  });

  it('waits for every present host of the LAN', async () => {
    const { desk, registry, pass } = await open({ name: 'h1' }, { name: 'h2', addresses: ['10.0.0.20'] });
    await registry.epochs.look({
      seen: { id: 'before', seq: 9, at: 1 },
      host: { name: 'h1', lan: 'office' },
    });
    desk.clock.now += 2 * minute;
    await say(desk, []);
    await pass();
    expect((await registry.epochs.adopting()).size).toBe(1);
    await say(desk, [], [], 'h2');
    await pass();
    await pass();
    expect((await registry.epochs.adopting()).size).toBe(0);
  });

  it('calls one otherwise whose name is taken by now', async () => {
    const before = await open();
    const rig = await aRunning(before.desk);
    const { desk, registry, pass } = await lost();
    const other: Rig = { ...rig, id: 'other', address: '10.0.0.12' };
    await say(desk, [containerOf(rig, fileOf(rig)), containerOf(other, fileOf(other))]);
    await pass();
    expect((await desk.rigOf('other')).name).toBe('demo-2');
    expect((await registry.rigs.named('demo'))?.rig.id).toBe(rig.id);
  });

  it('lets the later one of two with one address go, and says so', async () => {
    const before = await open();
    const rig = await aRunning(before.desk);
    const { desk, pass } = await lost();
    const later: Rig = { ...rig, id: 'later', name: 'later' };
    await say(desk, [containerOf(rig, fileOf(rig), noon), containerOf(later, fileOf(later), noon + second)]);
    await pass();
    expect((await desk.rigOf(rig.id)).state.kind).toBe('running');
    expect((await desk.rigOf('later')).state).toMatchObject({
      kind: 'failed',
      reason: { kind: 'address-in-use' },
    });
    expect(desk.sent.map(({ job }) => `${job.kind} ${job.rig}`)).toEqual(['stop later']);
    expect(await desk.news('later')).toEqual(['card', 'failed']);
  });

  it('tells of what it lost in the middle of its start', async () => {
    const before = await open();
    const rig = await aRunning(before.desk);
    const { desk, pass } = await lost();
    const ended = { reason: { kind: 'superseded' }, at: noon } as const;
    await say(desk, [], [{ rig: rig.id, generation: 1, ended, kept: fileOf(rig) }]);
    await pass();
    expect((await desk.rigOf(rig.id)).state).toMatchObject({
      kind: 'failed',
      reason: { kind: 'superseded' },
    });
    expect(await desk.news(rig.id)).toEqual(['card', 'failed']);
  });
});

describe('a registry that was restored from an older copy', () => {
  const restored = async () => {
    const { desk, registry, pass } = await open();
    const rig = await aRunning(desk);
    await desk.news(rig.id);
    const known = registry.epochs.known();
    if (!known) throw new Error('no epoch');
    desk.clock.now += minute;
    await registry.epochs.look({ seen: { ...known, seq: known.seq + 7 } });
    return { desk, registry, pass, rig };
  };

  it('catches up with a lease that was extended since', async () => {
    const { desk, pass, rig } = await restored();
    const later: Rig = { ...rig, lease: { end: noon + 9 * hour, cap: rig.lease.cap, rev: 3 } };
    await say(desk, [containerOf(rig, fileOf(later, 9))]);
    await pass();
    expect((await desk.rigOf(rig.id)).lease).toMatchObject({ end: noon + 9 * hour, rev: 4 });
    expect(await desk.news(rig.id)).toEqual(['card', 'adopted']);
  });

  it.each([
    ['expired', 'running'],
    ['idle', 'running'],
    ['asked', 'stopping'],
  ] as const)(
    'and had decided a stop (%s) before it knew of the later lease: then it is %s',
    async (why, is) => {
      const { desk, pass, rig } = await restored();
      const reason = why === 'asked' ? { kind: why, by: anna } : { kind: why };
      await desk.put(rig.id, { kind: 'stopping', since: desk.clock.now, reason });
      const later: Rig = { ...rig, lease: { end: noon + 9 * hour, cap: rig.lease.cap, rev: 3 } };
      await say(desk, [containerOf(rig, fileOf(later, 9))]);
      await pass();
      expect(await desk.rigOf(rig.id)).toMatchObject({
        state: { kind: is },
        lease: { end: noon + 9 * hour },
      });
      expect(await desk.registry.fence.claim(rig.id)).toMatchObject({ stopping: is === 'stopping' });
    },
  );

  it('keeps a stop for the very lease that its host knows', async () => {
    const { desk, pass, rig } = await restored();
    await desk.put(rig.id, { kind: 'stopping', since: desk.clock.now, reason: { kind: 'expired' } });
    await say(desk, [containerOf(rig, fileOf(rig, 9))]);
    await pass();
    expect((await desk.rigOf(rig.id)).state.kind).toBe('stopping');
  });

  it('gives the later end where it was extended on both sides', async () => {
    const { desk, pass, rig } = await restored();
    const told: Rig = { ...rig, lease: { end: noon + 9 * hour, cap: rig.lease.cap, rev: 2 } };
    const stored = await desk.registry.rigs.get(rig.id);
    if (!stored) throw new Error('no rig');
    const lease = { end: noon + 5 * hour, cap: rig.lease.cap, rev: 3 };
    await desk.registry.rigs.save({
      rig: { ...rig, lease },
      version: stored.version,
      told: [],
      release: false,
    });
    await say(desk, [containerOf(rig, fileOf(told, 2))]);
    await pass();
    expect((await desk.rigOf(rig.id)).lease).toMatchObject({ end: noon + 9 * hour });
  });

  const conflict = async (state: RigState) => {
    const world = await restored();
    const { desk, rig } = world;
    // As the copy has it; in truth it has ended, and another has its address.
    await desk.put(rig.id, state);
    desk.sent.splice(0);
    const other: Rig = { ...rig, id: 'other', name: 'other', state: running };
    return { ...world, other };
  };

  it.each<RigState>([
    { kind: 'placed', since: noon },
    { kind: 'starting', since: noon, phase: { kind: 'booting' } },
    { kind: 'running', since: noon },
    { kind: 'stopping', since: noon, reason: { kind: 'expired' } },
    { kind: 'crashed', since: noon, crash: { reason: { kind: 'removed' }, tail: [] }, until: noon + hour },
  ])('lets one that is $kind in the copy go where its host has another on its address', async (state) => {
    const { desk, registry, pass, rig, other } = await conflict(state);
    await say(desk, [containerOf(other, fileOf(other))]);
    await pass();
    expect(desk.sent.map(({ job }) => job)).toContainEqual(
      expect.objectContaining({ kind: 'look', rig: rig.id, restored: true }),
    );
    await recordReport(
      desk.ports,
      aReport({ kind: 'missing', restored: true }, { rig: rig.id, at: desk.clock.now }),
      aPatience,
    );
    expect((await desk.rigOf(rig.id)).state.kind).toBe('stopped');
    desk.clock.now += minute;
    await say(desk, [containerOf(other, fileOf(other))]);
    await pass();
    expect((await desk.rigOf('other')).address).toBe(rig.address);
    expect((await registry.epochs.adopting()).size).toBe(0);
  });

  it('ends nobody by what a host said before', async () => {
    const { desk, registry, pass, rig } = await restored();
    const other: Rig = { ...rig, id: 'other', name: 'other' };
    await registry.presence.take(aRegistration({ name: 'h2', addresses: ['10.0.0.20'] }), 's2');
    // The copy's own, ten minutes old: h1 had it then.
    await registry.surveys.put({
      v: 1,
      host: 'h1',
      started: noon - 10 * minute,
      containers: [containerOf(rig)],
      notes: [],
    });
    await say(
      desk,
      [containerOf({ ...other, host: 'h2' }, fileOf({ ...other, host: 'h2' }), noon + hour)],
      [],
      'h2',
    );
    desk.sent.splice(0);
    await pass();
    expect(desk.sent).toEqual([]);
    expect(await registry.rigs.get('other')).toBeUndefined();
    expect((await desk.rigOf(rig.id)).state.kind).toBe('running');
  });

  it('comes to its end though the host of the other one is away', async () => {
    const { desk, registry, pass } = await open({ name: 'h1' }, { name: 'h2', addresses: ['10.0.0.20'] });
    const rig = await aRunning(desk, 'demo', 'h2');
    const known = registry.epochs.known();
    if (!known) throw new Error('no epoch');
    await registry.epochs.look({ seen: { ...known, seq: known.seq + 7 } });
    await registry.presence.giveBack('h2', 'session-h2');
    desk.clock.now += minute;
    const other: Rig = { ...rig, id: 'other', name: 'other', host: 'h1' };
    await say(desk, [containerOf(other, fileOf(other))]);
    await pass();
    expect((await registry.epochs.adopting()).size).toBe(0);
    expect((await desk.rigOf(rig.id)).state.kind).toBe('running');
  });

  it('sends a stop that was decided and not sent', async () => {
    const { desk, pass, rig, other } = await conflict({
      kind: 'stopping',
      since: noon,
      reason: { kind: 'address-twice' },
    });
    const [one, two] = [containerOf(rig, fileOf(rig), noon + hour), containerOf(other, fileOf(other), noon)];
    await say(desk, [one, two]);
    await pass();
    expect(desk.sent.map(({ job }) => `${job.kind} ${job.rig}`)).toContain(`stop ${rig.id}`);
  });

  describe('of two rigs with one licence, on whatever LANs', () => {
    const licence = '0000000000aa';
    /** The copy has a rig with it on h1; h2 has another one. */
    const meeting = async () => {
      const lab = { name: 'h2', lan: 'lab', addresses: ['10.0.1.20'], licences: [licence] };
      const { desk, registry, pass } = await open({ name: 'h1', licences: [licence] }, lab);
      const rig = await aRunning(desk, 'demo', 'h1');
      const known = registry.epochs.known();
      if (!known) throw new Error('no epoch');
      await registry.epochs.look({ seen: { ...known, seq: known.seq + 7 } });
      desk.clock.now += minute;
      const network = { lan: 'lab', mode: 'ipvlan', subnet: '10.0.1.0/24' } as const;
      const other: Rig = { ...rig, id: 'other', name: 'other', host: 'h2', network, address: '10.0.1.20' };
      expect(other.licenceId).toBe(licence);
      desk.sent.splice(0);
      return { desk, registry, pass, rig, other };
    };

    it('the later one goes, where that is the one that comes: its owner is told why', async () => {
      const { desk, registry, pass, rig, other } = await meeting();
      await say(desk, [containerOf(rig, fileOf(rig), noon)]);
      await say(desk, [containerOf(other, fileOf(other), noon + hour)], [], 'h2');
      await pass();
      expect((await desk.rigOf('other')).state).toMatchObject({
        kind: 'failed',
        reason: { kind: 'licence-in-use' },
      });
      expect(desk.sent).toContainEqual({
        host: 'h2',
        job: expect.objectContaining({ kind: 'stop', rig: 'other' }),
      });
      expect((await desk.rigOf(rig.id)).state.kind).toBe('running');
      expect((await registry.licences.pools()).values().next().value).toEqual({ size: 1, free: 0 });
    });

    it('the later one goes, where that is the one that was known', async () => {
      const { desk, pass, rig, other } = await meeting();
      await say(desk, [containerOf(rig, fileOf(rig), noon + hour)]);
      await say(desk, [containerOf(other, undefined, noon)], [], 'h2');
      await pass();
      expect((await desk.rigOf(rig.id)).state).toMatchObject({
        kind: 'stopping',
        reason: { kind: 'licence-twice' },
      });
      expect(desk.sent.map(({ host, job }) => `${host} ${job.kind} ${job.rig}`)).toEqual([
        `h1 stop ${rig.id}`,
      ]);
    });

    it('its LAN waits for the host of the one that is known: the address of the other is held by nobody', async () => {
      const { desk, registry, pass, rig, other } = await meeting();
      await registry.presence.giveBack('h1', 'session-h1');
      for (let look = 0; look < 3; look += 1) {
        desk.clock.now += minute;
        await say(desk, [containerOf(other, fileOf(other))], [], 'h2');
        await pass();
      }
      expect([...(await registry.epochs.adopting()).keys()]).toEqual(['lab']);
      expect(await registry.rigs.get('other')).toBeUndefined();
      expect(desk.sent).toEqual([]);
      // Whoever knows that it is gone says so.
      await desk.put(rig.id, { kind: 'failed', since: noon, reason: { kind: 'removed' } }, true);
      await say(desk, [containerOf(other, fileOf(other))], [], 'h2');
      await pass();
      expect((await desk.rigOf('other')).licenceId).toBe(licence);
      expect((await registry.epochs.adopting()).size).toBe(0);
    });

    it('the one that comes goes where nothing was lost, though it was made earlier: it was given up', async () => {
      const lab = { name: 'h2', lan: 'lab', addresses: ['10.0.1.20'], licences: [licence] };
      const { desk, registry, pass } = await open({ name: 'h1', licences: [licence] }, lab);
      const rig = await aRunning(desk, 'demo', 'h1');
      const network = { lan: 'lab', mode: 'ipvlan', subnet: '10.0.1.0/24' } as const;
      const other: Rig = { ...rig, id: 'other', name: 'other', host: 'h2', network, address: '10.0.1.20' };
      desk.sent.splice(0);
      await say(desk, [containerOf(rig, fileOf(rig), noon + hour)]);
      await say(desk, [containerOf(other, fileOf(other), noon)], [], 'h2');
      await pass();
      expect((await desk.rigOf('other')).state).toMatchObject({ reason: { kind: 'licence-in-use' } });
      expect(desk.sent.map(({ host, job }) => `${host} ${job.kind} ${job.rig}`)).toEqual(['h2 stop other']);
      expect(await desk.rigOf(rig.id)).toMatchObject({ state: { kind: 'running' }, licenceId: licence });
      expect([...(await registry.licences.pools()).values()]).toEqual([{ size: 1, free: 0 }]);
    });

    it('a note of a version that knew of no licences does not take it from its rig', async () => {
      const { desk, registry, pass, rig, other } = await meeting();
      const { licenceId: _, ...older } = rig;
      const kept = fileOf({ ...older, lease: { ...rig.lease, rev: 9 } }, 20);
      await say(desk, [containerOf(older, kept)]);
      await pass();
      expect(await desk.rigOf(rig.id)).toMatchObject({ licenceId: licence, lease: { rev: 10 } });
      // Nor where nobody else remembers it: then its label does.
      const { licenceId: __, ...olderOther } = other;
      await desk.put(rig.id, { kind: 'stopped', since: noon, reason: { kind: 'expired' } }, true);
      await say(desk, [containerOf(other, fileOf(olderOther))], [], 'h2');
      await pass();
      expect((await desk.rigOf('other')).licenceId).toBe(licence);
      expect([...(await registry.licences.pools()).values()]).toEqual([{ size: 1, free: 0 }]);
    });

    it('one that has ended since the copy was made is looked for, and gives it up', async () => {
      const { desk, registry, pass, rig, other } = await meeting();
      await say(desk, []);
      await say(desk, [containerOf(other, fileOf(other))], [], 'h2');
      await pass();
      const saw = { kind: 'missing', restored: true } as const;
      await recordReport(desk.ports, aReport(saw, { rig: rig.id, at: desk.clock.now }), aPatience);
      expect((await desk.rigOf(rig.id)).state.kind).toBe('stopped');
      desk.clock.now += minute;
      await say(desk, [containerOf(other, fileOf(other))], [], 'h2');
      await say(desk, []);
      await pass();
      expect(await desk.rigOf('other')).toMatchObject({ licenceId: licence, state: { kind: 'running' } });
      expect((await registry.epochs.adopting()).size).toBe(0);
    });
  });

  it('is over for the others where one host cannot be dealt with', async () => {
    const { desk, registry, pass } = await open(
      { name: 'h1' },
      { name: 'h2', lan: 'lab', addresses: ['10.0.1.20'] },
    );
    await registry.epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name: 'h2', lan: 'lab' } });
    desk.clock.now += 2 * minute;
    const rig = await aRunning(desk, 'demo', 'h1');
    await say(desk, []);
    await say(desk, [], [], 'h2');
    desk.queue.isBroken = true;
    await expect(pass()).rejects.toThrow('broken');
    expect((await registry.epochs.adopting()).size).toBe(0);
    expect((await desk.rigOf(rig.id)).state.kind).toBe('running');
  });

  it('asks the host about what was stopped since, and is not through before it has heard', async () => {
    const { desk, registry, pass, rig } = await restored();
    desk.clock.now += minute;
    await say(desk, []);
    await pass();
    expect(desk.sent.map(({ job }) => job)).toMatchObject([
      { kind: 'launch' },
      { kind: 'look', rig: rig.id, restored: true },
    ]);
    expect((await registry.epochs.adopting()).size).toBe(1);
  });
});

describe('what nobody knows', () => {
  it('is removed after two surveys and the grace, and admins are told', async () => {
    const before = await open();
    const rig = await aRunning(before.desk);
    const { desk, registry, pass } = await open();
    await say(desk, [containerOf(rig)]);
    await pass();
    desk.clock.now += 3 * minute;
    expect(desk.sent).toEqual([]);
    await say(desk, [containerOf(rig)]);
    await pass();
    expect(desk.sent).toMatchObject([{ host: 'h1', job: { kind: 'stop', rig: rig.id, generation: 1 } }]);
    expect(await registry.notices.take(minute)).toEqual({ kind: 'unknown-containers', host: 'h1', count: 1 });
  });

  it('a host that was given another name keeps its rigs, and operators hear of it', async () => {
    const { desk, registry, pass } = await open({ name: 'old' }, { name: 'new' });
    const rig = await aRunning(desk, 'demo', 'old');
    desk.sent.length = 0;
    for (let look = 0; look < 10; look += 1) {
      desk.clock.now += minute;
      await say(desk, [containerOf(rig, fileOf(rig))], [], 'new');
      await pass();
    }
    expect(desk.sent).toEqual([]);
    const notice = await registry.notices.take(minute);
    expect(notice).toEqual({ kind: 'moved-containers', host: 'new', of: 'old', count: 1 });
    expect(notice && noticeText(notice)).toBe(
      'Host `new` has a container of a rig of host `old`: was it given another name? I leave it alone. If it was, start its worker with `WCS_HOST=old` again, and I know its rig as before. If `old` is gone for good, `/wcs forget old` gives its rig up, and what is left on `new` is removed.',
    );
  });

  it('is not removed where it is most of what is there, until an admin says yes', async () => {
    const before = await open();
    const rig = await aRunning(before.desk);
    const { desk, registry, pass } = await open();
    const many = ['x', 'y', 'z'].map((id) => containerOf({ ...rig, id }));
    await say(desk, many);
    await pass();
    desk.clock.now += 3 * minute;
    await say(desk, many);
    await pass();
    expect(desk.sent).toEqual([]);
    expect(await registry.notices.take(minute)).toMatchObject({
      kind: 'too-many-removals',
      host: 'h1',
      would: 3,
      of: 3,
    });
    await registry.breaker.allow('h1', { id: 'U0OLGA', name: 'olga' }, desk.clock.now);
    await say(desk, many);
    await pass();
    expect(desk.sent.map(({ job }) => job.kind)).toEqual(['stop', 'stop', 'stop']);
    await say(desk, []);
    await pass();
    expect(await registry.breaker.list()).toEqual([]);
  });

  it('keeps its address until it is gone, where its host was given up and is back', async () => {
    const { desk, registry, pass } = await open();
    const rig = await aRunning(desk);
    const entry = { why: 'host-vanished', at: noon, host: 'H1', rig: rig.id } as const;
    const failed: RigState = { kind: 'failed', since: noon, reason: { kind: 'removed' } };
    const stored = await registry.rigs.get(rig.id);
    if (!stored) throw new Error('no rig');
    await registry.rigs.save({
      rig: { ...rig, state: failed },
      version: stored.version,
      told: [],
      release: true,
      quarantine: entry,
    });
    desk.clock.now += second;
    await say(desk, [containerOf(rig)]);
    await pass();
    expect(desk.sent.at(-1)?.job).toMatchObject({ kind: 'stop', rig: rig.id });
    expect([...(await registry.addresses.quarantined()).values()].map(({ size }) => size)).toEqual([1]);
    await say(desk, []);
    await pass();
    expect([...(await registry.addresses.quarantined()).values()].every(({ size }) => size === 0)).toBe(true);
  });

  it('is not told by a survey that is older than a minute and a half', async () => {
    const { desk, pass } = await open();
    await aRunning(desk);
    await say(desk, []);
    desk.clock.now += 2 * minute;
    await pass();
    expect(desk.sent.map(({ job }) => job.kind)).toEqual(['launch']);
  });
});
