// What is noted of every act, and what operators are to be told.

import type { AuditEntry } from '../rig/audit.ts';
import type { Duration } from '../rig/duration.ts';
import type { RigName } from '../rig/name.ts';
import type { Notice } from '../rig/notice.ts';
import type { HostName } from '../rig/rig.ts';

/** Who did what, append-only. What changes a rig is written with the change; this is for all else, and for reading. */
export type Audit = {
  readonly append: (entry: AuditEntry) => Promise<void>;
  /** The last `count` about rigs of this name, oldest first. */
  readonly ofRig: (name: RigName, count: number) => Promise<readonly AuditEntry[]>;
  /** The last `count` of what was done to this host, oldest first. */
  readonly ofHost: (host: HostName, count: number) => Promise<readonly AuditEntry[]>;
  /** All there are, oldest first, `count` at a time; `next` is undefined at the end. */
  readonly page: (
    after: string | undefined,
    count: number,
  ) => Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | undefined }>;
};

/** What operators are to be told, each cause once in a while. */
export type Notices = {
  /** Nothing happens where this cause waits already, or was told within `quiet`. */
  readonly put: (notice: Notice, quiet: Duration) => Promise<void>;
  /** Takes one that waits, for `length`: told by then, or somebody else takes it. */
  readonly take: (length: Duration) => Promise<Notice | undefined>;
  readonly told: (notice: Notice) => Promise<void>;
};
