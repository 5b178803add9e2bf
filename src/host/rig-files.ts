// The worker's signed notes about its rigs, one file each in its state directory. With them and the labels a lost registry
// can be rebuilt, so they are written whole (a new file, renamed over the old) and believed only with our signature.

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { RigFile, RigFiles } from '../ports/rig-files.ts';
import type { RigId } from '../rig/rig.ts';
import { hostFailReason, maybe } from '../shapes/rig.ts';
import { atMost } from './at-most.ts';
import { isMissing, writeWhole } from './whole-file.ts';

export type Signer = {
  readonly sign: (text: string) => string;
  readonly isSigned: (text: string, signature: string) => boolean;
};

const rigFile = z.object({
  rig: z.string(),
  generation: z.number().int().positive(),
  version: z.number().int().positive(),
  lease: z.object({ end: maybe(z.number()), cap: maybe(z.number()), rev: z.number() }),
  text: z.string(),
  ended: z.object({ at: z.number(), reason: hostFailReason }).optional(),
}) satisfies z.ZodType<RigFile>;

/** Version 1 held less than brings a rig back: as good as none, until the registry's own is written over it. */
const signed = z.object({ v: z.literal(2), note: z.string(), signature: z.string() });

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
  const read = async (rig: RigId): Promise<RigFile | undefined> => {
    try {
      const file = believe(rig, await readFile(path(rig), 'utf8'));
      if (!file)
        log.warn({ rig, path: path(rig) }, 'a rig file that is not ours or not whole: taken as none');
      return file;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  // One after another: two writers of one note would meet on its new file.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    write: (file, may) =>
      inTurn(async () => {
        if (may && !may(await read(file.rig))) return;
        const note = JSON.stringify(file);
        const text = JSON.stringify({ v: 2, note, signature: signer.sign(note) });
        await writeWhole(path(file.rig), text);
      }),
    read,
    all: async () => {
      const names = (await readdir(directory)).flatMap(
        (name) => /^([a-z0-9]{1,32})\.json$/.exec(name)?.[1] ?? [],
      );
      const found = await atMost(8, names.sort(), read);
      return found.flatMap((file) => file ?? []);
    },
    remove: (rig) => inTurn(() => rm(path(rig), { force: true })),
  };
};
