// Runs a program to its end, for tests: what it wrote, and how it ended.

import { execFile } from 'node:child_process';

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Never rejects because of an exit code; `seconds` is the most that it may take (then code 124, as `timeout` has it). */
export const run = (command: readonly string[], seconds = 30): Promise<Ran> =>
  new Promise((resolve) => {
    const [program = '', ...rest] = command;
    execFile(program, rest, { timeout: seconds * 1000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code =
        error === null ? 0 : typeof error.code === 'number' ? error.code : error.killed ? 124 : 127;
      resolve({ code, stdout, stderr });
    });
  });

/** As `run`, and throws with its own words unless it ended with 0. */
export const mustRun = async (command: readonly string[], seconds = 30): Promise<string> => {
  const { code, stdout, stderr } = await run(command, seconds);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${(stderr || stdout).trim()}`);
  return stdout;
};
