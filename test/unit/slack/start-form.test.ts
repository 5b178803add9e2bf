// The form for a new rig: Slack takes it at every size, and its fields are read as the command reads the same words.

import { expect, test } from 'vitest';
import { checkBlocks } from '../../../src/demo/slack/blocks.ts';
import { givenView } from '../../../src/demo/slack/show-view.ts';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { Refusal } from '../../../src/rig/refusal.ts';
import { readStartOrigin } from '../../../src/slack/draw/values.ts';
import type { Fields } from '../../../src/slack/views/fields.ts';
import { plainOf } from '../../../src/slack/views/inline.ts';
import { readStart } from '../../../src/slack/views/read-start.ts';
import { drawShareForm } from '../../../src/slack/views/share-form.ts';
import { drawStartForm, type StartFormView } from '../../../src/slack/views/start-modal.ts';
import { mistakeInForm, refusalInForm } from '../../../src/slack/words/modal.ts';
import { aHost } from '../../support/a-place.ts';
import { aRig, ben } from '../../support/a-rig.ts';

const view = (facts: Partial<StartFormView> = {}): StartFormView => ({
  origin: { command: '/wcs-dev', channel: 'C0RIGS' },
  hosts: [aHost()],
  pools: new Map(),
  policy: { lease: { usual: 4 * hour, most: 24 * hour }, tags: undefined },
  ...facts,
});

const blocksOf = (facts: Partial<StartFormView> = {}) => {
  const form = drawStartForm(view(facts));
  expect(givenView.safeParse(form).error).toBeUndefined();
  const checked = checkBlocks(form.blocks, 'modal');
  if (checked.kind === 'invalid') throw new Error(checked.errors.join('\n'));
  return checked.blocks;
};

const inputs = (facts: Partial<StartFormView> = {}) =>
  blocksOf(facts).flatMap((block) => (block.type === 'input' ? [block] : []));

const menu = (id: string, facts: Partial<StartFormView> = {}): string[] =>
  inputs(facts).flatMap(({ block_id, element }) =>
    block_id === id && element.type === 'static_select'
      ? element.options.map(({ text, value }) => `${value}: ${text.text}`)
      : [],
  );

test.each<[string, Partial<StartFormView>, string[]]>([
  ['in a channel', {}, ['name', 'lease', 'host', 'tag', 'quietly']],
  ['from the Home tab', { origin: { command: '/wcs' } }, ['name', 'lease', 'host', 'tag', 'where']],
  [
    'where no tag may be chosen',
    { policy: { lease: { usual: hour, most: undefined }, tags: [] } },
    ['name', 'lease', 'host', 'quietly'],
  ],
])('its fields %s', (_, facts, fields) => {
  expect(inputs(facts).map(({ block_id }) => block_id)).toEqual(fields);
  for (const { block_id, element } of inputs(facts)) expect(element.action_id).toBe(block_id);
});

test('hosts that are ready stand with what is free on them, the freest first', () => {
  const hosts = [
    aHost({ name: 'full', freeSlots: 0 }),
    aHost({ name: 'away', state: 'unreachable' }),
    aHost({ name: 'some', freeSlots: 2 }),
    aHost({ name: 'most', freeSlots: 7 }),
  ];
  expect(menu('host', { hosts })).toEqual([
    '*: whichever is best',
    'most: most · 7 of 8 free',
    'some: some · 2 of 8 free',
    'full: full · full',
  ]);
  expect(menu('host', { hosts: [] })).toEqual(['*: whichever is best']);
});

test('Slack takes it with 300 hosts and tags of the longest names', () => {
  const hosts = [...Array(300).keys()].map((n) => aHost({ name: `${n}`.padEnd(150, 'h') }));
  const tags = [...Array(300).keys()].map((n) => `${n}`.padEnd(128, 't'));
  const facts = { hosts, policy: { lease: { usual: hour, most: hour }, tags } };
  expect(menu('host', facts)).toHaveLength(100);
  expect(menu('tag', facts)).toHaveLength(100);
});

test('what it was opened with comes back with it', () => {
  const { private_metadata } = drawStartForm(view());
  expect(readStartOrigin(private_metadata)).toEqual({ command: '/wcs-dev', channel: 'C0RIGS' });
});

test('Slack takes the form for sharing', () => {
  const form = drawShareForm(aRig({ name: 'abcdefghij-abcdefghi' }), '/wcs');
  expect(givenView.safeParse(form).error).toBeUndefined();
  expect(checkBlocks(form.blocks, 'modal')).toMatchObject({ kind: 'fine' });
});

const fields = (values: Readonly<Record<string, string>>): Fields => ({
  one: (name) => values[name],
  isChecked: (name) => values[name] !== undefined,
  users: () => [],
});

const up = {
  kind: 'up',
  name: undefined,
  lease: undefined,
  until: undefined,
  host: undefined,
  tag: undefined,
};

test.each<[Record<string, string>, object]>([
  [{}, { quietly: false }],
  [{ name: ' ', lease: '–', tag: '' }, {}],
  [{ name: 'Demo' }, { name: 'demo' }],
  [{ lease: '4h' }, { lease: 4 * hour }],
  [{ lease: 'for 90m' }, { lease: 90 * minute }],
  [{ lease: '1 h 30 m' }, { lease: 90 * minute }],
  [{ lease: 'an hour' }, { lease: hour }],
  [{ lease: 'until 18:00' }, { until: { hour: 18, minute: 0, day: 'next' } }],
  [{ lease: 'until 9:00 tomorrow' }, { until: { hour: 9, minute: 0, day: 'tomorrow' } }],
  [{ lease: 'tomorrow 9:00' }, { until: { hour: 9, minute: 0, day: 'tomorrow' } }],
  [{ lease: '9:00 tomorrow' }, { until: { hour: 9, minute: 0, day: 'tomorrow' } }],
  [{ lease: '18:00' }, { until: { hour: 18, minute: 0, day: 'next' } }],
  [{ lease: '6 pm' }, { until: { hour: 18, minute: 0, day: 'next' } }],
  [{ lease: '+2h' }, { lease: 2 * hour }],
  [{ host: '*' }, { host: undefined }],
  [
    { host: 'h1', tag: '5.2', quietly: 'quietly' },
    { host: 'h1', tag: '5.2', quietly: true },
  ],
])('%j is read', (values, command) => {
  expect(readStart(fields(values))).toEqual({
    kind: 'command',
    command: { ...up, quietly: false, ...command },
  });
});

test.each<[Record<string, string>, Record<string, string>]>([
  [
    { name: 'demo two' },
    {
      name: "One word only: a rig's name begins with a letter and has letters, digits and dashes, “demo-two” say. Time and tag have fields of their own.",
    },
  ],
  [
    { name: 'Größe' },
    {
      name: "“Größe” has characters that a rig's name cannot have: those are a to z, digits and dashes. How about “grosse”?",
    },
  ],
  [{ name: '9 bad name!' }, { name: 'letters, digits and dashes, “bad” say.' }],
  [{ name: '9 10' }, { name: 'letters, digits and dashes. Time and tag have fields of their own.' }],
  [{ name: '5.2.1945' }, { name: "I make one up. If it is an image's tag, that has a field of its own." }],
  [{ name: '<@U1|x>' }, { name: "“<@U1|x>” has characters that a rig's name cannot have" }],
  [{ name: 'quietly' }, { name: '“quietly” is one of my own words' }],
  [{ lease: '4' }, { lease: '4 what? “for 4h” is hours, “for 4m” minutes.' }],
  [{ lease: '0h' }, { lease: '“0h” is no time at all' }],
  [{ lease: '1:30' }, { lease: '“1:30”: until then? Write “until 1:30”' }],
  [{ lease: 'tomorrow' }, { lease: 'Tomorrow at what time?' }],
  [{ lease: '18:00 demo' }, { lease: '“18:00 demo” is not a length of time that I can read.' }],
  [{ lease: '25:00' }, { lease: 'There is no “25:00”' }],
  [{ lease: 'for 13pm' }, { lease: 'There is no “13pm”' }],
  [{ lease: 'until 6' }, { lease: '6 in the morning or in the evening?' }],
  [{ lease: 'until' }, { lease: 'Until when?' }],
  [{ lease: '4h demo' }, { lease: '“4h demo” is not a length of time that I can read.' }],
  [{ lease: 'soon' }, { lease: '“soon” is not a length of time that I can read.' }],
  [{ tag: '5 2' }, { tag: "“5 2” cannot be an image's tag" }],
  [{ tag: 'a/b' }, { tag: 'dashes and underscores, “5.2.1945” say.' }],
  [{ tag: '-x' }, { tag: "“-x” cannot be an image's tag" }],
  [
    { name: '9lives', lease: 'soon', tag: '!x', host: 'h1' },
    { name: '“9lives” does not begin with a letter', lease: '“soon” is not', tag: '“!x” cannot' },
  ],
])('%j: each mistake under its field', (values, said) => {
  const read = readStart(fields(values));
  const mistakes = read.kind === 'mistakes' ? [...read.mistakes] : [];
  const told = Object.fromEntries(mistakes.map(([field, one]) => [field, mistakeInForm(one, '/wcs')]));
  expect(Object.keys(told)).toEqual(Object.keys(said));
  for (const [field, beginning] of Object.entries(said)) expect(told[field]).toContain(beginning);
});

test.each<[Refusal, string]>([
  [
    { kind: 'name-taken', name: 'demo', holder: ben },
    "The name “demo” is taken: that rig is ben's. Choose another one, or leave this empty and I make one up.",
  ],
  [
    { kind: 'user-quota', limit: 2, mine: [aRig(), aRig({ name: 'two' })] },
    'You have 2 rigs already, and 2 is the most for one person: “demo”, “two”. Stop one that you do not need (“/wcs down NAME”), then press Start again.',
  ],
  [
    { kind: 'nowhere', asked: 'h1', reasons: [{ host: 'h1', why: 'is full (8 of 8)' }] },
    'Nothing was started: “h1” is full (8 of 8). Choose another host, or whichever is best; or try again later.',
  ],
  [
    {
      kind: 'nowhere',
      reasons: [
        { host: 'h1', why: 'is full (8 of 8)' },
        { host: '<h2>', why: 'is unreachable' },
      ],
    },
    'Nothing was started: “h1” is full (8 of 8); “<h2>” is unreachable. Stop a rig that you do not need, or try again later.',
  ],
  [
    { kind: 'unknown-host', asked: 'h9', known: ['h1'] },
    'There is no host “h9” any more. Choose another one, or whichever is best.',
  ],
  [{ kind: 'no-host' }, 'No Docker host has joined yet, so there is nothing to start a rig on.'],
  [
    { kind: 'fleet-quota', limit: 9 },
    'All 9 rigs that may run at once are running, so nothing was started. “/wcs list” shows',
  ],
])('refused under a field: %j', (refusal, said) => {
  expect(refusalInForm(refusal, '/wcs')).toContain(said);
});

test('under a field there is no markup, and it is bounded', () => {
  expect(
    plainOf(
      'A *bold* <https://x|link>, `a&lt;b&gt;` <!date^1795449600^{date}|2026-11-23 16:00 UTC>:\n• one\n• two &amp; 3*4*5.\nEnd.',
    ),
  ).toBe('A bold link, “a<b>” 2026-11-23 16:00 UTC: one; two & 3*4*5. End.');
  expect([...plainOf('x'.repeat(9000))].length).toBeLessThanOrEqual(600);
});
