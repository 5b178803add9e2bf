// What is said to somebody whose length of time or time of day cannot be read, or can be read in two ways.

import { assertNever } from '../../rig/assert-never.ts';
import type { TimeMistake } from '../parse/command.ts';
import { code } from './escape.ts';

export const timeSentence = (mistake: TimeMistake): string => {
  const typed = code('typed' in mistake ? mistake.typed : '');
  switch (mistake.kind) {
    case 'bare-number':
      return `${mistake.number} what? ${code(`for ${mistake.number}h`)} is hours, ${code(`for ${mistake.number}m`)} minutes.`;
    case 'bad-duration':
      return `${typed} is not a length of time that I can read. Write ${code('for 4h')}, ${code('for 90m')}, ${code('for 1h30m')} or ${code('for 1d')}.`;
    case 'zero-duration':
      return `${typed} is no time at all, so I did nothing. Write ${code('for 30m')}, say.`;
    case 'bad-time':
      return `${typed} is not a time of day that I can read. Write ${code('until 18:00')}, ${code('until 6pm')}, ${code('until noon')} or ${code('until tomorrow 9:00')}.`;
    case 'no-such-time':
      return `There is no ${typed}: a clock goes from ${code('0:00')} to ${code('23:59')}. Write ${code('until 18:00')}, say; for a length of time, ${code('for 4h')}.`;
    case 'which-half':
      return `${mistake.hour} in the morning or in the evening? ${code(`until ${mistake.hour}:00`)} or ${code(`until ${mistake.hour + 12}:00`)}.`;
    case 'tomorrow-when':
      return `Tomorrow at what time? ${code('until tomorrow 9:00')}, say.`;
    case 'which-midnight':
      return `The midnight before tomorrow or after it? ${code('until midnight')} is the next one, ${code('until tomorrow 23:59')} the end of tomorrow.`;
    case 'length-after-until':
      return `${typed} is a length of time, and after ${code('until')} comes a time of day. Write ${code(`for ${mistake.typed}`)}, or ${code('until 18:00')}, say.`;
    case 'time-after-for':
      return `${typed} is a time of day, and after ${code('for')} comes a length of time. Write ${untilThen(mistake.typed)}, or ${code('for 4h')}, say.`;
    case 'bare-time':
      return `${typed}: until then? Write ${untilThen(mistake.typed)}; for a length of time, ${code('for 1h30m')}, say.`;
    case 'two-ends':
      return `You gave a length of time and a time of day, and one rig has one end. Write ${code('for 4h')} or ${code('until 18:00')}, not both.`;
    default:
      return assertNever(mistake);
  }
};

const untilThen = (typed: string): string =>
  code(typed === 'tomorrow' ? 'until tomorrow 9:00' : `until ${typed}`);
