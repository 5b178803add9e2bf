// The signed note of which registry was last seen here, in the state directory.

import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { EpochFile } from './keep-epoch.ts';
import type { Signer } from './rig-files.ts';
import { readWhole, writeWhole } from './whole-file.ts';

const outer = z.object({ v: z.literal(1), seen: z.string(), signature: z.string() });
const inner = z.object({ id: z.string().min(1), seq: z.number().int(), at: z.number() });

/** In a directory that is there already. */
export const openEpochFile = (directory: string, signer: Signer, log: Log): EpochFile => {
  const path = join(directory, 'registry.epoch');
  const believe = (json: unknown): z.infer<typeof inner> => {
    const { seen, signature } = outer.parse(json);
    if (!signer.isSigned(seen, signature)) throw new Error('another signature');
    return inner.parse(JSON.parse(seen));
  };
  const complaint = 'the note of the registry that was last seen is not ours or not whole: taken as none';
  return {
    read: () => readWhole(path, believe, log, complaint),
    write: (seen) => {
      const text = JSON.stringify(seen);
      return writeWhole(path, JSON.stringify({ v: 1, seen: text, signature: signer.sign(text) }));
    },
  };
};
