// The signed note of which registry was last seen here, in the state directory.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { EpochFile } from './keep-epoch.ts';
import type { Signer } from './rig-files.ts';

const outer = z.object({ v: z.literal(1), seen: z.string(), signature: z.string() });
const inner = z.object({ id: z.string().min(1), seq: z.number().int(), at: z.number() });

/** In a directory that is there already. */
export const openEpochFile = (directory: string, signer: Signer, log: Log): EpochFile => {
  const path = join(directory, 'registry.epoch');
  return {
    read: async () => {
      try {
        const { seen, signature } = outer.parse(JSON.parse(await readFile(path, 'utf8')));
        if (!signer.isSigned(seen, signature)) throw new Error('another signature');
        return inner.parse(JSON.parse(seen));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        log.warn(
          { path, err: error },
          'the note of the registry that was last seen is not ours or not whole: taken as none',
        );
        return undefined;
      }
    },
    write: async (seen) => {
      const text = JSON.stringify(seen);
      const note = JSON.stringify({ v: 1, seen: text, signature: signer.sign(text) });
      await writeFile(`${path}.new`, `${note}\n`, { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
    },
  };
};
