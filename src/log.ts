// One line of JSON for each thing worth knowing. Secrets are cut out, whoever put them there: by the name of the field, by
// their own text, and by logging of an error only its words, since libraries hang requests and commands on theirs.

import { pino } from 'pino';
import { z } from 'zod';
import type { Log } from './ports/log.ts';

const secretFields = [
  'password',
  'secret',
  'token',
  'licence',
  'license',
  'authorization',
  'PASSWORD',
  'LICENSE',
];

const censor = '(secret)';
/** What is shorter stands in too many words that are none. */
const shortestSecret = 8;

export type LogOptions = {
  /** Cut out wherever they stand. */
  readonly secrets?: readonly (string | undefined)[] | undefined;
  /** A file, or a descriptor; standard error, by default, leaves output to answers. */
  readonly destination?: number | string | undefined;
};

/** `level`: pino's words, `debug` to `silent`. */
export const createLog = (
  process: 'bot' | 'worker' | 'demo',
  level: string,
  { secrets = [], destination = 2 }: LogOptions = {},
): Log => {
  const paths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  // As they stand inside a line of JSON.
  const known = secrets
    .filter((secret) => secret !== undefined)
    .filter((secret) => secret.length >= shortestSecret)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  const logger = pino(
    {
      level,
      base: { process },
      redact: { paths, censor },
      serializers: { err: wordsOf },
      hooks: { streamWrite: (line) => known.reduce((rest, secret) => rest.replaceAll(secret, censor), line) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: destination, sync: true }),
  );
  return {
    info: (facts, message) => logger.info(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
    error: (facts, message) => logger.error(facts, message),
  };
};

const coded = z.object({ code: z.union([z.string(), z.number()]) });

const wordsOf = (thrown: unknown): unknown => {
  if (!(thrown instanceof Error)) return thrown;
  const code = coded.safeParse(thrown);
  return {
    type: thrown.name,
    message: messageOf(thrown),
    ...(code.success ? { code: code.data.code } : {}),
    stack: thrown.stack,
  };
};

const messageOf = (error: Error, depth = 0): string => {
  if (depth > 5) return '…';
  const within = error instanceof AggregateError ? error.errors : [];
  const inner = [within.map((one) => partOf(one, depth)).join('; '), partOf(error.cause, depth)];
  return [error.message, ...inner.filter((text) => text !== '')].join(': ');
};

const partOf = (inner: unknown, depth: number): string => {
  if (inner instanceof Error) return messageOf(inner, depth + 1);
  return inner === undefined ? '' : String(inner);
};
