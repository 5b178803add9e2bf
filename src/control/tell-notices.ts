// Notices to operators: put once for each cause, told as soon as Slack takes them.

import type { Notices } from '../ports/audit.ts';
import type { Rigs } from '../ports/registry.ts';
import { type Duration, day, minute } from '../rig/duration.ts';
import type { Notice } from '../rig/notice.ts';

/** Not again before this. */
export const daily: Duration = day;
const weekly: Duration = 7 * day;

/** Whoever took one and died leaves it to the next after this. */
const patience: Duration = minute;
/** More than there can be causes at one time. */
const mostAtOnce = 100;

/** `tell`: false if it has to be tried again. */
export const tellNotices = async (
  notices: Notices,
  tell: (notice: Notice) => Promise<boolean>,
): Promise<void> => {
  for (let count = 0; count < mostAtOnce; count += 1) {
    const notice = await notices.take(patience);
    if (notice === undefined) return;
    if (await tell(notice)) await notices.told(notice);
  }
};

/** Rigs without an end are easily forgotten: once a week those who run the bot are reminded of them. */
export const noteEndless = async ({
  rigs,
  notices,
}: {
  readonly rigs: Rigs;
  readonly notices: Notices;
}): Promise<void> => {
  const endless = await rigs.endless();
  if (endless.length === 0) return;
  const named = endless.map(({ name, owner, host }) => ({ name, owner, host }));
  await notices.put({ kind: 'endless-rigs', rigs: named }, weekly);
};
