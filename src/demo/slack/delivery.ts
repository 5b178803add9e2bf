// What Slack sends to the bot, whichever way it goes, and what can come of it.

export type Parcel = {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly body: Readonly<Record<string, unknown>>;
  /** 0 for the first delivery; Slack counts its repetitions from 1. */
  readonly attempt: number;
};

export type Outcome =
  | { readonly kind: 'acknowledged'; readonly payload: unknown; readonly tookMs: number }
  | { readonly kind: 'timed-out' }
  /** The bot answered, but not with 200. */
  | { readonly kind: 'rejected'; readonly why: string }
  /** It could not be reached; `why` is for the journal. */
  | { readonly kind: 'undeliverable'; readonly why: string };

export type Transport = { readonly send: (parcel: Parcel) => Promise<Outcome> };
