// Reads one file that an operator names, bounded, once, at the start of a process; what it holds is the configuration's to judge.

import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

export type FileReading =
  | { readonly kind: 'read'; readonly text: string }
  /** `why`: the system's own word, `ENOENT`: the path may be anything that somebody has typed into the wrong variable. */
  | { readonly kind: 'unreadable'; readonly why: string };

const coded = z.object({ code: z.string() });

const mostBytes = 2 ** 20;

/** A link is followed. What is no plain file may never end. */
export const readFile = (path: string): FileReading => {
  try {
    const seen = statSync(path);
    if (!seen.isFile() && !seen.isDirectory()) return { kind: 'unreadable', why: 'no plain file' };
    if (seen.size > mostBytes && seen.isFile()) return { kind: 'unreadable', why: 'more than 1 MiB' };
    return { kind: 'read', text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { kind: 'unreadable', why: coded.safeParse(error).data?.code ?? 'a fault' };
  }
};
