// Every "no" that a person may hear. Refusals are values; slack/words/ makes sentences of them, each with a way out.

import type { Instant } from './duration.ts';
import type { LicenceHolders } from './licence.ts';
import type { RigName } from './name.ts';
import type { Reason } from './placement.ts';
import type { HostName, LanId, Person, Rig } from './rig.ts';

export type Refusal =
  | { readonly kind: 'name-taken'; readonly name: RigName; readonly holder: Person }
  | { readonly kind: 'user-quota'; readonly limit: number; readonly mine: readonly Rig[] }
  | { readonly kind: 'fleet-quota'; readonly limit: number }
  /** `asked`: the only host that was looked at, `on HOST`; `licences`: of hosts that have no free one. */
  | {
      readonly kind: 'nowhere';
      readonly reasons: readonly Reason[];
      readonly asked?: HostName | undefined;
      readonly licences?: LicenceHolders | undefined;
    }
  | { readonly kind: 'no-host' }
  | { readonly kind: 'unknown-host'; readonly asked: HostName; readonly known: readonly HostName[] }
  /** It was to be looked at, or something was to be done with it. */
  | { readonly kind: 'no-such-host'; readonly asked: HostName; readonly known: readonly HostName[] }
  /** `what`: the command. */
  | { readonly kind: 'only-admins'; readonly what: string }
  /** It was to be forgotten, and its worker is there. */
  | { readonly kind: 'host-present'; readonly host: HostName }
  | { readonly kind: 'unknown-tag'; readonly tag: string; readonly known: readonly string[] }
  | { readonly kind: 'no-such-rig'; readonly name: RigName; readonly mine: readonly RigName[] }
  /** `handOver`: it was to be shared or given, which those cannot do with whom it is shared. */
  | {
      readonly kind: 'not-owner';
      readonly name: RigName;
      readonly owner: Person;
      readonly handOver?: boolean;
    }
  | { readonly kind: 'already-stopping'; readonly name: RigName }
  /** Its lease cannot be extended any more. */
  | { readonly kind: 'at-cap'; readonly name: RigName; readonly end: Instant }
  /** What was asked for is no later than its end already is. */
  | { readonly kind: 'no-longer'; readonly name: RigName; readonly end: Instant }
  /** It has no end that could be moved. */
  | { readonly kind: 'endless'; readonly name: RigName }
  | { readonly kind: 'for-admins'; readonly what: string; readonly name: RigName }
  /** It boots, or has crashed: there is nothing to be done with it now. */
  | { readonly kind: 'not-running'; readonly rig: Rig }
  /** It was made with a secret that is no longer known, so that nobody can say its password. */
  | { readonly kind: 'earlier-secret'; readonly name: RigName }
  | { readonly kind: 'host-away'; readonly name: RigName; readonly host: HostName }
  /** Everybody named is its owner, or has it already. */
  | {
      readonly kind: 'shared-already';
      readonly name: RigName;
      readonly owner: Person;
      readonly people: readonly Person[];
    }
  | { readonly kind: 'shared-with-many'; readonly name: RigName; readonly limit: number }
  | { readonly kind: 'theirs-already'; readonly name: RigName; readonly owner: Person }
  /** Whom it was to be given to has as many rigs as one person may have. */
  | { readonly kind: 'receiver-quota'; readonly to: Person; readonly limit: number }
  /** It was to be given back, and is not set aside. */
  | { readonly kind: 'not-set-aside'; readonly address: string }
  | { readonly kind: 'which-lan'; readonly address: string; readonly lans: readonly LanId[] }
  | { readonly kind: 'no-such-lan'; readonly asked: string; readonly known: readonly LanId[] };
