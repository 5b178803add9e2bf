// The shapes of what the emulated workspace holds. Times are milliseconds since 1970.

import type { Block } from './block-schemas.ts';

export type Person = {
  /** `U…` */
  readonly id: string;
  /** Without the `@`. */
  readonly name: string;
  readonly realName: string;
  readonly isBot: boolean;
};

export type Channel = {
  /** `C…`, or `D…` for a direct message. */
  readonly id: string;
  /** Without the `#`; empty for a direct message. */
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  /** User ids, the bot's among them where it is in. */
  readonly members: readonly string[];
  readonly isArchived: boolean;
  /** Shared with another organisation. */
  readonly isExtShared: boolean;
};

export type MessageMetadata = {
  readonly event_type: string;
  readonly event_payload: Record<string, unknown>;
};

/** What a message said at one time. */
export type MessageVersion = {
  readonly at: number;
  readonly text: string;
  readonly blocks: readonly Block[];
};

export type Message = {
  /** Slack's timestamp, the message's id within its channel: `1700000000.000100`. */
  readonly ts: string;
  readonly channel: string;
  /** Author. */
  readonly user: string;
  readonly text: string;
  /** As Slack keeps them: every block has a `block_id`, every element an `action_id`. */
  readonly blocks: readonly Block[];
  /** The thread's first message; absent on a message that stands in the channel itself. */
  readonly threadTs?: string | undefined;
  /** The one person who sees it; absent on a message for everybody. */
  readonly ephemeralTo?: string | undefined;
  readonly metadata?: MessageMetadata | undefined;
  readonly postedAt: number;
  readonly editedAt?: number | undefined;
  /** What it said before, oldest first; empty if it was never edited. */
  readonly history: readonly MessageVersion[];
};

/** A modal or a home tab. `blocks` are checked as a message's are, up to 100. */
export type View = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly hash: string;
  readonly title: string;
  readonly callbackId: string;
  readonly privateMetadata: string;
  readonly blocks: readonly Block[];
};
