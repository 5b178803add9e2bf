// What this host remembers of the registry, over its own restarts: which one it was, and how far it had come. With that a
// registry that was lost or restored is recognised before anything of this host's range is given out.
//
// INVARIANT: what was seen before is remembered until the registry has taken in what is here.

import type { Presence } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Epochs } from '../ports/surveys.ts';
import type { SeenEpoch } from '../rig/epoch.ts';
import type { HostName, LanId } from '../rig/rig.ts';

export type EpochFile = {
  /** `undefined` if there is none, or it is not ours. */
  readonly read: () => Promise<SeenEpoch | undefined>;
  readonly write: (seen: SeenEpoch) => Promise<void>;
};

export type EpochKeeper = {
  /** Looks which registry this is; what it saw is on the disk within `saveEvery` looks. */
  readonly look: () => Promise<void>;
  /** It is the one that was seen before, or has taken in what is here. */
  readonly isSettled: () => boolean;
  /** The id of the registry as it was at the last look. */
  readonly id: () => string | undefined;
  readonly save: () => Promise<void>;
};

export type EpochPorts = { readonly epochs: Epochs; readonly file: EpochFile; readonly log: Log };

/** `hasRigs`: one that remembers nothing and has rigs has lost its memory, and must not be taken for a new host. */
export const keepEpoch = async (
  { epochs, file, log }: EpochPorts,
  host: { readonly name: HostName; readonly lan: LanId },
  hasRigs: boolean,
): Promise<EpochKeeper> => {
  let seen: SeenEpoch | undefined =
    (await file.read()) ?? (hasRigs ? { id: 'forgotten', seq: 0, at: 0 } : undefined);
  let saved = '';
  let current: string | undefined;
  let settled = false;

  return {
    look: async () => {
      const { epoch, verdict, adopted } = await epochs.look({ seen, host });
      if (current !== epoch.id && verdict !== 'same' && verdict !== 'first') {
        log.warn({ ...host, verdict, epoch: epoch.id }, 'this is not the registry that was last seen here');
      }
      current = epoch.id;
      settled = verdict === 'same' || verdict === 'first' || adopted;
      if (settled) seen = epoch;
    },
    isSettled: () => settled,
    id: () => current,
    save: async () => {
      if (seen === undefined || saved === `${seen.id} ${seen.seq}`) return;
      await file.write(seen);
      saved = `${seen.id} ${seen.seq}`;
    },
  };
};

/** Looks which registry it is before it is asked for the host's name, and each time that the name is kept. */
export const lookFirst = (
  presence: Presence,
  { look, isSettled }: Pick<EpochKeeper, 'look' | 'isSettled'>,
): Presence => ({
  take: async (registration, session) => {
    await look();
    // Its LAN may have come out of adoption in this very moment: then the registration marks it anew.
    return presence.take(registration, session, !isSettled());
  },
  keep: async (host, session) => {
    await look();
    return presence.keep(host, session);
  },
  giveBack: presence.giveBack,
});
