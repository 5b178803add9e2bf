// What the tellers told, in order, and what left the outbox: nothing leaves it untold, and nothing overtakes.

import type { OutboxLease, Teller } from '../../src/ports/outbox.ts';
import type { Instant } from '../../src/rig/duration.ts';
import type { Told } from '../../src/rig/news.ts';
import { isOutOfDate } from '../../src/rig/out-of-date.ts';
import type { RigId } from '../../src/rig/rig.ts';
import type { Violate } from './violation.ts';

export type TellingNotes = {
  readonly noting: (teller: Teller) => Teller;
  readonly notingLease: (rig: RigId, lease: OutboxLease) => OutboxLease;
  /** The ids that left the outbox, in order. */
  readonly left: (rig: RigId) => readonly string[];
};

/** A word about an end is told while it is true; all else is told whenever it can be. */
const mayBeLeftOut = ({ rig, news }: Parameters<Teller['tell']>[0], now: Instant): boolean =>
  (news.kind !== 'reminder' && news.kind !== 'idle') || isOutOfDate(rig, news, now);

/** `isThere`: a message with this news, or one that Slack refused for good. */
export const createTellingNotes = (
  violate: Violate,
  isThere: (id: Told['id'], rig: RigId) => boolean,
  now: () => Instant,
): TellingNotes => {
  /** Told, or never to be told, by the news's id. */
  const settled = new Set<string>();
  const left = new Map<RigId, string[]>();

  const leave = (rig: RigId, gone: readonly Told[]): void => {
    const [first] = gone;
    if (first === undefined) return;
    const what = gone.map(({ id, news }) => `${id} ${news.kind}`).join(', ');
    if (!settled.has(first.id)) violate('4: nobody is told less than once', `${what} left the outbox untold`);
    if (gone.length > 1 && gone.some(({ news }) => news.kind !== 'card'))
      violate('4: nobody is told less than once', `${what} left the outbox with one that was told`);
    left.set(rig, [...(left.get(rig) ?? []), ...gone.map(({ id }) => id)]);
  };

  return {
    noting: (teller) => ({
      tell: async (piece) => {
        const before = mayBeLeftOut(piece, now());
        const telling = await teller.tell(piece);
        const isSaid = before || mayBeLeftOut(piece, now()) || isThere(piece.id, piece.rig.id);
        if (telling.kind === 'told' && !isSaid)
          violate('4: nobody is told less than once', `${piece.id} ${piece.news.kind} is in no conversation`);
        if (telling.kind !== 'later') settled.add(piece.id);
        return telling;
      },
    }),
    notingLease: (rig, lease) => ({
      ...lease,
      done: async (count, card) => {
        const before = await lease.entries();
        const done = await lease.done(count, card);
        if (done) leave(rig, before.slice(0, count));
        return done;
      },
    }),
    left: (rig) => left.get(rig) ?? [],
  };
};
