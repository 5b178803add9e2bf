// What hosts answered when they were asked to connect to an address. Each answer is read once, and forgotten soon.

import type { ReachAnswer } from '../rig/reach.ts';

export type Reaches = {
  readonly answer: (request: string, answer: ReachAnswer) => Promise<void>;
  /** `undefined`: not yet, or not any more. */
  readonly of: (request: string) => Promise<ReachAnswer | undefined>;
};
