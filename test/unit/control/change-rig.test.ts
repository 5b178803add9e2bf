// A change of a rig meets others: it starts again from what they left, and happens once.

import { describe, expect, it } from 'vitest';
import { changeByReport, changeRig } from '../../../src/control/change-rig.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { recordReport } from '../../../src/control/record-report.ts';
import { restartRig } from '../../../src/control/restart-rig.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import { minute } from '../../../src/rig/duration.ts';
import type { RunningImage } from '../../../src/rig/rig.ts';
import { aPolicy, aRequest, openDesk, queueDown } from '../../support/a-desk.ts';
import { anna, aReport, noon } from '../../support/a-rig.ts';
import { aHold, aPatience } from '../../support/policies.ts';
import { endAdoption } from '../../support/registries.ts';

const image: RunningImage = { digest: '0123456789ab', unchecked: false, licensed: true };
const stop = { kind: 'stop', reason: { kind: 'asked', by: anna }, at: noon + 1 } as const;

const withRig = async () => {
  const desk = await openDesk();
  await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
  await desk.news('rig1');
  desk.woken.length = 0;
  const report = (saw: Parameters<typeof aReport>[0], facts = {}) => aReport(saw, { rig: 'rig1', ...facts });
  return { ...desk, report };
};

describe('a change', () => {
  it('is saved with its news, and its teller is woken', async () => {
    const desk = await withRig();
    const event = { kind: 'reported', report: desk.report({ kind: 'ready', image }), hold: aHold } as const;
    expect(await changeByReport(desk.ports, 'rig1', event)).toMatchObject({
      kind: 'changed',
      rig: { image },
    });
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'running' } });
    expect(await desk.news('rig1')).toEqual(['card', 'ready']);
    expect(desk.woken).toEqual(['rig1']);
  });

  it('that comes twice changes nothing and tells nothing', async () => {
    const desk = await withRig();
    const event = { kind: 'reported', report: desk.report({ kind: 'ready', image }), hold: aHold } as const;
    await changeByReport(desk.ports, 'rig1', event);
    await desk.news('rig1');
    expect((await changeByReport(desk.ports, 'rig1', event)).kind).toBe('unchanged');
    expect(await desk.news('rig1')).toEqual([]);
  });

  it('that meets another one sees what that one left: a stop beside a ready report', async () => {
    const desk = await withRig();
    desk.before('save', () => changeRig(desk.ports, 'rig1', stop));
    const event = { kind: 'reported', report: desk.report({ kind: 'ready', image }), hold: aHold } as const;
    expect((await changeByReport(desk.ports, 'rig1', event)).kind).toBe('unchanged');
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'stopping' } });
    expect(await desk.news('rig1')).toEqual(['card']);
  });

  it('and another, the other way round: a ready report beside a stop', async () => {
    const desk = await withRig();
    const event = { kind: 'reported', report: desk.report({ kind: 'ready', image }), hold: aHold } as const;
    desk.before('save', () => changeByReport(desk.ports, 'rig1', event));
    expect((await changeRig(desk.ports, 'rig1', stop)).kind).toBe('changed');
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'stopping' }, image });
    expect(await desk.news('rig1')).toEqual(['card', 'ready', 'card']);
  });

  it('of a rig that is not known is none', async () => {
    const desk = await withRig();
    expect(await changeRig(desk.ports, 'other', stop)).toEqual({ kind: 'unknown-rig' });
  });

  it('that never finds a quiet moment is a fault, not a loop without an end', async () => {
    const desk = await withRig();
    const rigs = { ...desk.ports.rigs, save: async () => 'conflict' as const };
    await expect(changeRig({ ...desk.ports, rigs }, 'rig1', stop)).rejects.toThrow('rig1');
  });

  it('whose wake is lost has happened', async () => {
    const desk = await withRig();
    const jobs = { ...desk.ports.jobs, wakeTeller: async () => queueDown() };
    expect((await changeRig({ ...desk.ports, jobs }, 'rig1', stop)).kind).toBe('changed');
  });
});

describe('a report', () => {
  it('of ready counts for how long a start takes on its host', async () => {
    const desk = await withRig();
    for (let time = 0; time < 2; time += 1) await desk.registry.hosts.recordTook('h1', 5_000);
    await recordReport(desk.ports, desk.report({ kind: 'ready', image }, { at: noon + 5_000 }), aPatience);
    expect(await desk.registry.hosts.usualTook('h1')).toBe(5_000);
  });

  it('of ready after a restart does not: a container was stopped before', async () => {
    const desk = await withRig();
    for (let time = 0; time < 2; time += 1) await desk.registry.hosts.recordTook('h1', 5_000);
    await desk.put('rig1', { kind: 'running', since: noon });
    await restartRig(desk.ports, aPolicy(), { name: 'demo' }, undefined, anna);
    await recordReport(desk.ports, desk.report({ kind: 'ready', image }, { generation: 2 }), aPatience);
    expect((await desk.rigOf('rig1')).state.kind).toBe('running');
    expect(await desk.registry.hosts.usualTook('h1')).toBeUndefined();
  });

  it('that comes again does not count again', async () => {
    const desk = await withRig();
    for (let time = 0; time < 3; time += 1) {
      await recordReport(desk.ports, desk.report({ kind: 'ready', image }, { at: noon + 5_000 }), aPatience);
    }
    expect(await desk.registry.hosts.usualTook('h1')).toBeUndefined();
  });

  it('of a failed launch gives back the name, the slot and the address, and tells why', async () => {
    const desk = await withRig();
    const reason = { kind: 'exited', exitCode: 1, outOfMemory: false } as const;
    await recordReport(desk.ports, desk.report({ kind: 'failed', reason, tail: ['last words'] }), aPatience);
    expect(await desk.registry.rigs.living()).toEqual([]);
    expect(await desk.registry.fence.claim('rig1')).toBeUndefined();
    expect(await desk.registry.hosts.list()).toMatchObject([{ freeSlots: 100, freeAddresses: 3 }]);
    expect(await desk.news('rig1')).toEqual(['card', 'failed']);
  });

  describe('of an address in use', () => {
    const refused = async (desk: Awaited<ReturnType<typeof withRig>>) => {
      const { address, generation } = await desk.rigOf('rig1');
      const reason = { kind: 'address-in-use', address } as const;
      const report = desk.report({ kind: 'failed', reason, tail: [] }, { generation });
      await recordReport(desk.ports, report, aPatience);
      return report;
    };
    const setAside = async (desk: Awaited<ReturnType<typeof withRig>>) =>
      (await desk.registry.addresses.map()).flatMap(({ quarantined }) => [...quarantined.keys()]);

    it('gives the rig another one, starts it there, and sets the first one aside', async () => {
      const desk = await withRig();
      const report = await refused(desk);
      const rig = await desk.rigOf('rig1');
      expect(rig).toMatchObject({ address: '10.0.0.11', generation: 2, swaps: 1, state: { kind: 'placed' } });
      expect(await setAside(desk)).toEqual(['10.0.0.10']);
      const job = {
        kind: 'launch',
        generation: 2,
        address: '10.0.0.11',
        deadline: noon + 1_000 + 10 * minute,
      };
      expect(desk.sent.at(-1)).toMatchObject({ host: 'h1', job });
      expect(desk.woken).toContain('rig1');
      expect(await desk.news('rig1')).toEqual(['card']);
      const { entries } = await desk.registry.audit.page(undefined, 10);
      expect(entries.at(-1)).toMatchObject({ what: 'swap', why: '10.0.0.10 was in use by something else' });
      // The same report once more is an earlier generation's.
      await recordReport(desk.ports, report, aPatience);
      expect((await desk.rigOf('rig1')).generation).toBe(2);
    });

    it('waits while its LAN is in adoption, and does not fail: the report comes again', async () => {
      const desk = await withRig();
      const { epochs } = desk.registry;
      await epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name: 'h1', lan: 'office' } });
      await expect(refused(desk)).rejects.toThrow('gives out none yet');
      expect(await desk.rigOf('rig1')).toMatchObject({ generation: 1, state: { kind: 'placed' } });
      await endAdoption(epochs, 'office', ['h1']);
      await refused(desk);
      expect(await desk.rigOf('rig1')).toMatchObject({ generation: 2, address: '10.0.0.11' });
    });

    it('fails the rig where no other is free, and the address stays set aside', async () => {
      const desk = await withRig();
      for (let time = 0; time < 3; time += 1) await refused(desk);
      const { state } = await desk.rigOf('rig1');
      const reason = { kind: 'address-in-use', address: '10.0.0.12', others: 'none-free' };
      expect(state).toMatchObject({ kind: 'failed', reason });
      expect(await setAside(desk)).toEqual(['10.0.0.10', '10.0.0.11', '10.0.0.12']);
      expect(await desk.registry.rigs.living()).toEqual([]);
      expect(await desk.registry.hosts.list()).toMatchObject([{ freeSlots: 100, freeAddresses: 0 }]);
    });
  });

  it('of another generation changes nothing', async () => {
    const desk = await withRig();
    await recordReport(desk.ports, desk.report({ kind: 'ready', image }, { generation: 2 }), aPatience);
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'placed' } });
  });

  it('about a rig that nobody knows is logged and forgotten', async () => {
    const desk = await withRig();
    await recordReport(desk.ports, aReport({ kind: 'ready' }, { rig: 'stranger' }), aPatience);
    expect(desk.log.lines.join('\n')).toContain('does not know');
  });

  it('while Redis is away is thrown back, so that the queue keeps it', async () => {
    const desk = await withRig();
    desk.before('get', queueDown);
    await expect(recordReport(desk.ports, desk.report({ kind: 'ready', image }), aPatience)).rejects.toThrow(
      QueueDown,
    );
  });

  it('of many at once is recorded once each, in whatever order', async () => {
    const desk = await withRig();
    const saws = [
      { kind: 'pulling', percent: 1 },
      { kind: 'starting', image },
      { kind: 'ready', image },
    ] as const;
    await Promise.all([...saws, ...saws].map((saw) => recordReport(desk.ports, desk.report(saw), aPatience)));
    expect(await desk.rigOf('rig1')).toMatchObject({ state: { kind: 'running' }, image });
    expect((await desk.news('rig1')).filter((kind) => kind === 'ready')).toHaveLength(1);
  });
});
