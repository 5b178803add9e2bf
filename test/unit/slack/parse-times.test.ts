// Times of day as people type them after `until`, and what is asked of those who can be read in two ways.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { Mistake, TimeOfDay } from '../../../src/slack/parse/command.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import { mistakeSentence } from '../../../src/slack/words/mistakes.ts';

const at = (hour: number, minute = 0, day: TimeOfDay['day'] = 'next'): TimeOfDay => ({ hour, minute, day });

const times: readonly (readonly [string, TimeOfDay])[] = [
  ['18:00', at(18)],
  ['18.00', at(18)],
  ['18h00', at(18)],
  ['18H30', at(18, 30)],
  ['1800', at(18)],
  ['0930', at(9, 30)],
  ['18', at(18)],
  ['09', at(9)],
  ['12', at(12)],
  ['0', at(0)],
  ['9:05', at(9, 5)],
  ['00:00', at(0)],
  ['24:00', at(0)],
  ['24', at(0)],
  ['6pm', at(18)],
  ['6PM', at(18)],
  ['6p', at(18)],
  ['6 pm', at(18)],
  ['6 p.m.', at(18)],
  ['6:30pm', at(18, 30)],
  ['6:30 pm', at(18, 30)],
  ['6.30 PM', at(18, 30)],
  ['6:30\u202fPM', at(18, 30)],
  ['6am', at(6)],
  ['12pm', at(12)],
  ['12am', at(0)],
  ['12:30 am', at(0, 30)],
  ['noon', at(12)],
  ['Midday', at(12)],
  ['midnight', at(0)],
  ['at 18:00', at(18)],
  ['“18:00”', at(18)],
  ['18：00', at(18)],
  ['１８:００', at(18)],
  ['18:00.', at(18)],
  ['tomorrow 9:00', at(9, 0, 'tomorrow')],
  ['Tomorrow at 9:00', at(9, 0, 'tomorrow')],
  ['9:00 tomorrow', at(9, 0, 'tomorrow')],
  ['6 pm tomorrow', at(18, 0, 'tomorrow')],
  ['tomorrow noon', at(12, 0, 'tomorrow')],
  ['tomorrow, 9am', at(9, 0, 'tomorrow')],
  ['tomorrow 0:00', at(0, 0, 'tomorrow')],
];

test.each(times)('until %j', (typed, until) => {
  const up = { kind: 'up', name: 'demo', until, lease: undefined };
  expect(parseCommand(`up demo until ${typed}`)).toMatchObject({ kind: 'command', command: up });
  expect(parseCommand(`UP Until ${typed} Demo`)).toMatchObject({ kind: 'command', command: up });
  expect(parseCommand(`extend until ${typed} demo`)).toEqual({
    kind: 'command',
    command: { kind: 'extend', name: 'demo', wanted: { kind: 'until', time: until } },
  });
});

test.each([
  ['up till 18:00 demo'],
  ["up 'til 18:00 demo"],
  ['up demo --until 18:00'],
  ['up until 18:00 demo on h1 tag 5.2 quietly'],
])('%j is a rig until six', (text) => {
  expect(parseCommand(text)).toMatchObject({ command: { kind: 'up', name: 'demo', until: at(18) } });
});

test.each([
  ['extend demo to 18:00', { kind: 'until', time: at(18) }],
  ['extend demo till 6 pm', { kind: 'until', time: at(18) }],
  ['extend demo 2h', { kind: 'by', length: 2 * hour }],
  ['EXTEND Demo BY 2 Hours', { kind: 'by', length: 2 * hour }],
  ['extend demo +1h', { kind: 'by', length: hour }],
  ['extend demo by +1 hour', { kind: 'by', length: hour }],
  ['extend demo for 2h30', { kind: 'by', length: 150 * minute }],
  ['extend demo 2h30', { kind: 'by', length: 150 * minute }],
  ['extend demo for 18h00', { kind: 'by', length: 18 * hour }],
  ['extend demo until 18h00', { kind: 'until', time: at(18) }],
  ['extend 90m demo', { kind: 'by', length: 90 * minute }],
  ['extend demo for an hour', { kind: 'by', length: hour }],
] as const)('%j', (text, wanted) => {
  expect(parseCommand(text)).toEqual({ kind: 'command', command: { kind: 'extend', name: 'demo', wanted } });
});

const mistakes: readonly (readonly [string, Mistake, string])[] = [
  ['until tomorrow', { kind: 'tomorrow-when' }, 'Tomorrow at what time? `until tomorrow 9:00`, say.'],
  ['until tomorrow morning', { kind: 'tomorrow-when' }, 'Tomorrow at what time?'],
  ['until 25:00', { kind: 'no-such-time', typed: '25:00' }, 'There is no `25:00`: a clock goes'],
  ['until 18:60', { kind: 'no-such-time', typed: '18:60' }, 'There is no `18:60`'],
  ['until 24:30', { kind: 'no-such-time', typed: '24:30' }, 'There is no `24:30`'],
  ['until 30', { kind: 'no-such-time', typed: '30' }, '`for 4h`'],
  ['until 2599', { kind: 'no-such-time', typed: '2599' }, 'There is no `2599`'],
  ['until 13pm', { kind: 'no-such-time', typed: '13pm' }, 'There is no `13pm`'],
  ['until 0 am', { kind: 'no-such-time', typed: '0 am' }, 'There is no `0 am`'],
  ['until later', { kind: 'bad-time', typed: 'later' }, '`later` is not a time of day that I can read.'],
  ['until Friday 9:00', { kind: 'bad-time', typed: 'Friday' }, '`until tomorrow 9:00`'],
  ['until 12345', { kind: 'bad-time', typed: '12345' }, 'is not a time of day'],
  ['until 5.2', { kind: 'bad-time', typed: '5.2' }, 'is not a time of day'],
  ['until at', { kind: 'bad-time', typed: 'at' }, 'is not a time of day'],
  ['until 18:00 today', { kind: 'bad-time', typed: 'today' }, 'is not a time of day'],
  ['until today 18:00', { kind: 'bad-time', typed: 'today' }, 'is not a time of day'],
  [
    'until 6',
    { kind: 'which-half', hour: 6 },
    '6 in the morning or in the evening? `until 6:00` or `until 18:00`.',
  ],
  ['until tomorrow midnight', { kind: 'which-midnight' }, '`until tomorrow 23:59`'],
  ['until tomorrow 24:00', { kind: 'which-midnight' }, '`until midnight` is the next one'],
  ['until 12am tomorrow', { kind: 'which-midnight' }, 'The midnight before tomorrow or after it?'],
  [
    'until 4h',
    { kind: 'length-after-until', typed: '4h' },
    '`4h` is a length of time, and after `until` comes',
  ],
  ['until 4 hours', { kind: 'length-after-until', typed: '4 hours' }, '`for 4 hours`'],
  ['until an hour', { kind: 'length-after-until', typed: 'an hour' }, '`for an hour`'],
  ['for 18:00', { kind: 'time-after-for', typed: '18:00' }, 'Write `until 18:00`, or `for 4h`, say.'],
  ['25:00', { kind: 'no-such-time', typed: '25:00' }, 'There is no `25:00`'],
  ['for 13 pm', { kind: 'no-such-time', typed: '13 pm' }, 'There is no `13 pm`'],
  ['for 6 pm', { kind: 'time-after-for', typed: '6 pm' }, '`until 6 pm`'],
  ['for tomorrow', { kind: 'time-after-for', typed: 'tomorrow' }, '`until tomorrow 9:00`'],
  ['18:00', { kind: 'bare-time', typed: '18:00' }, '`18:00`: until then? Write `until 18:00`; for a length'],
  ['1:30', { kind: 'bare-time', typed: '1:30' }, '`for 1h30m`, say.'],
  ['18h00', { kind: 'bare-time', typed: '18h00' }, '`18h00`: until then? Write `until 18h00`'],
  ['for 2h75', { kind: 'bad-duration', typed: '2h75' }, '`2h75` is not a length of time'],
  ['+4', { kind: 'bare-number', number: '4' }, '4 what?'],
  ['6 pm', { kind: 'bare-time', typed: '6 pm' }, '`until 6 pm`'],
  ['tomorrow', { kind: 'bare-time', typed: 'tomorrow' }, '`until tomorrow 9:00`'],
  ['until 18:00 4h', { kind: 'two-ends' }, '`for 4h` or `until 18:00`, not both'],
  ['for 4h until 18:00', { kind: 'two-ends' }, 'one rig has one end'],
  ['until 18:00 until 19:00', { kind: 'said-twice', what: 'until' }, 'You gave two times of day.'],
  ['2h 2h', { kind: 'said-twice', what: 'lease' }, 'two lengths of time'],
  ['4', { kind: 'bare-number', number: '4' }, '4 what?'],
  ['0h', { kind: 'zero-duration', typed: '0h' }, 'so I did nothing'],
  ['for much', { kind: 'bad-duration', typed: 'much' }, '`much` is not a length of time'],
  [
    'until <@U1|ben>',
    { kind: 'mention', of: 'person', typed: 'ben', wanted: 'time' },
    'After `until` comes a time of day',
  ],
];

test.each(mistakes)('… %s', (typed, mistake, says) => {
  expect(parseCommand(`up demo ${typed}`)).toEqual({ kind: 'mistake', mistake });
  expect(parseCommand(`extend demo ${typed}`)).toEqual({ kind: 'mistake', mistake });
  expect(mistakeSentence(mistake, '/wcs')).toContain(says);
});

test.each([
  ['extend', { kind: 'which-rig', verb: 'extend' }, '`/wcs-dev extend NAME 2h`'],
  ['extend 2h', { kind: 'which-rig', verb: 'extend' }, 'Yours are in `/wcs-dev list mine`.'],
  ['extend demo', { kind: 'how-much-longer', name: 'demo' }, '`/wcs-dev extend demo until 18:00`'],
  ['extend demo by', { kind: 'how-much-longer', name: 'demo' }, '`/wcs-dev extend demo 2h`'],
  ['extend demo until', { kind: 'nothing-after', word: 'until', verb: 'extend' }, 'Until when?'],
  ['extend by much', { kind: 'bad-duration', typed: 'much' }, '`much`'],
  ['extend a b 2h', { kind: 'one-rig', verb: 'extend', typed: ['a', 'b'] }, '`/wcs-dev extend a 2h` or'],
  ['extend all 2h', { kind: 'odd-word', verb: 'extend', typed: 'all', name: undefined }, '`all` is none'],
] as const)('%j is answered', (text, mistake, says) => {
  expect(parseCommand(text)).toEqual({ kind: 'mistake', mistake });
  expect(mistakeSentence(mistake, '/wcs-dev')).toContain(says);
});

describe('however a time is written', () => {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  const two = (number: number): string => String(number).padStart(2, '0');
  const forms: readonly ((hour: number, minute: number) => string)[] = [
    (hour, minute) => `${hour}:${two(minute)}`,
    (hour, minute) => `${two(hour)}.${two(minute)}`,
    (hour, minute) => `${two(hour)}${two(minute)}`,
    (hour, minute) => `${two(hour)}h${two(minute)}`,
    (hour, minute) => `${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)} ${hour < 12 ? 'am' : 'p.m.'}`,
    (hour, minute) => `${hour % 12 === 0 ? 12 : hour % 12}.${two(minute)}${hour < 12 ? 'AM' : 'pm'}`,
  ];

  test('it is the same one', () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), fc.constantFrom(...forms), (hour, minute, form) => {
        expect(parseCommand(`up until ${form(hour, minute)}`)).toMatchObject({
          command: { kind: 'up', until: at(hour, minute) },
        });
      }),
      { seed, numRuns: 2000 },
    );
  });
});
