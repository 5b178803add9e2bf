// Tells what waits to be told about one rig, in order, each piece before the next.
//
// INVARIANTS
// - One drainer at a time has a rig's list (a lease in the registry); the others leave it.
// - An entry leaves the list only after it was told, or when it can never be told and that was noted.
// - Cards show the state of now, not of then: several card entries in a row are told once.

import type { Log } from '../ports/log.ts';
import type { CardPlace, Cards, Outbox, OutboxEntry, OutboxLease, Teller, Telling } from '../ports/outbox.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import type { RigId } from '../rig/rig.ts';
import { closeUntold, type UntoldPorts } from './close-untold.ts';

export type DrainPorts = UntoldPorts & {
  readonly outbox: Outbox;
  readonly rigs: Rigs;
  readonly cards: Cards;
  readonly teller: Teller;
  readonly log: Log;
  /**
   * A bot that dies with the lease is silent about this rig for so long; then the next drainer looks for the message
   * before it sends it again. One that lives keeps it.
   */
  readonly lease: Duration;
};

export type Drained =
  | { readonly kind: 'empty' }
  /** Another drainer is at it. */
  | { readonly kind: 'busy' }
  /** Slack wants us to come back later than this. */
  | { readonly kind: 'later'; readonly after: Duration };

export const drainOutbox = async (ports: DrainPorts, rig: RigId): Promise<Drained> => {
  const lease = await ports.outbox.lease(rig, ports.lease);
  if (!lease) return { kind: 'busy' };
  try {
    return await drain(ports, rig, lease);
  } finally {
    await lease.giveBack();
  }
};

const drain = async (ports: DrainPorts, id: RigId, lease: OutboxLease): Promise<Drained> => {
  for (;;) {
    const batch = nextBatch(await lease.entries());
    if (!batch) return { kind: 'empty' };
    const [stored, card] = await Promise.all([ports.rigs.get(id), ports.cards.get(id)]);
    if (!stored) {
      ports.log.warn(
        { rig: id, news: batch.entry.news.kind },
        'nothing to tell of a rig that is not known any more',
      );
      if (!(await lease.done(batch.count, undefined))) return { kind: 'busy' };
      continue;
    }
    if (!batch.entry.uncertain) await lease.sending(batch.entry.id);
    const piece = { rig: stored.rig, card, ...batch.entry };
    const telling = await whileKept(lease, ports.lease, () => ports.teller.tell(piece));
    if (telling.kind === 'later') return telling;
    if (telling.kind === 'impossible') {
      logImpossible(ports.log, id, batch.entry, telling.why);
      await closeUntold(ports, stored.rig, batch.entry.news, telling);
    }
    if (!(await lease.done(batch.count, cardOf(telling)))) {
      if (batch.entry.news.kind === 'card') await drawAnew(ports, id, batch.entry.id);
      return { kind: 'busy' };
    }
  }
};

/** Another drainer has told what came after, and what we drew so late has overwritten that: once more, as things stand now. */
const drawAnew = async ({ rigs, cards, teller }: DrainPorts, id: RigId, late: string): Promise<void> => {
  const [stored, card] = await Promise.all([rigs.get(id), cards.get(id)]);
  if (!stored || !card) return;
  const news = { kind: 'card', progress: false } as const;
  await teller.tell({ rig: stored.rig, card, news, id: `${late}.anew`, uncertain: false });
};

/** Telling takes as long as Slack's pace and patience want; while we live, nobody else begins it. */
const whileKept = async <T>(lease: OutboxLease, length: Duration, work: () => Promise<T>): Promise<T> => {
  // A failure to keep it shows at the next step that needs it.
  const timer = setInterval(() => void lease.keep().catch(() => undefined), length / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};

const cardOf = (telling: Telling): CardPlace | undefined =>
  telling.kind === 'told' ? telling.card : undefined;

const logImpossible = (log: Log, rig: RigId, { news, id }: OutboxEntry, why: string): void =>
  log.warn({ rig, news: news.kind, id, why }, 'cannot be told');

/** The first entry, or a run of card entries as one: worth more than progress if one of them is. */
const nextBatch = (
  entries: readonly OutboxEntry[],
): { readonly entry: OutboxEntry; readonly count: number } | undefined => {
  const [first] = entries;
  if (!first) return undefined;
  if (first.news.kind !== 'card') return { entry: first, count: 1 };
  const end = entries.findIndex(({ news }) => news.kind !== 'card');
  const run = end === -1 ? entries : entries.slice(0, end);
  const progress = run.every(({ news }) => news.kind === 'card' && news.progress);
  return { entry: { ...first, news: { kind: 'card', progress } }, count: run.length };
};
