// What is still to be told in Slack, where it is told, and who tells it.

import type { Duration } from '../rig/duration.ts';
import type { News, Told } from '../rig/news.ts';
import type { ChannelId, Person, Rig, RigId } from '../rig/rig.ts';

/** `lost-place`: the bot was removed from there, or it was archived; `deleted`: somebody deleted the card. */
export type WhyDirect = 'cannot-post' | 'shared-channel' | 'quietly' | 'lost-place' | 'deleted';

/** Where a rig's card is. Kept beside the rig, since only the teller writes it. */
export type CardPlace = {
  readonly channel: ChannelId;
  /** Slack's timestamp, the message's id. */
  readonly ts: string;
  /** Why it is in a direct message; absent where it is in the channel that was asked in. */
  readonly because?: WhyDirect | undefined;
  /** The message in its thread whose buttons still stand: a reminder, a crash. */
  readonly open?: { readonly channel: ChannelId; readonly ts: string } | undefined;
  /** Where it was before we could write there no more: it may be possible again. */
  readonly left?: { readonly channel: ChannelId; readonly ts: string } | undefined;
};

/** The events to be told, in order per rig. */
export type Outbox = {
  /** Rigs with news, longest waiting first. */
  readonly waiting: () => Promise<readonly RigId[]>;
  /** The exclusive right to drain one rig's list for a while; `undefined` if another drainer has it. */
  readonly lease: (rig: RigId, length: Duration) => Promise<OutboxLease | undefined>;
};

export type OutboxLease = {
  readonly entries: () => Promise<readonly OutboxEntry[]>;
  /** Notes, before it is sent, that an entry is on its way: found so again, its fate is unknown. */
  readonly sending: (id: Told['id']) => Promise<void>;
  /** Holds it for another while; false if it was lost. */
  readonly keep: () => Promise<boolean>;
  /** Takes the first `count` entries off the list and keeps where the card is now; false if the lease was lost. */
  readonly done: (count: number, card: CardPlace | undefined) => Promise<boolean>;
  readonly giveBack: () => Promise<void>;
};

export type OutboxEntry = Told & {
  /** A drainer had begun to send it, and did not come to say how it went. */
  readonly uncertain: boolean;
};

export type Cards = {
  readonly get: (rig: RigId) => Promise<CardPlace | undefined>;
  readonly put: (rig: RigId, place: CardPlace) => Promise<void>;
};

/** What came of telling one piece of news. */
export type Telling =
  | { readonly kind: 'told'; readonly card?: CardPlace | undefined }
  /** Slack is slow, silent or says "later": nothing is lost, it stays first in the list. */
  | { readonly kind: 'later'; readonly after: Duration }
  /** It can never be told: dropped, and those who run the bot hear of it. `gone`: whose accounts are closed. */
  | { readonly kind: 'impossible'; readonly why: string; readonly gone?: readonly Person[] | undefined };

export type Teller = {
  readonly tell: (telling: {
    readonly rig: Rig;
    readonly news: News;
    readonly id: Told['id'];
    readonly card: CardPlace | undefined;
    /** An earlier attempt may have arrived: look for it first. */
    readonly uncertain: boolean;
  }) => Promise<Telling>;
};
