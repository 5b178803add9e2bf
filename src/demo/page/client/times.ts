// Times as Slack writes them, in the zone of the person who looks.

import { slackDate } from '../../slack/slack-date.ts';
import type { Snapshot } from '../snapshot.ts';

type Reader = Pick<Snapshot, 'me' | 'now'>;

export const momentOf = (ts: string): number => Number(ts) * 1000;

const formatIn = (timeZone: string, at: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at);

/** `15:04` */
export const timeOfDay = (at: number, { me }: Reader): string =>
  formatIn(me.tz, at, { hour: '2-digit', minute: '2-digit' });

/** `Tue 24 Nov, 15:04` */
export const dayAndTime = (at: number, { me }: Reader): string =>
  formatIn(me.tz, at, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

/** `today at 15:04` */
export const dateAndTime = (at: number, { me, now }: Reader): string =>
  slackDate(`${Math.floor(at / 1000)}^{date_short_pretty} at {time}|`, { now, timeZone: me.tz });

/** `Today`, `Yesterday`, `23 Nov 2026` */
export const dayOf = (at: number, { me, now }: Reader): string => {
  const day = slackDate(`${Math.floor(at / 1000)}^{date_short_pretty}|`, { now, timeZone: me.tz });
  return day.charAt(0).toUpperCase() + day.slice(1);
};
