// What the operators are told in their channel: once for each cause and day.

import type { RigName } from './name.ts';
import type { WhyQuarantined } from './quarantine.ts';
import type { HostName, LanId, Person, RigId } from './rig.ts';

export type Notice =
  /** Somebody whose account was closed has rigs, and nobody reads what is said of them. */
  | { readonly kind: 'gone-person'; readonly person: Person; readonly rig: RigName }
  /** Rigs without an end; once a week. */
  | {
      readonly kind: 'endless-rigs';
      readonly rigs: readonly { readonly name: RigName; readonly owner: Person; readonly host: HostName }[];
    }
  /** Nothing can be told about this rig any more, to anybody. */
  | {
      readonly kind: 'untold';
      readonly rig: RigName;
      readonly id: RigId;
      readonly owner: Person;
      readonly why: string;
    }
  /** Something else has an address of a range for rigs, so that it is set aside. */
  | {
      readonly kind: 'address-taken';
      readonly lan: LanId;
      readonly address: string;
      readonly host: HostName;
      readonly why: Exclude<WhyQuarantined, 'host-vanished'>;
      readonly mac: string | undefined;
    }
  /** One machine answers for addresses that are not its own, so that probes say nothing there. */
  | {
      readonly kind: 'proxy-arp';
      readonly lan: LanId;
      readonly mac: string;
      readonly host: HostName;
      readonly addresses: readonly string[];
    };

/** Notices of one cause are one notice. */
export const causeOf = (notice: Notice): string => {
  switch (notice.kind) {
    case 'gone-person':
      return `${notice.kind}.${notice.person.id}`;
    case 'endless-rigs':
      return notice.kind;
    case 'untold':
      return `${notice.kind}.${notice.id}`;
    case 'address-taken':
      return `${notice.kind}.${notice.lan}.${notice.address}`;
    case 'proxy-arp':
      return `${notice.kind}.${notice.lan}.${notice.mac}`;
  }
};
