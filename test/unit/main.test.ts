// The command line: what is answered where, and with which exit code.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { env: environment }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

test.each<[string[], number, RegExp, RegExp]>([
  [['--help'], 0, /node src\/main\.ts bot/, /^$/],
  [['bot', '--help'], 0, /node src\/main\.ts bot/, /^$/],
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
  [[], 2, /^$/, /node src\/main\.ts bot/],
  [['bott'], 2, /^$/, /there is no command "bott"/],
  [['toString'], 2, /^$/, /there is no command "toString"/],
  [['worker', 'now'], 2, /^$/, /takes no arguments, but was given "now"/],
  [['health'], 2, /^$/, /WCS_HEALTH_PORT/],
  [['audit', '--help'], 0, /--since 24h/, /^$/],
  [['audit', '--name', 'demo'], 2, /^$/, /wcs-rigs audit: Unknown option '--name'/],
  [['audit', 'demo'], 2, /^$/, /wcs-rigs audit: Unexpected argument 'demo'/],
  [['audit', '--since', 'yesterday'], 2, /^$/, /--since "yesterday" is no length of time; write `90m`/],
  [['audit', '--rig', '<demo>'], 2, /^$/, /--rig "<demo>" is no name of a rig/],
  [['doctor', '--help'], 0, /host \| redis \| slack \| all/, /^$/],
  [['doctor', 'network'], 2, /^$/, /wcs-rigs doctor: there is nothing called "network" to look at/],
  [['doctor'], 1, /this environment speaks of no host, no bot and no Redis/, /^$/],
  [['bot'], 1, /^$/, /3 things in its environment are not right/],
])('%j ends with %i', async (args, code, out, err) => {
  const ended = await run(args);
  expect(ended.code).toBe(code);
  expect(ended.out).toMatch(out);
  expect(ended.err).toMatch(err);
});
