// Reads a file that the environment names, once, at the start of a process; what it holds is the configuration's to judge.

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const coded = z.object({ code: z.string() });

/** `why` is the system's own word: the path may be anything that somebody has typed into the wrong variable. */
export const readNamedFile = (
  path: string,
):
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly why: string } => {
  try {
    return { kind: 'read', text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { kind: 'unreadable', why: coded.safeParse(error).data?.code ?? 'a fault' };
  }
};
