// Runs a program of the system to its end, for its answer: one that is not there, or hangs, is an answer too.

import { execFile } from 'node:child_process';
import type { Duration } from '../rig/duration.ts';

export type ProgramRun =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'absent' }
  /** It took longer than it might, and was killed. */
  | { readonly kind: 'late' };

// An administrator's directories too, since a plain user's PATH leaves them out.
const environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

export const runProgram = (program: string, args: readonly string[], limit: Duration): Promise<ProgramRun> =>
  new Promise((resolve) => {
    const options = { env: environment, timeout: limit, killSignal: 'SIGKILL', maxBuffer: 1 << 26 } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ kind: 'ended', code: 0, stdout, stderr });
      if (error.code === 'ENOENT') return resolve({ kind: 'absent' });
      if (typeof error.code === 'number') {
        return resolve({ kind: 'ended', code: error.code, stdout, stderr });
      }
      if (error.killed) return resolve({ kind: 'late' });
      return resolve({ kind: 'ended', code: 127, stdout, stderr: error.message });
    });
  });
