// What can be told to nobody any more: a line in the audit, and a word to those who run the bot, once for each cause and day.

import type { Audit, Notices } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telling } from '../ports/outbox.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { News } from '../rig/news.ts';
import type { Rig } from '../rig/rig.ts';
import { daily } from './tell-notices.ts';

export type UntoldPorts = { readonly audit: Audit; readonly notices: Notices; readonly clock: Clock };

type Untold = Telling & { kind: 'impossible' };

export const closeUntold = async (
  { audit, notices, clock }: UntoldPorts,
  rig: Rig,
  news: News,
  { why, gone = [] }: Untold,
): Promise<void> => {
  if (gone.length === 0 && !isForReading(news)) return;
  const { id, name, owner } = rig;
  await audit.append({
    at: clock.now(),
    by: { kind: 'bot' },
    what: 'tell',
    outcome: 'failed',
    why: `${news.kind}: ${why}`,
    rig: { id, name },
  });
  if (gone.length === 0) await notices.put({ kind: 'untold', rig: name, id, owner, why }, daily);
  for (const person of gone) await notices.put({ kind: 'gone-person', person, rig: name }, daily);
};

/** Somebody should have read it: an edit that did not come about surprises nobody. */
const isForReading = ({ kind }: News): boolean => {
  switch (kind) {
    case 'card':
    case 'answered':
      return false;
    case 'ready':
    case 'failed':
    case 'crashed':
    case 'ended':
    case 'reminder':
    case 'kept':
    case 'idle':
    case 'shared':
    case 'given':
    case 'adopted':
    case 'resumed':
    case 'log':
      return true;
    default:
      return assertNever(kind);
  }
};
