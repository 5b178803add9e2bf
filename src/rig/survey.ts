// A host's full list of its containers with our labels, and of what its disk knows about them. It says what is.

import type { Instant } from './duration.ts';
import type { RigName } from './name.ts';
import type { FailReason, HostName, LanId, LicenceId, Person, RigId } from './rig.ts';

export type ContainerState = 'created' | 'running' | 'paused' | 'exited' | 'removing';

/** What a container was born with: its labels, which never change. */
export type Birth = {
  readonly name: RigName;
  readonly owner: Person;
  readonly lan: LanId;
  readonly tag: string;
  readonly created: Instant;
  readonly cap: Instant | undefined;
  readonly keyId: string | undefined;
  /** One that it has claimed. */
  readonly licenceId?: LicenceId | undefined;
};

/** `Kept`: what the host's disk holds of it, as it lies there or read again. */
export type SurveyedContainer<Kept> = {
  readonly rig: RigId;
  readonly generation: number;
  readonly address: string;
  readonly state: ContainerState;
  /** When this container was made, by its host's clock: of two that hold one address the later one goes. */
  readonly madeAt: Instant;
  /** Absent where its labels are not all there. */
  readonly birth: Birth | undefined;
  /** Of this generation, signed by the host; absent where there is none, or it is not ours. */
  readonly kept: Kept | undefined;
};

/** A note about a rig that has no container here. */
export type LeftNote<Kept> = {
  readonly rig: RigId;
  readonly generation: number;
  readonly ended: { readonly reason: FailReason; readonly at: Instant } | undefined;
  readonly kept: Kept | undefined;
};

export type Survey<Kept> = {
  readonly v: 1;
  readonly host: HostName;
  /** By the registry's clock, before anything was looked at. */
  readonly started: Instant;
  readonly containers: readonly SurveyedContainer<Kept>[];
  readonly notes: readonly LeftNote<Kept>[];
};
