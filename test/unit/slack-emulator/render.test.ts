import { describe, expect, it } from 'vitest';
import type { Block } from '../../../src/demo/slack/block-schemas.ts';
import { mrkdwnText, type TextStyle } from '../../../src/demo/slack/mrkdwn.ts';
import { renderMessage } from '../../../src/demo/slack/render.ts';
import { slackDate } from '../../../src/demo/slack/slack-date.ts';
import { button, section } from './bolt.ts';

// 2026-01-15 13:04 UTC, 14:04 in Berlin
const now = Date.UTC(2026, 0, 15, 13, 4);
const zone = { now, timeZone: 'Europe/Berlin' };
const style: TextStyle = {
  ...zone,
  colour: false,
  links: 'shown',
  nameOf: (id) => ({ U0ANNA0001: 'anna' })[id],
};
const unix = (hours: number) => Math.floor(now / 1000) + hours * 3600;

const card: readonly Block[] = [
  {
    ...section('🟢 *demo* is ready · <https://172.31.7.10:8444|172.31.7.10>'),
    accessory: button('Two Way Streaming', 'open', { url: 'https://172.31.7.10:8444/x.html' }),
  },
  section('<https://172.31.7.10:8444/|Web interface> · `ssh root@172.31.7.10`'),
  {
    type: 'context',
    elements: [
      {
        type: 'mrkdwn',
        text: `anna · laptop · latest · ends <!date^${unix(1)}^{time}|15:04 UTC> · ready in 1.2 s`,
      },
    ],
  },
  {
    type: 'actions',
    block_id: 'b',
    elements: [
      button('Password', 'password', { value: 'r1' }),
      {
        ...button('Stop', 'stop', { value: 'r1' }),
        confirm: {
          title: { type: 'plain_text', text: 'Stop demo?' },
          text: { type: 'mrkdwn', text: '*It* goes.' },
        },
      },
    ],
  },
];

describe('renderMessage', () => {
  it('shows a card as the try-out does, its buttons numbered', () => {
    const { lines, choices } = renderMessage({ text: 'demo', blocks: card }, { ...zone, links: 'hidden' });
    expect(lines).toEqual([
      '🟢 demo is ready · https://172.31.7.10:8444  [1] Two Way Streaming ↗',
      'Web interface · ssh root@172.31.7.10',
      'anna · laptop · latest · ends 15:04 · ready in 1.2 s',
      '[2] Password  [3] Stop',
    ]);
    expect(choices).toEqual([
      {
        number: 1,
        label: 'Two Way Streaming',
        actionId: 'open',
        blockId: '',
        url: 'https://172.31.7.10:8444/x.html',
      },
      { number: 2, label: 'Password', actionId: 'password', blockId: 'b', value: 'r1' },
      {
        number: 3,
        label: 'Stop',
        actionId: 'stop',
        blockId: 'b',
        value: 'r1',
        confirm: 'Stop demo? It goes.',
      },
    ]);
  });

  it('wraps at spaces, counts on from a number, and colours', () => {
    let number = 8;
    const wrapped = renderMessage(
      { text: '', blocks: card },
      { ...zone, width: 40, numberOf: () => number++ },
    );
    expect(wrapped.lines.slice(0, 2)).toEqual([
      '🟢 demo is ready ·',
      'https://172.31.7.10:8444  [8] Two Way',
    ]);
    expect(wrapped.choices.map(({ number }) => number)).toEqual([8, 9, 10]);
    const coloured = renderMessage({ text: '', blocks: card }, { ...zone, colour: true, links: 'hidden' });
    expect(coloured.lines[0]).toContain('\u001b[1mdemo\u001b[0m is ready');
    expect(coloured.lines[1]).toContain('\u001b[36mssh root@172.31.7.10\u001b[0m');
  });

  it('shows the text where there are no blocks, and every kind of block', () => {
    expect(renderMessage({ text: 'a *b*\nc', blocks: [] }, zone).lines).toEqual(['a b', 'c']);
    const blocks: readonly Block[] = [
      { type: 'header', text: { type: 'plain_text', text: 'Rigs' } },
      { type: 'divider' },
      {
        type: 'section',
        fields: [
          { type: 'plain_text', text: 'one' },
          { type: 'mrkdwn', text: '_two_' },
        ],
      },
      { type: 'image', image_url: 'https://h/x.png', alt_text: 'a picture' },
      { type: 'input', label: { type: 'plain_text', text: 'Name' }, element: { type: 'plain_text_input' } },
      {
        type: 'actions',
        elements: [
          {
            type: 'overflow',
            action_id: 'more',
            options: [
              { text: { type: 'plain_text', text: 'Log' }, value: 'log' },
              { text: { type: 'plain_text', text: 'Hand over' }, value: 'hand' },
            ],
          },
        ],
      },
    ];
    const { lines, choices } = renderMessage({ text: '', blocks }, zone);
    expect(lines).toEqual([
      'Rigs',
      '─'.repeat(20),
      'one',
      'two',
      '(a picture)',
      'Name: …',
      '[1] Log  [2] Hand over',
    ]);
    expect(choices).toMatchObject([{ value: 'log' }, { value: 'hand' }]);
  });
});

describe('what a terminal cannot offer', () => {
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const option = (value: string) => ({ text: plain(value), value });
  const rendered = (blocks: readonly Block[]) => renderMessage({ text: '', blocks }, zone);

  it('stands in its place: whom or what it asks for', () => {
    const blocks: readonly Block[] = [
      {
        type: 'actions',
        elements: [
          { type: 'users_select', action_id: 'share', placeholder: plain('Share with') },
          { type: 'conversations_select', action_id: 'where' },
          { type: 'timepicker', action_id: 'until' },
          { type: 'radio_buttons', action_id: 'tag', options: [option('latest'), option('beta')] },
        ],
      },
      { type: 'input', label: plain('Hours'), element: { type: 'number_input', is_decimal_allowed: false } },
      {
        type: 'input',
        label: plain('Host'),
        element: { type: 'static_select', options: [option('laptop'), option('lab')] },
      },
    ];
    const { lines, choices } = rendered(blocks);
    expect(lines).toEqual([
      '‹Share with›  ‹a conversation›  ‹a time›  [1] latest  [2] beta',
      'Hours: …',
      'Host: laptop / lab',
    ]);
    expect(choices).toHaveLength(2);
  });

  it('shows a file by its title and first lines', () => {
    const content = Array.from({ length: 11 }, (_, i) => `line ${i + 1}\n`).join('');
    const file = { id: 'F1', name: 'demo.log', title: 'Log of demo', content };
    const { lines } = renderMessage({ text: 'the *log*', blocks: [], files: [file] }, zone);
    expect(lines).toHaveLength(11);
    expect(lines.slice(0, 3)).toEqual(['the log', '📄 Log of demo', '  line 1']);
    expect(lines.slice(-2)).toEqual(['  line 8', '  … 3 more lines']);
    expect(renderMessage({ text: '', blocks: [], files: [file] }, zone).lines[0]).toBe('📄 Log of demo');
  });
});

describe('mrkdwn', () => {
  it.each([
    ['<https://h/x|Player>', 'Player (https://h/x)'],
    ['<https://h/x>', 'https://h/x'],
    ['*bold*, _it_ and ~gone~', 'bold, it and gone'],
    ['a*b*c snake_case_name 3 * 4 * 5', 'a*b*c snake_case_name 3 * 4 * 5'],
    ['`*raw* &lt;b&gt;`', '*raw* <b>'],
    ['```one\n*two*```', 'one\n*two*'],
    ['<@U0ANNA0001> <@U0ELSE0001|ben> <@U0ELSE0001>', '@anna @ben @U0ELSE0001'],
    ['<#C0LAB00001|lab> <!channel> <!subteam^S1|ops>', '#lab @channel @ops'],
    ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
  ])('%s', (given, shown) => {
    expect(mrkdwnText(given, style)).toBe(shown);
  });
});

describe('dates', () => {
  it.each([
    ['{date_short_pretty} at {time}', 1, 'today at 15:04'],
    ['{date_short_pretty} at {time}', 12, 'tomorrow at 02:04'],
    ['{date_pretty}', -24, 'yesterday'],
    ['{date_short_pretty}', 96, '19 Jan 2026'],
    ['{date_num} {time_secs}', 0, '2026-01-15 14:04:00'],
    ['{date}', 0, '15 January 2026'],
    ['{someday}', 0, 'fallback'],
  ])('%s in %i hours', (format, hours, shown) => {
    expect(slackDate(`${unix(hours)}^${format}|fallback`, zone)).toBe(shown);
  });
});
