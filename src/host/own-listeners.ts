// Who is in the way of a rig that has an address of its host's own.

import type { Probe, Prober } from '../ports/prober.ts';
import { answersOn, anywhere, type Listener } from '../rig/listening.ts';

export type OwnListeners = () => Promise<readonly Listener[]>;

export type Taken = { readonly ports: readonly number[]; readonly everywhere: boolean };

/** Which of these ports a rig on this address would not get; `undefined`: none. `everywhere`: nor would one on another address. */
export const takenPorts = (
  listeners: readonly Listener[],
  address: string,
  ports: readonly number[],
): Taken | undefined => {
  const inTheWay = listeners.filter((one) => ports.includes(one.port) && answersOn(one, address));
  if (inTheWay.length === 0) return undefined;
  return {
    ports: [...new Set(inTheWay.map(({ port }) => port))].sort((one, other) => one - other),
    everywhere: inTheWay.some(({ at }) => at === anywhere),
  };
};

/**
 * The probe of an address that is the host's own: somebody is on it who listens on a port of a rig. `anywhereCounts`: also one
 * who listens on all addresses, who may be a rig of ours where it does.
 */
export const createPortProber = (
  listeners: OwnListeners,
  ports: readonly number[],
  anywhereCounts: boolean,
): Prober => ({
  ask: async (address): Promise<Probe> => {
    try {
      const counting = (await listeners()).filter(({ at }) => anywhereCounts || at !== anywhere);
      const taken = takenPorts(counting, address, ports);
      return taken === undefined
        ? { kind: 'silent' }
        : { kind: 'answered', mac: `port ${taken.ports.join(', ')}` };
    } catch (error) {
      return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
    }
  },
});
