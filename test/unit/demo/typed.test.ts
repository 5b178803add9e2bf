// What was typed at the prompt or into the page, and what is told of a skip.

import { expect, test } from 'vitest';
import { movingSentence, readTyped, skippedSentence } from '../../../src/demo/typed.ts';
import { day, hour, minute } from '../../../src/rig/duration.ts';

test.each([
  ['/wcs up demo for 1h', { kind: 'command', command: '/wcs', text: 'up demo for 1h' }],
  ['  /wcs  ', { kind: 'command', command: '/wcs', text: '' }],
  ['/rigs list', { kind: 'command', command: '/rigs', text: 'list' }],
  ['up demo', { kind: 'command', command: '/wcs', text: 'up demo' }],
  ['/invite @rigs ', { kind: 'invite', who: '@rigs' }],
  ['/invite', { kind: 'command', command: '/invite', text: '' }],
  ['/skip 1h', { kind: 'skip', length: hour }],
  ['/skip 1h 30m', { kind: 'skip', length: hour + 30 * minute }],
])('%j', (typed, read) => {
  expect(readTyped(typed)).toEqual(read);
});

test.each(['/skip', '/skip soon', '/skip 0m', '/skip -1h'])('%j explains itself', (typed) => {
  const read = readTyped(typed);
  expect(read).toMatchObject({ kind: 'explain', text: expect.stringContaining('/skip 1h') });
  expect(read).toMatchObject({
    text: expect.stringMatching(/answer a reminder.* half an hour before the end/),
  });
});

test('how far a skip under way has come', () => {
  const now = Date.UTC(2026, 10, 24, 15, 4);
  expect(movingSentence(now, now + 9 * hour, 'UTC')).toMatch(
    /^… Tue 24 Nov, 15:04, moving on to Wed 25 Nov, 00:04; /,
  );
});

test('what a skip came to', () => {
  const now = Date.UTC(2026, 10, 24, 15, 4);
  expect(skippedSentence({ kind: 'skipped', length: hour, now }, 'UTC')).toBe(
    'For the rigs it is 1 h later: Tue 24 Nov, 15:04.',
  );
  expect(skippedSentence({ kind: 'busy' }, 'UTC')).toMatch(/still moving on/);
  expect(skippedSentence({ kind: 'too-long', most: 7 * day }, 'UTC')).toBe('7 d is the most at once.');
});
