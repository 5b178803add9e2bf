// The card in every state, and that Slack takes it even with the longest names.

import type { ActionsBlockElement } from '@slack/types';
import { expect, test } from 'vitest';
import { checkContent } from '../../../src/demo/slack/content.ts';
import type { WhyDirect } from '../../../src/ports/outbox.ts';
import type { Asked, FailReason, Rig, RigState } from '../../../src/rig/rig.ts';
import { type CardView, drawCard } from '../../../src/slack/draw/card.ts';
import type { Message } from '../../../src/slack/draw/message.ts';
import { readChoiceValue, readRigValue } from '../../../src/slack/draw/values.ts';
import { aRig, ben, noon } from '../../support/a-rig.ts';

const view: CardView = { bot: 'wcs', ssh: 'ssh root@{ip}' };
const running: RigState = { kind: 'running', since: noon + 1200 };
const image = { digest: '3f2a1b9c0d1e', unchecked: false, licensed: true };
const booting: RigState = { kind: 'starting', since: noon, phase: { kind: 'booting' } };
const pulling = (percent?: number): RigState => ({
  kind: 'starting',
  since: noon,
  phase: { kind: 'pulling', percent },
});

const aReadyRig = (facts: Partial<Rig> = {}): Rig => aRig({ state: running, image, took: 1200, ...facts });

const checked = (message: Message): Message => {
  expect(checkContent(message, { text: 4000, allBlocks: true })).toMatchObject({ kind: 'fine' });
  return message;
};

const labelOf = (element: ActionsBlockElement): string => {
  switch (element.type) {
    case 'button':
      return `[${element.text.text}]`;
    case 'static_select':
      return `[${element.placeholder?.text} ▾ ${element.options?.map(({ text }) => text.text).join(', ')}]`;
    case 'overflow':
      return `[… ${element.options.map(({ text }) => text.text).join(', ')}]`;
    default:
      return '?';
  }
};

/** One line a block: its type, its texts, and its buttons in brackets. */
const seen = (message: Message): string[] =>
  checked(message).blocks.map((block) => {
    switch (block.type) {
      case 'section': {
        const button = block.accessory?.type === 'button' ? ` [${block.accessory.text.text}]` : '';
        return `${block.text?.text ?? ''}${button}`;
      }
      case 'context':
        return block.elements.map((element) => ('text' in element ? element.text : '')).join('|');
      case 'actions':
        return block.elements.map(labelOf).join(' ');
      default:
        return block.type;
    }
  });

const ends = '<!date^1795449600^{date_short_pretty} at {time}|2026-11-23 16:00 UTC>';

test('ready: the link, the doors, the facts, the buttons', () => {
  const message = drawCard(aReadyRig(), view);
  expect(seen(message)).toEqual([
    '🟢 *demo* is ready · <https://192.168.23.100:8444|192.168.23.100> [Two Way Streaming]',
    '<https://192.168.23.100:8444|Web interface> · <https://192.168.23.100:8444/client2/examples/demo/streaming/player/player.html|Player> · `wss://192.168.23.100:8443`\n' +
      '`rtmp://192.168.23.100:1935/live` · `ssh root@192.168.23.100`',
    `anna · h1 · latest 3f2a1b9c0d1e · ends ${ends} · ready in 1.2 s`,
    '[Extend ▾ +1 h, +4 h] [Password] [Stop] [… Logs, Restart, Share, History]',
  ]);
  expect(message.text).toBe('🟢 demo is ready · https://192.168.23.100:8444');
  expect(message.blocks[0]).toMatchObject({
    accessory: {
      style: 'primary',
      url: 'https://192.168.23.100:8444/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html',
    },
  });
  expect(message.blocks[3]).toMatchObject({
    elements: [
      { action_id: 'extend-choice' },
      { action_id: 'password' },
      { action_id: 'stop', style: 'danger', confirm: { style: 'danger' } },
      { action_id: 'more' },
    ],
  });
});

test('ready on an address of its host that a router translates: what others see, and no SSH', () => {
  const network = {
    lan: '10.0.0.0/24@10.0.0.1',
    mode: 'publish',
    subnet: '10.0.0.0/24',
    external: { '10.0.0.5': '203.0.113.7' },
    linkHost: 'rig-{ip-dashed}.lab.example.com',
  } as const;
  const [head, doors] = seen(drawCard(aReadyRig({ network, address: '10.0.0.5' }), view));
  const name = 'rig-203-0-113-7.lab.example.com';
  expect(head).toBe(`🟢 *demo* is ready · <https://${name}:8444|203.0.113.7> [Two Way Streaming]`);
  expect(doors).toBe(
    `<https://${name}:8444|Web interface> · <https://${name}:8444/client2/examples/demo/streaming/player/player.html|Player> · \`wss://${name}:8443\`\n\`rtmp://203.0.113.7:1935/live\``,
  );
});

test.each<[string, RigState, string, string]>([
  ['waiting', { kind: 'placed', since: noon }, '🟡 *demo* · waiting · usually 40 s here', 'ends'],
  ['pulling without a figure', pulling(), '🟡 *demo* · pulling · usually 40 s here', 'ends'],
  ['pulling', pulling(43.7), '🟡 *demo* · pulling 43 % · usually 40 s here', 'ends'],
  [
    'stopping, as somebody asked',
    { kind: 'stopping', since: noon, reason: { kind: 'asked', by: ben } },
    '🟠 *demo* · stopping',
    'stopping since',
  ],
  ['starting', booting, '🟡 *demo* · starting · usually 40 s here', 'ends'],
  [
    'stopping',
    { kind: 'stopping', since: noon, reason: { kind: 'expired' } },
    '🟠 *demo* · stopping, its time is up',
    'stopping since',
  ],
  [
    'ended',
    { kind: 'stopped', since: noon, reason: { kind: 'asked', by: ben } },
    '⚫ *demo* · ended',
    'ended',
  ],
  [
    'expired',
    { kind: 'stopped', since: noon, reason: { kind: 'expired' } },
    '⚫ *demo* · ended, its time was up',
    'ended',
  ],
  [
    'failed',
    { kind: 'failed', since: noon, reason: { kind: 'exited', exitCode: 7, outOfMemory: false } },
    '🔴 *demo* · failed: it ended by itself while it was starting (exit code 7)',
    'failed',
  ],
])('%s: the head and the facts, no buttons', (_, state, head, time) => {
  const lines = seen(drawCard(aRig({ state, usual: 40_000 }), view));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe(head);
  expect(lines[1]).toMatch(new RegExp(`^anna · h1 · latest · ${time} <!date\\^`));
});

test('what was asked for and not given is said', () => {
  const asked = { ...aRig().asked, cut: true };
  const lines = seen(drawCard(aReadyRig({ asked, image: { ...image, unchecked: true } }), view));
  expect(lines[2]).toContain(
    `ends ${ends} (24 h is the most) · ready in 1.2 s · registry silent: local image, may be old`,
  );
});

test('in a direct message it says why, and how to have it in the channel', () => {
  const lines = seen(drawCard(aReadyRig(), { ...view, because: 'cannot-post' }));
  expect(lines[4]).toBe(
    'I cannot post in <#C0RIGS>, so the card is here. To have it there, invite me with `/invite @wcs`, then press *Post there*. [Post there]',
  );
  expect(seen(drawCard(aReadyRig(), { ...view, because: 'shared-channel' }))[4]).toContain(
    '<#C0RIGS>, since that is shared with another organisation',
  );
  const note = (because: WhyDirect, asked: Partial<Asked> = {}) => {
    const rig = aReadyRig();
    return seen(drawCard({ ...rig, asked: { ...rig.asked, ...asked } }, { ...view, because }))[4];
  };
  expect(note('quietly', { quietly: true })).toContain('asked for `quietly`');
  expect(note('quietly')).toContain('asked for in a direct message');
  expect(note('lost-place')).toBe(
    'I can no longer post in <#C0RIGS>, so the card is here. To have it there again, invite me with `/invite @wcs`, then press *Post there*. [Post there]',
  );
  expect(note('cannot-post', { channel: 'D0BEN' })).toBe(
    'I cannot post in that direct message, so the card is here: Slack lets nobody invite me into a message between two people. Where others are to see the card, use a channel.',
  );
  expect(note('lost-place', { channel: 'D0BEN' })).toMatch(/^I can no longer post .* use a channel\.$/);
  expect(note('deleted')).toContain('somebody deleted the one before');
  const ended = aRig({ state: { kind: 'stopped', since: noon, reason: { kind: 'expired' } } });
  expect(seen(drawCard(ended, { ...view, because: 'cannot-post' }))).toHaveLength(2);
});

test('of a failure the card says what, and leaves a machine’s own words to the thread', () => {
  const failed = (reason: FailReason) =>
    seen(drawCard(aRig({ state: { kind: 'failed', since: noon, reason } }), view))[0];
  expect(failed({ kind: 'engine', detail: 'no space left' })).toBe(
    '🔴 *demo* · failed: its host could not start it',
  );
  expect(failed({ kind: 'no-image', reference: 'a:b', detail: 'manifest unknown' })).toBe(
    '🔴 *demo* · failed: the image `a:b` could not be pulled',
  );
});

const endless = (length: number): string => '<&*`_'.repeat(length).slice(0, length);

const reasons: readonly FailReason[] = [
  { kind: 'exited', exitCode: 137, outOfMemory: true },
  { kind: 'not-ready', missingPorts: [8444, 8443], waited: 180_000 },
  { kind: 'no-image', reference: endless(500), detail: endless(9000) },
  { kind: 'address-in-use', address: '192.168.123.123' },
  { kind: 'too-late' },
  { kind: 'superseded' },
  { kind: 'engine', detail: endless(9000) },
];

test.each([
  running,
  {
    kind: 'crashed',
    since: noon,
    crash: { reason: reasons[0] ?? { kind: 'removed' }, tail: [] },
    until: noon,
  } as const,
  ...reasons.map((reason): RigState => ({ kind: 'failed', since: noon, reason })),
])('with the longest names there can be, Slack takes it: $kind $reason.kind', (state) => {
  const extreme = aReadyRig({
    state,
    name: 'abcdefghij-abcdefghi',
    id: 'k'.repeat(64),
    owner: { id: 'W'.repeat(24), name: endless(400) },
    host: endless(300),
    tag: 'x'.repeat(128),
    address: '255.255.255.255',
    asked: { channel: `C${'0'.repeat(20)}`, command: `/${'w'.repeat(32)}`, quietly: false, cut: true },
    image: { digest: endless(80), unchecked: true, licensed: false },
  });
  const message = checked(drawCard(extreme, { bot: endless(90), ssh: endless(300), because: 'cannot-post' }));
  const markup = JSON.stringify(message).match(/<[^>]*>/g) ?? [];
  expect(markup.filter((one) => !/^<(https:|!date\^|#C0)/.test(one))).toEqual([]);
});

test('of a crash: what happened, until when it can be restarted, and how', () => {
  const crash = { reason: { kind: 'died', exitCode: 137, outOfMemory: true }, tail: [] } as const;
  const message = drawCard(aReadyRig({ state: { kind: 'crashed', since: noon, crash, until: noon } }), view);
  expect(seen(message)).toEqual([
    '🔴 *demo* · failed: it ran out of memory',
    'anna · h1 · latest 3f2a1b9c0d1e · can be restarted until <!date^1795435200^{date_short_pretty} at {time}|2026-11-23 12:00 UTC>',
    '[Restart] [Give it up]',
  ]);
});

test('says with whom it is shared, that it is kept, unused, or without an end; offers what makes sense', () => {
  const facts = (change: Partial<Rig>, evening?: number) =>
    seen(drawCard(aReadyRig(change), { ...view, evening }));
  const lease = aRig().lease;
  expect(facts({ shared: [ben] })[2]).toContain('anna · shared with ben · h1');
  expect(facts({ shared: Array.from({ length: 4 }, () => ben) })[2]).toContain('shared with 4 people');
  expect(facts({ lease: { ...lease, keptFrom: noon } })[2]).toContain('kept until <!date^');
  expect(facts({ lease: { ...lease, idleStop: noon } })[2]).toContain('unused, stops <!date^');
  expect(facts({ lease: { end: undefined, cap: undefined, rev: 2 } })[2]).toContain('no end');
  expect(facts({ lease: { end: undefined, cap: undefined, rev: 2 } })[3]).toMatch(/^\[Password\]/);
  expect(facts({ lease: { ...lease, end: noon + 24 * 3_600_000 } })[3]).toMatch(/^\[Password\]/);
  expect(facts({}, noon + 6 * 3_600_000)[3]).toContain('[Extend ▾ +1 h, +4 h, Until 18:00]');
  // It ends at 16:00, or later: until 15:30 would cut it short.
  expect(facts({}, noon + 3.5 * 3_600_000)[3]).toContain('[Extend ▾ +1 h, +4 h]');
});

test('a menu brings its rig back, too, and Slack takes it', () => {
  const menu = drawCard(aReadyRig(), view).blocks[3];
  const overflow =
    menu?.type === 'actions' && menu.elements[3]?.type === 'overflow' ? menu.elements[3] : undefined;
  expect(readChoiceValue(overflow?.options[1]?.value)).toEqual({
    rig: 'k3f9ab',
    name: 'demo',
    command: '/wcs',
    do: 'restart',
  });
  expect(() => readChoiceValue('["k3f9ab","demo","/wcs","eat"]')).toThrow();
});

test('a button brings its rig back', () => {
  const stop = drawCard(aReadyRig(), view).blocks[3];
  const value = stop?.type === 'actions' && stop.elements[2]?.type === 'button' ? stop.elements[2].value : '';
  expect(readRigValue(value)).toEqual({ rig: 'k3f9ab', name: 'demo', command: '/wcs' });
  expect(() => readRigValue('{"rig":1}')).toThrow();
  expect(() => readRigValue('no json')).toThrow();
});
