// A bot that can be killed after any of its calls to the outside, and one that comes after it: the drainer and the teller
// against the emulated Slack, with a registry in memory.

import { readFile } from 'node:fs/promises';
import { WebClient } from '@slack/web-api';
import { drainOutbox } from '../../src/control/drain-outbox.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { Message, SlackEmulator } from '../../src/demo/slack/surface.ts';
import type { Outbox, OutboxLease } from '../../src/ports/outbox.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { hour, minute } from '../../src/rig/duration.ts';
import type { News } from '../../src/rig/news.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { boltLogger } from '../../src/slack/connection.ts';
import { createEvening } from '../../src/slack/evening.ts';
import { createPeople } from '../../src/slack/people.ts';
import { createDestinations } from '../../src/slack/tell/destination.ts';
import { createPacing, usualPacing } from '../../src/slack/tell/pacing.ts';
import { createSender } from '../../src/slack/tell/send.ts';
import { createSendLog } from '../../src/slack/tell/send-log.ts';
import { createTeller } from '../../src/slack/tell/tell.ts';
import { noon } from './a-rig.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { aClaim, aRegistration } from './registries.ts';
import { silent } from './registry-address.ts';

/** Longer than a test takes: whoever is dead does not keep it alive. */
const lease = 5 * minute;

type Life = {
  /** A call to the outside: done, and perhaps never heard of again. */
  readonly through: <T>(call: () => Promise<T>) => Promise<T>;
  readonly killed: Promise<'killed'>;
  readonly calls: () => number;
};

/** `end`: the call after which it is dead; never if undefined. */
const createLife = (end: number | undefined): Life => {
  const killed = Promise.withResolvers<'killed'>();
  const silence = new Promise<never>(() => undefined);
  let count = 0;
  return {
    through: async (call) => {
      if (end !== undefined && count > end) return silence;
      const answer = await call();
      count += 1;
      if (end === undefined || count <= end) return answer;
      killed.resolve('killed');
      return silence;
    },
    killed: killed.promise,
    calls: () => count,
  };
};

const mortalLease = (one: OutboxLease, { through }: Life): OutboxLease => ({
  entries: () => through(one.entries),
  sending: (id) => through(() => one.sending(id)),
  keep: () => through(one.keep),
  done: (count, card) => through(() => one.done(count, card)),
  giveBack: () => through(one.giveBack),
});

const mortalOutbox = (outbox: Outbox, life: Life): Outbox => ({
  waiting: outbox.waiting,
  lease: async (rig, length) => {
    const taken = await life.through(() => outbox.lease(rig, length));
    return taken && mortalLease(taken, life);
  },
});

/** A process of its own: it knows nothing of what another one did. */
const createBot = (slack: SlackEmulator, registry: Registry, life: Life) => {
  const { through } = life;
  const cards = {
    get: (id: string) => through(() => registry.cards.get(id)),
    put: (...put: Parameters<typeof registry.cards.put>) => through(() => registry.cards.put(...put)),
  };
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLogger(silent),
    fetch: (url, init) => through(() => fetch(url, init)),
  });
  const { clock } = registry;
  const pacing = createPacing({ ...usualPacing, postEvery: 0, updatesPerMinute: 10_000 }, clock.now);
  const sender = createSender({ client, pacing, pause: async () => true });
  const people = createPeople(client, () => slack.teamId, clock.now);
  const teller = createTeller({
    sender,
    destinations: createDestinations(client, clock.now),
    pacing,
    cards,
    view: () => ({ bot: 'wcs', ssh: 'ssh root@{ip}' }),
    note: undefined,
    eveningOf: createEvening(people, clock, 'wait'),
    sendLog: createSendLog({ client, sender, log: silent }),
    clock,
    log: silent,
  });
  const ports = {
    outbox: mortalOutbox(registry.outbox, life),
    rigs: { ...registry.rigs, get: (id: string) => through(() => registry.rigs.get(id)) },
    cards,
    teller,
    clock,
    audit: {
      ...registry.audit,
      append: (...one: Parameters<typeof registry.audit.append>) =>
        through(() => registry.audit.append(...one)),
    },
    notices: {
      ...registry.notices,
      put: (...one: Parameters<typeof registry.notices.put>) => through(() => registry.notices.put(...one)),
    },
    log: silent,
    lease,
  };
  return { drain: () => drainOutbox(ports, 'r1') };
};

export type KillGround = {
  readonly slack: SlackEmulator;
  readonly registry: Registry;
  /** A change of the rig, with what is to be told of it. */
  readonly happens: (change: Partial<Rig>, ...news: News[]) => Promise<void>;
  /** Tells all that waits; `end`: the bot dies after so many calls, and another one comes. The calls of the first. */
  readonly tell: (end?: number) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** One rig, `r1`, asked for by @anna. */
export const openKillGround = async (asked: Partial<Rig['asked']>): Promise<KillGround> => {
  const time = { now: noon };
  const manifest = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const limits = { postEveryMs: 0, updatesPerMinute: 10_000 };
  const slack = await startSlackEmulator({ manifest, limits, clock: () => time.now });
  const registry = createMemoryRegistry({ now: () => time.now, presence: 10_000 * hour });
  await registry.presence.take(aRegistration(), 'session');
  const { id, name } = slack.person('@anna');
  await registry.rigs.claim(
    aClaim('r1', {
      told: [],
      rig: {
        owner: { id, name },
        created: noon,
        asked: { channel: slack.channel('#lab').id, command: '/wcs', quietly: false, cut: false, ...asked },
      },
    }),
  );
  let count = 0;
  const tell = async (end?: number): Promise<number> => {
    const life = createLife(end);
    const outcome = await Promise.race([createBot(slack, registry, life).drain(), life.killed]);
    if (outcome !== 'killed') return life.calls();
    time.now += lease;
    await createBot(slack, registry, createLife(undefined)).drain();
    return life.calls();
  };
  return {
    slack,
    registry,
    happens: async (change, ...news) => {
      const stored = await registry.rigs.get('r1');
      if (!stored) throw new Error('there is no rig');
      const told = news.map((one) => ({ id: `r1.${++count}`, news: one }));
      const rig = { ...stored.rig, ...change };
      await registry.rigs.save({ rig, version: stored.version, told, release: false });
    },
    tell,
    close: slack.stop,
  };
};

/** What people see, in every conversation, without what differs from one time to the next. */
export const seenIn = (slack: SlackEmulator): readonly string[] => {
  const line = (message: Message): string =>
    `${message.text} ${JSON.stringify(message.blocks).replaceAll(/"block_id":"[^"]*"/g, '')}${message.files?.map(({ content }) => content).join() ?? ''}`;
  return slack.channels().flatMap(({ id, name, members }) =>
    slack.messages(id).flatMap((message) => {
      const where = name === '' ? members.join(' ') : name;
      return [message, ...slack.replies(id, message.ts)].map(
        (one) => `${where}${one === message ? '' : ' ↳'}: ${line(one)}`,
      );
    }),
  );
};
