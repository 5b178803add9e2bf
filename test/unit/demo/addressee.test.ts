// Whom something typed into the page is meant for.

import { expect, test } from 'vitest';
import { addresseeOf } from '../../../src/demo/page/addressee.ts';

test.each([
  '/wcs up demo',
  '  /skip 1h',
  '/nonsense',
  'up demo for 1h',
  'Down demo',
  'list',
  'up demo for ever',
])('%j is for the bot', (text) => {
  expect(addresseeOf(text)).toEqual({ kind: 'bot' });
});

test.each([
  'hello everybody',
  'hello',
  'lost my phone',
  'all good?',
  'thanks!',
  'is demo still needed?',
  'sure',
  '@ben look',
])('%j is for colleagues', (text) => {
  expect(addresseeOf(text)).toEqual({ kind: 'colleagues', meant: undefined });
});

test.each([
  ['dwon demo', 'down demo'],
  ['stop demo', 'down demo'],
  ['lsit', 'list'],
])('%j is for colleagues, but may be a slip of %j', (text, meant) => {
  expect(addresseeOf(text)).toEqual({ kind: 'colleagues', meant });
});
