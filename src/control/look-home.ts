// What a person sees at home: their rigs, those shared with them, and how the hosts are.

import type { Clock } from '../ports/clock.ts';
import type { Hosts } from '../ports/hosts.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Asker } from '../rig/access.ts';
import type { Instant } from '../rig/duration.ts';
import type { Host } from '../rig/host.ts';
import type { Rig } from '../rig/rig.ts';

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
  const [mine, shared, newest, known] = await Promise.all([
    rigs.ownedBy(by.id),
    rigs.sharedWith(by.id),
    rigs.newest(),
    hosts.current(),
  ]);
  return {
    mine,
    shared,
    hosts: known.toSorted((one, other) => one.name.localeCompare(other.name, 'en')),
    now: clock.now(),
    command: newest?.asked.command,
  };
};
