// How figures and lists stand in the doctor's sentences.

import { type Duration, formatTook, second } from '../rig/duration.ts';

/** `1.5 GiB`, `12 MiB`, `800 KiB` */
export const sizeText = (bytes: number): string => {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
};

/** `0.3 ms`, `12 ms`, `2.5 s`, `3 h 4 m` */
export const shortTime = (length: Duration): string => {
  if (length < 10) return `${Number(Math.max(0.1, length).toFixed(1))} ms`;
  if (length < second) return `${Math.round(length)} ms`;
  return length < 10 * second ? `${Number((length / second).toFixed(1))} s` : formatTook(length);
};

/** `one host`, `3 hosts` */
export const count = (number: number, what: string): string =>
  number === 1 ? `one ${what}` : `${number === 0 ? 'no' : number.toLocaleString('en-GB')} ${what}s`;

const and = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** `h1, h2 and h3`, and no more than some of very many. */
export const listText = (names: readonly string[], most = 6): string =>
  and.format(names.length <= most ? names : [...names.slice(0, most), `${names.length - most} more`]);
