// The Slack emulator: builds its parts, listens on loopback and offers what surface.ts says.

import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createClick } from './click.ts';
import { createCommand } from './command.ts';
import type { Outcome, Parcel, Transport } from './delivery.ts';
import { createFaults } from './faults.ts';
import { createFiles } from './files.ts';
import { createOpenHome } from './home-tab.ts';
import { createHttpServer } from './http-server.ts';
import { createJournal, createUntil, type Journal } from './journal.ts';
import { type AppSettings, defaultSettings, readManifest } from './manifest.ts';
import { createPacing } from './pacing.ts';
import { createRedeliver, type PersonParts } from './person.ts';
import { createReading } from './reading.ts';
import { createResponseUrls } from './response-url.ts';
import { createSignedHttp } from './signed-http.ts';
import { createSocketMode, type SocketMode } from './socket-mode.ts';
import { createCloseModal, createSubmit } from './submission.ts';
import type { Delivery, Limits, SlackEmulator, SlackEmulatorOptions } from './surface.ts';
import { createTriggers } from './triggers.ts';
import { defaultLimits, dispatch } from './web-api/dispatch.ts';
import type { Rule, Violation } from './wire.ts';
import { app, createWorkspace, defaultChannels, defaultPeople, team } from './workspace.ts';

const settingsOf = (options: SlackEmulatorOptions): AppSettings => {
  const settings = options.manifest === undefined ? defaultSettings : readManifest(options.manifest);
  return {
    ...settings,
    scopes: options.scopes ?? settings.scopes,
    commands: options.commands ?? settings.commands,
  };
};

const secretsOf = (options: SlackEmulatorOptions) => ({
  botToken: options.botToken ?? `xoxb-${randomBytes(12).toString('hex')}`,
  appToken: options.appToken ?? `xapp-1-${app.id}-${randomBytes(12).toString('hex')}`,
  signingSecret: options.signingSecret ?? randomBytes(16).toString('hex'),
});

type Violate = (rule: Rule, where: string, detail: string) => void;

const createViolations = (journal: Journal, clock: () => number) => {
  const violations: Violation[] = [];
  const violate: Violate = (rule, where, detail) => {
    violations.push({ rule, where, detail, at: clock() });
    journal.record({
      direction: 'none',
      kind: 'violation',
      name: rule,
      body: { where, detail },
      ref: randomUUID(),
    });
  };
  return { violations, violate };
};

/** Delivers the way that is set now, and notes what was not acknowledged. */
const createDeliver = (parts: {
  readonly journal: Journal;
  readonly violate: Violate;
  readonly limits: Limits;
  readonly transport: () => Transport | undefined;
}) => {
  const { journal, violate, limits } = parts;
  return async (parcel: Parcel): Promise<Outcome> => {
    const outcome = (await parts.transport()?.send(parcel)) ?? { kind: 'undeliverable', why: 'an outage' };
    if (outcome.kind === 'acknowledged') return outcome;
    const why = outcome.kind === 'timed-out' ? `no acknowledgement within ${limits.ackMs} ms` : outcome.why;
    journal.record({
      direction: 'none',
      kind: 'no-ack',
      name: parcel.type,
      body: { why },
      ref: randomUUID(),
    });
    if (outcome.kind === 'timed-out') violate('late-ack', parcel.type, why);
    if (outcome.kind === 'rejected') violate('bad-ack', parcel.type, why);
    return outcome;
  };
};

const createTransport = (
  secrets: { readonly signingSecret: string },
  parts: { readonly sockets: SocketMode; readonly limits: Limits; readonly journal: Journal },
) => {
  let out = false;
  let transport: Transport = parts.sockets;
  return {
    now: () => (out ? undefined : transport),
    outage: (on: boolean) => {
      out = on;
    },
    deliverBy: (delivery: Delivery) => {
      const { limits, journal } = parts;
      transport =
        delivery.kind === 'socket'
          ? parts.sockets
          : createSignedHttp({ requestUrl: delivery.requestUrl, ...secrets, limits, journal });
    },
  };
};

/** Listens when it resolves; `stop` ends everything that it started. Rejects if the port is taken. */
export const startSlackEmulator = async (options: SlackEmulatorOptions = {}): Promise<SlackEmulator> => {
  const clock = options.clock ?? Date.now;
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const settings = settingsOf(options);
  const secrets = secretsOf(options);
  const journal = createJournal(clock);
  const { violations, violate } = createViolations(journal, clock);
  const workspace = createWorkspace({
    people: options.people ?? defaultPeople,
    channels: options.channels ?? defaultChannels,
    userGroups: options.userGroups ?? [],
    clock,
    onChange: journal.changed,
  });
  const faults = createFaults();
  const pacing = createPacing(limits, clock);
  const triggers = createTriggers(limits.triggerMs, clock);
  const responseUrls = createResponseUrls({ workspace, limits, clock, violate });
  const files = createFiles(violate);

  const host = options.host ?? '127.0.0.1';
  const tokens = { bot: secrets.botToken, app: secrets.appToken };
  const { appScopes = ['connections:write'] } = options;
  const scopesByToken = new Map<string | undefined, readonly string[]>([
    [tokens.bot, settings.scopes],
    [tokens.app, appScopes],
  ]);
  const { server, outage } = createHttpServer({
    journal,
    faults,
    responseUrls,
    files,
    scopesOf: (token) => scopesByToken.get(token),
    call: (method, token, args) => dispatch({ method, token, args }, tokens, context, violate),
  });
  const sockets = createSocketMode({ server, limits, journal, violate });
  const openSocket = () => sockets.ticket(url.replace(/^http/, 'ws'));
  const uploadUrl = (path: string) => `${url}${path}`;
  const context = {
    ...{ workspace, settings, appScopes, pacing, triggers, files, clock },
    ...{ openSocket, uploadUrl },
  };

  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the emulator has no port');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;

  const transport = createTransport(secrets, { sockets, limits, journal });
  transport.deliverBy(options.delivery ?? { kind: 'socket' });
  const deliver = createDeliver({ journal, violate, limits, transport: transport.now });
  const personParts: PersonParts = {
    workspace,
    settings,
    triggers,
    responseUrls,
    baseUrl: url,
    clock,
    sent: new Map(),
    deliver,
    violate,
  };

  return {
    url,
    apiUrl: `${url}/api/`,
    ...secrets,
    teamId: team.id,
    appId: app.id,
    botUser: app.botUser,
    scopes: settings.scopes,
    deliverBy: transport.deliverBy,
    ...createReading(workspace),
    command: createCommand(personParts),
    click: createClick(personParts),
    submit: createSubmit(personParts),
    closeModal: createCloseModal(personParts),
    openHome: createOpenHome(personParts),
    redeliver: createRedeliver(personParts),
    fault: faults.add,
    clearFaults: faults.clear,
    disconnectSockets: sockets.cut,
    muteSockets: sockets.mute,
    refreshSockets: sockets.refresh,
    outage: (on) => {
      transport.outage(on);
      outage(on);
    },
    sockets: sockets.open,
    journal: journal.entries,
    violations,
    onChange: journal.onChange,
    until: createUntil(journal),
    stop: async () => {
      sockets.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
};
