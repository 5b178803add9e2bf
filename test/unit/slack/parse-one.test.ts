// Commands about one rig, and the people it is shared with or given to.

import { expect, test } from 'vitest';
import type { Command, Mistake } from '../../../src/slack/parse/command.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import { mistakeSentence } from '../../../src/slack/words/mistakes.ts';

const ben = { id: 'U2BEN', name: 'ben' };
const carl = { id: 'W3CARL', name: 'carl' };

const commands: readonly (readonly [string, Command])[] = [
  ['show demo', { kind: 'show', name: 'demo' }],
  ['SHOW Demo', { kind: 'show', name: 'demo' }],
  ['show “demo”', { kind: 'show', name: 'demo' }],
  ['show demo demo', { kind: 'show', name: 'demo' }],
  ['password demo', { kind: 'password', name: 'demo' }],
  ['history demo', { kind: 'history', name: 'demo' }],
  ['keep demo', { kind: 'keep', name: 'demo' }],
  ['restart demo', { kind: 'restart', name: 'demo', tag: undefined }],
  ['restart demo tag 5.2.1945', { kind: 'restart', name: 'demo', tag: '5.2.1945' }],
  ['restart TAG Latest-RC demo', { kind: 'restart', name: 'demo', tag: 'Latest-RC' }],
  ['restart demo with tag 5.2', { kind: 'restart', name: 'demo', tag: '5.2' }],
  ['restart demo --tag 5.2', { kind: 'restart', name: 'demo', tag: '5.2' }],
  ['restart demo tag tag', { kind: 'restart', name: 'demo', tag: 'tag' }],
  ['logs demo', { kind: 'logs', name: 'demo', lines: undefined }],
  ['logs demo 200', { kind: 'logs', name: 'demo', lines: 200 }],
  ['logs 200 demo', { kind: 'logs', name: 'demo', lines: 200 }],
  ['logs demo 200 lines', { kind: 'logs', name: 'demo', lines: 200 }],
  ['logs 1 line demo', { kind: 'logs', name: 'demo', lines: 1 }],
  ['logs demo last 50', { kind: 'logs', name: 'demo', lines: 50 }],
  ['logs demo lines 50', { kind: 'logs', name: 'demo', lines: 50 }],
  ['logs demo 50lines', { kind: 'logs', name: 'demo', lines: 50 }],
  ['logs -n 200 demo', { kind: 'logs', name: 'demo', lines: 200 }],
  ['logs –200 demo', { kind: 'logs', name: 'demo', lines: 200 }],
  ['logs demo --tail 1000', { kind: 'logs', name: 'demo', lines: 1000 }],
  ['logs last', { kind: 'logs', name: 'last', lines: undefined }],
  ['share demo <@U2BEN|ben>', { kind: 'share', name: 'demo', with: [ben] }],
  ['share <@U2BEN|ben> demo', { kind: 'share', name: 'demo', with: [ben] }],
  ['share demo with <@U2BEN|ben> <@W3CARL|carl>', { kind: 'share', name: 'demo', with: [ben, carl] }],
  ['share demo with <@U2BEN|ben> and <@W3CARL|carl>.', { kind: 'share', name: 'demo', with: [ben, carl] }],
  ['share demo <@U2BEN|ben>, <@W3CARL|carl>', { kind: 'share', name: 'demo', with: [ben, carl] }],
  ['share demo <@U2BEN|ben><@W3CARL|carl>', { kind: 'share', name: 'demo', with: [ben, carl] }],
  ['share demo <@U2BEN|ben> &amp; <@W3CARL|carl>', { kind: 'share', name: 'demo', with: [ben, carl] }],
  ['share demo <@U2BEN|ben> <@U2BEN|ben>', { kind: 'share', name: 'demo', with: [ben] }],
  ['share demo <@U2BEN>', { kind: 'share', name: 'demo', with: [{ id: 'U2BEN', name: 'U2BEN' }] }],
  ['share demo <@U2BEN|>', { kind: 'share', name: 'demo', with: [{ id: 'U2BEN', name: 'U2BEN' }] }],
  ['share demo <@U2BEN|@ben>', { kind: 'share', name: 'demo', with: [ben] }],
  ['give demo to <@U2BEN|ben>', { kind: 'give', name: 'demo', to: ben }],
  ['give <@U2BEN|ben> demo', { kind: 'give', name: 'demo', to: ben }],
  ['GIVE to <@U2BEN|ben> Demo', { kind: 'give', name: 'demo', to: ben }],
  // Nobody is meant by these; whatever they are, they are one word.
  ['history <@u1 >', { kind: 'history', name: '@u1' }],
  ['show <http://x|my host>', { kind: 'show', name: 'my-host' }],
];

test.each(commands)('%j is understood', (text, command) => {
  expect(parseCommand(text)).toEqual({ kind: 'command', command });
});

const mistakes: readonly (readonly [string, Mistake, string])[] = [
  [
    'show',
    { kind: 'which-rig', verb: 'show' },
    'Show which rig? `/wcs-dev show NAME`. Yours are in `/wcs-dev list mine`.',
  ],
  ['restart', { kind: 'which-rig', verb: 'restart' }, 'Restart which rig? `/wcs-dev restart NAME`.'],
  ['restart tag 5.2', { kind: 'which-rig', verb: 'restart' }, 'Restart which rig?'],
  ['password', { kind: 'which-rig', verb: 'password' }, '`/wcs-dev password NAME`'],
  ['logs', { kind: 'which-rig', verb: 'logs' }, 'The logs of which rig?'],
  ['logs 200', { kind: 'which-rig', verb: 'logs' }, '`/wcs-dev logs NAME`'],
  ['share', { kind: 'which-rig', verb: 'share' }, 'Share which rig, and with whom?'],
  ['share <@U2BEN|ben>', { kind: 'which-rig', verb: 'share' }, '`/wcs-dev share NAME @somebody`'],
  ['give to', { kind: 'which-rig', verb: 'give' }, 'Give which rig, and to whom?'],
  ['history', { kind: 'which-rig', verb: 'history' }, 'The history of which rig?'],
  ['keep', { kind: 'which-rig', verb: 'keep' }, 'Keep which rig, without an end?'],
  [
    'password a b',
    { kind: 'one-rig', verb: 'password', typed: ['a', 'b'] },
    'One rig at a time: `/wcs-dev password a` or `/wcs-dev password b`?',
  ],
  ['show a, b', { kind: 'one-rig', verb: 'show', typed: ['a', 'b'] }, '`/wcs-dev show b`?'],
  ['restart a b tag 5', { kind: 'one-rig', verb: 'restart', typed: ['a', 'b'] }, 'One rig at a time'],
  [
    'share demo <@U2BEN|ben> carl',
    { kind: 'one-rig', verb: 'share', typed: ['demo', 'carl'] },
    'If one of them is a person, type `@`',
  ],
  [
    'show all',
    { kind: 'odd-word', verb: 'show', typed: 'all', name: undefined },
    '`show` takes the name of a rig, and `all`',
  ],
  ['password for demo', { kind: 'odd-word', verb: 'password', typed: 'for', name: 'demo' }, '`for` is none'],
  ['restart demo 5.2', { kind: 'odd-word', verb: 'restart', typed: '5.2', name: 'demo' }, '`tag 5.2`'],
  ['restart demo on h1', { kind: 'odd-word', verb: 'restart', typed: 'on', name: undefined }, '`on` is none'],
  [
    'keep demo for 2h',
    { kind: 'odd-word', verb: 'keep', typed: 'for', name: 'demo' },
    '`/wcs-dev extend demo 2h`',
  ],
  [
    'keep demo tomorrow',
    { kind: 'odd-word', verb: 'keep', typed: 'tomorrow', name: 'demo' },
    'for some more time',
  ],
  ['keep demo +2h', { kind: 'odd-word', verb: 'keep', typed: '+2h', name: 'demo' }, 'for some more time'],
  [
    'keep demo 2h',
    { kind: 'odd-word', verb: 'keep', typed: '2h', name: 'demo' },
    '`/wcs-dev extend demo 2h`',
  ],
  [
    'show <@U2BEN|ben>',
    { kind: 'mention', of: 'person', typed: 'ben', wanted: 'name' },
    'I expected the name of a rig',
  ],
  ['restart demo tag', { kind: 'nothing-after', word: 'tag', verb: 'restart' }, 'the rig keeps its own'],
  ['restart demo tag a/b', { kind: 'bad-tag', typed: 'a/b' }, "cannot be an image's tag"],
  ['restart demo tag a tag b', { kind: 'said-twice', what: 'tag' }, '`tag` twice'],
  [
    'restart demo tag <@U2BEN|ben>',
    { kind: 'mention', of: 'person', typed: 'ben', wanted: 'tag' },
    "After `tag` comes an image's tag",
  ],
  ['logs demo 0', { kind: 'bad-lines', typed: '0', name: 'demo' }, 'those are 1 to 1000'],
  [
    'logs demo 1001',
    { kind: 'bad-lines', typed: '1001', name: 'demo' },
    '`1001` is not a number of lines that I can send',
  ],
  ['logs demo 10m', { kind: 'bad-lines', typed: '10m', name: 'demo' }, '`/wcs-dev logs demo 200`'],
  ['logs 0 lines', { kind: 'bad-lines', typed: '0', name: undefined }, '`/wcs-dev logs NAME 200`'],
  ['logs demo 1,000', { kind: 'bad-lines', typed: '1,000', name: 'demo' }, '1 to 1000'],
  ['logs demo 10 20', { kind: 'said-twice', what: 'lines' }, 'two numbers of lines'],
  ['logs a b 10', { kind: 'one-rig', verb: 'logs', typed: ['a', 'b'] }, '`/wcs-dev logs a`'],
  [
    'share demo',
    { kind: 'with-whom', verb: 'share', name: 'demo' },
    'With whom? Write `/wcs-dev share demo @somebody`: type `@` and choose',
  ],
  ['give demo to', { kind: 'with-whom', verb: 'give', name: 'demo' }, 'To whom?'],
  [
    'share demo ben',
    { kind: 'not-chosen', verb: 'share', typed: 'ben', name: 'demo' },
    'Slack does not tell me who `ben` is.',
  ],
  [
    'share demo @ben',
    { kind: 'not-chosen', verb: 'share', typed: '@ben', name: 'demo' },
    'choose from the list',
  ],
  [
    'share demo <@ben>',
    { kind: 'not-chosen', verb: 'share', typed: '@ben', name: 'demo' },
    'choose from the list',
  ],
  [
    'give @ben demo',
    { kind: 'not-chosen', verb: 'give', typed: '@ben', name: 'demo' },
    '`/wcs-dev give demo @somebody`',
  ],
  [
    'share demo <@U2BEN|ben> @carl',
    { kind: 'not-chosen', verb: 'share', typed: '@carl', name: 'demo' },
    'who `@carl` is',
  ],
  [
    'share demo <!subteam^S1|@team>',
    { kind: 'mention', of: 'group', typed: 'team', wanted: 'person' },
    '`@team` is a group of people, and I expected one person',
  ],
  [
    'give demo <#C1|rigs>',
    { kind: 'mention', of: 'channel', typed: 'rigs', wanted: 'person' },
    '`#rigs` is a channel',
  ],
  [
    'give demo <@U2BEN|ben> <@W3CARL|carl>',
    { kind: 'one-person', name: 'demo', typed: ['ben', 'carl'] },
    'A rig has one owner: `/wcs-dev give demo @ben` or `/wcs-dev give demo @carl`?',
  ],
];

test.each(mistakes)('%j is answered', (text, mistake, says) => {
  expect(parseCommand(text)).toEqual({ kind: 'mistake', mistake });
  expect(mistakeSentence(mistake, '/wcs-dev')).toContain(says);
});
