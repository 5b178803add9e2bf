// Plays one step of a story: what happens, and then as many turns as the step says.

import { WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { EngineDown, QueueDown } from '../../src/ports/faults.ts';
import { assertNever } from '../../src/rig/assert-never.ts';
import { minute, second } from '../../src/rig/duration.ts';
import { quietStatistics } from '../support/fake-docker-world.ts';
import { crash, endWorker, freeze, startSomebody, wakeUp } from './lives.ts';
import { passTime, passWatched } from './pass-time.ts';
import { again, deliver, fill, newDelivery, press, type } from './people-act.ts';
import { createRandom, type Random } from './random.ts';
import { people, repository } from './setting.ts';
import type { Act, Step } from './steps.ts';
import { livingRigs, type Story } from './story.ts';
import type { StoryBot } from './story-bot.ts';
import type { StoryWorker } from './story-host.ts';
import type { Domain, Process, Trouble } from './turns.ts';

export const playStep = async (story: Story, { act, turns, seed }: Step): Promise<void> => {
  const random = createRandom(seed);
  story.lines.push(`— ${describe(act)}`);
  await happen(story, act, random);
  await story.turns.go(turns, random);
};

export const describe = (act: Act): string => {
  const { kind, ...rest } = act;
  const words = Object.values(rest).map((value) =>
    typeof value === 'number' ? `${value / minute} min` : value,
  );
  return [kind, ...words].join(' ');
};

const happen = async (story: Story, act: Act, random: Random): Promise<void> => {
  switch (act.kind) {
    case 'type':
      return type(story, act.text, random);
    case 'press':
      return press(story, act.newest, random);
    case 'again':
      return again(story, random);
    case 'pass':
      return act.watched ? passWatched(story, act.length, random) : passTime(story, act.length);
    case 'sweep':
      return sweep(story, act, random);
    case 'watch': {
      const worker = random.pick([...story.workers.values()]);
      if (worker) story.turns.start(worker.process, act.what, worker[act.what]);
      return;
    }
    case 'use':
    case 'container':
      return onContainer(story, act, random);
    case 'trouble':
      return onHost(story, act.what, random);
    case 'lose':
    case 'slack says':
      return arm(story, act, random);
    case 'double report': {
      const item = random.pick(story.queue.waitingReports());
      if (item) story.queue.double(item.what);
      return;
    }
    case 'crash':
      return crash(story, act.what, random);
    case 'freeze': {
      const one = random.pick<StoryBot | StoryWorker>([...story.bots.values(), ...story.workers.values()]);
      if (one) freeze(story, one);
      return;
    }
    case 'late start':
      return lateStart(story, random);
    case 'wake up':
      return wakeUp(story, random);
    case 'end': {
      const worker = random.pick([...story.workers.values()]);
      if (worker) endWorker(story, worker);
      return;
    }
    case 'start':
      return startSomebody(story, random);
    case 'reports':
      story.reports.areHeldUp = act.areHeldUp;
      return;
    case 'race':
      return race(story, act.text, random);
    case 'nothing':
      return;
    default:
      return assertNever(act);
  }
};

// ── bots and hosts ──────────────────────────────────────────────────────────────────────────────────────────────────

const sweep = (story: Story, { pass, both }: Act & { kind: 'sweep' }, random: Random): void => {
  const all = [...story.bots.values()];
  for (const bot of both ? all : [random.pick(all)])
    if (bot) story.turns.start(bot.process, pass, bot.passes[pass]);
};

/** Two bots look at a lease in the moment in which it ends, or its reminder is due, and somebody asks for something. */
const race = async (story: Story, text: string, random: Random): Promise<void> => {
  const open = livingRigs(story).filter(
    ({ lease, state }) => lease.end !== undefined && state.kind === 'running',
  );
  const rig = random.pick(open);
  if (!rig) return;
  const end = rig.lease.end ?? 0;
  const moment = rig.lease.idleStop !== undefined && random.chance(0.5) ? rig.lease.idleStop : end;
  await passWatched(story, Math.max(0, moment - story.clock.now - second), random);
  await passTime(story, second);
  const bots = [...story.bots.values()];
  for (const bot of bots) story.turns.start(bot.process, 'leases', bot.passes.leases);
  const bot = random.pick(bots);
  const by = people.find(({ id }) => id === rig.owner.id);
  if (!bot || !by) return;
  const typed = fill(story, text.replaceAll('{rig}', rig.name), random);
  deliver(story, bot, { ...newDelivery(story, random, 'typed'), by, kind: 'typed', text: typed });
};

/** Everything is given to somebody else while it sleeps; it may wake up in a later step. */
const lateStart = async (story: Story, random: Random): Promise<void> => {
  type(story, 'up {name}', random);
  const call = random.chance(0.5) ? 'docker create' : 'docker start';
  for (let turn = 0; turn < 60 && story.turns.waitsFor(call) === undefined; turn += 1)
    await story.turns.go(1, random);
  const process = story.turns.waitsFor(call);
  const worker = [...story.workers.values()].find((one) => one.process === process);
  const [rig] = process ? story.queue.launching(process) : [];
  const name = story.ledger.page(rig ?? '')?.rig.name;
  if (!worker || name === undefined) return;
  freeze(story, worker);
  type(story, `down ${name}`, random);
  await passWatched(story, minute, random);
  story.startWorker(story.hosts.indexOf(worker.host));
  await passWatched(story, minute, random);
};

const onContainer = (story: Story, act: Act & { kind: 'use' | 'container' }, random: Random): void => {
  const host = random.pick(story.hosts);
  const running =
    host?.containers().filter(({ spec, state }) => spec !== undefined && state === 'running') ?? [];
  const container = random.pick(running);
  if (!host || !container) return;
  const { id } = container;
  const { docker, boots, byHand } = host;
  if (act.kind === 'use') {
    const shown = { streams: new Map([['streams_webrtc_in', 2]]), idle: quietStatistics, unknown: undefined };
    docker.showStatistics(id, shown[act.use]);
    return;
  }
  const boot = boots.get(id);
  if (act.fate === 'never up') {
    if (boot) boot.isStuck = true;
    return;
  }
  boots.delete(id);
  if (act.fate === 'removed by hand') void byHand.remove(id, 0);
  else docker.end(id, act.fate === 'dies' ? 1 : 137, act.fate === 'out of memory');
};

const onHost = (story: Story, what: (Act & { kind: 'trouble' })['what'], random: Random): void => {
  const host = random.pick(story.hosts);
  if (!host) return;
  if (what === 'address in use') host.trouble.addressInUse = true;
  else if (what === 'no space')
    host.docker.refuseNext(random.chance(0.5) ? 'create' : 'start', 'no space left on device');
  else if (what === 'image gone') host.docker.withdraw(`${repository}:latest`);
  else host.docker.publish(`${repository}:latest`, { listens: [] });
};

const processesOf = ({ bots, workers }: Story): readonly Process[] =>
  [...bots.values(), ...workers.values()].map(({ process }) => process);

const errors: Readonly<Record<Exclude<Domain, 'answers'>, () => Error>> = {
  redis: () => new QueueDown('Redis does not answer: Command timed out'),
  queue: () => new QueueDown('the queue does not answer: Connection is closed.'),
  docker: () => new EngineDown('Docker does not answer (ECONNREFUSED)'),
  slack: () => new WebAPIRequestError(new Error('socket hang up')),
};
const later = (): Error => new WebAPIRateLimitedError(5);
const never = (): Error => new WebAPIPlatformError({ ok: false, error: 'is_archived' });

const arm = (story: Story, act: Act & { kind: 'lose' | 'slack says' }, random: Random): void => {
  const bots = [...story.bots.values()].map(({ process }) => process);
  const of = act.kind === 'lose' ? act.of : 'slack';
  const process = random.pick(of === 'slack' ? bots : processesOf(story));
  if (!process) return;
  const trouble: Trouble =
    act.kind === 'lose'
      ? { domain: of, made: act.made, error: errors[of] }
      : { domain: of, made: false, error: act.what === 'later' ? later : never };
  process.trouble = trouble;
};
