// What the Slack emulator offers to tests and to the try-out: its options, the workspace it shows, and what a person,
// a fault or a reader can do with it. Times are milliseconds since 1970 unless a name says otherwise.

import type { ChannelRef, Click, Command, Interaction, PersonRef, Submission } from './interaction.ts';
import type { Channel, Message, Person, UserGroup, View } from './state.ts';
import type { JournalEntry, Violation } from './wire.ts';

// Callers of the emulator need these shapes with it, so they may be had from here as well.
export type { ChannelRef, Click, Command, Interaction, PersonRef, Submission } from './interaction.ts';
export type {
  Channel,
  Message,
  MessageMetadata,
  MessageVersion,
  Person,
  SharedFile,
  UserGroup,
  View,
} from './state.ts';
export type { InputValue } from './view-state.ts';
export type { JournalEntry, Rule, Violation } from './wire.ts';

// ── options ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How Slack reaches the bot. */
export type Delivery =
  | { readonly kind: 'socket' }
  /** Signed HTTP to one request URL, for commands, actions and events alike. */
  | { readonly kind: 'http'; readonly requestUrl: string };

export type SlashCommand = {
  /** With its slash. */
  readonly command: string;
  /** `@anna` arrives as `<@U…|anna>`. */
  readonly shouldEscape: boolean;
};

/** Slack's own numbers by default (facts.md §3); tests shorten the waits. */
export type Limits = {
  /** 3000 */
  readonly ackMs: number;
  /** 3000 */
  readonly triggerMs: number;
  /** 5 */
  readonly responseUrlUses: number;
  /** 30 minutes */
  readonly responseUrlMs: number;
  /** Least time between two `chat.postMessage` in one channel: 1000; 0 switches the rule off. */
  readonly postEveryMs: number;
  /** How much sooner than that is let pass, for the clocks' and the loop's jitter: 50. */
  readonly postToleranceMs: number;
  /** `chat.update` in any 60 seconds, app-wide: 50. */
  readonly updatesPerMinute: number;
  /** Between two pings to a socket: 10000. */
  readonly pingMs: number;
  /** From `refresh_requested` to the end of that socket: 10000. */
  readonly refreshMs: number;
};

export type SlackEmulatorOptions = {
  /** Loopback by default. */
  readonly host?: string;
  /** A free one by default. */
  readonly port?: number;
  /** The text of `manifest.yml`: scopes, commands, home tab and events come from it. */
  readonly manifest?: string;
  /** The bot token's scopes; goes before the manifest's. Without either: `commands` and `chat:write`. */
  readonly scopes?: readonly string[];
  /** The app-level token's; default: `connections:write`. */
  readonly appScopes?: readonly string[];
  /** Goes before the manifest's. Without either: `/wcs`, escaped. */
  readonly commands?: readonly SlashCommand[];
  /** Socket Mode by default. */
  readonly delivery?: Delivery;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** People besides the bot; default: @anna and @ben. */
  readonly people?: readonly Person[];
  /** Default: see `defaultChannels` in workspace.ts. */
  readonly channels?: readonly Channel[];
  /** Default: none. */
  readonly userGroups?: readonly UserGroup[];
  /** For timestamps, pacing and expiry; the wait for an ack runs on real timers. */
  readonly clock?: () => number;
  readonly limits?: Partial<Limits>;
};

// ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export type FaultKind =
  /** Not performed, 429 with Retry-After. Not a violation. */
  | '429'
  /** Not performed, status 500. */
  | '500'
  /** Not performed, never answered. */
  | 'hang'
  /** Not performed, connection cut. */
  | 'drop'
  /** Performed, never answered. */
  | 'lost-answer'
  /** Performed, connection cut before the answer. */
  | 'cut-answer';

export type Fault = {
  /** A method, `response_url` or `upload`; any request if absent. */
  readonly method?: string;
  readonly kind: FaultKind;
  /** 1 */
  readonly times?: number;
  /** Seconds, with `429`; 1. */
  readonly retryAfter?: number;
};

// ── the emulator ────────────────────────────────────────────────────────────────────────────────────────────────────

export type SlackEmulator = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What `SLACK_API_URL` and `slackApiUrl` take: ends in `/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  /** The bot's user, `U…`. */
  readonly botUser: string;
  readonly scopes: readonly string[];

  /** Changes how the bot is reached, for instance once its HTTP port is known. */
  readonly deliverBy: (delivery: Delivery) => void;

  readonly people: () => readonly Person[];
  readonly channels: () => readonly Channel[];
  readonly person: (ref: PersonRef) => Person;
  readonly channel: (ref: ChannelRef) => Channel;
  /** Adds a person, or replaces the one with this id. */
  readonly putPerson: (person: Person) => void;
  /** Adds a channel, or replaces the one with this id. */
  readonly putChannel: (channel: Channel) => void;
  /** As `/invite @bot` and its removal do. */
  readonly invite: (channel: ChannelRef, user?: PersonRef) => void;
  readonly kick: (channel: ChannelRef, user?: PersonRef) => void;
  /** The direct message between the bot and this person, if one was opened. */
  readonly directMessage: (user: PersonRef) => Channel | undefined;

  /** What everybody in it sees in the channel itself, oldest first, without thread replies. */
  readonly messages: (channel: ChannelRef) => readonly Message[];
  /** Replies in a thread, oldest first, without its first message. */
  readonly replies: (channel: ChannelRef, threadTs: string) => readonly Message[];
  /** What only this person sees there, oldest first, threads included; replaced ones as they are now, deleted ones gone. */
  readonly ephemerals: (user: PersonRef, channel: ChannelRef) => readonly Message[];
  /** The message as it is now, ephemeral or not. */
  readonly message: (channel: ChannelRef, ts: string) => Message | undefined;
  readonly home: (user: PersonRef) => View | undefined;
  /** The modal that this person has open; the topmost of several. */
  readonly modal: (user: PersonRef) => View | undefined;

  /** A slash command; resolves when it was acknowledged, or not in time. */
  readonly command: (command: Command) => Promise<Interaction>;
  /** A button, select or overflow; a URL button too, since Slack sends that as well. */
  readonly click: (click: Click) => Promise<Interaction>;
  /** Fills in the open modal and presses its Submit; throws where there is none. */
  readonly submit: (submission: Submission) => Promise<Interaction>;
  /** Closes the open modal; the bot hears of it only if it asked to (`notify_on_close`). */
  readonly closeModal: (user: PersonRef) => Promise<void>;
  /** Opens the app's Home tab; the event must be acknowledged. */
  readonly openHome: (user: PersonRef) => Promise<Interaction>;
  /** Delivers a command, click, submission or event once more, as Slack repeats itself: the same payload, the attempt counted up. */
  readonly redeliver: (triggerId: string) => Promise<Interaction>;
  /** A person writes into a channel or thread: seen by everybody, sent to nobody. Returns the message. */
  readonly say: (said: {
    readonly user: PersonRef;
    readonly channel: ChannelRef;
    readonly text: string;
    readonly threadTs?: string;
  }) => Message;
  /** A person deletes a message (the bot's card, say). */
  readonly deleteMessage: (channel: ChannelRef, ts: string) => void;

  /** Strikes the next `times` matching requests. Returns how to take back what is left of it. */
  readonly fault: (fault: Fault) => () => void;
  readonly clearFaults: () => void;
  /** Cuts every socket at once, without a close frame. */
  readonly disconnectSockets: () => void;
  /** On: sockets open from now on, and never hear a word, not even the hello. */
  readonly muteSockets: (on: boolean) => void;
  /** Asks every socket politely to go (`refresh_requested`); it gets no more envelopes and ends after `refreshMs`. */
  readonly refreshSockets: () => void;
  /** On: every connection is cut, sockets too, and every new one at once. */
  readonly outage: (on: boolean) => void;
  /** Sockets that would get an envelope now. */
  readonly sockets: () => number;

  /** Everything so far, in order. */
  readonly journal: () => readonly JournalEntry[];
  /** Every rule of Slack's that the bot broke. */
  readonly violations: readonly Violation[];
  /** Called after each journal entry and each change of the workspace; returns how to end that. */
  readonly onChange: (listener: () => void) => () => void;
  /**
   * Waits until `condition` gives something else than `undefined`, `false` or `null`, looking after each change; returns
   * that. Rejects after `timeoutMs` (5000) with `what` and the end of the journal.
   */
  readonly until: <T>(
    condition: () => T | undefined | false | null,
    timeoutMs?: number,
    what?: string,
  ) => Promise<T>;

  /** Ends sockets, requests under way and the server. */
  readonly stop: () => Promise<void>;
};
