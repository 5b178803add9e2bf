// mrkdwn as a tree: what is a mark, what is a reference, and what is only text.

import { expect, test } from 'vitest';
import { readMrkdwn } from '../../../src/demo/slack/mrkdwn-tree.ts';

const text = (said: string) => ({ kind: 'text', text: said });
const bold = (...parts: readonly unknown[]) => ({ kind: 'bold', parts });
const code = (said: string) => ({ kind: 'code', parts: [text(said)] });

test.each<[string, readonly unknown[]]>([
  ['', []],
  ['a *b* c', [text('a '), bold(text('b')), text(' c')]],
  [
    '_it_, ~gone~.',
    [
      { kind: 'italic', parts: [text('it')] },
      text(', '),
      { kind: 'struck', parts: [text('gone')] },
      text('.'),
    ],
  ],
  ['a_b_c 3 * 4 * 5 10:30:45', [text('a_b_c 3 * 4 * 5 10:30:45')]],
  ['*rigs called `demo`*', [bold(text('rigs called '), code('demo'))]],
  ['*bold _and italic_*', [bold(text('bold '), { kind: 'italic', parts: [text('and italic')] })]],
  ['on `vm`; *now*', [text('on '), code('vm'), text('; '), bold(text('now'))]],
  ['`*raw* &lt;b&gt;`', [code('*raw* <b>')]],
  ['```10:30 *two*\n  &amp;lt;```', [{ kind: 'block', parts: [text('10:30 *two*\n  &lt;')] }]],
  [
    'open <https://h:8444/?a=1&amp;b=2>',
    [text('open '), { kind: 'link', url: 'https://h:8444/?a=1&b=2', label: undefined }],
  ],
  ['<https://h|R&amp;D>', [{ kind: 'link', url: 'https://h', label: 'R&D' }]],
  [
    '<@U1> <@U2|ben> <#C1|lab>',
    [
      { kind: 'person', id: 'U1', label: undefined },
      text(' '),
      { kind: 'person', id: 'U2', label: 'ben' },
      text(' '),
      { kind: 'channel', id: 'C1', label: 'lab' },
    ],
  ],
  [
    '<!here> <!subteam^S1|@ops>',
    [{ kind: 'group', name: 'here' }, text(' '), { kind: 'group', name: 'ops' }],
  ],
  ['<!date^1^{time}|15:04>', [{ kind: 'date', body: '1^{time}|15:04' }]],
  [
    '&gt; one\n&gt; *two*\nthree',
    [{ kind: 'quote', parts: [text('one\n'), bold(text('two'))] }, text('\nthree')],
  ],
  ['&lt;!channel&gt; 2 &gt; 1', [text('<!channel> 2 > 1')]],
])('%j', (given, parts) => {
  expect(readMrkdwn(given)).toEqual(parts);
});
