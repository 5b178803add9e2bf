// Files of the state directory: written whole or not at all, and read whole or not at all.

import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Log } from '../ports/log.ts';

/** A new file, renamed over the old one; for its owner only. A kill in between leaves `PATH.new` behind, which does no harm. */
export const writeWhole = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
};

/** True at the call site: there is no such file. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** `undefined` where there is none, or where `parse` throws: then with a line in the log, `complaint`. */
export const readWhole = async <T>(
  path: string,
  parse: (json: unknown) => T,
  log: Log,
  complaint: string,
): Promise<T | undefined> => {
  try {
    return parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (!isMissing(error)) log.warn({ path, err: error }, complaint);
    return undefined;
  }
};
