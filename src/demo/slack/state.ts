// The shapes of what the emulated workspace holds. Times are milliseconds since 1970.

import type { Block } from './block-schemas.ts';
import type { Option } from './element-schemas.ts';

export type Person = {
  /** `U…` */
  readonly id: string;
  /** Without the `@`. */
  readonly name: string;
  readonly realName: string;
  readonly isBot: boolean;
  /** IANA name. */
  readonly tz: string;
  readonly isGuest?: boolean;
  /** Of another organisation. */
  readonly isStranger?: boolean;
  /** Deactivated. */
  readonly isDeleted?: boolean;
};

export type UserGroup = {
  /** `S…` */
  readonly id: string;
  /** Without the `@`. */
  readonly handle: string;
  /** User ids. */
  readonly members: readonly string[];
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

/** As it was uploaded; texts only. */
export type SharedFile = {
  /** `F…` */
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly content: string;
  /** `text`, `shell` …; absent on what is no snippet. */
  readonly snippetType?: string;
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
  readonly files?: readonly SharedFile[];
  readonly postedAt: number;
  readonly editedAt?: number | undefined;
  /** What it said before, oldest first; empty if it was never edited. */
  readonly history: readonly MessageVersion[];
};

/** One element's value in Slack's own fields; an empty one is `null` or an empty list. */
export type StateValue =
  | { readonly type: 'plain_text_input' | 'number_input'; readonly value: string | null }
  | { readonly type: 'static_select' | 'radio_buttons'; readonly selected_option: Option | null }
  | { readonly type: 'checkboxes'; readonly selected_options: readonly Option[] }
  | { readonly type: 'users_select'; readonly selected_user: string | null }
  | { readonly type: 'multi_users_select'; readonly selected_users: readonly string[] }
  | { readonly type: 'conversations_select'; readonly selected_conversation: string | null }
  | { readonly type: 'channels_select'; readonly selected_channel: string | null }
  | { readonly type: 'timepicker'; readonly selected_time: string | null };

/** By block id, then action id. */
export type ViewState = Readonly<Record<string, Readonly<Record<string, StateValue>>>>;

/** A modal or a home tab. `blocks` are checked as a message's are, up to 100. */
export type View = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly hash: string;
  /** Empty for a home tab. */
  readonly title: string;
  readonly submitLabel?: string;
  readonly closeLabel?: string;
  readonly callbackId: string;
  readonly privateMetadata: string;
  readonly blocks: readonly Block[];
  /** What stands in its menus and fields now. */
  readonly state: ViewState;
  /** Inline errors shown now, by block_id. */
  readonly errors: Readonly<Record<string, string>>;
  readonly notifyOnClose: boolean;
  readonly clearOnClose: boolean;
  /** The modal below it, which comes back when this one is closed. */
  readonly previousId: string | undefined;
  /** The lowest one; its own id if it is that. */
  readonly rootId: string;
  /** The conversation that the person was looking at when it was opened. */
  readonly openedIn: string | undefined;
};
