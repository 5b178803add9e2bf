// Who asks for something, and how.

import type { Asker } from '../../rig/access.ts';
import type { Place } from '../views/answer-modal.ts';

export type Asking = {
  readonly by: Asker;
  /** The command as it was typed, for sentences that name it. */
  readonly command: string;
};

/** A button or a menu: which, what it holds, and where it was pressed. */
export type Press = Asking & {
  readonly id: string;
  readonly value: unknown;
  readonly trigger: string | undefined;
  readonly place: Place;
};
