// A host remembers which registry it saw last, over its own restarts, until the present one has taken in what it has.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEpochFile } from '../../../src/host/epoch-file.ts';
import { keepEpoch, lookFirst } from '../../../src/host/keep-epoch.ts';
import type { SeenEpoch } from '../../../src/rig/epoch.ts';
import { deriveSecrets } from '../../../src/secrets.ts';
import { fleetSecret, rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aRegistration } from '../../support/registries.ts';

const h1 = { name: 'h1', lan: 'office' };

const open = async (seen?: SeenEpoch, hasRigs = false, registry = createMemoryRegistry()) => {
  const note: { seen: SeenEpoch | undefined } = { seen };
  const file = {
    read: async () => note.seen,
    write: async (next: SeenEpoch) => {
      note.seen = next;
    },
  };
  const keeper = await keepEpoch({ epochs: registry.epochs, file, log: rememberingLog() }, h1, hasRigs);
  return { registry, note, keeper };
};

describe('a host', () => {
  it('that is new marks nothing, and remembers what it saw', async () => {
    const { registry, note, keeper } = await open();
    await keeper.look();
    await keeper.save();
    expect((await registry.epochs.adopting()).size).toBe(0);
    expect(note.seen?.id).toBe(await registry.epochs.current());
  });

  it('that saw another registry goes on remembering it until it was taken in', async () => {
    const before = { id: 'before', seq: 7, at: 1 };
    const { registry, note, keeper } = await open(before);
    await keeper.look();
    await keeper.save();
    expect(note.seen).toEqual(before);
    expect([...(await registry.epochs.adopting()).keys()]).toEqual(['office']);
    await registry.epochs.markAdopted('h1', keeper.id() ?? '');
    await registry.epochs.finish('office', keeper.id() ?? '');
    await keeper.look();
    await keeper.save();
    expect(note.seen?.id).toBe(keeper.id());
    expect((await registry.epochs.adopting()).size).toBe(0);
  });

  it('that has rigs and remembers nothing is no new one', async () => {
    const { registry, keeper } = await open(undefined, true);
    await registry.epochs.look({ seen: undefined });
    await keeper.look();
    expect((await registry.epochs.adopting()).has('office')).toBe(true);
  });

  it('looks before anything of its range can be given out', async () => {
    const { registry, keeper } = await open({ id: 'before', seq: 7, at: 1 });
    const marked: boolean[] = [];
    const presence = lookFirst(
      {
        ...registry.presence,
        take: async (...words) => {
          marked.push((await registry.epochs.adopting()).has('office'));
          return registry.presence.take(...words);
        },
      },
      keeper,
    );
    await presence.take(aRegistration(), 's1');
    expect(marked).toEqual([true]);
    // Should it have come out of adoption in between: the registration itself marks it.
    await registry.epochs.markAdopted('h1', keeper.id() ?? '');
    await registry.epochs.finish('office', keeper.id() ?? '');
    expect(keeper.isSettled()).toBe(false);
    await keeper.look();
    expect(keeper.isSettled()).toBe(true);
  });
});

describe('its note', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wcs-rigs-epoch-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const openFile = (secret = fleetSecret) => {
    const log = rememberingLog();
    return { log, file: openEpochFile(folder, deriveSecrets(secret, 'wcs'), log) };
  };
  const seen = { id: 'abcd', seq: 7, at: 1_000 };

  it('is read as it was written', async () => {
    const { file } = openFile();
    expect(await file.read()).toBeUndefined();
    await file.write(seen);
    expect(await file.read()).toEqual(seen);
  });

  it('is none where somebody has changed it, or it is broken, with a line in the log', async () => {
    await openFile().file.write(seen);
    const path = join(folder, 'registry.epoch');
    const text = await readFile(path, 'utf8');
    for (const wrong of [text.replace('abcd', 'abce'), '{', '']) {
      await writeFile(path, wrong);
      const { file, log } = openFile();
      expect(await file.read()).toBeUndefined();
      expect(log.lines).toHaveLength(1);
    }
  });
});
