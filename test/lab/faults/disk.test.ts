// No room is left: on the engine's disk, and in the worker's state directory. What people read names it.

import { mkdtempSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';
import { mustRun, run } from '../../support/run.ts';

const disk = mkdtempSync(join(tmpdir(), 'wcs-disk-'));

beforeAll(async () => {
  await mustRun(['mount', '-t', 'tmpfs', '-o', 'size=700m', 'tmpfs', disk]);
});
// Of two such hooks the one that was named first comes last: by then the engine is gone.
afterAll(async () => {
  await run(['umount', '--lazy', disk]);
  await rm(disk, { recursive: true, force: true });
});
const { fault } = openGround({
  hosts: ['h1'],
  engineDirectory: join(disk, 'engine'),
  crew: { bots: 1, workers: ['h1'] },
});

/** Writes until nothing more goes in; returns how to make room again. */
const fill = async (directory: string): Promise<() => Promise<void>> => {
  const path = join(directory, 'full');
  const file = await open(path, 'w');
  const zeros = { large: Buffer.alloc(1 << 20), small: Buffer.alloc(512) };
  for (const block of [zeros.large, zeros.small]) {
    while (
      await file.write(block).then(
        ({ bytesWritten }) => bytesWritten === block.length,
        () => false,
      )
    );
  }
  await file.close();
  return () => rm(path);
};

fault('F20', "the engine's disk full", async (it) => {
  const { fleet } = it;
  await fleet.type('up before for 1h');
  await fleet.cardSays('before', / is ready/);
  const makeRoom = await fill(disk);
  it.strikes();
  try {
    await fleet.type('up full for 1h');
    await fleet.cardSays('full', / · failed/);
    await it.reads(/\*full\*.*could not start it.*no space left on device/is);
    await delay(paced(20));
    expect(fleet.card('before')?.text).toMatch(/ is ready/);
  } finally {
    await makeRoom();
  }
  await fleet.type('up again for 1h');
  await fleet.cardSays('again', / is ready/);
});

fault('F20', 'the state directory of the worker full', async (it) => {
  const { fleet } = it;
  const worker = it.crew.worker('h1');
  const { stateDir } = fleet.host('h1');
  await worker.kill();
  await mustRun(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', stateDir]);
  try {
    await worker.replace();
    await fleet.type('up before for 1h');
    await fleet.cardSays('before', / is ready/);
    const makeRoom = await fill(stateDir);
    it.strikes();
    await fleet.type('up noteless for 1h');
    await fleet.cardSays('noteless', / · failed/);
    await it.reads(/\*noteless\*.*could not start it.*state directory.*no space left on device/is);
    await fleet.type('extend before 1h');
    await it.reads(/`before` ends .* now/);
    await delay(paced(20));
    expect(fleet.card('before')?.text).toMatch(/ is ready/);
    await makeRoom();
    await fleet.type('up noted for 1h');
    await fleet.cardSays('noted', / is ready/);
    it.recovered();
    for (const name of ['before', 'noted']) {
      await fleet.type(`down ${name}`);
      await fleet.cardSays(name, / · ended/);
    }
  } finally {
    await worker.kill();
    await run(['umount', '--lazy', stateDir]);
    await worker.replace();
  }
});
