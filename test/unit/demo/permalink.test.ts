// Slack's links to messages, of which the page makes ways to them.

import { expect, test } from 'vitest';
import { readPermalink } from '../../../src/demo/page/client/permalink.ts';

test.each([
  ['https://acme.slack.com/archives/C1/p1700000000000100', { ts: '1700000000.000100', threadTs: undefined }],
  [
    'https://acme.slack.com/archives/C1/p1700000001000200?thread_ts=1700000000.000100&cid=C1',
    { ts: '1700000001.000200', threadTs: '1700000000.000100' },
  ],
])('%s', (url, place) => {
  expect(readPermalink(url)).toEqual({ channel: 'C1', ...place });
});

test.each([
  'https://172.31.7.10:8444',
  'https://evil.example/archives/C1/p1700000000000100',
  'https://acme.slack.com/archives/C1',
  'acme',
])('%s is none', (url) => {
  expect(readPermalink(url)).toBeUndefined();
});
