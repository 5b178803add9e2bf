// What the tellers told, in order, and what left the outbox: nothing leaves it untold, and nothing overtakes.

import type { OutboxLease, Teller } from '../../src/ports/outbox.ts';
import type { Told } from '../../src/rig/news.ts';
import type { RigId } from '../../src/rig/rig.ts';
import type { Violate } from './violation.ts';

export type TellingNotes = {
  readonly noting: (teller: Teller) => Teller;
  readonly notingLease: (rig: RigId, lease: OutboxLease) => OutboxLease;
  /** The ids that left the outbox, in order. */
  readonly left: (rig: RigId) => readonly string[];
};

export const createTellingNotes = (violate: Violate): TellingNotes => {
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
        const telling = await teller.tell(piece);
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
