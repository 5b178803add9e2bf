// What a person can do in the emulated Slack, and what comes of it.

import type { Message, View } from './state.ts';
import type { InputValue } from './view-state.ts';

/** `@anna`, `anna` or `U…`. */
export type PersonRef = string;
/** `#rigs`, `rigs`, `C…` or `D…`. */
export type ChannelRef = string;

/** What came of what a person did. */
export type Interaction =
  | {
      readonly kind: 'acknowledged';
      /** What the ack carried; `{}` or `''` if nothing. */
      readonly payload: unknown;
      readonly tookMs: number;
      /** Of an event, which has no trigger, the event's id. */
      readonly triggerId: string;
      readonly responseUrl: string | undefined;
    }
  /** Nobody acknowledged in time; a violation. `shown` is what Slack tells the person. */
  | {
      readonly kind: 'timed-out';
      readonly shown: string;
      readonly triggerId: string;
      readonly responseUrl: string | undefined;
    }
  /** No socket is connected, the request URL did not answer with 200, or a submission was answered with nonsense. */
  | {
      readonly kind: 'undeliverable';
      readonly shown: string;
      readonly triggerId: string;
      readonly responseUrl: string | undefined;
    }
  /** Slack itself says no (a required field is empty), or the person declined the confirmation: nothing was sent. */
  | { readonly kind: 'refused'; readonly shown: string };

export type Command = {
  readonly user: PersonRef;
  readonly channel: ChannelRef;
  /** `/wcs` */
  readonly command?: string;
  /** As typed, without the command. */
  readonly text: string;
  /** Typed into a thread: Slack refuses. */
  readonly threadTs?: string;
  /** How often Slack delivers it, each with the same `trigger_id`, to the sockets in turn; 1. The first ack counts. */
  readonly deliveries?: number;
};

export type Click = {
  readonly user: PersonRef;
  /** A channel message, an ephemeral or a view. What is clicked is its present state, not the copy that is passed. */
  readonly on: Message | View;
  readonly actionId: string;
  /** Where several elements share the action id. */
  readonly blockId?: string;
  /**
   * Of several equal buttons the one with this value; of a menu the option, person or conversation; of a field the
   * text. Of checkboxes and lists of people the one that is turned over.
   */
  readonly value?: string;
  /** What the person answers where the element asks for confirmation; `accept`. */
  readonly confirm?: 'accept' | 'decline';
  readonly deliveries?: number;
};

export type Submission = {
  readonly user: PersonRef;
  /** By action id; what is not named keeps what was there. */
  readonly values: Readonly<Record<string, InputValue>>;
  readonly deliveries?: number;
};
