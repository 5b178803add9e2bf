// All that is known of a host before anything is judged. The quick facts are those that a worker looks at when it starts.

import type { WorkerConfig } from '../../config.ts';
import type { NetworkSeen } from '../../docker/engine-facts.ts';
import type { EngineLook, ImageSeen } from '../../docker/examine.ts';
import type { RegistryLook } from '../../docker/images.ts';
import type { Machine } from '../../machine.ts';
import type { Listener } from '../../rig/listening.ts';
import type { Firewall } from './gather-firewall.ts';
import type { KernelSays } from './gather-kernel.ts';
import type { LanFacts } from './gather-lan.ts';
import type { Link } from './gather-links.ts';
import type { Rooms } from './gather-room.ts';
import type { Route } from './gather-routes.ts';
import type { Switches } from './gather-switches.ts';
import type { Virtual } from './gather-virtual.ts';
import type { Looked } from './looked.ts';

export type QuickFacts = {
  readonly config: WorkerConfig;
  readonly machine: Machine;
  readonly engine: EngineLook;
  /** The kernel that this process runs on. */
  readonly kernelHere: string;
  readonly networks: Looked<readonly NetworkSeen[]>;
  /** Addresses on which rigs of this installation run here. */
  readonly rigAddresses: Looked<ReadonlySet<string>>;
  readonly links: Looked<readonly Link[]>;
  readonly routes: Looked<readonly Route[]>;
  readonly listeners: Looked<readonly Listener[]>;
  readonly switches: Switches;
  readonly rooms: Rooms;
  /** The configured one; `undefined`: it is not on the engine. */
  readonly image: Looked<ImageSeen | undefined>;
};

export type SlowFacts = {
  /** Only asked for where the mode wants a kind of link that a kernel may lack. */
  readonly kernel: KernelSays | undefined;
  readonly virtual: Virtual;
  readonly firewall: Firewall;
  readonly registry: Looked<RegistryLook>;
  readonly lan: LanFacts;
  /** Addresses of the range that rigs of other hosts have, as far as somebody told. */
  readonly heldElsewhere: ReadonlySet<string>;
};

export type HostFacts = QuickFacts & SlowFacts;
