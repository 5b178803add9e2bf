// `list`: all living rigs, the asker's first.

import type { Clock } from '../ports/clock.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Instant } from '../rig/duration.ts';
import { type HostName, isOwnedBy, type Person, type Rig } from '../rig/rig.ts';

export type ListFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'mine' }
  | { readonly kind: 'on'; readonly host: HostName };

export type RigList = { readonly rigs: readonly Rig[]; readonly now: Instant };

const matches = (rig: Rig, filter: ListFilter, by: Person): boolean => {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'mine':
      return isOwnedBy(rig, by.id);
    case 'on':
      return rig.host.toLowerCase() === filter.host.toLowerCase();
  }
};

export const listRigs = async (
  { rigs, clock }: { readonly rigs: Rigs; readonly clock: Clock },
  filter: ListFilter,
  by: Person,
): Promise<RigList> => {
  const shown = (await rigs.living()).filter((rig) => matches(rig, filter, by));
  const mine = shown.filter((rig) => isOwnedBy(rig, by.id));
  const others = shown.filter((rig) => !isOwnedBy(rig, by.id));
  return { rigs: [...mine, ...others], now: clock.now() };
};
