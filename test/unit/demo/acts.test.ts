// What the page may ask for, and whose requests are taken at all.

import { describe, expect, it } from 'vitest';
import { readAct } from '../../../src/demo/page/acts.ts';
import { isOwnRequest } from '../../../src/demo/page/own-request.ts';

describe('an act', () => {
  const message = { kind: 'message', channel: 'C1', ts: '1.2' };
  it.each([
    { act: 'type', as: 'U1', channel: 'C1', text: 'up demo' },
    { act: 'type', as: 'U1', channel: 'C1', threadTs: '1.2', text: 'thanks' },
    { act: 'click', as: 'U1', on: message, actionId: 'stop', blockId: 'b' },
    { act: 'click', as: 'U1', on: { kind: 'modal' }, actionId: 'stop', blockId: 'b', value: 'v' },
    { act: 'submit', as: 'U1', values: { name: 'demo', people: ['U1', 'U2'] } },
    { act: 'close', as: 'U1' },
    { act: 'open-home', as: 'U1' },
    { act: 'skip', as: 'U1', length: 60_000 },
  ])('%j', (act) => {
    expect(readAct(JSON.stringify(act))).toEqual({ kind: 'act', act });
  });

  it.each([
    ['no JSON', '{'],
    ['no act', '{}'],
    ['an unknown act', '{"act":"install"}'],
    ['nobody', '{"act":"close"}'],
    ['more than there is', '{"act":"close","as":"U1","of":"U2"}'],
    ['nothing typed', '{"act":"type","as":"U1","channel":"C1","text":""}'],
    ['a skip back', '{"act":"skip","length":-60000}'],
    ['a skip of years', '{"act":"skip","length":99999999999}'],
    ['a place that is none', '{"act":"click","as":"U1","on":{"kind":"file"},"actionId":"a","blockId":"b"}'],
  ])('refused: %s', (_, body) => {
    expect(readAct(body)).toMatchObject({ kind: 'wrong', why: expect.stringMatching(/./) });
  });
});

describe('whose request it is', () => {
  it.each([
    ['the page itself', 'POST', { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' }, true],
    ['by its other name', 'POST', { host: 'localhost:4000', origin: 'http://localhost:4000' }, true],
    ['somebody who opens it', 'GET', { host: '127.0.0.1:4000' }, true],
    ['a name that leads here', 'GET', { host: 'evil.example:4000' }, false],
    ['no host', 'GET', {}, false],
    ['another port', 'GET', { host: '127.0.0.1:4001' }, false],
    ['a page from elsewhere', 'POST', { host: '127.0.0.1:4000', origin: 'https://evil.example' }, false],
    ['one that reads', 'GET', { host: '127.0.0.1:4000', origin: 'https://evil.example' }, false],
    ['one without an origin', 'POST', { host: '127.0.0.1:4000', origin: 'null' }, false],
    ['no browser', 'POST', { host: '127.0.0.1:4000' }, false],
    ['another page on loopback', 'POST', { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:8080' }, false],
    ['a mix of names', 'POST', { host: '127.0.0.1:4000', origin: 'http://localhost:4000' }, false],
  ])('%s', (_, method, headers, own) => {
    expect(isOwnRequest(method, headers, 4000)).toBe(own);
  });
});
