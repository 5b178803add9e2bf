// The word to the LAN that a rig has its address now. Off the way of the launch: a rig that cannot be announced is found by
// its neighbours half a minute later.

import type { Log } from '../ports/log.ts';
import type { Announcer } from '../ports/prober.ts';

export type Announcements = {
  readonly announce: (container: string, address: string) => void;
  /** Resolves when none is under way any more. */
  readonly settled: () => Promise<void>;
};

/** `announcer`: none where there is no LAN to tell, or nothing to tell it with. */
export const createAnnouncements = (announcer: Announcer | undefined, log: Log): Announcements => {
  const underWay = new Set<Promise<void>>();
  return {
    announce: (container, address) => {
      if (announcer === undefined) return;
      const work: Promise<void> = announcer
        .announce(container, address)
        .catch((err: unknown) => log.warn({ container, address, err }, 'a rig could not be announced'))
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    settled: async () => void (await Promise.all(underWay)),
  };
};
