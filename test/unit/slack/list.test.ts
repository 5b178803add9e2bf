// The list: every size of it fits into a message, and its pages cover each rig once.

import { expect, test } from 'vitest';
import { type ListFilter, pageOf } from '../../../src/control/list-rigs.ts';
import { checkContent } from '../../../src/demo/slack/content.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { drawList, type ListView } from '../../../src/slack/draw/list.ts';
import type { Message } from '../../../src/slack/draw/message.ts';
import { actions, readListValue } from '../../../src/slack/draw/values.ts';
import { anna, aRig, ben, noon } from '../../support/a-rig.ts';

const view = (facts: Partial<ListView> = {}): ListView => ({
  filter: { kind: 'all' },
  now: noon,
  reader: anna.id,
  command: '/wcs-dev',
  ...facts,
});

const lines = (message: Message): string[] =>
  message.blocks.flatMap((block) => (block.type === 'section' ? (block.text?.text ?? '').split('\n') : []));

const buttons = (message: Message): ReadonlyMap<string, string> =>
  new Map(
    message.blocks.flatMap((block) =>
      block.type === 'actions'
        ? block.elements.map((one) =>
            one.type === 'button' ? ([one.action_id ?? '', one.value ?? ''] as const) : (['', ''] as const),
          )
        : [],
    ),
  );

const rigs = (count: number, facts: Partial<Rig> = {}): Rig[] =>
  [...Array(count).keys()].map((n) => aRig({ id: `r${n}`, name: `rig-${n}`, ...facts }));

test.each<[ListFilter, string]>([
  [{ kind: 'all' }, 'There are no rigs at the moment. `/wcs-dev up` starts one.'],
  [
    { kind: 'mine' },
    "You have no rigs at the moment. `/wcs-dev up` starts one; `/wcs-dev list` shows everybody's.",
  ],
  [
    { kind: 'on', host: 'h<9>' },
    'There are no rigs on a host `h&lt;9&gt;`. `/wcs-dev list` shows those on all hosts.',
  ],
])('none: %j', (filter, text) => {
  expect(lines(drawList(pageOf([], 0), view({ filter })))).toEqual([text]);
});

test.each<[string, readonly string[], string]>([
  ['H1', ['h1'], 'There are no rigs on a host `H1`. `/wcs-dev list` shows those on all hosts.'],
  [
    'h9',
    ['h1', 'h2'],
    'There is no host `h9`. Known: `h1`, `h2`; `/wcs-dev list` shows the rigs on all of them.',
  ],
  ['h9', [], 'There is no host `h9`, and no other has joined yet.'],
])('none on %s, of %j', (host, hosts, text) => {
  expect(lines(drawList(pageOf([], 0), view({ filter: { kind: 'on', host }, hosts })))).toEqual([text]);
});

test('a line has name, owner, address, host, state and what is left of the lease', () => {
  const state = { kind: 'running', since: noon } as const;
  const mine = aRig({ state, lease: { end: noon + 3 * 3_600_000 + 12 * 60_000, cap: noon, rev: 1 } });
  const other = aRig({ name: 'other', owner: ben, lease: { end: noon - 1, cap: noon, rev: 1 } });
  expect(lines(drawList(pageOf([mine, other], 0), view()))).toEqual([
    '*2 rigs*',
    '🟢 *demo* · you · <https://192.168.23.100:8444|192.168.23.100> · h1 · ready · 3 h 12 m left',
    '🟡 *other* · ben · <https://192.168.23.100:8444|192.168.23.100> · h1 · waiting · time is up',
  ]);
});

test('what is being stopped has nothing left, whatever its lease says', () => {
  const stopping = aRig({ state: { kind: 'stopping', since: noon, reason: { kind: 'asked', by: anna } } });
  expect(lines(drawList(pageOf([stopping], 0), view()))[1]).toMatch(/^🟠 \*demo\* .* · h1 · stopping$/);
});

test('500 rigs are 25 pages, which the buttons turn', () => {
  const all = rigs(500);
  const names: string[] = [];
  let page = 0;
  for (;;) {
    const message = drawList(pageOf(all, page), view());
    expect(lines(message)[0]).toBe(`*500 rigs · page ${page + 1} of 25*`);
    expect(buttons(message).has(actions.listPrevious)).toBe(page > 0);
    names.push(
      ...lines(message)
        .slice(1)
        .map((line) => line.split('*')[1] ?? ''),
    );
    const next = buttons(message).get(actions.listNext);
    if (next === undefined) break;
    expect(readListValue(next)).toEqual({ filter: { kind: 'all' }, page: page + 1, command: '/wcs-dev' });
    page += 1;
  }
  expect(page).toBe(24);
  expect(names).toEqual(all.map(({ name }) => name));
});

test('a page that is no more is the last', () => {
  expect(lines(drawList(pageOf(rigs(21), 9), view()))[0]).toBe('*21 rigs · page 2 of 2*');
});

test.each([1, 20, 21, 60, 500])('%d rigs with the longest names fit', (count) => {
  const wide = rigs(count, {
    name: 'abcdefghij-abcdefghi',
    owner: { id: 'U1', name: '&'.repeat(80) },
    host: 'h'.repeat(300),
    address: '255.255.255.255',
    state: { kind: 'starting', since: noon, phase: { kind: 'pulling', percent: 100 } },
  });
  const message = drawList(pageOf(wide, 1), view({ filter: { kind: 'on', host: '<'.repeat(200) } }));
  expect(checkContent(message, { text: 4000, allBlocks: true })).toMatchObject({ kind: 'fine' });
  for (const value of buttons(message).values()) expect(readListValue(value).page).toBeGreaterThanOrEqual(0);
});
