// The notes on a host's disk follow the registry, and never go back to an earlier lease.

import { beforeEach, describe, expect, it } from 'vitest';
import { createRigMirror } from '../../../src/host/mirror-rigs.ts';
import type { RigFile } from '../../../src/ports/rig-files.ts';
import type { RigRecord } from '../../../src/rig/record.ts';
import { rememberingLog } from '../../support/a-worker.ts';

const record = (change: Partial<RigRecord> = {}, rev = 1): RigRecord => ({
  rig: 'a',
  generation: 1,
  version: 1,
  lease: { end: 5_000, cap: 9_000, rev },
  text: `rev ${rev}`,
  ...change,
});

describe('the mirror', () => {
  let files: Map<string, RigFile>;
  let registry: { changes: number; records: RigRecord[]; reads: number };
  const log = rememberingLog();
  let isFull = false;

  const open = (isSettled?: () => boolean) =>
    createRigMirror(
      {
        records: {
          changes: async () => registry.changes,
          ofHost: async () => {
            registry.reads += 1;
            return registry.records;
          },
        },
        rigFiles: {
          read: async (rig) => files.get(rig),
          all: async () => [...files.values()],
          remove: async (rig) => void files.delete(rig),
          write: async (file, may) => {
            if (may && !may(files.get(file.rig))) return;
            if (isFull) throw new Error('ENOSPC: no space left on device');
            files.set(file.rig, file);
          },
        },
        log,
      },
      'h1',
      isSettled,
    );

  beforeEach(() => {
    files = new Map();
    registry = { changes: 1, records: [], reads: 0 };
    isFull = false;
  });

  it('writes a later lease, and reads nothing while nothing changes', async () => {
    const mirror = open();
    files.set('a', record());
    registry.records = [record({ version: 2 }, 2)];
    await mirror.pass();
    expect(files.get('a')?.lease.rev).toBe(2);
    await mirror.pass();
    expect(registry.reads).toBe(1);
    registry = { ...registry, changes: 2, records: [record({ version: 3 }, 3)] };
    await mirror.pass();
    expect(files.get('a')?.lease.rev).toBe(3);
  });

  it.each<[string, RigFile]>([
    ['a later lease', record({ version: 2 }, 7)],
    ['a later container', record({ generation: 2 }, 1)],
    ['a later change', record({ version: 9, text: 'later' })],
    ['the end of its container', { ...record(), ended: { at: 1, reason: { kind: 'removed' } } }],
  ])('leaves a note that knows of %s', async (_, file) => {
    files.set('a', file);
    registry.records = [record({ version: 5 }, 1)];
    await open().pass();
    expect(files.get('a')).toBe(file);
  });

  it('leaves what is noted to a registry that has taken it in, and catches up then', async () => {
    let isSettled = false;
    const mirror = open(() => isSettled);
    files.set('a', record());
    registry.records = [record({ version: 2 }, 2), record({ rig: 'b' })];
    await mirror.pass();
    await mirror.all(new Set(['a', 'b']));
    // One that has lost its note gets one: nothing is lost by that.
    expect([...files].map(([rig, { lease }]) => [rig, lease.rev])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    isSettled = true;
    await mirror.pass();
    expect(files.get('a')?.lease.rev).toBe(2);
  });

  it('leaves the note of a new container to its launch', async () => {
    files.set('a', record());
    registry.records = [record({ generation: 2, version: 2 })];
    await open().pass();
    expect(files.get('a')?.generation).toBe(1);
  });

  it('writes none for a rig that was never begun here, and a new one for one that has lost it', async () => {
    const mirror = open();
    registry.records = [record(), record({ rig: 'b' })];
    await mirror.pass();
    expect(files.size).toBe(0);
    await mirror.all(new Set(['b']));
    expect([...files.keys()]).toEqual(['b']);
  });

  it('says once that the disk is full, and catches up', async () => {
    const mirror = open();
    files.set('a', record());
    registry.records = [record({ version: 2 }, 2)];
    isFull = true;
    const before = log.lines.length;
    await mirror.pass();
    await mirror.pass();
    expect(log.lines.slice(before)).toHaveLength(1);
    isFull = false;
    await mirror.pass();
    expect(files.get('a')?.lease.rev).toBe(2);
  });
});
