// Docker is restarted under running rigs: the same containers come back where fence and lease allow that.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect } from 'vitest';
import type { RigContainer } from '../../../src/ports/engine.ts';
import { echoFrom } from '../../support/colleague.ts';
import { type Fault, openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';
import { type EngineDaemon, takeDaemon } from '../../support/restart-engine.ts';

const taken: EngineDaemon[] = [];
// Of two such hooks the one that was named first comes last: by then the rest of the engine is gone.
afterAll(() => {
  for (const one of taken) one.stop();
});
const { fault } = openGround({
  hosts: ['h1'],
  environment: { WCS_REMIND: '2s', WCS_KEEP_BY: '1s' },
  crew: { bots: 1, workers: ['h1'], engineDirectly: true },
});

/** The daemon of h1: whoever ends it starts it anew. */
const daemonOf = async ({ fleet }: Fault): Promise<EngineDaemon> => {
  const [known] = taken;
  if (known) return known;
  const namespace = fleet.lan.host('h1').namespace.replace(/^.*\//, '');
  const daemon = await takeDaemon(fleet.host('h1').engine, namespace);
  taken.push(daemon);
  return daemon;
};

const running = async ({ fleet }: Fault): Promise<readonly RigContainer[]> =>
  (await fleet.containers('h1')).filter(({ state }) => state === 'running');
const idsOf = (containers: readonly RigContainer[]): readonly string[] =>
  containers.map(({ container }) => container).sort();

const names = ['one', 'two'] as const;
const twoRigs = async (it: Fault): Promise<readonly RigContainer[]> => {
  for (const name of names) await it.fleet.type(`up ${name} for 1h`);
  for (const name of names) await it.fleet.cardSays(name, / is ready/);
  // Seen running by their worker, which only then takes an end for one of the engine's.
  await delay(2 * paced(5));
  const before = await running(it);
  expect(before).toHaveLength(2);
  return before;
};

const resumed = ({ fleet }: Fault, name: string): number =>
  fleet.replies(name).filter((text) => /was restarted; .* is up again/.test(text)).length;
const areUpAgain = (it: Fault): Promise<unknown> =>
  it.fleet.slack.until(
    () => names.every((name) => resumed(it, name) === 1),
    60_000,
    'both threads say that they are up again',
  );

/** The same ones, reached from the LAN; and nobody hears anything else, or anything twice. */
const areTheSame = async (it: Fault, before: readonly RigContainer[]): Promise<void> => {
  expect(idsOf(await running(it))).toEqual(idsOf(before));
  for (const { address } of before) {
    expect(await echoFrom(it.fleet.lan, 'colleague', `wss://${address}:8443`, 'hello')).toContain('hello');
  }
  await delay(paced(40));
  expect(names.map((name) => resumed(it, name))).toEqual([1, 1]);
  for (const name of names) {
    expect(it.fleet.card(name)?.text).toMatch(/ is ready/);
    expect(it.fleet.replies(name).filter((text) => /failed/.test(text))).toEqual([]);
  }
};

fault('F08', 'Docker killed under running rigs and started again: the same containers', async (it) => {
  const daemon = await daemonOf(it);
  const before = await twoRigs(it);
  it.strikes();
  await daemon.end('SIGKILL');
  await delay(paced(15));
  await daemon.start();
  await areUpAgain(it);
  it.recovered();
  await areTheSame(it, before);
});

fault('F08', 'Docker stopped and started again, as an upgrade does: the same containers', async (it) => {
  const daemon = await daemonOf(it);
  const before = await twoRigs(it);
  it.strikes();
  await daemon.end('SIGTERM');
  await delay(paced(15));
  await daemon.start();
  await areUpAgain(it);
  it.recovered();
  await areTheSame(it, before);
});

fault('F08', 'Docker killed together with its worker: the next one brings them back', async (it) => {
  const daemon = await daemonOf(it);
  const before = await twoRigs(it);
  it.strikes();
  await it.crew.worker('h1').kill();
  await daemon.end('SIGKILL');
  await daemon.start();
  await it.crew.worker('h1').replace();
  await areUpAgain(it);
  it.recovered();
  await areTheSame(it, before);
});

fault('F08', 'Docker killed, and the lease over when it is back: it does not come back', async (it) => {
  const { fleet } = it;
  const daemon = await daemonOf(it);
  const before = await twoRigs(it);
  await fleet.type('up short for 10s');
  await fleet.cardSays('short', / is ready/);
  const end = await it.endOf('short');
  // Nobody decides about it until its host has.
  await it.crew.bot().kill();
  it.strikes();
  await daemon.end('SIGKILL');
  while (Date.now() < end + 1000) await delay(100);
  await daemon.start();
  await fleet.slack.until(
    async () => (await fleet.containers('h1')).length === 2,
    60_000,
    'that only two containers are there',
  );
  await it.crew.bot().replace();
  await fleet.cardSays('short', / · ended/);
  await it.reads(/\*short\*.*its time was up/);
  await areUpAgain(it);
  it.recovered();
  expect(resumed(it, 'short')).toBe(0);
  await areTheSame(it, before);
});
