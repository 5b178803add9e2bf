// `up`: what is claimed and sent, who is refused and why, and what happens when somebody is quicker.

import { describe, expect, it } from 'vitest';
import { type LaunchOutcome, launchRig } from '../../../src/control/launch-rig.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import type { Rigs } from '../../../src/ports/registry.ts';
import { personOf } from '../../../src/rig/access.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import { isRigName, makeUpName } from '../../../src/rig/name.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { aPolicy, aRequest, openDesk, queueDown } from '../../support/a-desk.ts';
import { anna, ben, noon } from '../../support/a-rig.ts';

const launched = (outcome: LaunchOutcome): Rig => {
  if (outcome.kind !== 'launched') throw new Error(`not launched: ${JSON.stringify(outcome)}`);
  return outcome.rig;
};

const refusal = (outcome: LaunchOutcome) => (outcome.kind === 'refused' ? outcome.refusal : outcome);

const ended = { kind: 'stopped', since: noon, reason: { kind: 'asked', by: anna } } as const;

describe('a rig', () => {
  it('is claimed, its job sent to its host, its card to be told', async () => {
    const desk = await openDesk();
    const rig = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo', lease: hour })));
    expect(rig).toMatchObject({
      id: 'rig1',
      name: 'demo',
      generation: 1,
      host: 'h1',
      address: '10.0.0.10',
      tag: 'latest',
      created: noon,
      lease: { end: noon + hour, cap: noon + 24 * hour },
      asked: { channel: 'C0RIGS', command: '/wcs', quietly: false, cut: false },
      state: { kind: 'placed' },
    });
    expect(desk.sent).toEqual([
      {
        host: 'h1',
        job: expect.objectContaining({ kind: 'launch', rig: 'rig1', deadline: noon + 10 * minute }),
      },
    ]);
    expect(JSON.stringify(desk.sent)).not.toMatch(/password|licen[cs]e/i);
    expect(desk.woken).toEqual(['rig1']);
    expect(await desk.news('rig1')).toEqual(['card']);
  });

  it('has the usual lease, and never a longer one than the longest', async () => {
    const desk = await openDesk();
    const usual = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'a' })));
    expect([usual.lease.end, usual.asked.cut]).toEqual([noon + 4 * hour, false]);
    const cut = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'b', lease: 48 * hour })));
    expect([cut.lease.end, cut.asked.cut]).toEqual([noon + 24 * hour, true]);
  });

  it('goes where it was asked to, in whatever case, with the tag that was asked for', async () => {
    const desk = await openDesk({ name: 'h1', slots: 9 }, { name: 'H2', addresses: ['10.0.0.20'], slots: 1 });
    const rig = launched(await launchRig(desk.ports, aPolicy(), aRequest({ host: 'h2', tag: '5.2' })));
    expect(rig).toMatchObject({ host: 'H2', tag: '5.2', asked: { host: 'h2' } });
  });

  it('of a delivery that Slack repeats is one', async () => {
    const desk = await openDesk();
    const request = aRequest({ name: 'demo' });
    launched(await launchRig(desk.ports, aPolicy(), request));
    expect(await launchRig(desk.ports, aPolicy(), request)).toEqual({ kind: 'repeated' });
    expect(desk.sent).toHaveLength(1);
  });

  it('of many deliveries at once is one', async () => {
    const desk = await openDesk();
    const request = aRequest();
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => launchRig(desk.ports, aPolicy(), request)),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['launched', ...Array(4).fill('repeated')]);
    expect(await desk.registry.rigs.living()).toHaveLength(1);
  });
});

describe('a made-up name', () => {
  it('that a living rig has is made up anew', async () => {
    const desk = await openDesk();
    const values = [0, 0, 0.5];
    const ports = { ...desk.ports, random: () => values.shift() ?? 0.9 };
    const first = launched(await launchRig(ports, aPolicy(), aRequest()));
    const second = launched(await launchRig(ports, aPolicy(), aRequest()));
    expect(second.name).not.toBe(first.name);
  });

  it('is found though all the usual ones are taken: it gets a number', async () => {
    const desk = await openDesk();
    const other = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'other' })));
    const rigs: Rigs = {
      ...desk.ports.rigs,
      claim: async (request) =>
        /^[a-z]+-[a-z]+$/.test(request.rig.name)
          ? { kind: 'name-taken', holder: other.id }
          : desk.ports.rigs.claim(request),
    };
    const rig = launched(await launchRig({ ...desk.ports, rigs }, aPolicy(), aRequest()));
    expect(rig.name).toMatch(/^[a-z]+-[a-z]+-\d{1,4}$/);
  });

  it.each([0, 0.5, 0.999999])('is one that may be typed, with and without a number (%d)', (random) => {
    for (let step = 0; step < 1568; step += 1) {
      expect(isRigName(makeUpName(step / 1568))).toBe(true);
      expect(isRigName(makeUpName(step / 1568, random))).toBe(true);
    }
  });
});

describe('a name that is taken', () => {
  it('by oneself: the rig and its card are shown', async () => {
    const desk = await openDesk();
    const rig = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' })));
    await desk.registry.cards.put(rig.id, { channel: 'C0RIGS', ts: '1.2' });
    expect(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }))).toMatchObject({
      kind: 'already-yours',
      rig: { id: rig.id },
      card: { ts: '1.2' },
    });
  });

  it('by somebody else: refused with who has it', async () => {
    const desk = await openDesk();
    launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo', owner: ben })));
    const outcome = await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
    expect(refusal(outcome)).toEqual({ kind: 'name-taken', name: 'demo', holder: personOf(ben) });
  });

  it.each([
    ['somebody else’s', ben],
    ['one’s own', anna],
  ])('by a rig that ends in that very moment (%s) is free', async (_, owner) => {
    const desk = await openDesk();
    const first = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo', owner })));
    desk.before('get', () => desk.put(first.id, ended, true));
    const second = launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' })));
    expect(second.id).not.toBe(first.id);
  });
});

describe('a refusal', () => {
  it('of an unknown tag comes before anything is looked at', async () => {
    const desk = await openDesk();
    const policy = aPolicy({ tags: ['latest', '5.2'] });
    expect(refusal(await launchRig(desk.ports, policy, aRequest({ tag: 'nightly' })))).toEqual({
      kind: 'unknown-tag',
      tag: 'nightly',
      known: ['latest', '5.2'],
    });
    expect((await launchRig(desk.ports, policy, aRequest({ tag: '5.2' }))).kind).toBe('launched');
  });

  it('for a person’s quota shows what they have', async () => {
    const desk = await openDesk();
    const policy = aPolicy({ rigsPerUser: 1 });
    const rig = launched(await launchRig(desk.ports, policy, aRequest({ name: 'mine' })));
    expect(refusal(await launchRig(desk.ports, policy, aRequest()))).toEqual({
      kind: 'user-quota',
      limit: 1,
      mine: [rig],
    });
    expect((await launchRig(desk.ports, policy, aRequest({ owner: ben }))).kind).toBe('launched');
  });

  it('for the fleet’s quota names it', async () => {
    const desk = await openDesk();
    const policy = aPolicy({ rigsMax: 1 });
    launched(await launchRig(desk.ports, policy, aRequest()));
    expect(refusal(await launchRig(desk.ports, policy, aRequest({ owner: ben })))).toEqual({
      kind: 'fleet-quota',
      limit: 1,
    });
  });

  it('where there is no host, or none of that name', async () => {
    const desk = await openDesk({ name: 'h1' });
    expect(refusal(await launchRig(desk.ports, aPolicy(), aRequest({ host: 'h9' })))).toEqual({
      kind: 'unknown-host',
      asked: 'h9',
      known: ['h1'],
    });
    const hosts = { ...desk.registry.hosts, current: async () => [] };
    expect(refusal(await launchRig({ ...desk.ports, hosts }, aPolicy(), aRequest()))).toEqual({
      kind: 'no-host',
    });
  });

  it('where no host can take it lists why for each, and claims nothing', async () => {
    const desk = await openDesk(
      { name: 'h1', slots: 1 },
      { name: 'h2', addresses: [] },
      { name: 'h3', addresses: ['10.0.0.30'] },
    );
    await desk.registry.presence.giveBack('h3', 'session-h3');
    launched(await launchRig(desk.ports, aPolicy(), aRequest({ name: 'one' })));
    expect(refusal(await launchRig(desk.ports, aPolicy(), aRequest()))).toMatchObject({
      kind: 'nowhere',
      reasons: [
        { host: 'h1', why: 'is full (1 of 1)' },
        { host: 'h2', why: 'has no free address' },
        { host: 'h3', why: 'is unreachable' },
      ],
    });
    expect(await desk.registry.rigs.living()).toHaveLength(1);
    expect(desk.sent).toHaveLength(1);
  });
});

describe('somebody who is quicker', () => {
  it('takes the last slot of the best host: the next best is taken', async () => {
    const desk = await openDesk({ name: 'h1', slots: 1 }, { name: 'h2', addresses: ['10.0.0.20'], slots: 1 });
    desk.before('claim', () => launchRig(desk.ports, aPolicy(), aRequest({ owner: ben, host: 'h1' })));
    expect(launched(await launchRig(desk.ports, aPolicy(), aRequest())).host).toBe('h2');
  });

  it('takes the last slot of all: refused with the reason of each', async () => {
    const desk = await openDesk({ name: 'h1', slots: 1 });
    desk.before('claim', () => launchRig(desk.ports, aPolicy(), aRequest({ owner: ben })));
    expect(refusal(await launchRig(desk.ports, aPolicy(), aRequest()))).toMatchObject({
      kind: 'nowhere',
      reasons: [{ host: 'h1', why: 'is full (1 of 1)' }],
    });
  });

  it('takes the last address: refused as such', async () => {
    const desk = await openDesk({ name: 'h1', addresses: ['10.0.0.10'] });
    desk.before('claim', () => launchRig(desk.ports, aPolicy(), aRequest({ owner: ben })));
    expect(refusal(await launchRig(desk.ports, aPolicy(), aRequest()))).toMatchObject({
      reasons: [{ host: 'h1', why: 'has no free address' }],
    });
  });

  it('does not matter to 40 who ask at once for 10 places on two hosts: 10 rigs, 30 refusals', async () => {
    const five = (from: number) => Array.from({ length: 5 }, (_, n) => `10.0.0.${from + n}`);
    const desk = await openDesk({ name: 'h1', addresses: five(10) }, { name: 'h2', addresses: five(20) });
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        launchRig(
          desk.ports,
          aPolicy(),
          aRequest({ name: `r${n}`, owner: { id: `U${n}`, name: 'x', isAdmin: false } }),
        ),
      ),
    );
    const rigs = outcomes.flatMap((outcome) => (outcome.kind === 'launched' ? [outcome.rig] : []));
    expect(new Set(rigs.map(({ address }) => address)).size).toBe(10);
    expect(outcomes.filter((outcome) => refusal(outcome).kind === 'nowhere')).toHaveLength(30);
  });
});

describe('a registry that was lost', () => {
  const lostHosts = async (count: number) => {
    const hosts = Array.from({ length: count }, (_, n) => ({
      name: `h${n}`,
      lan: `lan-${n}`,
      tags: ['latest'],
    }));
    const desk = await openDesk(...hosts, { name: 'other', lan: 'lab', slots: 1, tags: [] });
    const { epochs } = desk.registry;
    for (const { name, lan } of hosts)
      await epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name, lan } });
    let claims = 0;
    const { rigs } = desk.ports;
    const claim = (request: Parameters<typeof rigs.claim>[0]) => {
      claims += 1;
      return rigs.claim(request);
    };
    return { ports: { ...desk.ports, rigs: { ...rigs, claim } }, claims: () => claims };
  };

  it('keeps nobody from a host that is free, however many are still asked what they have', async () => {
    const { ports, claims } = await lostHosts(60);
    expect(await launchRig(ports, aPolicy(), aRequest())).toMatchObject({
      kind: 'launched',
      rig: { host: 'other' },
    });
    expect(claims()).toBe(2);
  });

  it('and where there is no other, each host says why', async () => {
    const { ports } = await lostHosts(60);
    await launchRig(ports, aPolicy(), aRequest());
    const outcome = await launchRig(ports, aPolicy(), aRequest());
    if (outcome.kind !== 'refused' || outcome.refusal.kind !== 'nowhere') throw new Error(outcome.kind);
    const why = outcome.refusal.reasons.map((reason) => reason.why);
    expect(why.filter((one) => one.startsWith('is being asked what it has'))).toHaveLength(60);
    expect(why).toContain('is full (1 of 1)');
  });
});

describe('a queue that is down', () => {
  it('before the claim: nothing is claimed', async () => {
    const desk = await openDesk();
    desk.before('claim', queueDown);
    await expect(launchRig(desk.ports, aPolicy(), aRequest())).rejects.toThrow(QueueDown);
    expect(await desk.registry.rigs.living()).toEqual([]);
  });

  it('between claim and job: the rig is placed, so that its job can be sent later', async () => {
    const desk = await openDesk();
    desk.queue.isDown = true;
    await expect(launchRig(desk.ports, aPolicy(), aRequest())).rejects.toThrow(QueueDown);
    expect(await desk.registry.rigs.living()).toMatchObject([{ state: { kind: 'placed' } }]);
    expect(await desk.registry.outbox.waiting()).toEqual(['rig1']);
  });

  it('after the job: it is on its way, and nobody hears otherwise', async () => {
    const desk = await openDesk();
    const jobs = { ...desk.ports.jobs, wakeTeller: async () => queueDown() };
    expect((await launchRig({ ...desk.ports, jobs }, aPolicy(), aRequest())).kind).toBe('launched');
  });
});
