// `up` where rigs claim licences: what is carried to the host, who is refused and what they read, and how few questions it takes.

import { describe, expect, it } from 'vitest';
import { type LaunchOutcome, launchRig } from '../../../src/control/launch-rig.ts';
import { lookHosts } from '../../../src/control/look-hosts.ts';
import { restartRig } from '../../../src/control/restart-rig.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { LaunchJob } from '../../../src/rig/job.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, ben, noon } from '../../support/a-rig.ts';

const [one, two, three] = ['000000000001', '000000000002', '000000000003'];

const launched = (outcome: LaunchOutcome): Rig => {
  if (outcome.kind !== 'launched') throw new Error(`not launched: ${JSON.stringify(outcome)}`);
  return outcome.rig;
};

const open = async (...hosts: Parameters<typeof openDesk>) => {
  const desk = await openDesk(...hosts);
  const asked = { claims: 0, pools: 0, holders: 0 };
  const { rigs, licences } = desk.ports;
  const ports: typeof desk.ports = {
    ...desk.ports,
    rigs: {
      ...rigs,
      claim: async (request) => {
        asked.claims += 1;
        return rigs.claim(request);
      },
    },
    licences: {
      pools: async () => {
        asked.pools += 1;
        return licences.pools();
      },
      holders: async (pools, most) => {
        asked.holders += 1;
        return licences.holders(pools, most);
      },
    },
  };
  const up = (change: Parameters<typeof aRequest>[0] = {}) => launchRig(ports, aPolicy(), aRequest(change));
  return { ...desk, asked, ports, up };
};

const refusal = (outcome: LaunchOutcome) => {
  if (outcome.kind !== 'refused' || outcome.refusal.kind !== 'nowhere') throw new Error(outcome.kind);
  return outcome.refusal;
};

describe('a rig with a licence of its own', () => {
  it('has its id from the claim on, and so has its job; a restart keeps it', async () => {
    const desk = await open({ licences: [one] });
    const rig = launched(await desk.up({ name: 'demo' }));
    expect(rig.licenceId).toBe(one);
    await desk.put(rig.id, { kind: 'running', since: noon });
    await restartRig(
      desk.ports,
      { tags: undefined, deadline: 10 * minute },
      { name: 'demo', id: rig.id },
      undefined,
      anna,
    );
    const jobs = desk.sent.map(({ job }) => job).filter((job): job is LaunchJob => job.kind === 'launch');
    expect(jobs.map(({ generation, licenceId }) => [generation, licenceId])).toEqual([
      [1, one],
      [2, one],
    ]);
  });

  it('costs one claim and no further question while there are free ones', async () => {
    const desk = await open({ licences: [one, two] }, { name: 'h2', addresses: ['10.0.0.20'] });
    await desk.up();
    await desk.up();
    expect(desk.asked).toEqual({ claims: 2, pools: 0, holders: 0 });
  });
});

describe('where all licences are taken', () => {
  it('the refusal says of each host why, and who has them, soonest first', async () => {
    const desk = await open(
      { name: 'h1', licences: [one, two] },
      { name: 'h2', licences: [one, two], addresses: ['10.0.0.20'] },
      { name: 'h3', licences: [three], addresses: ['10.0.0.30'] },
    );
    await desk.registry.presence.giveBack('h3', 'session-h3');
    launched(await desk.up({ name: 'late', lease: 2 * hour }));
    launched(await desk.up({ name: 'soon', lease: hour, owner: ben }));
    const { reasons, licences } = refusal(await desk.up());
    expect(reasons).toEqual([
      { host: 'h1', why: 'has no free licence' },
      { host: 'h2', why: 'has no free licence' },
      { host: 'h3', why: 'is unreachable' },
    ]);
    expect(licences).toMatchObject({ size: 2, taken: 2, rigs: [{ name: 'soon' }, { name: 'late' }] });
    // One claim finds it out; the second host of the pool is not tried.
    expect(desk.asked).toEqual({ claims: 3, pools: 1, holders: 1 });
    expect(await desk.registry.rigs.living()).toHaveLength(2);
  });

  it('on the host that was asked for: those of its pool', async () => {
    const desk = await open(
      { name: 'h1', licences: [one] },
      { name: 'h2', licences: [two], addresses: ['10.0.0.20'] },
    );
    launched(await desk.up({ host: 'h2', name: 'other' }));
    launched(await desk.up({ host: 'h1', name: 'mine' }));
    expect(refusal(await desk.up({ host: 'h1' }))).toMatchObject({
      asked: 'h1',
      licences: { size: 1, rigs: [{ name: 'mine' }] },
    });
  });

  it('a host with other ones is taken, and one that has none to claim', async () => {
    const desk = await open(
      { name: 'h1', licences: [one] },
      { name: 'h2', licences: [one, two], addresses: ['10.0.0.20'] },
      { name: 'h3', addresses: ['10.0.0.30'], slots: 1 },
    );
    expect(launched(await desk.up()).licenceId).toBe(one);
    const rest = [launched(await desk.up()), launched(await desk.up())];
    expect(rest.map(({ host, licenceId }) => `${host} ${licenceId}`).sort()).toEqual([
      `h2 ${two}`,
      'h3 undefined',
    ]);
    const { reasons, licences } = refusal(await desk.up());
    expect(reasons.map(({ why }) => why)).toEqual([
      'has no free licence',
      'has no free licence',
      'is full (1 of 1)',
    ]);
    expect(licences).toMatchObject({ size: 2, taken: 2 });
  });

  it('a thousand hosts of one pool cost two questions, not a claim each', async () => {
    const hosts = Array.from({ length: 1000 }, (_, n) => ({
      name: `h${n}`,
      licences: [one],
      addresses: [`10.${n >> 8}.${n & 255}.1`],
    }));
    const desk = await open(...hosts);
    launched(await desk.up());
    expect(refusal(await desk.up()).reasons).toHaveLength(1000);
    expect(desk.asked).toEqual({ claims: 2, pools: 1, holders: 1 });
  });

  it('40 who ask at once for 5 licences get 5 rigs with one each', async () => {
    const licences = Array.from({ length: 5 }, (_, n) => String(n).padStart(12, '0'));
    const ten = (from: number) => Array.from({ length: 10 }, (_, n) => `10.0.0.${from + n}`);
    const desk = await open(
      { name: 'h1', licences, addresses: ten(10) },
      { name: 'h2', licences: licences.slice(2), addresses: ten(20) },
    );
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        desk.up({ name: `r${n}`, owner: { id: `U${n}`, name: 'x', isAdmin: false } }),
      ),
    );
    const rigs = outcomes.flatMap((outcome) => (outcome.kind === 'launched' ? [outcome.rig] : []));
    expect(rigs.map(({ licenceId }) => licenceId).sort()).toEqual(licences);
    for (const outcome of outcomes)
      if (outcome.kind === 'refused') expect(refusal(outcome).licences?.size).toBe(5);
  });
});

it('while any host is asked what it has, rigs that need a licence have to wait, and no others', async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ name: `l${n}`, licences: [one] }));
  const desk = await open(...many, { name: 'h2', addresses: ['10.0.0.20'], slots: 1, tags: [] });
  const lost = { id: 'before', seq: 9, at: 1 };
  await desk.registry.epochs.look({ seen: lost, host: { name: 'h9', lan: 'lab' } });
  expect(launched(await desk.up()).host).toBe('h2');
  expect(desk.asked.claims).toBe(2);
  const { reasons, licences } = refusal(await desk.up());
  const why = reasons.map((reason) => reason.why);
  expect(
    why.filter((text) => text.startsWith('gives out no licence while other hosts are asked')),
  ).toHaveLength(60);
  expect(licences).toBeUndefined();
});

it('a list of hosts knows what is free of each pool, and asks nobody where there is none', async () => {
  const desk = await open({ licences: [one, two] }, { name: 'h2', addresses: ['10.0.0.20'] });
  await desk.up({ host: 'h1' });
  const ports = { ...desk.ports, breaker: desk.registry.breaker };
  const seen = async (host?: string) => {
    const list = await lookHosts(ports, aPolicy().keyIds, host);
    return list.kind === 'hosts' ? list.hosts.map((each) => each.licences) : list.kind;
  };
  expect(await seen()).toEqual([{ size: 2, free: 1 }, undefined]);
  expect(await seen('h1')).toEqual([{ size: 2, free: 1 }]);
  const before = desk.asked.pools;
  expect(await seen('h2')).toEqual([undefined]);
  expect(desk.asked.pools).toBe(before);
});
