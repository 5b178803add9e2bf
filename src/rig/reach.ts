// Can this address be reached from there? What a host answers when the doctor asks it to connect.

import type { Duration } from './duration.ts';
import type { HostName } from './rig.ts';

/** `closed`: somebody is there and refuses; `silent`: nobody answered; `no-way`: the system knows no way there. */
export type PortOutcome =
  | { readonly kind: 'open'; readonly took: Duration }
  | { readonly kind: 'closed' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'no-way'; readonly code: string };

export type PortReach = { readonly port: number; readonly outcome: PortOutcome };

export type ReachAnswer = {
  readonly v: 1;
  readonly host: HostName;
  /** How far its own clock is ahead of Redis'; negative: behind. */
  readonly skew: Duration;
  readonly saw:
    | { readonly kind: 'tried'; readonly ports: readonly PortReach[] }
    /** It is not an address or port that rigs have there, so nothing was tried. */
    | { readonly kind: 'refused'; readonly why: string };
};

export const isOpen = ({ outcome }: PortReach): boolean => outcome.kind === 'open';

/** Where the example pages are, and the WebSocket that they open. */
export const rigPorts: readonly number[] = [8444, 8443];

/** More are no rig's. */
export const mostPorts = 4;
