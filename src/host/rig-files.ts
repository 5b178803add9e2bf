// The worker's signed notes about its rigs, one file each in its state directory. With them and the labels a lost registry
// can be rebuilt, so they are written whole (a new file, renamed over the old) and believed only with our signature.

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { RigFile, RigFiles } from '../ports/rig-files.ts';

export type Signer = {
  readonly sign: (text: string) => string;
  readonly isSigned: (text: string, signature: string) => boolean;
};

const rigFile = z.object({
  rig: z.string(),
  generation: z.number().int().positive(),
  name: z.string(),
  owner: z.object({ id: z.string(), name: z.string() }),
  lan: z.string(),
  address: z.ipv4(),
  created: z.number(),
  lease: z.object({
    end: z
      .number()
      .optional()
      .transform((value) => value),
    cap: z
      .number()
      .optional()
      .transform((value) => value),
    rev: z.number(),
  }),
}) satisfies z.ZodType<RigFile>;

const signed = z.object({ v: z.literal(1), note: z.string(), signature: z.string() });

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `directory` is made if it is missing, readable by its owner only. */
export const openRigFiles = async (directory: string, signer: Signer, log: Log): Promise<RigFiles> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = (rig: string): string => {
    // Ids come out of jobs; one that is none must not become a path.
    if (!/^[a-z0-9]{1,32}$/.test(rig)) throw new Error(`not a rig's id: ${JSON.stringify(rig)}`);
    return join(directory, `${rig}.json`);
  };
  const believe = (rig: string, text: string): RigFile | undefined => {
    const outer = signed.safeParse(jsonOf(text));
    if (!outer.success || !signer.isSigned(outer.data.note, outer.data.signature)) return undefined;
    const note = rigFile.safeParse(jsonOf(outer.data.note));
    return note.success && note.data.rig === rig ? note.data : undefined;
  };
  return {
    write: async (file) => {
      const note = JSON.stringify(file);
      const text = JSON.stringify({ v: 1, note, signature: signer.sign(note) });
      const target = path(file.rig);
      await writeFile(`${target}.new`, `${text}\n`, { mode: 0o600, flush: true });
      await rename(`${target}.new`, target);
    },
    read: async (rig) => {
      try {
        const file = believe(rig, await readFile(path(rig), 'utf8'));
        if (!file)
          log.warn({ rig, path: path(rig) }, 'a rig file that is not ours or not whole: taken as none');
        return file;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    remove: (rig) => rm(path(rig), { force: true }),
  };
};
