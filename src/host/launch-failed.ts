// What ends a launch early, other than a fault.

import type { FailReason } from '../rig/rig.ts';

export class LaunchFailed extends Error {
  override readonly name = 'LaunchFailed';
  readonly reason: FailReason;
  constructor(reason: FailReason) {
    super(reason.kind);
    this.reason = reason;
  }
}
