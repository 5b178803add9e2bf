// The registry's epoch in memory, with the same behaviour as the one in Redis.

import type { Epochs } from '../../src/ports/surveys.ts';
import type { Instant } from '../../src/rig/duration.ts';
import type { EpochVerdict, KnownEpoch, SeenEpoch } from '../../src/rig/epoch.ts';
import type { HostName, LanId } from '../../src/rig/rig.ts';

export type MemoryEpochs = {
  readonly isAdopting: (lan: LanId) => boolean;
  readonly isAnyAdopting: () => boolean;
  readonly rose: () => void;
  readonly forget: (host: HostName) => void;
  /** A host registers that this registry has not taken in. */
  readonly ask: (host: HostName, lan: LanId) => void;
  readonly port: (lans: () => readonly LanId[], present: (lan: LanId) => readonly HostName[]) => Epochs;
};

type Stored = { id: string; seq: number; born: Instant };

const verdictOf = (stored: Stored | undefined, seen: SeenEpoch | undefined): EpochVerdict => {
  if (!stored) return seen ? 'lost' : 'first';
  if (!seen) return 'same';
  if (stored.id === seen.id) return stored.seq < seen.seq ? 'restored' : 'same';
  return stored.born <= seen.at ? 'restored' : 'newer';
};

export const createMemoryEpochs = (now: () => Instant): MemoryEpochs => {
  let stored: Stored | undefined;
  let known: KnownEpoch | undefined;
  let made = 0;
  const adopting = new Map<LanId, Instant>();
  const adopted = new Map<string, string>();

  const renew = (seen: SeenEpoch | undefined): Stored => {
    made += 1;
    const seq = Math.max(stored?.seq ?? 0, seen?.seq ?? 0) + 1;
    stored = { id: `epoch${made}`, seq, born: Math.max(now(), (seen?.at ?? 0) + 1) };
    return stored;
  };

  return {
    isAdopting: (lan) => adopting.has(lan),
    isAnyAdopting: () => adopting.size > 0,
    rose: () => {
      if (stored) stored.seq += 1;
      if (known) known = { ...known, seq: known.seq + 1 };
    },
    forget: (host) => void adopted.delete(host.toLowerCase()),
    ask: (host, lan) => {
      if (adopted.get(host.toLowerCase()) !== stored?.id && !adopting.has(lan)) adopting.set(lan, now());
    },
    port: (lans, present) => ({
      look: async ({ seen, host, rise = false }) => {
        const verdict = verdictOf(stored, seen);
        const isNew = verdict === 'first' || verdict === 'lost' || verdict === 'restored';
        const current = isNew || !stored ? renew(seen) : stored;
        if (!isNew && rise) current.seq += 1;
        if (verdict === 'restored') for (const lan of lans()) adopting.set(lan, now());
        const isAdopted = host !== undefined && adopted.get(host.name.toLowerCase()) === current.id;
        if (host && verdict !== 'same' && verdict !== 'first' && !isAdopted && !adopting.has(host.lan)) {
          adopting.set(host.lan, now());
        }
        known = { id: current.id, seq: current.seq, at: now(), born: current.born };
        return { epoch: known, verdict, adopted: isAdopted };
      },
      known: () => known,
      current: async () => stored?.id,
      adopting: async () => new Map(adopting),
      markAdopted: async (host, id) => void adopted.set(host.toLowerCase(), id),
      isAdopted: async (host, id) => adopted.get(host.toLowerCase()) === id,
      finish: async (lan, id) => {
        const missing = present(lan).some((host) => adopted.get(host.toLowerCase()) !== id);
        if (!missing) adopting.delete(lan);
        return !missing;
      },
    }),
  };
};
