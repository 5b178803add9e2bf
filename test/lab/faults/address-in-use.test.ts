// Docker says that the address is in use. The rig gets another one and starts there, operators are told once, and the address is
// set aside until an admin says that it is free.

import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { fleetImage } from '../../support/fleet.ts';
import { mustRun } from '../../support/run.ts';

/** The operators' own channel. */
const ops = '#lab';
const [first, second, third] = ['10.77.0.100', '10.77.0.101', '10.77.0.102'] as const;

const { fault } = openGround({
  hosts: ['h1'],
  addressesEach: 3,
  environment: { WCS_ADMINS: 'U0BEN00001', WCS_ADMIN_CHANNEL: 'C0LAB00001' },
  crew: { bots: 1, workers: ['h1'] },
});

const docker = ({ fleet }: Fault, ...words: readonly string[]): Promise<string> =>
  mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);

/** Something that is none of ours has the address, on the rigs' own network. */
const squat = (it: Fault, name: string, address: string): Promise<string> =>
  docker(
    it,
    ...['run', '--detach', '--name', name, '--network', `${it.fleet.installation}-rigs`, '--ip', address],
    ...[`${fleetImage}:latest`, '/bin/sleep', '1000'],
  );

const release = async (it: Fault, address: string): Promise<void> => {
  const { slack } = it.fleet;
  const answers = () => slack.ephemerals('ben', '#rigs').filter(({ text }) => /is back/.test(text)).length;
  const before = answers();
  await it.fleet.type(`addresses release ${address}`, 'ben');
  await slack.until(() => answers() > before, 10_000, `that ${address} is back`);
};

fault('F12', 'Docker says that the address is in use: the rig starts on the next one', async (it) => {
  const { fleet } = it;
  await squat(it, 'squatter', first);
  it.strikes();
  await fleet.type('up demo for 1h');
  expect(JSON.stringify(await fleet.cardSays('demo', / is ready/, 60_000))).toContain(second);
  it.recovered();
  expect(await fleet.containers('h1')).toMatchObject([{ address: second, generation: 2, state: 'running' }]);
  await it.reads(/Docker on .*h1.* says that .*10\.77\.0\.100.* is in use/);
  await fleet.type('down demo');
  await fleet.cardSays('demo', / · ended/);
  const told = fleet.slack.messages(ops).filter(({ text }) => /10\.77\.0\.100.* is in use/.test(text));
  expect(told).toHaveLength(1);
  // What was not ours is as it was.
  expect(await docker(it, 'ps', '--format', '{{.Names}}')).toBe('squatter\n');
  await docker(it, 'rm', '--force', 'squatter');
  await release(it, first);
  for (const name of ['one', 'two', 'three']) await fleet.type(`up ${name} for 1h`);
  for (const name of ['one', 'two', 'three']) await fleet.cardSays(name, / is ready/, 60_000);
  expect((await fleet.containers('h1')).map(({ address }) => address).toSorted()).toEqual([
    first,
    second,
    third,
  ]);
  expect(fleet.slack.violations).toEqual([]);
});

fault('F12', 'Docker says so of all of them: it fails with a sentence, and nothing is left', async (it) => {
  const { fleet } = it;
  for (const [index, address] of [first, second, third].entries()) await squat(it, `s${index}`, address);
  it.strikes();
  await fleet.type('up unlucky for 1h');
  await fleet.cardSays('unlucky', / · failed/, 60_000);
  await it.reads(/already has the address .* and its host has no other that is free/);
  it.recovered();
  expect(await fleet.containers('h1')).toEqual([]);
  for (const index of [0, 1, 2]) await docker(it, 'rm', '--force', `s${index}`);
  for (const address of [first, second, third]) await release(it, address);
  await it.up('after');
  expect(fleet.slack.violations).toEqual([]);
});
