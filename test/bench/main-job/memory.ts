// What a process occupies: all that is resident (RSS), and its share where several have the same pages (PSS).

import { readFile } from 'node:fs/promises';

export type Memory = { readonly rss: number; readonly pss: number };

/** In MB of 1,000,000 bytes. */
export const memoryOf = async (pid: number): Promise<Memory> => {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const read = (field: string): number => {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    if (kilobytes === undefined) throw new Error(`/proc/${pid}/smaps_rollup has no ${field}`);
    return (Number(kilobytes) * 1024) / 1e6;
  };
  return { rss: read('Rss'), pss: read('Pss') };
};
