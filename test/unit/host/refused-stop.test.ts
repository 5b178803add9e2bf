// A stop for a lease that had been extended by then, as a host's note knows and a registry that was restored does not.

import { describe, expect, it } from 'vitest';
import { jobId, stopJob } from '../../../src/rig/job.ts';
import type { Rig, StopReason } from '../../../src/rig/rig.ts';
import { openHost } from '../../support/a-host.ts';

const withExtended = async () => {
  const host = await openHost();
  const rig = await host.claim();
  await host.launch(rig);
  const file = host.files.get(rig.id);
  if (!file) throw new Error('no note');
  host.files.set(rig.id, { ...file, lease: { ...file.lease, rev: rig.lease.rev + 1 } });
  host.reports.all.length = 0;
  const stopping = (reason: StopReason): Rig => ({
    ...rig,
    state: { kind: 'stopping', since: host.clock.now, reason },
  });
  return { host, rig, file, stopping };
};

describe('a stop for a lease', () => {
  it.each(['expired', 'idle'] as const)(
    'that was extended since is refused, and the rig runs on (%s)',
    async (kind) => {
      const { host, rig, stopping } = await withExtended();
      await host.run(stopJob(stopping({ kind })));
      expect(host.reports.all).toMatchObject([
        { generation: 1, saw: { kind: 'refused', rev: rig.lease.rev + 1 } },
      ]);
      expect(host.docker.containers()).toMatchObject([{ state: 'running' }]);
      expect(host.files.has(rig.id)).toBe(true);
    },
  );

  it('that is the one on the note is done', async () => {
    const { host, rig, file, stopping } = await withExtended();
    host.files.set(rig.id, file);
    await host.run(stopJob(stopping({ kind: 'expired' })));
    expect(host.reports.kinds()).toEqual(['gone']);
  });

  it('of a generation that is over by its own note is done', async () => {
    const { host, rig, file, stopping } = await withExtended();
    const lease = { ...file.lease, rev: 9 };
    host.files.set(rig.id, { ...file, lease, ended: { reason: { kind: 'removed' }, at: 1 } });
    await host.run(stopJob(stopping({ kind: 'expired' })));
    expect(host.reports.kinds()).toEqual(['gone']);
  });

  it('has a job of its own for each lease: one that was refused keeps no later one away', async () => {
    const { rig, stopping } = await withExtended();
    const first = stopping({ kind: 'expired' });
    const later = { ...first, lease: { ...rig.lease, rev: rig.lease.rev + 2 } };
    expect(jobId(stopJob(first))).not.toBe(jobId(stopJob(later)));
  });
});

describe('a stop that somebody wants', () => {
  it.each<StopReason>([
    { kind: 'asked', by: { id: 'U1', name: 'anna' } },
    { kind: 'drained', by: { id: 'U1', name: 'anna' } },
    { kind: 'not-restarted' },
  ])('is done, whatever the note knows: $kind', async (reason) => {
    const { host, stopping } = await withExtended();
    await host.run(stopJob(stopping(reason)));
    expect(host.reports.kinds()).toEqual(['gone']);
    expect(host.docker.containers()).toEqual([]);
  });

  it('is done where a bot of an earlier version does not say why', async () => {
    const { host, stopping } = await withExtended();
    const { rev: _, ...old } = stopJob(stopping({ kind: 'expired' }));
    await host.run(old);
    expect(host.reports.kinds()).toEqual(['gone']);
  });
});
