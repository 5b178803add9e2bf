// Nonsense where data should be: it is put aside with a line in the log, and all else goes on.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { fleetImage } from '../../support/fleet.ts';
import { mustRun } from '../../support/run.ts';

const { fault } = openGround({ hosts: ['h1'], crew: { bots: 1, workers: ['h1'] } });

const add = async ({ fleet }: Fault, queue: string, data: unknown): Promise<void> => {
  const connection = new Redis(fleet.redis.url, { maxRetriesPerRequest: null });
  const opened = new Queue(queue, { connection, prefix: `{${fleet.installation}}:queue` });
  await opened.add('odd', data);
  await opened.close();
  connection.disconnect();
};

const goesOn = async ({ fleet }: Fault, name: string): Promise<void> => {
  await fleet.type(`up ${name} for 1h`);
  await fleet.cardSays(name, / is ready/);
  await fleet.slack.until(
    () => fleet.replies(name).some((text) => / is ready/.test(text)),
    10_000,
    'its reply',
  );
};

const nonsense = [
  {},
  'text',
  { v: 1, kind: 'launch' },
  { v: 99, kind: 'stop', rig: 'x', generation: 1, attempt: 1 },
  { v: 1, kind: 'stop', rig: '../../etc', generation: -1, attempt: 1 },
];

fault('F24', 'malformed jobs', async (it) => {
  it.strikes();
  for (const data of nonsense) await add(it, 'host-h1', data);
  await it.crew.worker('h1').process().says('a malformed job was put aside');
  await goesOn(it, 'sound');
});

fault('F24', 'malformed reports and wakes', async (it) => {
  it.strikes();
  for (const data of nonsense) {
    await add(it, 'reports', data);
    await add(it, 'outbox', data);
  }
  await it.crew.bot().process().says('a malformed job was put aside');
  await goesOn(it, 'heard');
});

fault('F24', 'a rig file that is not whole, and one that was written by somebody else', async (it) => {
  const { fleet } = it;
  await goesOn(it, 'noted');
  await goesOn(it, 'forged');
  const { rigs } = await it.look();
  const path = (name: string) =>
    join(fleet.host('h1').stateDir, fleet.installation, `${rigs.find((rig) => rig.name === name)?.id}.json`);
  const worker = it.crew.worker('h1');
  await worker.kill();
  it.strikes();
  await writeFile(path('noted'), (await readFile(path('noted'), 'utf8')).slice(0, 50));
  const forged = (await readFile(path('forged'), 'utf8')).replaceAll('anna', 'eve1');
  await writeFile(path('forged'), forged);
  await worker.replace();
  await goesOn(it, 'third');
  for (const name of ['noted', 'forged']) {
    expect(fleet.card(name)?.text).toMatch(/ is ready/);
    await fleet.type(`down ${name}`);
    await fleet.cardSays(name, / · ended/);
  }
  it.recovered();
  expect(worker.process().output()).toMatch(/a rig file that is not ours or not whole/);
});

fault('F24', 'labels that are ours in name only', async (it) => {
  const { fleet } = it;
  const docker = (...words: readonly string[]) =>
    mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);
  it.strikes();
  const label = ['--label', `wcs-rigs.installation=${fleet.installation}`, '--label', 'wcs-rigs.rig=nobody'];
  const odd = ['--label', 'wcs-rigs.generation=many', '--label', 'wcs-rigs.address=here'];
  const id = (
    await docker('run', '--detach', '--network', 'none', ...label, ...odd, `${fleetImage}:latest`)
  ).trim();
  await it.crew.worker('h1').process().says('a container has our label and not our facts: left alone');
  await goesOn(it, 'labelled');
  it.recovered();
  // Whoever made it has to remove it.
  expect(await docker('ps', '--quiet', '--no-trunc')).toContain(id);
  await docker('rm', '--force', id);
});
