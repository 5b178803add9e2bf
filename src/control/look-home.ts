// What a person sees at home: their rigs, those shared with them, and how the hosts are.

import type { Clock } from '../ports/clock.ts';
import type { Hosts, Rigs } from '../ports/registry.ts';
import { type Asker, isSharedWith } from '../rig/access.ts';
import type { Instant } from '../rig/duration.ts';
import type { Host } from '../rig/host.ts';
import { isOwnedBy, type Rig } from '../rig/rig.ts';

export type AtHome = {
  /** Each oldest first. */
  readonly mine: readonly Rig[];
  readonly shared: readonly Rig[];
  /** By name. */
  readonly hosts: readonly Host[];
  readonly now: Instant;
  /** The command as somebody typed it for the newest rig; `undefined` where there is none. */
  readonly command: string | undefined;
};

export const lookHome = async (
  { rigs, hosts, clock }: { readonly rigs: Rigs; readonly hosts: Hosts; readonly clock: Clock },
  by: Asker,
): Promise<AtHome> => {
  const [living, known] = await Promise.all([rigs.living(), hosts.list()]);
  return {
    mine: living.filter((rig) => isOwnedBy(rig, by.id)),
    shared: living.filter((rig) => isSharedWith(rig, by.id)),
    hosts: known.toSorted((one, other) => one.name.localeCompare(other.name, 'en')),
    now: clock.now(),
    command: living.at(-1)?.asked.command,
  };
};
