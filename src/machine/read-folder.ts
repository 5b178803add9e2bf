// The files of one folder, bounded: what an operator lays somewhere for a process to read at its start.

import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

export type FolderReading =
  /** By name, sorted; one character a byte. */
  | { readonly kind: 'files'; readonly files: ReadonlyMap<string, string> }
  /** What is wrong with it, each the rest of a sentence about the folder; nothing of any file is in them. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

const mebibyte = 2 ** 20;
const bytesEach = mebibyte;
const bytesInAll = 8 * mebibyte;
const mostFiles = 100;

/** Links are followed, since secrets are often mounted so. */
export const readFolder = (path: string): FolderReading => {
  try {
    return readFiles(path, readdirSync(path).sort());
  } catch (error) {
    const { code } = asFault(error);
    const why =
      { ENOENT: 'is not there', ENOTDIR: 'is no folder', EACCES: 'may not be read by this process' }[code] ??
      `cannot be read (${code})`;
    return { kind: 'faults', faults: [why] };
  }
};

const readFiles = (path: string, names: readonly string[]): FolderReading => {
  if (names.length > mostFiles) {
    return { kind: 'faults', faults: [`has ${names.length} files; ${mostFiles} are the most`] };
  }
  const found = names.map((name) => ({ name, ...lookAt(join(path, name)) }));
  const faults = found.flatMap(({ name, fault }) =>
    fault === undefined ? [] : [`has \`${name}\`, ${fault}`],
  );
  const inAll = found.reduce((sum, { size }) => sum + size, 0);
  if (faults.length === 0 && inAll > bytesInAll) {
    faults.push(`has ${(inAll / mebibyte).toFixed(1)} MiB; ${bytesInAll / mebibyte} MiB are the most`);
  }
  if (faults.length > 0) return { kind: 'faults', faults };
  return {
    kind: 'files',
    files: new Map(names.map((name) => [name, readFileSync(join(path, name), 'latin1')])),
  };
};

type Look = { readonly size: number; readonly fault?: string };

const lookAt = (path: string): Look => {
  const seen = statOf(path);
  if (typeof seen === 'string') return { size: 0, fault: `which cannot be read (${seen})` };
  if (seen.isDirectory()) return { size: 0, fault: 'a folder, and only files are read; take it out' };
  if (!seen.isFile()) return { size: 0, fault: 'which is no plain file; take it out' };
  if (seen.size <= bytesEach) return { size: seen.size };
  return {
    size: seen.size,
    fault: `which has ${(seen.size / mebibyte).toFixed(1)} MiB; ${bytesEach / mebibyte} MiB are the most for a file`,
  };
};

const statOf = (path: string): Stats | string => {
  try {
    return statSync(path);
  } catch (error) {
    return asFault(error).code;
  }
};

const asFault = (error: unknown): { readonly code: string } => {
  if (error instanceof Error && 'code' in error) return { code: String(error.code) };
  throw error;
};
