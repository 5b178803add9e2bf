// Keeps the notes on this host's disk as the registry has it: a later end, a new owner, the card. A note never goes back to
// an earlier lease, for then the registry is the older one.

import type { Log } from '../ports/log.ts';
import type { RigFiles } from '../ports/rig-files.ts';
import type { Records } from '../ports/surveys.ts';
import { isNewer, type RigRecord } from '../rig/record.ts';
import type { HostName, RigId } from '../rig/rig.ts';

export type MirrorPorts = {
  readonly records: Pick<Records, 'changes' | 'ofHost'>;
  readonly rigFiles: RigFiles;
  readonly log: Log;
};

export type RigMirror = {
  /** Where anything changed since the last time, it is written. */
  readonly pass: () => Promise<void>;
  /** Whatever changed: all of it. `there`: rigs with a container here, which get a note though they have lost theirs. */
  readonly all: (there: ReadonlySet<RigId>) => Promise<void>;
};

/** `isSettled`: the registry has taken in what is here; until then it may be the older one, whatever it says. */
export const createRigMirror = (
  { records, rigFiles, log }: MirrorPorts,
  host: HostName,
  isSettled: () => boolean = () => true,
): RigMirror => {
  let seen = -1;
  let lastFault = '';

  // Asked right before the writing: a stop may throw the note away meanwhile, and nobody would come for a new one.
  const write = (record: RigRecord, there: ReadonlySet<RigId>): Promise<void> =>
    rigFiles.write(record, (file) => {
      // A rig that was never begun here has none, and needs none.
      if (file === undefined) return there.has(record.rig);
      if (!isSettled()) return false;
      // Of a new generation the launch writes it; what has ended waits for the registry to know.
      if (file.ended !== undefined || record.generation > file.generation) return false;
      return !isNewer(file, record) && file.text !== record.text;
    });

  const writeAll = async (there: ReadonlySet<RigId>): Promise<void> => {
    let fault = '';
    for (const record of await records.ofHost(host)) {
      await write(record, there).catch((error: unknown) => {
        fault = String(error);
        if (fault !== lastFault) log.error({ rig: record.rig, err: error }, 'a rig file cannot be written');
      });
    }
    lastFault = fault;
    if (fault !== '') seen = -1;
  };

  return {
    pass: async () => {
      const now = await records.changes(host);
      if (now === seen || !isSettled()) return;
      seen = now;
      await writeAll(new Set()).catch((error: unknown) => {
        seen = -1;
        throw error;
      });
    },
    all: writeAll,
  };
};
