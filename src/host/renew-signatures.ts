// After the fleet's secret was changed: notes that the one before signed are signed anew, so that it can be forgotten.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../ports/log.ts';
import { writeWhole } from './whole-file.ts';

export type Renewer = {
  readonly sign: (text: string) => string;
  readonly isSigned: (text: string, signature: string) => boolean;
  readonly isSignedNow: (text: string, signature: string) => boolean;
};

/** What is in the note is not looked at: whoever signed it has. */
const envelope = z.looseObject({ note: z.string(), signature: z.string() });

const read = (text: string): z.infer<typeof envelope> | undefined => {
  try {
    return envelope.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/** Those that neither signed are left as they are: whoever reads them says so. Before anybody else writes in there. */
export const renewSignatures = async (directory: string, signer: Renewer, log: Log): Promise<void> => {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
  let renewed = 0;
  for (const name of names) {
    const path = join(directory, name);
    const file = read(await readFile(path, 'utf8'));
    if (file === undefined || signer.isSignedNow(file.note, file.signature)) continue;
    if (!signer.isSigned(file.note, file.signature)) continue;
    const text = JSON.stringify({ ...file, signature: signer.sign(file.note) });
    await writeWhole(path, text);
    renewed += 1;
  }
  if (renewed > 0) log.info({ renewed }, 'notes that the earlier secret signed were signed anew');
};
