// Whom the doctor works for: what was asked, in which environment, and where it is told.

import type { Environment } from '../config.ts';
import type { Finding } from './finding.ts';
import type { Title } from './print.ts';
import type { PlaceOf } from './probe/places.ts';

export type Desk = {
  readonly environment: Environment;
  readonly version: string;
  /** All that manifest.yml asks for. */
  readonly scopes: readonly string[];
  /** A rig's, which a worker knows. */
  readonly placeOf: PlaceOf;
  /** What was found of a part, as soon as it is known. */
  readonly show: (title: Title, findings: readonly Finding[]) => Promise<void>;
  /** What is going on, for whoever watches. */
  readonly progress: (text: string) => void;
  /** Somebody watches, and may wait. */
  readonly isWatched: boolean;
  /** Nobody wants to know any more. */
  readonly signal: AbortSignal;
};
