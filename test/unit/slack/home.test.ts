// The Home tab: what stands in it, and that Slack takes it at every size.

import { describe, expect, test } from 'vitest';
import { checkBlocks } from '../../../src/demo/slack/blocks.ts';
import { hour } from '../../../src/rig/duration.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { drawHome, type HomeView } from '../../../src/slack/views/home.ts';
import { bar } from '../../../src/slack/words/home.ts';
import { aHost } from '../../support/a-place.ts';
import { anna, aRig, ben, noon } from '../../support/a-rig.ts';

const running = { kind: 'running', since: noon } as const;

const view = (facts: Partial<HomeView> = {}): HomeView => ({
  mine: [],
  shared: [],
  hosts: [],
  now: noon,
  command: '/wcs-dev',
  evening: undefined,
  ...facts,
});

/** One line a block: its text, and its buttons and menus in brackets. */
const seen = (facts: Partial<HomeView>): string[] => {
  const checked = checkBlocks(drawHome(view(facts)).blocks, 'home');
  if (checked.kind === 'invalid') throw new Error(checked.errors.join('\n'));
  return checked.blocks.map((block) => {
    switch (block.type) {
      case 'header':
        return `# ${block.text.text}`;
      case 'section':
        return `${block.text?.text}${block.accessory?.type === 'button' ? ` [${block.accessory.text.text}]` : ''}`;
      case 'context':
        return block.elements.map((element) => ('text' in element ? element.text : '')).join('|');
      case 'actions':
        return block.elements
          .map((element) => {
            if (element.type === 'button') return `[${element.text.text}]`;
            return 'options' in element
              ? `[${element.options.map(({ text }) => text.text).join(', ')}]`
              : '?';
          })
          .join(' ');
      default:
        return block.type;
    }
  });
};

const greeting =
  'I hand out *rigs*: Web Call Servers, each with an address of its own, for a while. [Start a rig …]';
const help =
  "`/wcs-dev help` has all commands · `/wcs-dev list` shows everybody's rigs · a rig's thread tells what happens to it";

test('nothing at all', () => {
  expect(seen({})).toEqual([
    greeting,
    '# My rigs',
    'You have no rigs at the moment. *Start a rig …* above starts one.',
    '# Hosts',
    'No Docker host has joined yet. Whoever runs this bot has to start a worker on a host first.',
    help,
  ]);
});

test('my rigs with what can be done with each, those shared with me, and the hosts', () => {
  const lease = { end: noon + 3 * hour, cap: noon + 24 * hour, rev: 1 };
  const mine = [
    aRig({ state: running, lease }),
    aRig({ id: 'r2', name: 'next' }),
    aRig({
      id: 'r3',
      name: 'off',
      state: { kind: 'stopping', since: noon, reason: { kind: 'asked', by: anna } },
    }),
  ];
  const shared = [aRig({ id: 'r4', name: 'his', owner: ben, shared: [anna], state: running, lease })];
  const hosts = [aHost(), aHost({ name: 'h2', state: 'unreachable', freeSlots: 8, freeAddresses: 1 })];
  const until = 'until <!date^1795446000^{date_short_pretty} at {time}|2026-11-23 15:00 UTC>';
  const link = '<https://192.168.23.100:8444|192.168.23.100>';
  expect(seen({ mine, shared, hosts, evening: noon + 6 * 3_600_000 })).toEqual([
    greeting,
    '# My rigs (3)',
    `🟢 *demo* · ${link} · ready · 3 h left · ${until} · h1`,
    '[+1 h, +4 h, Until 18:00] [Password] [Stop] [Logs, Restart, Share, History]',
    `🟡 *next* · ${link} · waiting · 4 h left · h1`,
    '[Stop]',
    `🟠 *off* · ${link} · stopping · h1`,
    '# Shared with me (1)',
    `🟢 *his* · ben · ${link} · ready · 3 h left · ${until} · h1`,
    '[+1 h, +4 h] [Password] [Stop] [Logs, Restart, History]',
    '# Hosts',
    '🟢 *h1* · ready · ▓▓▓░░░░░ 3/8 · 9 free addresses\n🔴 *h2* · unreachable · ░░░░░░░░ 0/8 · 1 free address',
    help,
  ]);
});

test('one that crashed can be restarted or given up', () => {
  const crash = { reason: { kind: 'died', exitCode: 1, outOfMemory: false }, tail: [] } as const;
  const state = { kind: 'crashed', since: noon, crash, until: noon + hour } as const;
  expect(seen({ mine: [aRig({ state })] }).slice(2, 4)).toEqual([
    '🔴 *demo* · <https://192.168.23.100:8444|192.168.23.100> · failed · can be restarted · h1',
    '[Restart] [Give it up]',
  ]);
});

const wide = (count: number, facts: Partial<Rig> = {}): Rig[] =>
  [...Array(count).keys()].map((n) =>
    aRig({
      id: `r${n}`,
      name: `abcdefghij-abcdef-${n}`.slice(0, 20),
      owner: { id: 'U1', name: '&'.repeat(80) },
      host: '<'.repeat(300),
      address: '255.255.255.255',
      state: running,
      ...facts,
    }),
  );

describe.each([0, 1, 30, 31, 300])('%d rigs of each kind, with the longest names', (count) => {
  test('fit, and the rest is a command away', () => {
    const hosts = [...Array(count).keys()].map((n) => aHost({ name: `${n}${'<'.repeat(300)}` }));
    const lines = seen({ mine: wide(count), shared: wide(count), hosts });
    expect(lines.length).toBeLessThanOrEqual(100);
    const said = lines.join('\n');
    expect(said.includes(`… and ${count - 30} more: \`/wcs-dev list mine\``)).toBe(count > 30);
    expect(said.includes(`… and ${count - 12} more: \`/wcs-dev list\``)).toBe(count > 12);
    expect(said.includes(`… and ${count - 40} more hosts`)).toBe(count > 40);
    expect(said).not.toMatch(/<!(?!date)/);
  });
});

test.each([
  [0, 8, '░░░░░░░░'],
  [1, 100, '▓░░░░░░░'],
  [4, 8, '▓▓▓▓░░░░'],
  [99, 100, '▓▓▓▓▓▓▓░'],
  [8, 8, '▓▓▓▓▓▓▓▓'],
  [9, 8, '▓▓▓▓▓▓▓▓'],
  [0, 0, '░░░░░░░░'],
])('%d of %d is %s', (used, all, drawn) => {
  expect(bar(used, all)).toBe(drawn);
});
