// Containers that nobody knows, that are somebody else's, or that only say that they are ours.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { fleetImage } from '../../support/fleet.ts';
import { paced } from '../../support/pace.ts';
import { mustRun } from '../../support/run.ts';

const { fault } = openGround({
  hosts: ['h1', 'h2'],
  environment: { WCS_ADMIN_CHANNEL: 'C0LAB00001' },
  crew: { bots: 1, workers: ['h1', 'h2'] },
});

const docker = ({ fleet }: Fault, ...words: readonly string[]): Promise<string> =>
  mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);

const birth = {
  generation: '1',
  name: 'odd',
  owner: 'U0ANNA0001',
  'owner-name': 'anna',
  address: '10.77.0.200',
};

/** On h1, by hand; gives its id. */
const make = async (it: Fault, labels: Readonly<Record<string, string>>): Promise<string> => {
  const lan = '10.77.0.0/24@10.77.0.1';
  const all = {
    ...birth,
    lan,
    created: new Date().toISOString(),
    cap: 'none',
    'key-id': 'unknown',
    ...labels,
  };
  const words = Object.entries(all).flatMap(([key, value]) => ['--label', `wcs-rigs.${key}=${value}`]);
  return (await docker(it, 'run', '--detach', '--network', 'none', ...words, `${fleetImage}:latest`)).trim();
};

const isThere = async (it: Fault, id: string): Promise<boolean> =>
  (await docker(it, 'ps', '--all', '--quiet', '--no-trunc')).includes(id);

/** Not before it was seen twice, and its grace is over. */
const goesAfterItsGrace = async (it: Fault, id: string): Promise<void> => {
  await delay(paced(60));
  expect(await isThere(it, id)).toBe(true);
  const begun = performance.now();
  while (await isThere(it, id)) {
    expect(performance.now() - begun, 'since it was to go').toBeLessThan(paced(240) + 10_000);
    await delay(200);
  }
};

fault('F21', 'a container with our labels that nobody knows', async (it) => {
  it.strikes();
  const id = await make(it, { installation: it.fleet.installation, rig: 'nobody' });
  await goesAfterItsGrace(it, id);
  it.recovered();
  // The operators hear of it, since nobody else can have made it.
  await it.reads(/`h1`/);
});

fault('F21', 'a container of another installation', async (it) => {
  it.strikes();
  const id = await make(it, { installation: 'another', rig: 'theirs' });
  await delay(paced(200));
  expect(await isThere(it, id)).toBe(true);
  it.recovered();
  await docker(it, 'rm', '--force', id);
});

fault('F21', "a container with another rig's labels, on another host", async (it) => {
  const { fleet } = it;
  await fleet.type('up victim on h2 for 1h');
  await fleet.cardSays('victim', / is ready/);
  const [rig] = (await it.look()).rigs;
  it.strikes();
  const id = await make(it, { installation: fleet.installation, rig: rig?.id ?? '' });
  await goesAfterItsGrace(it, id);
  it.recovered();
  expect(fleet.card('victim')?.text).toMatch(/ is ready/);
  expect(await fleet.containers('h2')).toMatchObject([{ rig: rig?.id, state: 'running' }]);
});

fault('F21', 'a container nobody knows, with a note that somebody else signed', async (it) => {
  const { fleet } = it;
  it.strikes();
  const id = await make(it, { installation: fleet.installation, rig: 'forged' });
  const note = JSON.stringify({ rig: 'forged', generation: 1, version: 9, lease: { rev: 9 }, text: '{}' });
  const path = join(fleet.host('h1').stateDir, fleet.installation, 'forged.json');
  await writeFile(path, JSON.stringify({ v: 2, note, signature: 'f'.repeat(64) }));
  await goesAfterItsGrace(it, id);
  it.recovered();
  expect((await it.look()).rigs).toEqual([]);
  expect(it.crew.worker('h1').process().output()).toMatch(/a rig file that is not ours or not whole/);
});
