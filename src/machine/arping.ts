// Asks the LAN who is on an address, with Debian's `arping`.

import type { Probe, Prober } from '../ports/prober.ts';
import { type Duration, second } from '../rig/duration.ts';
import { type ProgramRun, runProgram } from './run-program.ts';

/** It waits for a second; more than this is a machine that hangs. */
const patience: Duration = 10 * second;

/** PURE: `Unicast reply from 10.9.0.2 [EA:03:20:43:76:99]  0.525ms`. Exit 0: nobody answered; 1: somebody did. */
export const readArping = (code: number | string | null | undefined, stdout: string, why: string): Probe => {
  if (code === 0) return { kind: 'silent' };
  const mac = /reply from \S+ \[([0-9a-f:]{17})\]/i.exec(stdout)?.[1];
  if (code === 1 && mac !== undefined) return { kind: 'answered', mac: mac.toLowerCase() };
  return { kind: 'failed', why: why.trim().split('\n', 1)[0] ?? '' };
};

const arping = (args: readonly string[]): Promise<ProgramRun> => runProgram('arping', args, patience);

type Read = (code: number | string, stdout: string, why: string) => Probe;

const probeBy = (read: Read, run: ProgramRun): Probe => {
  switch (run.kind) {
    case 'ended':
      return read(run.code, run.stdout, run.stderr);
    case 'absent':
      return { kind: 'failed', why: 'arping is not installed' };
    case 'late':
      return { kind: 'failed', why: `arping has not ended within ${patience / second} s` };
  }
};

/** `parent`: the interface that faces the LAN. It asks without an address of its own, so that nobody learns a wrong one. */
export const createArping = (parent: string): Prober => ({
  ask: async (address) => {
    const words = ['-D', '-c', '2', '-w', '1', '-I', parent, address];
    return probeBy(readArping, await arping(words));
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
    const words = ['-f', '-c', '2', '-w', '2', '-I', parent, address];
    return probeBy(readNeighbour, await arping(words));
  },
});

/** Debian keeps it in /usr/bin; Alpine's and others' know other options, which its version tells. */
export const hasArping = async (): Promise<boolean> => {
  const run = await arping(['-V']);
  return run.kind === 'ended' && /iputils/.test(run.stdout);
};
