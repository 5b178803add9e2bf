// Who is in a conversation, as far as Slack says it.

import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { expect, test } from 'vitest';
import { createPresent } from '../../../src/slack/tell/present.ts';

const answering = (answer: () => Promise<unknown>) => {
  const client = new WebClient('xoxb-test');
  Object.assign(client.conversations, { members: answer });
  return createPresent(client);
};

test('those who are there', async () => {
  const present = answering(async () => ({ ok: true, members: ['U1', 'U2'] }));
  expect(await present('C1', ['U2', 'U3'])).toEqual(new Set(['U2']));
});

test('where Slack shows nobody, nobody knows', async () => {
  const present = answering(async () => {
    throw new WebAPIPlatformError({ ok: false, error: 'channel_not_found' });
  });
  expect(await present('C1', ['U2'])).toBeUndefined();
});

test('an outage is waited for', async () => {
  const failure = new WebAPIPlatformError({ ok: false, error: 'internal_error' });
  const present = answering(async () => {
    throw failure;
  });
  await expect(present('C1', ['U2'])).rejects.toBe(failure);
});
