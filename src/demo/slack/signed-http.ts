// Delivery by signed HTTP to the app's request URL.

import { createHmac, randomUUID } from 'node:crypto';
import type { Outcome, Parcel, Transport } from './delivery.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './surface.ts';

/** `v0=` and the HMAC of version, timestamp and body. */
export const signature = (secret: string, timestamp: number, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

const form = ({ type, body }: Parcel): string =>
  type === 'slash_commands'
    ? new URLSearchParams(
        Object.fromEntries(Object.entries(body).map(([key, value]) => [key, String(value)])),
      ).toString()
    : new URLSearchParams({ payload: JSON.stringify(body) }).toString();

const encoded = (parcel: Parcel) =>
  parcel.type === 'events_api'
    ? { contentType: 'application/json', body: JSON.stringify(parcel.body) }
    : { contentType: 'application/x-www-form-urlencoded', body: form(parcel) };

const answered = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('json') !== true) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const post = (requestUrl: string, secret: string, parcel: Parcel, ackMs: number) => {
  const { contentType, body } = encoded(parcel);
  // The wall clock and not the emulator's: the bot compares it with its own.
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': contentType,
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signature(secret, timestamp, body),
    ...(parcel.attempt === 0
      ? {}
      : { 'x-slack-retry-num': String(parcel.attempt), 'x-slack-retry-reason': 'http_timeout' }),
  };
  return fetch(requestUrl, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(ackMs),
  });
};

export const createSignedHttp = (parts: {
  readonly requestUrl: string;
  readonly signingSecret: string;
  readonly limits: Limits;
  readonly journal: Journal;
}): Transport => ({
  send: async (parcel): Promise<Outcome> => {
    const ref = randomUUID();
    const { journal, limits } = parts;
    const sentAt = performance.now();
    journal.record({ direction: 'to-bot', kind: 'request', name: parcel.type, body: parcel.body, ref });
    try {
      const response = await post(parts.requestUrl, parts.signingSecret, parcel, limits.ackMs);
      const payload = await answered(response);
      journal.record({
        direction: 'from-bot',
        kind: 'request-ack',
        name: parcel.type,
        body: { status: response.status, payload },
        ref,
      });
      return response.status === 200
        ? { kind: 'acknowledged', payload, tookMs: performance.now() - sentAt }
        : { kind: 'rejected', why: `the request URL answered ${response.status}` };
    } catch (fault) {
      if (fault instanceof DOMException && fault.name === 'TimeoutError') return { kind: 'timed-out' };
      return { kind: 'undeliverable', why: String(fault) };
    }
  },
});
