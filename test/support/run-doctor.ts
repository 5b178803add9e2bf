// The doctor as an operator runs it: a process of its own, and what it prints.

import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Environment } from './process.ts';
import { type Ran, run } from './run.ts';

export const mainProgram = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const verdict = z.enum(['well', 'doubtful', 'wrong']);
const printed = z.strictObject({
  findings: z.array(
    z.strictObject({
      about: z.string(),
      check: z.string().regex(/^[a-z][a-z0-9-]*$/),
      verdict,
      says: z.string().min(1),
      mend: z.string().min(1).optional(),
      hurtsOthers: z.boolean().optional(),
      isUnseen: z.boolean().optional(),
    }),
  ),
  notLooked: z.array(z.strictObject({ about: z.string(), why: z.string() })),
});

export type Told = z.infer<typeof printed>['findings'][number];

export type Doctored = {
  readonly code: number;
  readonly findings: readonly Told[];
  readonly notLooked: readonly string[];
  /** `wrong redis-policy`, of all that is not well. */
  readonly troubles: readonly string[];
  /** What it says of one check; throws unless it said it once. */
  readonly said: (check: string) => string;
  /** All of it, to look for what must not be there. */
  readonly text: string;
  readonly took: number;
};

export const commandLine = (
  words: readonly string[],
  environment: Environment,
  before: readonly string[] = [],
): readonly string[] => {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const { PATH = '' } = process.env;
  return [
    'env',
    '-i',
    `PATH=${PATH}`,
    ...settings,
    ...before,
    process.execPath,
    mainProgram,
    'doctor',
    ...words,
  ];
};

export const runDoctorText = (words: readonly string[], environment: Environment): Promise<Ran> =>
  run(commandLine(words, environment), 120);

export const readDoctored = ({ code, stdout, stderr }: Ran, took: number): Doctored => {
  const { findings, notLooked } = printed.parse(JSON.parse(stdout));
  const troubles = findings.filter((one) => one.verdict !== 'well');
  return {
    code,
    findings,
    notLooked: notLooked.map(({ about }) => about),
    troubles: troubles.map(({ verdict, check }) => `${verdict} ${check}`),
    said: (check) => {
      const found = findings.filter((one) => one.check === check);
      const [one] = found;
      if (one === undefined || found.length > 1)
        throw new Error(`${check} was said ${found.length} times: ${stdout}`);
      return `${one.verdict}: ${one.says}${one.mend === undefined ? '' : ` → ${one.mend}`}`;
    },
    text: `${stdout}${stderr}`,
    took,
  };
};

/** With `--json`. */
export const runDoctor = async (
  words: readonly string[],
  environment: Environment,
  before: readonly string[] = [],
): Promise<Doctored> => {
  const begun = performance.now();
  const ran = await run(commandLine([...words, '--json'], environment, before), 120);
  return readDoctored(ran, performance.now() - begun);
};
