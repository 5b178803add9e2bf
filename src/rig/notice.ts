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
  /** The Redis that answers now would lose data: another one after a failover, or one whose settings were changed. */
  | { readonly kind: 'unfit-redis'; readonly why: string }
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
      readonly why: Exclude<WhyQuarantined, 'host-vanished' | 'doctor'>;
      readonly mac: string | undefined;
    }
  /** One machine answers for addresses that are not its own, so that probes say nothing there. */
  | {
      readonly kind: 'proxy-arp';
      readonly lan: LanId;
      readonly mac: string;
      readonly host: HostName;
      readonly addresses: readonly string[];
    }
  /** The registry was lost, or restored from a copy, and hosts are asked what they have. */
  | { readonly kind: 'adoption'; readonly epoch: string }
  /** Too many of a host's containers are to be removed for nobody to have a look. */
  | {
      readonly kind: 'too-many-removals';
      readonly host: HostName;
      readonly would: number;
      readonly of: number;
    }
  /** Containers with our labels that nobody knows, which are removed. */
  | { readonly kind: 'unknown-containers'; readonly host: HostName; readonly count: number }
  /** Containers of rigs that live on another host, `of`: perhaps this one was given another name. */
  | {
      readonly kind: 'moved-containers';
      readonly host: HostName;
      readonly of: HostName;
      readonly count: number;
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
    case 'address-taken':
      return `${notice.kind}.${notice.lan}.${notice.address}`;
    case 'proxy-arp':
      return `${notice.kind}.${notice.lan}.${notice.mac}`;
    case 'adoption':
      return `${notice.kind}.${notice.epoch}`;
    case 'too-many-removals':
    case 'unknown-containers':
      return `${notice.kind}.${notice.host}`;
    case 'moved-containers':
      return `${notice.kind}.${notice.host} ${notice.of}`;
  }
};
