// The claim: the atomic taking of name, quotas, host slot, licence and address for one generation of a rig.

import type { AuditEntry } from './audit.ts';
import type { Host } from './host.ts';
import type { Told } from './news.ts';
import type { HostName, LanId, Rig, RigId } from './rig.ts';

/**
 * All of a rig but what the claim finds: its address, the least recently released one of the host's range, and likewise its
 * licence, where its host has some.
 */
export type UnplacedRig = Omit<Rig, 'address'>;

export type ClaimRequest = {
  readonly rig: UnplacedRig;
  readonly limits: { readonly perUser: number; readonly fleet: number | undefined };
  readonly slots: Host['slots'];
  /** Slack's `trigger_id`: a delivery that is repeated finds the rig of the first. */
  readonly request: string;
  readonly told: readonly Told[];
  readonly audit: AuditEntry;
};

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly rig: Rig }
  | { readonly kind: 'repeated'; readonly rig: RigId }
  | { readonly kind: 'name-taken'; readonly holder: RigId }
  | { readonly kind: 'user-quota' }
  | { readonly kind: 'fleet-quota' }
  | { readonly kind: 'host-draining' }
  | { readonly kind: 'host-full' }
  /** Its host has licences, and other rigs have all of them. */
  | { readonly kind: 'no-licence' }
  | { readonly kind: 'no-address' }
  /** The registry was lost or restored, and its LAN's hosts have not all said yet what they have. */
  | { readonly kind: 'adopting' }
  /** So it is on another LAN, and a rig there may have any licence. */
  | { readonly kind: 'licences-unknown' };

/** What the fence reads: the claim as the registry holds it at this moment. */
export type HeldClaim = {
  readonly generation: number;
  readonly host: HostName;
  readonly lan: LanId;
  readonly address: string;
  /** A stop was decided, or it crashed: no container may be started for this generation any more. */
  readonly stopping: boolean;
};

/** True at the call site: may this generation be started, or go on running, at this moment? */
export const allowsStart = (claim: HeldClaim | undefined, generation: number, address: string): boolean =>
  claim !== undefined && claim.generation === generation && claim.address === address && !claim.stopping;
