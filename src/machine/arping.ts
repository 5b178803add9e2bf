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

/** `parent`: the interface that faces the LAN. */
export const createArping = (parent: string): Prober => ({
  ask: async (address) => {
    try {
      const { stdout } = await run('arping', ['-D', '-c', '2', '-w', '1', '-I', parent, address], {
        timeout: patience,
      });
      return readArping(0, stdout, '');
    } catch (error) {
      const { code, stdout, stderr, message } = failure.parse(error);
      return readArping(code, stdout, stderr === '' ? message : stderr);
    }
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
