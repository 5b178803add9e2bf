// The engine hangs, and what somebody or something does to containers by hand.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RigContainer } from '../../../src/ports/engine.ts';
import { type Fault, openGround } from '../../support/fault.ts';
import { insideStandIn } from '../../support/inside-stand-in.ts';
import { paced } from '../../support/pace.ts';
import { mustRun } from '../../support/run.ts';

const { fault } = openGround({ hosts: ['h1'], crew: { bots: 1, workers: ['h1'] } });

const docker = ({ fleet }: Fault, ...words: readonly string[]): Promise<string> =>
  mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);

/** A rig that is ready, seen running by its worker. */
const readyRig = async ({ fleet }: Fault, name: string): Promise<RigContainer> => {
  await fleet.type(`up ${name} for 1h`);
  await fleet.cardSays(name, / is ready/);
  await delay(2 * paced(5));
  const [container] = await fleet.containers('h1');
  if (!container) throw new Error('there is no container');
  return container;
};

const restartIt = async (it: Fault, name: string, before: RigContainer): Promise<void> => {
  const { fleet } = it;
  await fleet.type(`restart ${name}`);
  await it.reads(new RegExp(`${name}\\* is ready again`));
  expect(await fleet.containers('h1')).toMatchObject([
    { rig: before.rig, address: before.address, generation: before.generation + 1, state: 'running' },
  ]);
};

fault('F09', 'the Docker engine hung (SIGSTOP) for two minutes', async (it) => {
  const { fleet } = it;
  const before = await readyRig(it, 'steady');
  await fleet.type('up leaving for 1h');
  await fleet.cardSays('leaving', / is ready/);
  const { pid } = fleet.host('h1').engine;
  process.kill(pid, 'SIGSTOP');
  try {
    it.strikes();
    await fleet.type('up coming for 1h');
    await fleet.type('down leaving');
    await it.reads(/`leaving` is being stopped/);
    await delay(paced(120));
    expect(fleet.card('steady')?.text).toMatch(/ is ready/);
    expect(fleet.card('coming')?.text).toMatch(/ · (waiting|starting)/);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await fleet.cardSays('coming', / is ready/);
  await fleet.cardSays('leaving', / · ended/);
  it.recovered();
  expect((await fleet.containers('h1')).map(({ container }) => container)).toContain(before.container);
  expect(fleet.replies('steady').filter((text) => /failed|removed|ended/.test(text))).toEqual([]);
});

fault('F10', 'a container killed', async (it) => {
  const before = await readyRig(it, 'shot');
  it.strikes();
  await docker(it, 'kill', before.container);
  await it.fleet.cardSays('shot', / · failed/);
  await it.reads(/ended by itself \(exit code 137\)/);
  await restartIt(it, 'shot', before);
});

fault('F10', 'a container out of memory', async (it) => {
  const before = await readyRig(it, 'hungry');
  it.strikes();
  // It dies of the question.
  await insideStandIn(it.fleet.host('h1').engine.dockerHost)
    .pretend(before.container, 'memory=all')
    .catch(() => undefined);
  await it.fleet.cardSays('hungry', / · failed/);
  await it.reads(/memory/);
  await restartIt(it, 'hungry', before);
});

fault('F10', 'a container paused: it is neither lost nor dead, and goes on', async (it) => {
  const before = await readyRig(it, 'frozen');
  it.strikes();
  await docker(it, 'pause', before.container);
  await delay(paced(60));
  expect(it.fleet.card('frozen')?.text).toMatch(/ is ready/);
  expect(it.said().filter((text) => /failed|ended/.test(text))).toEqual([]);
  await docker(it, 'unpause', before.container);
  it.recovered();
  expect(await it.fleet.containers('h1')).toMatchObject([{ container: before.container, state: 'running' }]);
});

fault('F10', 'a container paused, and stopped while it is', async (it) => {
  const before = await readyRig(it, 'numb');
  it.strikes();
  await docker(it, 'pause', before.container);
  await it.fleet.type('down numb');
  await it.fleet.cardSays('numb', / · ended/);
});

fault('F10', 'a container removed by hand', async (it) => {
  const before = await readyRig(it, 'taken');
  it.strikes();
  await docker(it, 'rm', '--force', before.container);
  await it.fleet.cardSays('taken', / · failed/);
  await it.reads(/removed on the host, and not by me/);
  await restartIt(it, 'taken', before);
});

fault('F10', 'a container renamed by hand: it is found by its labels', async (it) => {
  const before = await readyRig(it, 'alias');
  it.strikes();
  await docker(it, 'rename', before.container, 'somebody-elses');
  await delay(paced(20));
  expect(it.fleet.card('alias')?.text).toMatch(/ is ready/);
  await restartIt(it, 'alias', before);
  const [after] = await it.fleet.containers('h1');
  await docker(it, 'rename', after?.container ?? '', 'somebody-elses');
  await it.fleet.type('down alias');
  await it.fleet.cardSays('alias', / · ended/);
});
