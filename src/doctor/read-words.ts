// What was typed after `doctor`.

import { parseArgs } from 'node:util';
import { type Duration, parseDuration } from '../rig/duration.ts';

export const subjects = ['host', 'redis', 'slack', 'all'] as const;
export type Subject = (typeof subjects)[number];

export type DoctorWish = {
  /** None: whatever this environment speaks of. */
  readonly subject: Subject | undefined;
  readonly json: boolean;
  /** A rig of its own, that others are asked to reach. */
  readonly probe: boolean;
  /** How long a colleague is waited for where there is no other host; none: as usual. */
  readonly wait: Duration | undefined;
};

export type DoctorWords =
  | { readonly kind: 'wish'; readonly wish: DoctorWish }
  | { readonly kind: 'wrong'; readonly why: string };

const options = {
  json: { type: 'boolean' },
  'no-probe': { type: 'boolean' },
  wait: { type: 'string' },
} as const;

const wrong = (why: string): DoctorWords => ({ kind: 'wrong', why });

export const readDoctorWords = (words: readonly string[]): DoctorWords => {
  let read: ReturnType<typeof parse>;
  try {
    read = parse(words);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = read;
  const [word, more] = positionals;
  if (more !== undefined) return wrong(`one word at most, but was given ${JSON.stringify(more)} as well`);
  const subject = subjects.find((one) => one === word);
  if (word !== undefined && subject === undefined)
    return wrong(
      `there is nothing called ${JSON.stringify(word)} to look at; write host, redis, slack or all`,
    );
  const wait = values.wait === undefined ? undefined : parseDuration(values.wait);
  if (values.wait !== undefined && wait === undefined)
    return wrong(`--wait ${JSON.stringify(values.wait)} is no length of time; write \`60s\` or \`5m\``);
  const probe = values['no-probe'] !== true;
  if (!probe && wait !== undefined) return wrong('--wait is for the probe rig, which --no-probe leaves out');
  return { kind: 'wish', wish: { subject, json: values.json === true, probe, wait } };
};

const parse = (words: readonly string[]) =>
  parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
