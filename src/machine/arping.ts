// Asks the LAN who is on an address, with Debian's `arping`.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Probe, Prober } from '../ports/prober.ts';
import { type Duration, second } from '../rig/duration.ts';

const run = promisify(execFile);

/** It waits for a second; more than this is a machine that hangs. */
const patience: Duration = 10 * second;

const failure = z.object({
  code: z.union([z.number(), z.string()]).nullish(),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
  message: z.string().default(''),
});

/** PURE: `Unicast reply from 10.9.0.2 [EA:03:20:43:76:99]  0.525ms`. Exit 0: nobody answered; 1: somebody did. */
export const readArping = (code: number | string | null | undefined, stdout: string, why: string): Probe => {
  if (code === 0) return { kind: 'silent' };
  const mac = /reply from \S+ \[([0-9a-f:]{17})\]/i.exec(stdout)?.[1];
  if (code === 1 && mac !== undefined) return { kind: 'answered', mac: mac.toLowerCase() };
  return { kind: 'failed', why: why.trim().split('\n', 1)[0] ?? '' };
};

const arping = async (args: readonly string[]): Promise<z.infer<typeof failure>> => {
  try {
    return failure.parse({ code: 0, ...(await run('arping', args, { timeout: patience })) });
  } catch (error) {
    return failure.parse(error);
  }
};

/** `parent`: the interface that faces the LAN. It asks without an address of its own, so that nobody learns a wrong one. */
export const createArping = (parent: string): Prober => ({
  ask: async (address) => {
    const { code, stdout, stderr, message } = await arping([
      '-D',
      '-c',
      '2',
      '-w',
      '1',
      '-I',
      parent,
      address,
    ]);
    return readArping(code, stdout, stderr === '' ? message : stderr);
  },
});

/** PURE: without `-D` its exit codes are the other way round. */
export const readNeighbour = (code: number | string | null | undefined, stdout: string, why: string): Probe =>
  readArping(code === 0 ? 1 : code === 1 ? 0 : code, stdout, why);

/**
 * Asks as any neighbour does, with the parent's own address. A router on Linux answers for others (proxy ARP) only then, after up
 * to a second, and never where it is asked without one.
 */
export const createNeighbour = (parent: string): Prober => ({
  ask: async (address) => {
    const { code, stdout, stderr, message } = await arping([
      '-f',
      '-c',
      '2',
      '-w',
      '2',
      '-I',
      parent,
      address,
    ]);
    return readNeighbour(code, stdout, stderr === '' ? message : stderr);
  },
});

/** Debian keeps it in /usr/bin; Alpine's and others' know other options, which its version tells. */
export const hasArping = async (): Promise<boolean> => {
  try {
    return /iputils/.test((await run('arping', ['-V'], { timeout: patience })).stdout);
  } catch {
    return false;
  }
};
