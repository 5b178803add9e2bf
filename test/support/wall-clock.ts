// What a clock on the wall shows, as Node's own Intl has it, and when such clocks are put on or back.

import { hour, type Instant, minute } from '../../src/rig/duration.ts';

/** Half an hour, a quarter, a day left out, over midnight, and none at all. */
export const zones = [
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'America/Havana',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'UTC',
] as const;

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  formats.set(zone, made);
  return made;
};

/** `2026-03-29 03:30:00` */
export const wallClock = (at: Instant, zone: string): string => formatOf(zone).format(at);

/** `03:30` */
export const wallTime = (at: Instant, zone: string): string => wallClock(at, zone).slice(11, 16);

/** How far the clock is ahead of UTC. */
export const ahead = (at: Instant, zone: string): number => {
  const whole = Math.floor(at / 1000) * 1000;
  return Date.parse(`${wallClock(whole, zone).replace(' ', 'T')}Z`) - whole;
};

const step = 12 * hour;

/** The moments from which the clock is another one. */
export const changesOf = (zone: string, from: Instant, to: Instant): readonly Instant[] => {
  const found: Instant[] = [];
  for (let at = from; at < to; at += step) {
    if (ahead(at, zone) === ahead(at + step, zone)) continue;
    let [before, after] = [at, at + step];
    while (after - before > minute) {
      const middle = Math.floor((before + after) / 2 / minute) * minute;
      if (ahead(middle, zone) === ahead(before, zone)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return found;
};
