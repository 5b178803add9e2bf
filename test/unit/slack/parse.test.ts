// What people type at a slash command, and what the bot makes of it. FC_SEED repeats a random test.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, hour, minute } from '../../../src/rig/duration.ts';
import { isRigName } from '../../../src/rig/name.ts';
import {
  type Command,
  type Mistake,
  mostLines,
  type TimeOfDay,
  verbs,
} from '../../../src/slack/parse/command.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import { repairName } from '../../../src/slack/parse/parse-up.ts';
import { mistakeSentence } from '../../../src/slack/words/mistakes.ts';

const up = (facts: Partial<Command & { kind: 'up' }> = {}): Command => ({
  kind: 'up',
  name: undefined,
  lease: undefined,
  until: undefined,
  host: undefined,
  tag: undefined,
  quietly: false,
  ...facts,
});

const commands: readonly (readonly [string, Command])[] = [
  ['', { kind: 'nothing' }],
  ['   \u00a0 ', { kind: 'nothing' }],
  ['up', up()],
  ['UP', up()],
  ['  up   demo  ', up({ name: 'demo' })],
  ['up DEMO', up({ name: 'demo' })],
  ['up demo for 4h', up({ name: 'demo', lease: 4 * hour })],
  ['up for 4h demo', up({ name: 'demo', lease: 4 * hour })],
  ['UP FOR 4H DEMO ON h1', up({ name: 'demo', lease: 4 * hour, host: 'h1' })],
  ['up 4h demo', up({ name: 'demo', lease: 4 * hour })],
  ['up demo 90m', up({ name: 'demo', lease: 90 * minute })],
  ['up 1h30m', up({ lease: 90 * minute })],
  ['up y 2h30', up({ name: 'y', lease: 150 * minute })],
  ['up +4h y', up({ name: 'y', lease: 4 * hour })],
  ['up 1d x', up({ name: 'x', lease: day })],
  ['up on h1', up({ host: 'h1' })],
  ['up on H1.lan.example.com', up({ host: 'H1.lan.example.com' })],
  ['up on <http://h1.example.com|h1.example.com> demo', up({ host: 'h1.example.com', name: 'demo' })],
  ['up tag 5.2.1945', up({ tag: '5.2.1945' })],
  ['up tag Latest-RC demo', up({ tag: 'Latest-RC', name: 'demo' })],
  ['up quietly demo', up({ name: 'demo', quietly: true })],
  ['up Quietly', up({ quietly: true })],
  [
    'up demo tag 5.2 on h2 for 2h quietly',
    up({ name: 'demo', tag: '5.2', host: 'h2', lease: 2 * hour, quietly: true }),
  ],
  ['up on for', up({ host: 'for' })],
  ['up on up', up({ host: 'up' })],
  ['up tag for', up({ tag: 'for' })],
  ['up for 4 h', up({ lease: 4 * hour })],
  ['up for 4 hours demo', up({ lease: 4 * hour, name: 'demo' })],
  ['up 4 hours demo', up({ lease: 4 * hour, name: 'demo' })],
  ['up for 1 hour 30 minutes', up({ lease: 90 * minute })],
  ['up for 2 days', up({ lease: 2 * day })],
  ['up for 90 min', up({ lease: 90 * minute })],
  ['up for 90mins', up({ lease: 90 * minute })],
  ['up for 1.5h', up({ lease: 90 * minute })],
  ['up for 1,5h', up({ lease: 90 * minute })],
  ['up for an hour', up({ lease: hour })],
  ['up for a day demo', up({ lease: day, name: 'demo' })],
  ['up demo, for 4h.', up({ name: 'demo', lease: 4 * hour })],
  ['up my–demo', up({ name: 'my-demo' })],
  ['up my—demo', up({ name: 'my-demo' })],
  ['up my‑demo', up({ name: 'my-demo' })],
  ['up my−demo', up({ name: 'my-demo' })],
  ['up demo – for 4h', up({ name: 'demo', lease: 4 * hour })],
  ['up demo —for 4h', up({ name: 'demo', lease: 4 * hour })],
  ['up demo --for 4h', up({ name: 'demo', lease: 4 * hour })],
  ['up\u00a0demo\u00a0for\u00a04h', up({ name: 'demo', lease: 4 * hour })],
  ['up\u202fdemo\u2009for\u30004h', up({ name: 'demo', lease: 4 * hour })],
  ['up de\u200bmo', up({ name: 'demo' })],
  ['up “demo”', up({ name: 'demo' })],
  ['up ‘demo’ for “4h”', up({ name: 'demo', lease: 4 * hour })],
  ['up `demo`', up({ name: 'demo' })],
  ['up "demo"', up({ name: 'demo' })],
  ['up demo demo', up({ name: 'demo' })],
  ['up a', up({ name: 'a' })],
  ['up a2345678901234567890', up({ name: 'a2345678901234567890' })],
  ['list', { kind: 'list', filter: { kind: 'all' } }],
  ['List ALL', { kind: 'list', filter: { kind: 'all' } }],
  ['list mine', { kind: 'list', filter: { kind: 'mine' } }],
  ['list on H1', { kind: 'list', filter: { kind: 'on', host: 'H1' } }],
  ['down', { kind: 'down-which' }],
  ['down all', { kind: 'down-all' }],
  ['DOWN ALL', { kind: 'down-all' }],
  ['down Demo', { kind: 'down', names: ['demo'] }],
  ['down a b, c', { kind: 'down', names: ['a', 'b', 'c'] }],
  ['down a,b a', { kind: 'down', names: ['a', 'b'] }],
  ['help', { kind: 'help', more: false }],
  ['HELP more', { kind: 'help', more: true }],
  ['hosts', { kind: 'hosts', host: undefined }],
  ['hosts H1', { kind: 'hosts', host: 'H1' }],
  ['hosts on h1', { kind: 'hosts', host: 'h1' }],
  ['drain h1', { kind: 'drain', host: 'h1', now: false }],
  ['drain host h1', { kind: 'drain', host: 'h1', now: false }],
  ['drain H1.lan now', { kind: 'drain', host: 'H1.lan', now: true }],
  [
    'drain --now <http://h1.example.com|h1.example.com>',
    { kind: 'drain', host: 'h1.example.com', now: true },
  ],
  ['drain host', { kind: 'drain', host: 'host', now: false }],
  ['undrain h1 H1', { kind: 'undrain', host: 'H1' }],
  ['FORGET h1!', { kind: 'forget', host: 'h1' }],
  ['allow h1', { kind: 'allow', host: 'h1' }],
  ['history on h1', { kind: 'history-on', host: 'h1' }],
  ['help up', { kind: 'help', more: false }],
  ['/help', { kind: 'help', more: false }],
];

test.each(commands)('%j is understood', (text, command) => {
  expect(parseCommand(text)).toEqual({ kind: 'command', command });
});

const mistakes: readonly (readonly [string, Mistake, string])[] = [
  [
    'drain',
    { kind: 'which-host', verb: 'drain' },
    '`/wcs-dev drain HOST`. All of them are in `/wcs-dev hosts`.',
  ],
  ['drain now', { kind: 'which-host', verb: 'drain' }, 'Which host is to take no new rigs?'],
  ['forget', { kind: 'which-host', verb: 'forget' }, 'Which host is gone for good?'],
  [
    'undrain h1 h2',
    { kind: 'one-host', verb: 'undrain', typed: ['h1', 'h2'] },
    'One host at a time: `/wcs-dev undrain h1` or `/wcs-dev undrain h2`?',
  ],
  ['hosts a b', { kind: 'one-host', verb: 'hosts', typed: ['a', 'b'] }, '`/wcs-dev hosts a`'],
  ['allow h/1', { kind: 'bad-host', typed: 'h/1', verb: 'allow' }, 'The hosts there are: `/wcs-dev hosts`.'],
  [
    'forget <@U1|anna>',
    { kind: 'mention', of: 'person', typed: 'anna', wanted: 'named-host' },
    '`@anna` is a person, and where it stands I expected the name of a host.',
  ],
  ['nodes', { kind: 'unknown-verb', typed: 'nodes', nearest: 'hosts', rest: undefined }, '`hosts`'],
  [
    'dwon',
    { kind: 'unknown-verb', typed: 'dwon', nearest: 'down', rest: undefined },
    '`dwon`: did you mean `down`?',
  ],
  [
    'UPP demo',
    { kind: 'unknown-verb', typed: 'UPP', nearest: 'up', rest: 'demo' },
    '`UPP`: did you mean `up`?',
  ],
  [
    'longer demo',
    { kind: 'unknown-verb', typed: 'longer', nearest: 'extend', rest: 'demo' },
    'did you mean `extend`?',
  ],
  ['lsit', { kind: 'unknown-verb', typed: 'lsit', nearest: 'list', rest: undefined }, 'did you mean `list`?'],
  [
    'pasword x',
    { kind: 'unknown-verb', typed: 'pasword', nearest: 'password', rest: 'x' },
    '`/wcs-dev password x`',
  ],
  [
    'reboot demo',
    { kind: 'unknown-verb', typed: 'reboot', nearest: 'restart', rest: 'demo' },
    'did you mean `restart`?',
  ],
  ['log demo', { kind: 'unknown-verb', typed: 'log', nearest: 'logs', rest: 'demo' }, '`/wcs-dev logs demo`'],
  ['info', { kind: 'unknown-verb', typed: 'info', nearest: 'show', rest: undefined }, '`/wcs-dev show`'],
  [
    'audit',
    { kind: 'unknown-verb', typed: 'audit', nearest: 'history', rest: undefined },
    '`/wcs-dev history`',
  ],
  [
    'stop demo',
    { kind: 'unknown-verb', typed: 'stop', nearest: 'down', rest: 'demo' },
    'Then write `/wcs-dev down demo`; `/wcs-dev help`',
  ],
  ['pu x', { kind: 'unknown-verb', typed: 'pu', nearest: 'up', rest: 'x' }, '`/wcs-dev up x`'],
  [
    'status demo',
    { kind: 'unknown-verb', typed: 'status', nearest: 'list', rest: undefined },
    '`/wcs-dev list`',
  ],
  [
    'ps on h1',
    { kind: 'unknown-verb', typed: 'ps', nearest: 'list', rest: 'on h1' },
    '`/wcs-dev list on h1`',
  ],
  [
    'invite demo <@U1|anna> a&lt;b',
    { kind: 'unknown-verb', typed: 'invite', nearest: 'share', rest: 'demo @anna a<b' },
    '`/wcs-dev share demo @anna a&lt;b`',
  ],
  [
    'demonstration',
    { kind: 'unknown-verb', typed: 'demonstration', nearest: undefined, rest: undefined },
    '`/wcs-dev up demonstration`',
  ],
  [
    'constructor',
    { kind: 'unknown-verb', typed: 'constructor', nearest: undefined, rest: undefined },
    '`/wcs-dev help`',
  ],
  ['<@U1|anna>', { kind: 'mention', of: 'person', typed: 'anna', wanted: 'command' }, '`@anna` is a person'],
  ['up 4', { kind: 'bare-number', number: '4' }, '4 what? `for 4h`'],
  ['up demo for 4', { kind: 'bare-number', number: '4' }, '4 what? `for 4h`'],
  ['up demo for', { kind: 'nothing-after', word: 'for', verb: 'up' }, '`for 4h`'],
  ['up demo on', { kind: 'nothing-after', word: 'on', verb: 'up' }, '`/wcs-dev up on HOST`'],
  ['up tag', { kind: 'nothing-after', word: 'tag', verb: 'up' }, 'Which tag?'],
  ['up for ages', { kind: 'bad-duration', typed: 'ages' }, '`ages` is not a length of time'],
  ['up for 0h', { kind: 'zero-duration', typed: '0h' }, 'no time at all'],
  ['up 0m', { kind: 'zero-duration', typed: '0m' }, 'no time at all'],
  ['up 4h 2h for 1h', { kind: 'said-twice', what: 'lease' }, 'two lengths of time'],
  ['up 2h 4h', { kind: 'said-twice', what: 'lease' }, 'two lengths of time'],
  ['up on a on b', { kind: 'said-twice', what: 'on' }, '`on` twice'],
  ['up tag a tag b', { kind: 'said-twice', what: 'tag' }, '`tag` twice'],
  [
    'up demo h1',
    { kind: 'two-names', first: 'demo', second: 'h1' },
    '`demo` or `h1`? For a host write `on h1`.',
  ],
  ['up demo fro 4h', { kind: 'near-word', typed: 'fro', nearest: 'for' }, '`fro`: did you mean `for`?'],
  ['up demo quitely', { kind: 'near-word', typed: 'quitely', nearest: 'quietly' }, 'did you mean `quietly`?'],
  ['up list', { kind: 'keyword-as-name', word: 'list' }, '`list` is one of my own words'],
  ['up until', { kind: 'nothing-after', word: 'until', verb: 'up' }, 'Until when?'],
  ['up show', { kind: 'keyword-as-name', word: 'show' }, '`show` is one of my own words'],
  ['up with', { kind: 'keyword-as-name', word: 'with' }, '`with` is one of my own words'],
  [
    'up demo untl 18:00',
    { kind: 'near-word', typed: 'untl', nearest: 'until' },
    '`untl`: did you mean `until`?',
  ],
  ['up ALL', { kind: 'keyword-as-name', word: 'all' }, 'Take another name'],
  [
    'up my_demo',
    { kind: 'bad-name', typed: 'my_demo', why: 'characters', proposal: 'my-demo' },
    'How about `my-demo`?',
  ],
  [
    'up Frühstück',
    { kind: 'bad-name', typed: 'Frühstück', why: 'characters', proposal: 'fruhstuck' },
    '`fruhstuck`',
  ],
  [
    'up tomörrow',
    { kind: 'bad-name', typed: 'tomörrow', why: 'characters', proposal: undefined },
    'Take another one',
  ],
  [
    'up 2demo',
    { kind: 'bad-name', typed: '2demo', why: 'first-letter', proposal: 'demo' },
    'begin with a letter',
  ],
  [
    'up 5.2.1945',
    { kind: 'bad-name', typed: '5.2.1945', why: 'characters', proposal: undefined },
    '`tag 5.2.1945`',
  ],
  [
    'up a-very-long-name-that-never-ends',
    {
      kind: 'bad-name',
      typed: 'a-very-long-name-that-never-ends',
      why: 'too-long',
      proposal: 'a-very-long-name-tha',
    },
    "has 32 characters, and a rig's name at most 20",
  ],
  [
    'up демо',
    { kind: 'bad-name', typed: 'демо', why: 'characters', proposal: undefined },
    'or none and I make one up',
  ],
  [
    'up a&lt;b',
    { kind: 'bad-name', typed: 'a<b', why: 'characters', proposal: 'a-b' },
    '`a&lt;b` has characters',
  ],
  ['up <@U1|anna>', { kind: 'mention', of: 'person', typed: 'anna', wanted: 'name' }, '`@anna` is a person'],
  ['up <#C1|rigs>', { kind: 'mention', of: 'channel', typed: 'rigs', wanted: 'name' }, 'without the `#`'],
  ['up <!here>', { kind: 'mention', of: 'group', typed: 'here', wanted: 'name' }, '`@here`'],
  ['up <!subteam^S1|@team>', { kind: 'mention', of: 'group', typed: 'team', wanted: 'name' }, '`@team`'],
  ['up on <@U1|h1>', { kind: 'mention', of: 'person', typed: 'h1', wanted: 'host' }, 'without a `@`'],
  ['up for <@U1|ben>', { kind: 'mention', of: 'person', typed: 'ben', wanted: 'lease' }, '`for 4h`'],
  ['up on h/1', { kind: 'bad-host', typed: 'h/1' }, 'cannot be the name of a host'],
  ['up tag a/b', { kind: 'bad-tag', typed: 'a/b' }, "cannot be an image's tag"],
  ['list foo', { kind: 'odd-list', typed: 'foo' }, '`/wcs-dev list on HOST`'],
  ['list mine all', { kind: 'odd-list', typed: 'all' }, '`all` after `list`'],
  ['list on', { kind: 'nothing-after', word: 'on', verb: 'list' }, '`/wcs-dev list on HOST`'],
  ['down all demo', { kind: 'odd-down', typed: 'all' }, 'nothing was stopped'],
  ['down demo until 18:00', { kind: 'odd-down', typed: 'until' }, 'nothing was stopped'],
  ['down demo on h1', { kind: 'odd-down', typed: 'on' }, 'nothing was stopped'],
  ['down <@U1|anna>', { kind: 'mention', of: 'person', typed: 'anna', wanted: 'name' }, '`@anna`'],
  [
    `down ${[...Array(26).keys()].map((n) => `r${n}`).join(' ')}`,
    { kind: 'too-many-names', most: 25 },
    'more than 25',
  ],
];

test.each(mistakes)('%j is answered', (text, mistake, says) => {
  expect(parseCommand(text)).toEqual({ kind: 'mistake', mistake });
  expect(mistakeSentence(mistake, '/wcs-dev')).toContain(says);
});

/** Fragments that meet the grammar more often than chance would. */
const fragment = fc.oneof(
  fc.constantFrom(...verbs),
  fc.constantFrom('for', 'until', 'on', 'tag', 'by', 'to', 'with', 'and', 'at', 'tomorrow', 'quietly', 'all'),
  fc.constantFrom('4h', '4', '24', '18:00', '6.30', 'pm', 'noon', 'midnight', '18：00', 'today', '0m', '1e9'),
  fc.constantFrom('lines', 'last', '-n', '200', '99999999'),
  fc.constantFrom('<@U1|x>', '<@U2>', '<@U2|>', '<@>', '<@U1', '<!channel>', '<#C1|>', '@ben', '&amp;', '+'),
  fc.constantFrom(
    '<',
    '>',
    '&lt;',
    '<http://a|b>',
    '`',
    '–',
    '\u202e',
    '```',
    '@here',
    'demo',
    '\ud800',
    '\n',
  ),
  fc.string({ unit: 'binary' }),
);

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);

const expectClock = (time: TimeOfDay | undefined) => {
  if (time === undefined) return;
  expect(Number.isInteger(time.hour) && time.hour >= 0 && time.hour < 24).toBe(true);
  expect(Number.isInteger(time.minute) && time.minute >= 0 && time.minute < 60).toBe(true);
};

const expectBounded = (command: Command) => {
  if ('name' in command && command.name !== undefined) expect(command.name).toMatch(/^\S+$/u);
  switch (command.kind) {
    case 'up':
      expectClock(command.until);
      expect(command.until !== undefined && command.lease !== undefined).toBe(false);
      return;
    case 'extend':
      if (command.wanted.kind === 'until') expectClock(command.wanted.time);
      else expect(command.wanted.length).toBeGreaterThan(0);
      return;
    case 'logs':
      if (command.lines === undefined) return;
      expect(command.lines).toBeGreaterThanOrEqual(1);
      expect(command.lines).toBeLessThanOrEqual(mostLines);
      return;
    case 'share': {
      const ids = command.with.map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[UW][A-Z0-9]+$/);
      return;
    }
    default:
      return;
  }
};

describe('whatever is typed', () => {
  const words = [
    'demo',
    '4h',
    'until 18:00',
    '<@U1|x>',
    '200',
    'tag 5',
    'with',
    'to',
    'last',
    'all',
    'on h1',
  ];
  const text = fc.oneof(
    fc.record({
      verb: fc.constantFrom('', ...verbs),
      parts: fc.array(fragment, { maxLength: 12 }),
      glue: fc.constantFrom(' ', ''),
    }),
    // Nearly right, so that each command is met.
    fc.record({
      verb: fc.constantFrom(...verbs),
      parts: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
      glue: fc.constant(' '),
    }),
  );

  test('it has an answer, and the answer holds neither mention nor link nor open code', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(text, ({ verb, parts, glue }) => {
        const parsed = parseCommand(`${verb} ${parts.join(glue)}`);
        kinds.add(parsed.kind === 'command' ? parsed.command.kind : parsed.mistake.kind);
        if (parsed.kind === 'command') return;
        const said = mistakeSentence(parsed.mistake, '/wcs');
        expect(said).not.toMatch(/[<>]|&(?!lt;|gt;|amp;)/);
        expect(said.split('`').length % 2).toBe(1);
        expect(said.length).toBeLessThan(1500);
      }),
      { seed, numRuns: 15_000 },
    );
    // Chance has met every command, so that the above says something about each.
    expect([...verbs].filter((verb) => !kinds.has(verb))).toEqual([]);
  });

  test('what it means lies within bounds', () => {
    fc.assert(
      fc.property(text, ({ verb, parts, glue }) => {
        const parsed = parseCommand(`${verb} ${parts.join(glue)}`);
        if (parsed.kind === 'command') expectBounded(parsed.command);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test('a name that is taken is a right one, and so is one that is proposed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
        const parsed = parseCommand(`up ${typed}`);
        if (parsed.kind === 'command' && parsed.command.kind === 'up' && parsed.command.name !== undefined) {
          expect(isRigName(parsed.command.name)).toBe(true);
        }
        const proposal = repairName(typed);
        if (proposal !== undefined) expect(parseCommand(`up ${proposal}`)).toMatchObject({ kind: 'command' });
      }),
      { seed, numRuns: 3000 },
    );
  });
});
