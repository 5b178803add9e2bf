// What a failed call to Slack means: come back later, or no for good.

import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { type Duration, second } from '../rig/duration.ts';

export type SlackFailure =
  /** Rate limit, outage, time-out: `after` is Slack's own wish where it has one. */
  | { readonly kind: 'later'; readonly after: Duration | undefined; readonly why: string }
  /** Slack understood and said no; `code` is its word, `channel_not_found` say. Nothing was done. */
  | { readonly kind: 'refused'; readonly code: string };

/** Slack's words for its own trouble, and for tokens that an operator has to mend: news waits for that. */
const passing: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'accesslimited',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'account_inactive',
  'org_login_required',
  'ekm_access_denied',
]);

const rateLimit = 'rate limit';

/** Slack did nothing, and wants to be left alone for a while. */
export const isRateLimit = (error: unknown): boolean => {
  const failure = readSlackFailure(error);
  return failure?.kind === 'later' && failure.why === rateLimit;
};

/** `undefined`: that is no failure of Slack's but a fault of ours. */
export const readSlackFailure = (error: unknown): SlackFailure | undefined => {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'later', after: error.retryAfter * second, why: rateLimit };
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    return passing.has(code) ? { kind: 'later', after: 30 * second, why: code } : { kind: 'refused', code };
  }
  if (error instanceof WebAPIHTTPError)
    return { kind: 'later', after: undefined, why: `status ${error.statusCode}` };
  if (error instanceof WebAPIRequestError)
    return { kind: 'later', after: undefined, why: error.original.message };
  // The client's own words for a 429 that does not say when to come back.
  if (error instanceof Error && error.message.startsWith('Retry header'))
    return { kind: 'later', after: 30 * second, why: rateLimit };
  return undefined;
};

/** Slack's words for a conversation that we cannot write in any more: archived, or we were removed from it. */
const lostPlace: ReadonlySet<string> = new Set([
  'is_archived',
  'is_inactive',
  'not_in_channel',
  'channel_not_found',
]);

/** Slack's words for a message that somebody deleted: to an edit, and to a reply. */
const deleted: ReadonlySet<string> = new Set(['message_not_found', 'thread_not_found']);

/** What a refusal says of the message that was to be edited, or replied to. */
export const readLoss = (error: unknown): 'lost-place' | 'deleted' | undefined => {
  const failure = readSlackFailure(error);
  if (failure?.kind !== 'refused') return undefined;
  if (lostPlace.has(failure.code)) return 'lost-place';
  return deleted.has(failure.code) ? 'deleted' : undefined;
};
