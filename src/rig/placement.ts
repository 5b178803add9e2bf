// The choice of a host. Filters have names, so that a "no" lists its reasons; then the freest host is taken.

import type { Host } from './host.ts';
import type { HostName } from './rig.ts';

/** Why a host was passed over: `is full (8 of 8)`. */
export type Reason = { readonly host: HostName; readonly why: string };

export type Placement =
  | { readonly kind: 'placed'; readonly host: Host; readonly passedOver: readonly Reason[] }
  | { readonly kind: 'unknown-host'; readonly asked: HostName; readonly known: readonly HostName[] }
  | { readonly kind: 'nowhere'; readonly reasons: readonly Reason[] };

type Filter = { readonly accepts: (host: Host) => boolean; readonly why: (host: Host) => string };

const filters: readonly Filter[] = [
  { accepts: (host) => host.state === 'ready', why: () => 'is unreachable' },
  { accepts: (host) => host.freeSlots > 0, why: (host) => `is full (${host.slots} of ${host.slots})` },
  { accepts: (host) => host.freeAddresses > 0, why: () => 'has no free address' },
];

const whyNot = (host: Host): string | undefined => filters.find(({ accepts }) => !accepts(host))?.why(host);

const freest = (one: Host, other: Host): number =>
  other.freeSlots - one.freeSlots ||
  other.freeAddresses - one.freeAddresses ||
  one.name.localeCompare(other.name, 'en');

/**
 * `on` is honoured or refused, never ignored; host names are compared without case. `lost`: hosts that took the look for
 * free and were not, since somebody was quicker with the claim.
 */
export const placeRig = (
  hosts: readonly Host[],
  on: HostName | undefined,
  lost: readonly Reason[] = [],
): Placement => {
  const wanted =
    on === undefined ? hosts : hosts.filter(({ name }) => name.toLowerCase() === on.toLowerCase());
  if (on !== undefined && wanted.length === 0) {
    return { kind: 'unknown-host', asked: on, known: hosts.map(({ name }) => name).sort() };
  }
  const reasons: Reason[] = [];
  const fit: Host[] = [];
  for (const host of wanted) {
    const why = lost.find((reason) => reason.host === host.name)?.why ?? whyNot(host);
    if (why === undefined) fit.push(host);
    else reasons.push({ host: host.name, why });
  }
  // Not sorted: of a thousand hosts that would take longer than all the rest of a claim.
  const best = fit.reduce<Host | undefined>(
    (found, host) => (found !== undefined && freest(found, host) <= 0 ? found : host),
    undefined,
  );
  return best ? { kind: 'placed', host: best, passedOver: reasons } : { kind: 'nowhere', reasons };
};
