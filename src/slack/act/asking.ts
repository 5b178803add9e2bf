// Who asks for something, and how.

import type { Asker } from '../../rig/access.ts';
import type { Place } from '../views/answer-modal.ts';

export type Asking = {
  readonly by: Asker;
  /** The command as it was typed, for sentences that name it. */
  readonly command: string;
  /** Slack's `trigger_id`: the same again is the same delivery. */
  readonly trigger?: string | undefined;
};

/** A button or a menu: which, what it holds, and where it was pressed. */
export type Press = Asking & {
  readonly id: string;
  readonly value: unknown;
  readonly place: Place;
};
