// One line of JSON for each thing worth knowing; fields that could hold a secret are cut out, whoever put them there.

import { pino } from 'pino';
import type { Log } from './ports.ts';

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

/** `level`: pino's words, `debug` to `silent`. `destination`: a file, or a descriptor; standard error leaves output to answers. */
export const createLog = (
  process: 'bot' | 'worker' | 'demo',
  level: string,
  destination: number | string = 2,
): Log => {
  const paths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const logger = pino(
    {
      level,
      base: { process },
      redact: { paths, censor: '(secret)' },
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
