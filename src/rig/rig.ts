// The rig itself: its birth facts, its states and the one function that moves it from one to the next.

import type { Duration, Instant } from './duration.ts';
import type { Lease } from './lease.ts';
import type { RigName } from './name.ts';
import type { Outside } from './outside.ts';

/** Short and random; the key of a rig everywhere (labels, claims, jobs). */
export type RigId = string;
export type HostName = string;
/** A layer-2 network; `bridge:HOST` for a host's own. */
export type LanId = string;
/** 12 hex digits, the same on every host of an installation. */
export type LicenceId = string;
/** Slack's id of a person, `U0123456789`. */
export type UserId = string;
/** Slack's id of a conversation. */
export type ChannelId = string;

export type Person = { readonly id: UserId; readonly name: string };

/**
 * How a rig gets on the network. `ipvlan`, `macvlan`: an address of the LAN, behind the host's interface; `bridge`: one of a
 * network inside the host; `publish`: ports on an address that the host itself has; `host`: the host's own network.
 */
export type NetworkMode = 'ipvlan' | 'macvlan' | 'bridge' | 'publish' | 'host';

/** Rigs have addresses that the host itself has. */
export const usesOwnAddresses = (mode: NetworkMode): mode is NetworkMode & ('publish' | 'host') =>
  mode === 'publish' || mode === 'host';

/** Where the command was typed, so that the rig's messages go there. */
export type Asked = {
  readonly channel: ChannelId;
  /** The command as it was typed, `/wcs` or `/wcs-dev`. */
  readonly command: string;
  /** `quietly`: the card goes to a direct message. */
  readonly quietly: boolean;
  /** More than the longest lease was asked for, and cut. */
  readonly cut: boolean;
  /** `on HOST`, if it was said. */
  readonly host?: HostName | undefined;
};

/** What runs, as the worker saw it when it made the container. */
export type RunningImage = {
  /** Short digest, 12 hex digits. */
  readonly digest: string;
  /** The registry did not answer, so the local image was taken without knowing whether it is the newest. */
  readonly unchecked: boolean;
  readonly licensed: boolean;
};

export type StopReason =
  | { readonly kind: 'asked'; readonly by: Person }
  | { readonly kind: 'expired' }
  /** Nobody used it, and nobody wanted it when asked. */
  | { readonly kind: 'idle' }
  /** Its host is to be empty, and was not to wait for it. */
  | { readonly kind: 'drained'; readonly by: Person }
  /** It was to be started, or started anew, and its host never came to it. */
  | { readonly kind: 'not-restarted' }
  /** The registry was restored from an older copy, and it was over by then. */
  | { readonly kind: 'not-there' }
  /** Another one, made earlier, has its address. */
  | { readonly kind: 'address-twice' }
  /** Another one, made earlier, has its licence. */
  | { readonly kind: 'licence-twice' }
  /** It was long past its end, and no bot was there to end it: its host did. */
  | { readonly kind: 'overdue' };

export type FailReason =
  /** The container ended before it was ready. */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly outOfMemory: boolean }
  | { readonly kind: 'not-ready'; readonly missingPorts: readonly number[]; readonly waited: Duration }
  | { readonly kind: 'no-image'; readonly reference: string; readonly detail: string }
  /** `others`: why it got no other: none was free, or those it got were in use, too. */
  | {
      readonly kind: 'address-in-use';
      readonly address: string;
      readonly others?: 'none-free' | 'taken-too' | undefined;
    }
  /** It was to be on its host's own network, where something listens on these ports on every address. */
  | { readonly kind: 'ports-taken'; readonly ports: readonly number[] }
  /** Another rig, made earlier, has its licence. */
  | { readonly kind: 'licence-in-use' }
  /** It ended by itself after it was ready. */
  | { readonly kind: 'died'; readonly exitCode: number; readonly outOfMemory: boolean }
  /** Its container was removed on the host, and not by us. */
  | { readonly kind: 'removed' }
  /** The worker came to the job after its deadline. */
  | { readonly kind: 'too-late' }
  /** The claim vanished under the launch. */
  | { readonly kind: 'superseded' }
  /** Its host does not answer any more, and one of the operator's gave it up. */
  | { readonly kind: 'host-forgotten'; readonly host: HostName; readonly by: Person }
  /** Docker was restarted, and by then it was over: it was not started again. */
  | { readonly kind: 'not-resumed' }
  /** It was long past its end, and no bot was there to end it: its host did. */
  | { readonly kind: 'overdue' }
  /** The engine, the network or the host refused; `detail` is its one line. */
  | { readonly kind: 'engine'; readonly detail: string };

/** How a rig ended that was up before, with its last log lines; secrets are cut out of them. */
export type Crash = { readonly reason: FailReason; readonly tail: readonly string[] };

export type RigState =
  | { readonly kind: 'placed'; readonly since: Instant }
  | {
      readonly kind: 'starting';
      readonly since: Instant;
      readonly phase:
        | { readonly kind: 'pulling'; readonly percent: number | undefined }
        | { readonly kind: 'booting' };
    }
  | { readonly kind: 'running'; readonly since: Instant }
  /** It was up and is no more. Its container is gone; name, slot, licence and address wait for a restart until then. */
  | { readonly kind: 'crashed'; readonly since: Instant; readonly crash: Crash; readonly until: Instant }
  | { readonly kind: 'stopping'; readonly since: Instant; readonly reason: StopReason }
  | { readonly kind: 'stopped'; readonly since: Instant; readonly reason: StopReason }
  | { readonly kind: 'failed'; readonly since: Instant; readonly reason: FailReason };

export type Restart = { readonly at: Instant; readonly by: Person };

/** Where its host is, and what others see of it; the same for all rigs of a host. */
export type RigNetwork = {
  readonly lan: LanId;
  readonly mode: NetworkMode;
  readonly subnet: string;
} & Outside;

export type Rig = {
  readonly id: RigId;
  readonly name: RigName;
  /** Each new container for the rig counts one up; the first is 1. */
  readonly generation: number;
  readonly owner: Person;
  /** Those who may act on it beside its owner. */
  readonly shared: readonly Person[];
  readonly host: HostName;
  readonly network: RigNetwork;
  /** The leased address, IPv4, dotted. */
  readonly address: string;
  /** The licence that it has for itself, as long as it lives; none where its host has none to choose from. */
  readonly licenceId?: LicenceId | undefined;
  /** The image's tag, as asked for or configured. */
  readonly tag: string;
  /** Names the secret that this generation's password is derived from: its host's; older rigs do not say. */
  readonly keyId?: string | undefined;
  readonly created: Instant;
  readonly lease: Lease;
  readonly asked: Asked;
  readonly state: RigState;
  /** Known from the moment the container is made. */
  readonly image?: RunningImage | undefined;
  /** The last restart; none of the first generation. */
  readonly restarted?: Restart | undefined;
  /** Slack's ids of the last deliveries that changed it, of those acts that must not be done twice. */
  readonly heeded?: readonly string[] | undefined;
  /** The tag that was last seen ready: what a restart falls back on. */
  readonly ran?: string | undefined;
  /** From the claim, or the restart, to ready. */
  readonly took?: Duration | undefined;
  /** How long a start usually takes on this host, where that was known at the claim. */
  readonly usual?: Duration | undefined;
  /** How often it got another address because somebody else had the one it was to start with. */
  readonly swaps?: number | undefined;
};

export const isTerminal = (state: RigState): boolean => state.kind === 'stopped' || state.kind === 'failed';

/** True at the call site: whether and when it ends is still open. A decided stop is never taken back. */
export const hasOpenLease = ({ state }: Pick<Rig, 'state'>): boolean =>
  state.kind === 'placed' || state.kind === 'starting' || state.kind === 'running';

/** Living rigs hold their name, slot, licence and address. */
export const isLiving = (rig: Rig): boolean => !isTerminal(rig.state);

export const isOwnedBy = (rig: Rig, user: UserId): boolean => rig.owner.id === user;

/** A container's name, its key on the engine: `wcs-k3f9ab-g1`. */
export const containerName = (installation: string, id: RigId, generation: number): string =>
  `${installation}-${id}-g${generation}`;
