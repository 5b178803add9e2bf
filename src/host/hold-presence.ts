// One worker per host name: the lock on it is taken at start, kept while we live, and given back at the end.

import { setTimeout as delay } from 'node:timers/promises';
import type { Presence, Taking } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Duration } from '../rig/duration.ts';
import type { Registration } from '../rig/host.ts';

export type PresenceHeld = {
  readonly kind: 'held';
  /** From the next word on the host is this. */
  readonly say: (registration: Registration) => void;
  /** Stops keeping it, and gives it back. */
  readonly giveBack: () => Promise<void>;
};

/** Why it could not be taken. */
export type NotTaken = Exclude<Taking, { kind: 'taken' }>;
export type PresenceOutcome = PresenceHeld | { readonly kind: 'refused'; readonly why: NotTaken };

export type PresenceSettings = {
  readonly session: string;
  /** How long the lock lives without being kept. A worker that was killed leaves it behind for that long. */
  readonly length: Duration;
  /** Somebody else has it now, or an address of ours: this worker must stop. */
  readonly onLost: (why: NotTaken) => void;
};

/**
 * Waits for a lock that a dead worker left behind; one that is being kept is somebody's, and so is an address that another
 * host of the LAN has.
 */
export const holdPresence = async (
  { presence, log }: { readonly presence: Presence; readonly log: Log },
  registration: Registration,
  { session, length, onLost }: PresenceSettings,
): Promise<PresenceOutcome> => {
  const begun = performance.now();
  for (;;) {
    const outcome = await presence.take(registration, session);
    if (outcome.kind === 'taken') break;
    // Waiting changes nothing about a range.
    if (outcome.kind === 'overlap' || performance.now() - begun > length * 1.2) {
      return { kind: 'refused', why: outcome };
    }
    log.info(
      { host: registration.name, holder: outcome.session },
      'waiting for the host name to become free',
    );
    await delay(length / 10);
  }
  const controller = new AbortController();
  let said = registration;
  const kept = keep(presence, log, () => said, { session, length, onLost }, controller.signal);
  return {
    kind: 'held',
    say: (changed) => {
      said = changed;
    },
    giveBack: async () => {
      controller.abort();
      await kept;
      await presence.giveBack(registration.name, session);
    },
  };
};

const keep = async (
  presence: Presence,
  log: Log,
  said: () => Registration,
  { session, length, onLost }: PresenceSettings,
  signal: AbortSignal,
): Promise<void> => {
  let isAway = false;
  let known = said();
  while (!signal.aborted) {
    try {
      await delay(length / 3, undefined, { signal });
      const registration = said();
      const isKept = await presence.keep(registration.name, session);
      isAway = false;
      if (isKept && registration === known) continue;
      // It ran out (Redis was away, or lost it), or there is more to say: ours again, unless somebody was quicker.
      const again = await presence.take(registration, session);
      if (again.kind === 'taken') {
        known = registration;
        continue;
      }
      log.error({ host: registration.name, why: again }, 'this host is somebody else’s now, or its range is');
      onLost(again);
      return;
    } catch (error) {
      if (signal.aborted) return;
      // Once: the next one says that it goes on, or why not.
      if (!isAway) log.warn({ err: error }, 'presence could not be kept; trying again');
      isAway = true;
    }
  }
};
