// What everything that a person does in Slack has in common: who it is, how it is sent to the bot, what they are told.

import { assertNever } from '../../rig/assert-never.ts';
import type { Outcome, Parcel } from './delivery.ts';
import type { Interaction } from './interaction.ts';
import type { AppSettings } from './manifest.ts';
import type { ResponseUrls } from './response-url.ts';
import type { Channel, Person } from './state.ts';
import type { Triggers } from './triggers.ts';
import type { Directory } from './view-state.ts';
import type { Rule } from './wire.ts';
import { app, team, teamOf, type Workspace } from './workspace.ts';

export type PersonParts = {
  readonly workspace: Workspace;
  readonly settings: AppSettings;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly baseUrl: string;
  readonly clock: () => number;
  /** By trigger id, or an event's id. */
  readonly sent: Map<string, Sent>;
  readonly deliver: (parcel: Parcel) => Promise<Outcome>;
  readonly violate: (rule: Rule, where: string, detail: string) => void;
};

/** What was sent, kept so that it can be sent again. */
export type Sent = {
  readonly parcel: Omit<Parcel, 'attempt'>;
  readonly triggerId: string;
  readonly responseUrl: string | undefined;
  /** What Slack tells the person if it fails so. */
  readonly failure: (error: 'operation_timeout' | 'dispatch_failed') => string;
  attempts: number;
};

export const refused = (shown: string): Interaction => ({ kind: 'refused', shown });

export const notInteractive = refused('This app is not configured to handle interactive responses.');

const interaction = (outcome: Outcome | undefined, sent: Sent): Interaction => {
  const { failure, triggerId, responseUrl } = sent;
  switch (outcome?.kind) {
    case 'acknowledged':
      return { ...outcome, triggerId, responseUrl };
    case 'timed-out':
      return { kind: 'timed-out', shown: failure('operation_timeout'), triggerId, responseUrl };
    case 'rejected':
    case 'undeliverable':
    case undefined:
      return { kind: 'undeliverable', shown: failure('dispatch_failed'), triggerId, responseUrl };
    default:
      return assertNever(outcome);
  }
};

const deliverTimes = async (parts: PersonParts, sent: Sent, times: number): Promise<Interaction> => {
  const first = sent.attempts;
  sent.attempts += times;
  const outcomes = await Promise.all(
    Array.from({ length: times }, (_, index) => parts.deliver({ ...sent.parcel, attempt: first + index })),
  );
  return interaction(outcomes.find((each) => each.kind === 'acknowledged') ?? outcomes[0], sent);
};

/** Delivers as often as asked, all at once; the first acknowledgement counts. */
export const send = (
  parts: PersonParts,
  what: Omit<Sent, 'attempts'>,
  deliveries = 1,
): Promise<Interaction> => {
  const sent = { ...what, attempts: 0 };
  parts.sent.set(sent.triggerId, sent);
  return deliverTimes(parts, sent, deliveries);
};

export const createRedeliver =
  (parts: PersonParts) =>
  (triggerId: string): Promise<Interaction> =>
    deliverTimes(parts, found(parts.sent.get(triggerId), `delivery with trigger ${triggerId}`), 1);

// ── who ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `undefined` for a reference that names nobody: a slip of the caller's, so it throws. */
export const found = <T>(what: T | undefined, ref: string): T => {
  if (what === undefined) throw new Error(`there is no ${ref} in the emulated workspace`);
  return what;
};

/** Throws for somebody who cannot do anything any more. */
export const acting = (ref: string, workspace: Workspace): Person => {
  const person = found(workspace.person(ref), ref);
  if (person.isDeleted === true) throw new Error(`@${person.name} is deactivated`);
  return person;
};

/** Guests and people of other organisations see nothing but the channels that they are in. */
export const sees = (person: Person, channel: Channel): boolean =>
  channel.members.includes(person.id) ||
  (channel.kind === 'public' && person.isGuest !== true && person.isStranger !== true);

export const directoryOf = (person: Person, workspace: Workspace): Directory => ({
  user: person.id,
  person: (ref) => found(workspace.person(ref), ref),
  channel: (ref) => found(workspace.channel(ref), ref),
});

// ── what payloads share ─────────────────────────────────────────────────────────────────────────────────────────────

/** Kept by Slack for old apps; nobody checks it. */
export const VERIFICATION_TOKEN = 'emulated';

/** A person of another organisation keeps their own team's id; `team` is the workspace's all the same. */
export const payloadUser = (person: Person) => ({
  id: person.id,
  username: person.name,
  name: person.name,
  team_id: teamOf(person).id,
});

export const payloadApp = {
  api_app_id: app.id,
  token: VERIFICATION_TOKEN,
  team: { id: team.id, domain: team.domain },
  enterprise: null,
  is_enterprise_install: false,
} as const;

export const channelName = (channel: Channel): string =>
  ({ public: channel.name, private: 'privategroup', direct: 'directmessage' })[channel.kind];
