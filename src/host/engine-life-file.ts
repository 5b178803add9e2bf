// The note of which start of the engine was last seen here, in the state directory.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import type { LifeFile, SeenLife } from './engine-life.ts';

const maybeText = z
  .string()
  .optional()
  .transform((text) => text);
const schema = z.object({
  v: z.literal(1),
  boot: maybeText,
  engine: maybeText,
  waiting: z.array(z.string()),
}) satisfies z.ZodType<SeenLife>;

/** In a directory that is there already. */
export const openLifeFile = (directory: string, log: Log): LifeFile => {
  const path = join(directory, 'engine.life');
  return {
    read: async () => {
      try {
        const { boot, engine, waiting } = schema.parse(JSON.parse(await readFile(path, 'utf8')));
        return { boot, engine, waiting };
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        log.warn(
          { path, err: error },
          'the note of the engine that was last seen is not whole: taken as none',
        );
        return undefined;
      }
    },
    write: async (seen) => {
      await writeFile(`${path}.new`, `${JSON.stringify({ v: 1, ...seen })}\n`, { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
    },
  };
};

/** Another one after each boot of the host; `undefined` where the kernel does not tell. */
export const readBootId = (): Promise<string | undefined> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
