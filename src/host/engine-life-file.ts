// The note of which start of the engine was last seen here, in the state directory.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import { maybe } from '../shapes/rig.ts';
import type { LifeFile, SeenLife } from './engine-life.ts';
import { readWhole, writeWhole } from './whole-file.ts';

const schema = z.object({
  v: z.literal(1),
  boot: maybe(z.string()),
  engine: maybe(z.string()),
  waiting: z.array(z.string()),
}) satisfies z.ZodType<SeenLife>;

/** In a directory that is there already. */
export const openLifeFile = (directory: string, log: Log): LifeFile => {
  const path = join(directory, 'engine.life');
  const complaint = 'the note of the engine that was last seen is not whole: taken as none';
  const parse = (json: unknown): SeenLife => {
    const { boot, engine, waiting } = schema.parse(json);
    return { boot, engine, waiting };
  };
  return {
    read: () => readWhole(path, parse, log, complaint),
    write: (seen) => writeWhole(path, JSON.stringify({ v: 1, ...seen })),
  };
};

/** Another one after each boot of the host; `undefined` where the kernel does not tell. */
export const readBootId = (): Promise<string | undefined> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
