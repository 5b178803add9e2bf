// Times of day, in the asker's own zone, as moments: the next 18:00, tomorrow's 9:00, this evening. Pure.

import { Temporal } from 'temporal-polyfill';
import { type Duration, hour, type Instant, minute } from '../../rig/duration.ts';
import type { TimeOfDay } from './command.ts';

/** Of the zones database, `Europe/Berlin` say; Slack knows each person's. */
export const isZone = (text: string): boolean => {
  try {
    localDate(0, text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

/**
 * When it is that o'clock, strictly after now.
 *
 * Clocks are put on and back, so that a day may lack a time or have it twice:
 * - twice: the next of the two, so the second one is meant only once the first has passed;
 * - not at all: as long after the jump as it would have been after the clock stood there before it. 02:30 becomes 03:30,
 *   never earlier than what was meant. A day that a zone left out (Samoa, 30 December 2011) is the next one there was.
 */
export const resolveUntil = (time: TimeOfDay, zone: string, now: Instant): Instant => {
  const today = localDate(now, zone);
  // Yesterday, too: where clocks go back over midnight it is yesterday evening once more.
  const days = time.day === 'tomorrow' ? [1, 2] : [-1, 0, 1, 2];
  const found = days.flatMap((days) => momentsOf(today.add({ days }), time, zone)).find((at) => at > now);
  if (found === undefined) throw new Error(`it is never ${time.hour}:${time.minute} in ${zone}`);
  return found;
};

const evening = { hour: 18, minute: 0 };
const nearest: Duration = 30 * minute;
const farthest: Duration = 10 * hour;

/** 18:00 of today for the button, where it makes sense: neither in a moment nor far off, at night say. */
export const nextEvening = (zone: string, now: Instant): Instant | undefined =>
  momentsOf(localDate(now, zone), evening, zone).find((at) => at >= now + nearest && at <= now + farthest);

/** `18:00` */
export const clockTime = (instant: Instant, zone: string): string =>
  local(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' });

const local = (instant: Instant, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(instant)).toZonedDateTimeISO(zone);

const localDate = (instant: Instant, zone: string): Temporal.PlainDate => local(instant, zone).toPlainDate();

/** One moment, or two in order; for a time that was left out the one after the jump. */
const momentsOf = (
  date: Temporal.PlainDate,
  { hour, minute }: { readonly hour: number; readonly minute: number },
  zone: string,
): readonly Instant[] => {
  const wanted = date.toPlainDateTime({ hour, minute });
  const earlier = wanted.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = wanted.toZonedDateTime(zone, { disambiguation: 'later' });
  const exists = earlier.toPlainDateTime().equals(wanted);
  return exists ? [earlier.epochMilliseconds, later.epochMilliseconds] : [later.epochMilliseconds];
};
