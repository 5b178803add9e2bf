// One bot process of a story: the real use cases, the real command and click handlers, the real teller and drainer. Its
// way to the registry, the queue and Slack leads through the turns; what it keeps in memory goes with it.

import { WebClient } from '@slack/web-api';
import { createDrainer } from '../../src/control/drainer.ts';
import { judgeAll } from '../../src/control/judge-addresses.ts';
import { releaseAddress } from '../../src/control/look-addresses.ts';
import { recordReport } from '../../src/control/record-report.ts';
import { resumeJobs } from '../../src/control/resume-jobs.ts';
import { stopRig } from '../../src/control/stop-rig.ts';
import { sweepIdle, sweepLeases } from '../../src/control/sweep-leases.ts';
import { noteEndless } from '../../src/control/tell-notices.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Outbox, OutboxLease } from '../../src/ports/outbox.ts';
import type { Registry } from '../../src/redis/registry.ts';
import type { Asker } from '../../src/rig/access.ts';
import { minute } from '../../src/rig/duration.ts';
import type { RigName } from '../../src/rig/name.ts';
import type { Report } from '../../src/rig/report.ts';
import type { RigId, UserId } from '../../src/rig/rig.ts';
import { type Answering, createAnswering } from '../../src/slack/act/answering.ts';
import { createTeller } from '../../src/slack/tell/tell.ts';
import type { World } from '../../src/slack/world.ts';
import type { Ledger } from './ledger.ts';
import { crashHold, launchPolicy, leasePolicy, outboxLease, people, type Rules } from './setting.ts';
import type { StoryQueue } from './story-queue.ts';
import type { StorySlack } from './story-slack.ts';
import type { TellingNotes } from './telling-notes.ts';
import { type Process, type Turns, through } from './turns.ts';

export type BotParts = {
  readonly registry: Registry;
  readonly ledger: Ledger;
  readonly notes: TellingNotes;
  readonly queue: StoryQueue;
  readonly slack: StorySlack;
  readonly turns: Turns;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: () => number;
  readonly secrets: World['ports']['secrets'];
  readonly rules: Rules;
  readonly log: Log;
};

export type StoryBot = {
  readonly process: Process;
  readonly world: World;
  readonly answering: Answering;
  /** Rigs whose outbox it drains at this moment: it keeps its lease on them. */
  readonly draining: ReadonlySet<RigId>;
  readonly onReport: (report: Report) => Promise<void>;
  readonly onWake: (rig: RigId) => Promise<void>;
  readonly passes: Readonly<Record<Pass, () => Promise<void>>>;
  /** As an operator does it who asks nobody. */
  readonly stop: (name: RigName, by: Asker) => Promise<unknown>;
};

/** One of the operator's. */
const olga: Asker = { id: 'U0OLGA', name: 'olga', isAdmin: true };

export const passNames = ['leases', 'idle', 'resume', 'outbox', 'endless', 'addresses'] as const;
export type Pass = (typeof passNames)[number];

export const createStoryBot = (process: Process, parts: BotParts): StoryBot => {
  const { registry, ledger, notes, queue, slack, turns, now, log, rules } = parts;
  const redis = <P extends object>(name: string, port: P): P =>
    through(port, (method, work, [first]) =>
      turns.call(process, 'redis', `${name}.${method}${typeof first === 'string' ? ` ${first}` : ''}`, work),
    );
  const rigs = redis('rigs', ledger.noting(registry.rigs));
  const audit = redis('audit', {
    ...registry.audit,
    append: async (entry) => {
      await registry.audit.append(entry);
      ledger.noteAudit();
    },
  } satisfies Registry['audit']);
  const [hosts, cards, uses] = [
    redis('hosts', registry.hosts),
    redis('cards', registry.cards),
    redis('uses', registry.uses),
  ];
  const epochs = redis('epochs', registry.epochs);
  const [watch, homes, notices] = [
    redis('watch', ledger.watching(registry.watch)),
    redis('homes', registry.homes),
    redis('notices', registry.notices),
  ];
  const clock = { now };
  const jobs = queue.jobsOf(process);
  const draining = new Set<RigId>();
  const outbox = outboxOf(registry.outbox, notes, draining, redis);
  const sender = slack.senderOf(process);
  const teller = notes.noting(
    createTeller({
      sender,
      destinations,
      pacing: { post: noWait, update: noWait, progress: () => true },
      cards,
      view: () => ({ bot: 'wcs', ssh: 'ssh root@{ip}' }),
      note: undefined,
      eveningOf,
      sendLog: slack.sendLogOf(process),
      clock,
      log,
    }),
  );
  const drainer = createDrainer(
    { outbox, rigs, cards, teller, audit, notices, clock, log, lease: outboxLease },
    now,
  );
  const change = { rigs, jobs, clock, log };
  const policy = leasePolicy(rules);
  const sweep = { ...change, watch, uses, epochs };
  const { newId, random, secrets } = parts;
  const addresses = redis('addresses', registry.addresses);
  const { breaker } = registry;
  const ports = {
    ...change,
    hosts,
    epochs,
    breaker,
    licences: redis('licences', registry.licences),
    cards,
    uses,
    homes,
    addresses,
    audit,
    newId,
    random,
    secrets,
  };
  return {
    process,
    world: worldOf(ports, log),
    answering: createAnswering(log, now),
    draining,
    onReport: (report) =>
      recordReport({ ...change, hosts }, report, { hold: crashHold, deadline: launchPolicy.deadline }),
    onWake: drainer.wake,
    passes: {
      leases: () => sweepLeases(sweep, policy),
      idle: () => sweepIdle(sweep, policy),
      resume: () => resumeJobs(sweep, launchPolicy.deadline),
      outbox: drainer.sweep,
      endless: () => noteEndless({ rigs, notices }),
      addresses: async () => {
        await judgeAll(
          { addresses, epochs, notices, clock, log },
          { silence: minute, probes: 3, fresh: 5 * minute },
        );
        // An admin finds each one out and gives it back, or the stories would soon have none left.
        for (const [lan, set] of await addresses.quarantined())
          for (const address of set.keys()) await releaseAddress({ ...ports, addresses }, address, lan, olga);
      },
    },
    stop: (name, by) => stopRig(change, { name }, by),
  };
};

const noWait = () => ({ kind: 'in', wait: 0 }) as const;
const eveningOf = async (): Promise<undefined> => undefined;
const destinations: World['destinations'] = {
  of: async ({ asked }) =>
    asked.quietly ? { kind: 'direct', because: 'quietly' } : { kind: 'channel', channel: asked.channel },
  forget: () => undefined,
  present: async (_, users) => new Set(users),
};

const outboxOf = (
  outbox: Outbox,
  notes: TellingNotes,
  draining: Set<RigId>,
  redis: <P extends object>(name: string, port: P) => P,
): Outbox => {
  const leaseOf = (rig: RigId, lease: OutboxLease): OutboxLease => ({
    ...redis(`lease ${rig}`, notes.notingLease(rig, lease)),
  });
  const gated = redis('outbox', outbox);
  return {
    waiting: gated.waiting,
    lease: async (rig, length) => {
      const lease = await gated.lease(rig, length);
      if (!lease) return undefined;
      draining.add(rig);
      const kept = leaseOf(rig, lease);
      return {
        ...kept,
        giveBack: async () => {
          draining.delete(rig);
          await kept.giveBack();
        },
      };
    },
  };
};

/** Slack knows everybody; nobody is turned away. */
const profileOf = async (user: UserId) => ({
  name: people.find(({ id }) => id === user)?.name ?? user,
  zone: 'Europe/Berlin',
  isOutsider: false,
  isBot: false,
  isGone: false,
});

const worldOf = (ports: World['ports'], log: Log): World => {
  const client = new WebClient('xoxb-story');
  Object.assign(client.chat, { getPermalink: async () => ({ ok: true, permalink: 'https://slack/card' }) });
  const said = (text: string) => async () => ({ text, blocks: [] });
  return {
    ports,
    policy: launchPolicy,
    ssh: 'ssh root@{ip}',
    client,
    destinations,
    postThere: said('It is there already.'),
    people: { profile: profileOf, members: async () => new Set<UserId>() },
    useFresh: leasePolicy({ idle: undefined }).useFresh,
    eveningOf,
    access: {
      admit: async (person) => {
        const isAdmin = people.find(({ id }) => id === person.id)?.isAdmin ?? false;
        return { kind: 'welcome', asker: { ...person, isAdmin } };
      },
    },
    home: {
      opened: () => {
        throw new Error('nobody opens their home in a story');
      },
      refresh: () => undefined,
      heard: () => undefined,
      stop: () => undefined,
    },
    log,
  };
};
