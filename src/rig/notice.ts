// What the operators are told in their channel: once for each cause and day.

import type { RigName } from './name.ts';
import type { HostName, Person, RigId } from './rig.ts';

export type Notice =
  /** Somebody whose account was closed has rigs, and nobody reads what is said of them. */
  | { readonly kind: 'gone-person'; readonly person: Person; readonly rig: RigName }
  /** Rigs without an end; once a week. */
  | {
      readonly kind: 'endless-rigs';
      readonly rigs: readonly { readonly name: RigName; readonly owner: Person; readonly host: HostName }[];
    }
  /** The Redis that answers now would lose data: another one after a failover, or one whose settings were changed. */
  | { readonly kind: 'unfit-redis'; readonly why: string }
  /** Nothing can be told about this rig any more, to anybody. */
  | {
      readonly kind: 'untold';
      readonly rig: RigName;
      readonly id: RigId;
      readonly owner: Person;
      readonly why: string;
    };

/** Notices of one cause are one notice. */
export const causeOf = (notice: Notice): string => {
  switch (notice.kind) {
    case 'gone-person':
      return `${notice.kind}.${notice.person.id}`;
    case 'endless-rigs':
    case 'unfit-redis':
      return notice.kind;
    case 'untold':
      return `${notice.kind}.${notice.id}`;
  }
};
