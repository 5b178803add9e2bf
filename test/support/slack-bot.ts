// The bot as Slack meets it: the real Bolt against the emulated Slack, with the registry and the queue in memory, and a
// host that does what the test says.

import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, vi } from 'vitest';
import { createDrainer } from '../../src/control/drainer.ts';
import type { LaunchPolicy } from '../../src/control/launch-rig.ts';
import { recordReport } from '../../src/control/record-report.ts';
import { repeat } from '../../src/control/repeat.ts';
import { sweepLeases } from '../../src/control/sweep-leases.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { Message } from '../../src/demo/slack/state.ts';
import type { Rule, SlackEmulator, SlackEmulatorOptions } from '../../src/demo/slack/surface.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Telling } from '../../src/ports/outbox.ts';
import type { Registry } from '../../src/redis/registry.ts';
import { type Duration, hour, minute } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import type { LeasePolicy } from '../../src/rig/lease.ts';
import type { Sighting } from '../../src/rig/report.ts';
import type { Rig } from '../../src/rig/rig.ts';
import { deriveSecrets } from '../../src/secrets.ts';
import { connectSlack, type Slack, type SlackOptions, type SlackParts } from '../../src/slack/app.ts';
import { createMemoryQueue } from './memory-queue.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { aLeasePolicy, aPatience } from './policies.ts';

export type LogLine = {
  readonly level: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
};

export const collectLog = (): { readonly log: Log; readonly lines: LogLine[] } => {
  const lines: LogLine[] = [];
  const note =
    (level: string) =>
    (facts: Readonly<Record<string, unknown>>, message: string): void =>
      void lines.push({ level, facts, message });
  return { lines, log: { info: note('info'), warn: note('warn'), error: note('error') } };
};

/** As its worker registers it. */
export const slackHost = (name: string, addresses: number): Registration => ({
  v: 1,
  name,
  lan: 'lan-1',
  mode: 'ipvlan',
  subnet: '192.168.23.0/24',
  gateway: '192.168.23.1',
  range: '192.168.23.100-192.168.23.199',
  addresses: Array.from({ length: addresses }, (_, n) => `192.168.${23 + Math.floor(n / 200)}.${n % 200}`),
  shared: true,
  notes: [],
  slots: addresses,
  engine: 'engine-1',
  image: 'flashphoner/webcallserver:latest',
  tags: ['latest'],
  keyId: secrets.keyId,
  licensed: true,
  version: '0.1.0',
  registered: Date.now(),
});

export type SlackBotOptions = {
  readonly emulator?: SlackEmulatorOptions;
  readonly http?: boolean;
  readonly policy?: Partial<LaunchPolicy>;
  readonly parts?: Partial<SlackParts>;
  /** Instead of the emulator's own tokens. */
  readonly slack?: SlackOptions;
  readonly hosts?: readonly string[];
  /** How many rigs a host takes. */
  readonly room?: number;
  readonly leases?: Partial<LeasePolicy>;
  /** A rule of Slack's that this test breaks on purpose. */
  readonly breaks?: Rule;
  /** Redis' time. */
  readonly now?: () => number;
};

export type SlackBot = {
  readonly emulator: SlackEmulator;
  readonly registry: Registry;
  readonly slack: Slack;
  readonly lines: readonly LogLine[];
  /** What the teller answered, in order. */
  readonly tellings: readonly { readonly id: string; readonly news: string; readonly telling: Telling }[];
  readonly jobs: readonly string[];
  /** One look at the leases. */
  readonly sweep: () => Promise<void>;
  /** The rig of this name, living or not. */
  readonly rig: (name: string) => Promise<Rig>;
  /** What its host reports; `after`: this long after the claim instead of now. */
  readonly saw: (name: string, saw: Sighting, after?: Duration) => Promise<void>;
  readonly type: (
    text: string,
    where?: { user?: string; channel?: string; command?: string; deliveries?: number },
  ) => Promise<void>;
  /** Waits for a message in a channel, its text or blocks containing this. */
  readonly card: (channel: string, says: string) => Promise<Message>;
  readonly ephemeral: (user: string, channel: string, says: string) => Promise<Message>;
};

export const secret = 'a-secret-of-at-least-thirty-two-characters';
export const secrets = deriveSecrets(secret, 'test');

/** Text and blocks as one string. */
export const says = (message: Pick<Message, 'text' | 'blocks'>): string =>
  `${message.text}\n${JSON.stringify(message.blocks).replaceAll('\\n', '\n').replaceAll('\\"', '"')}`;

/** Ends with the test, and with it the check that no rule of Slack's was broken. */
export const startSlackBot = async (options: SlackBotOptions = {}): Promise<SlackBot> => {
  const manifest = await readFile(new URL('../../manifest.yml', import.meta.url), 'utf8');
  const emulator = await startSlackEmulator({ manifest, ...options.emulator });
  onTestFinished(async () => {
    const { violations } = emulator;
    await emulator.stop();
    expect(violations.filter(({ rule }) => rule !== options.breaks)).toEqual([]);
  });
  const registry = createMemoryRegistry({
    presence: 10_000 * hour,
    ...(options.now ? { now: options.now } : {}),
  });
  for (const host of options.hosts ?? ['h1'])
    await registry.presence.take(slackHost(host, options.room ?? 1000), 'session');
  const { log, lines } = collectLog();
  const queue = createMemoryQueue();
  const ids = new Map<string, string>();
  const tellings: { id: string; news: string; telling: Telling }[] = [];
  let made = 0;

  const wakes = { wake: async (_rig: string): Promise<void> => undefined };
  const { jobs } = queue.connectBot({
    onReport: (report) =>
      recordReport({ rigs, jobs, hosts: registry.hosts, clock: registry.clock, log }, report, aPatience),
    onWake: async (rig) => void wakes.wake(rig).catch((err: unknown) => log.error({ err }, 'drain')),
  });
  const rigs: Registry['rigs'] = {
    ...registry.rigs,
    claim: async (request) => {
      const outcome = await registry.rigs.claim(request);
      if (outcome.kind === 'claimed') ids.set(outcome.rig.name, outcome.rig.id);
      return outcome;
    },
  };
  const slack = connectSlack(
    options.slack ?? {
      botToken: emulator.botToken,
      apiUrl: emulator.apiUrl,
      connection: options.http
        ? { kind: 'http', signingSecret: emulator.signingSecret, port: 0 }
        : { kind: 'socket', appToken: emulator.appToken },
    },
    {
      rigs,
      hosts: registry.hosts,
      epochs: registry.epochs,
      breaker: registry.breaker,
      licences: registry.licences,
      cards: registry.cards,
      clock: registry.clock,
      audit: registry.audit,
      uses: registry.uses,
      homes: registry.homes,
      addresses: registry.addresses,
      access: { users: undefined, admins: [], channels: undefined },
      adminChannel: undefined,
      useFresh: 3 * minute,
      jobs,
      secrets,
      log,
      newId: () => {
        made += 1;
        return `rig${made}`;
      },
      random: Math.random,
      policy: {
        lease: { usual: 4 * hour, most: 24 * hour },
        rigsPerUser: 5,
        rigsMax: undefined,
        tags: undefined,
        deadline: 10 * minute,
        keyIds: [secrets.keyId],
        ...options.policy,
      },
      words: { note: 'Outside the office use the VPN.', sshCommand: 'ssh root@{ip}' },
      ...options.parts,
    },
  );
  const teller: typeof slack.teller = {
    tell: async (piece) => {
      const telling = await slack.teller.tell(piece);
      tellings.push({ id: piece.id, news: piece.news.kind, telling });
      return telling;
    },
  };
  const { outbox, cards, clock, audit, notices } = registry;
  const drainer = createDrainer({ outbox, rigs, cards, teller, clock, audit, notices, log, lease: 15_000 });
  wakes.wake = drainer.wake;
  const { httpPort } = await slack.start();
  onTestFinished(slack.stop);
  if (httpPort !== undefined) {
    emulator.deliverBy({ kind: 'http', requestUrl: `http://127.0.0.1:${httpPort}/slack/events` });
  }
  const sweep = repeat('outbox', 50, drainer.sweep, log);
  onTestFinished(sweep.stop);

  // A command is acknowledged before it is worked on.
  const rigNamed = async (name: string): Promise<Rig> => {
    const id = await vi.waitUntil(() => ids.get(name), { timeout: 5000, interval: 5 });
    const stored = await registry.rigs.get(id);
    if (!stored) throw new Error(`no rig was ever called ${name}`);
    return stored.rig;
  };
  return {
    emulator,
    registry,
    slack,
    lines,
    tellings,
    get jobs() {
      return queue.sent.map(({ job }) => `${job.kind} ${job.rig}`);
    },
    sweep: () =>
      sweepLeases(
        { rigs, jobs, watch: registry.watch, uses: registry.uses, epochs: registry.epochs, clock, log },
        aLeasePolicy({ keepUnknown: 0, ...options.leases }),
      ),
    rig: rigNamed,
    saw: async (name, saw, after) => {
      const { id, generation, host, created } = await rigNamed(name);
      const at = after === undefined ? registry.clock.now() : created + after;
      await recordReport(
        { rigs, jobs, hosts: registry.hosts, clock: registry.clock, log },
        { v: 1, host, rig: id, generation, at, saw },
        aPatience,
      );
    },
    type: async (text, { user = '@anna', channel = '#rigs', command = '/wcs', deliveries = 1 } = {}) => {
      const came = await emulator.command({ user, channel, command, text, deliveries });
      expect(came).toMatchObject({ kind: 'acknowledged' });
    },
    card: (channel, wanted) =>
      emulator.until(
        () => emulator.messages(channel).find((message) => says(message).includes(wanted)),
        8000,
        `a message in ${channel} that says ${wanted}`,
      ),
    ephemeral: (user, channel, wanted) =>
      emulator.until(
        () => emulator.ephemerals(user, channel).find((message) => says(message).includes(wanted)),
        8000,
        `for ${user} in ${channel}: ${wanted}`,
      ),
  };
};
