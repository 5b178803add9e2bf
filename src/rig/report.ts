// What a host says it saw. A report never says what should be; the bot decides that.

import type { Instant } from './duration.ts';
import type { FailReason, HostName, Person, RigId, RunningImage } from './rig.ts';

export type Sighting =
  /** The image is being fetched; `percent` is absent while the size is unknown. */
  | { readonly kind: 'pulling'; readonly percent?: number | undefined }
  /** The container was made and started, and now boots. */
  | { readonly kind: 'starting'; readonly image: RunningImage }
  /** It listens on its ports. `image` as in `starting`, which may come later than this. */
  | { readonly kind: 'ready'; readonly image?: RunningImage | undefined }
  /** The launch failed; the container is gone already. `tail`: its last log lines, secrets cut out. */
  | { readonly kind: 'failed'; readonly reason: FailReason; readonly tail: readonly string[] }
  /** Looked for by id, and there is no container of this generation. */
  | { readonly kind: 'gone' }
  /** Docker was restarted, and it is up again in the same container. */
  | { readonly kind: 'resumed' }
  /** Asked to stop it since its lease was over: its note knows of a later lease, of this `rev`. It runs on. */
  | { readonly kind: 'refused'; readonly rev: number }
  /** Asked to look: there is no container of this generation. `restored` as it was asked. */
  | { readonly kind: 'missing'; readonly restored: boolean }
  /** What somebody asked for: its last log lines, secrets cut out; none if the question came too late. */
  | { readonly kind: 'log'; readonly to: Person; readonly lines: readonly string[] | undefined };

export type Report = {
  readonly v: 1;
  readonly host: HostName;
  readonly rig: RigId;
  readonly generation: number;
  /** By Redis' clock, as the worker knows it. */
  readonly at: Instant;
  readonly saw: Sighting;
};
