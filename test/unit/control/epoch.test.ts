// What a bot does, and leaves, while the registry is not the one that was there.

import { describe, expect, it } from 'vitest';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { lookEpoch } from '../../../src/control/look-epoch.ts';
import { resumeJobs } from '../../../src/control/resume-jobs.ts';
import { stampJobs } from '../../../src/control/stamp-jobs.ts';
import { sweepLeases } from '../../../src/control/sweep-leases.ts';
import { day, minute } from '../../../src/rig/duration.ts';
import { stopJob } from '../../../src/rig/job.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { aRig, noon } from '../../support/a-rig.ts';
import { aLeasePolicy } from '../../support/policies.ts';
import { endAdoption } from '../../support/registries.ts';

const inAdoption = async () => {
  const desk = await openDesk();
  await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
  desk.sent.splice(0);
  const { epochs } = desk.registry;
  await epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name: 'h1', lan: 'office' } });
  return { desk, epochs };
};

describe('while a LAN is in adoption', () => {
  it('nothing is sent again there: it may have been stopped since, and another may have its address', async () => {
    const { desk, epochs } = await inAdoption();
    desk.clock.now = noon + minute;
    await resumeJobs(desk.ports, aPolicy().deadline);
    expect(desk.sent).toEqual([]);
    await endAdoption(epochs, 'office', ['h1']);
    await resumeJobs(desk.ports, aPolicy().deadline);
    expect(desk.sent.map(({ job }) => job.kind)).toEqual(['launch']);
  });

  it('no lease ends there: it may be longer than this registry knows', async () => {
    const { desk, epochs } = await inAdoption();
    await desk.put('rig1', { kind: 'running', since: noon });
    const { watch, uses } = desk.registry;
    const sweep = () => sweepLeases({ ...desk.ports, watch, uses }, aLeasePolicy());
    desk.clock.now = noon + 2 * day;
    await sweep();
    expect((await desk.rigOf('rig1')).state.kind).toBe('running');
    await endAdoption(epochs, 'office', ['h1']);
    await sweep();
    expect((await desk.rigOf('rig1')).state.kind).toBe('stopping');
  });
});

describe('a job', () => {
  it('says which registry decided it, where it is sent and where it is taken back', async () => {
    const desk = await openDesk();
    const said: (string | undefined)[] = [];
    const jobs = stampJobs(
      {
        ...desk.ports.jobs,
        send: async (_, { epoch }) => void said.push(epoch),
        withdraw: async (_, { epoch }) => {
          said.push(epoch);
          return true;
        },
      },
      () => 'e1',
    );
    await jobs.send('h1', stopJob(aRig()));
    await jobs.withdraw('h1', stopJob(aRig()));
    expect(said).toEqual(['e1', 'e1']);
  });
});

describe('each look of a bot', () => {
  it('counts as a change, so that a copy of a quiet registry is known as one, too', async () => {
    const { registry, log } = await openDesk();
    await lookEpoch({ epochs: registry.epochs, log });
    const first = registry.epochs.known()?.seq ?? 0;
    await lookEpoch({ epochs: registry.epochs, log });
    expect(registry.epochs.known()?.seq).toBe(first + 1);
    expect(log.lines).toEqual([]);
  });

  it('says that it is another registry', async () => {
    const { registry, log } = await openDesk();
    await lookEpoch({ epochs: registry.epochs, log });
    const known = registry.epochs.known();
    if (!known) throw new Error('no epoch');
    const epochs = { ...registry.epochs, known: () => ({ ...known, seq: known.seq + 9 }) };
    await lookEpoch({ epochs, log });
    expect(log.lines.join()).toContain('this is not the registry that was there before');
  });
});
