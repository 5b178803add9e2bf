// One story: a registry, a queue and a Slack that outlive everybody, two bots and three hosts that come and go, and a clock
// that moves only when the story says so.

import type { Log } from '../../src/ports/log.ts';
import type { Connection } from '../../src/redis/connection.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { hour, type Instant } from '../../src/rig/duration.ts';
import type { Rig, RigId } from '../../src/rig/rig.ts';
import { deriveSecrets, type FleetSecrets } from '../../src/secrets.ts';
import { fleetSecret } from '../support/a-worker.ts';
import type { Delivery } from './deliveries.ts';
import { createLedger, type Ledger, type Page } from './ledger.ts';
import { installation } from './licences.ts';
import { movesOf } from './moves.ts';
import { createRandom, type Random } from './random.ts';
import type { RedisView } from './redis-view.ts';
import { type Rules, hosts as registrations } from './setting.ts';
import { createStoryBot, type StoryBot } from './story-bot.ts';
import { createStoryWorker, openStoryHost, type StoryHost, type StoryWorker } from './story-host.ts';
import { createStoryQueue, type StoryQueue } from './story-queue.ts';
import { createStorySlack, type StorySlack } from './story-slack.ts';
import { createTellingNotes, type TellingNotes } from './telling-notes.ts';
import { createTurns, newProcess, type Process, type Turns } from './turns.ts';
import { type Violate, Violation } from './violation.ts';

export type Ground = {
  readonly connection: Connection;
  readonly registry: Registry;
  readonly view: RedisView;
};

export type Story = {
  readonly ground: Ground;
  readonly clock: { now: Instant };
  readonly rules: Rules;
  readonly turns: Turns;
  readonly queue: StoryQueue;
  readonly slack: StorySlack;
  readonly ledger: Ledger;
  readonly notes: TellingNotes;
  readonly hosts: readonly StoryHost[];
  /** Those that are there; a place is empty while its process is not. */
  readonly bots: Map<number, StoryBot>;
  readonly workers: Map<number, StoryWorker>;
  /** Bots and workers whose machine is paused. */
  readonly frozen: (StoryBot | StoryWorker)[];
  /** Rigs that a worker was launching when it froze: it may still start one that ended since, and then takes it away. */
  readonly late: Map<RigId, Process>;
  readonly reports: { areHeldUp: boolean };
  /** Rigs whose worker ended while they were there: what befell them meanwhile nobody saw, until hosts are reconciled. */
  readonly unseen: Set<RigId>;
  readonly deliveries: Delivery[];
  readonly secrets: FleetSecrets;
  /** What came of each step and turn, the newest last. */
  readonly lines: string[];
  readonly violations: Violation[];
  readonly violate: Violate;
  /** Answers that are still owed to somebody, and by whom. */
  readonly owed: Map<Delivery, Process>;
  readonly startBot: (place: number) => void;
  readonly startWorker: (place: number) => void;
  readonly kill: (process: Process) => void;
};

const beginning: Instant = Date.UTC(2026, 10, 23, 7);
const mostLines = 4000;

export const openStory = (ground: Ground, seed: number): Story => {
  const random = createRandom(seed);
  const clock = { now: beginning };
  const now = (): Instant => clock.now;
  const lines: string[] = [];
  const trace = (line: string): void => {
    lines.push(line);
    if (lines.length > mostLines) lines.splice(0, mostLines / 2);
  };
  const violations: Violation[] = [];
  const violate = (rule: string, what: string): void => {
    violations.push(new Violation(rule, what));
    trace(`!! ${rule}: ${what}`);
  };
  const hosts = registrations.map(openStoryHost);
  const bots = new Map<number, StoryBot>();
  const workers = new Map<number, StoryWorker>();
  const hasContainer = (rig: RigId): boolean =>
    !isLate(story, rig) && hosts.some((host) => host.containers().some(({ spec }) => spec?.job.rig === rig));
  const ledger = createLedger(violate, hasContainer, now);
  const turns: Turns = createTurns({
    moves: (choice) => movesOf(story, choice),
    onFault: ({ name, hasSlept }, what, error) => {
      const said = String(error);
      // Somebody who slept lost the lease, or makes what others are removing: both are tried again.
      const isLateness = hasSlept && said.includes('the lease on the outbox');
      if (isLateness || (story.late.size > 0 && said.includes('still there after its removal'))) return;
      noteFault(violate, `${name}: ${what}`, error);
    },
    trace,
  });
  const queue = createStoryQueue(turns, now);
  const slack = createStorySlack(turns, (id) => violate('4: told twice without need', id));
  const story: Story = {
    ground,
    clock,
    rules: { idle: random.chance(0.5) ? 3 * hour : undefined },
    turns,
    queue,
    slack,
    ledger,
    notes: createTellingNotes(
      violate,
      (id, rig) => slack.refused.has(rig) || slack.posted.some((one) => one.id === id),
      now,
    ),
    hosts,
    bots,
    workers,
    frozen: [],
    late: new Map(),
    reports: { areHeldUp: false },
    unseen: new Set(),
    deliveries: [],
    secrets: deriveSecrets(fleetSecret, installation),
    lines,
    violations,
    violate,
    owed: new Map(),
    ...lifeOf(() => story, random),
  };
  return story;
};

/** Somebody who woke up late may be at it still. */
export const isLate = ({ late }: Pick<Story, 'late'>, rig: RigId): boolean => late.get(rig)?.isAlive ?? false;

/** What no test expects: the queue and the engine may be away, all else is a fault of ours. */
const expected: ReadonlySet<string> = new Set(['QueueDown', 'EngineDown', 'Crash']);

const noteFault = (violate: Violate, what: string, error: unknown): void => {
  if (error instanceof AggregateError) {
    for (const one of error.errors) noteFault(violate, what, one);
    return;
  }
  if (error instanceof Error && expected.has(error.name)) return;
  violate(
    '9: no fault',
    `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
};

/** Starts and ends of processes; each has a name of its own. */
const lifeOf = (story: () => Story, random: Random): Pick<Story, 'startBot' | 'startWorker' | 'kill'> => {
  let count = 0;
  let ids = 0;
  const born = (name: string): Process => newProcess(`${name}.${++count}`);
  const logOf = (process: Process): Log => ({
    info: () => undefined,
    warn: () => undefined,
    error: (facts, message) => {
      if (process.isAlive && /^(a fault while|no answer)/.test(message))
        noteFault(story().violate, `${process.name} ${message}`, facts.err);
    },
  });
  return {
    startBot: (place) => {
      const { bots, ground, clock, rules, ledger, notes, queue, slack, turns, secrets } = story();
      const process = born(`bot${place}`);
      const parts = { registry: ground.registry, ledger, notes, queue, slack, turns, secrets, rules };
      bots.set(
        place,
        createStoryBot(process, {
          ...parts,
          now: () => clock.now,
          newId: () => `r${(++ids).toString(36)}`,
          random: random.next,
          log: logOf(process),
        }),
      );
    },
    startWorker: (place) => {
      const { hosts, workers, ground, clock, queue, turns, secrets } = story();
      const host = hosts[place];
      if (!host) return;
      const process = born(host.registration.name);
      const worker = createStoryWorker(process, host, {
        registry: ground.registry,
        queue,
        turns,
        secrets,
        now: () => clock.now,
        log: logOf(process),
        // One that slept may clear away what another made for the same launch meanwhile.
        onRemove: ({ spec, state }) => {
          if (!process.hasSlept) checkRemoval(story(), spec?.job, state);
        },
      });
      turns.start(process, 'takes its name', async () => {
        // One worker for a host: whoever finds another one there goes again.
        if (await worker.takePresence()) workers.set(place, worker);
        else process.isAlive = false;
      });
    },
    kill: (process) => {
      const { bots, workers, turns, queue } = story();
      noteUnseen(story(), process);
      turns.kill(process);
      if (process.hasSlept) clearOrphans(story(), process);
      queue.giveBack();
      for (const [place, bot] of bots) if (bot.process === process) bots.delete(place);
      for (const [place, worker] of workers) if (worker.process === process) workers.delete(place);
    },
  };
};

/** Its rigs are nobody's to watch from now on. */
export const noteUnseen = ({ workers, ledger, unseen }: Story, process: Process): void => {
  const host = [...workers.values()].find((worker) => worker.process === process)?.host;
  for (const { rig } of ledger.pages()) if (rig.host === host?.registration.name) unseen.add(rig.id);
};

/**
 * What a worker that slept has made too late, and did not come to take away again: it was killed, or Redis was away just then.
 * Until hosts are reconciled that is for whoever runs them.
 */
export const clearOrphans = ({ late, hosts, ledger }: Story, process: Process): void => {
  for (const [rig] of [...late].filter(([id, by]) => by === process && isTerminal(ledger.page(id))))
    for (const { containers, byHand, files } of hosts) {
      const left = containers().filter(({ spec }) => spec?.job.rig === rig);
      for (const { id } of left) void byHand.remove(id, 0);
      files.delete(rig);
    }
};

const isTerminal = (page: Page | undefined): boolean =>
  page?.rig.state.kind === 'stopped' || page?.rig.state.kind === 'failed';

/** A worker removes a container: not one that somebody uses. */
const checkRemoval = (
  { ledger, violate }: Story,
  job: { readonly rig: RigId; readonly generation: number } | undefined,
  state: string,
): void => {
  if (job === undefined) violate('6: a foreign container is never touched', 'one was removed');
  const rig = ledger.page(job?.rig ?? '')?.rig;
  if (rig?.state.kind === 'running' && rig.generation === job?.generation && state === 'running')
    violate('3: nobody takes a rig away that runs', `${rig.name} (${rig.id}) g${rig.generation}`);
};

/** The living, as the registry has them by what was saved. */
export const livingRigs = ({ ledger }: Story): readonly Rig[] =>
  ledger
    .pages()
    .filter((page) => !isTerminal(page))
    .map(({ rig }) => rig);
