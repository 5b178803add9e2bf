// What bot and worker have in common.

import { type Duration, hour, second } from '../rig/duration.ts';
import { parseRedisUrl, type RedisAddress } from '../rig/redis-address.ts';
import * as forms from './forms.ts';
import type { Reading } from './read-variables.ts';

/** Where the registry is: all that it takes to read it. */
export type RegistryPlace = { readonly installation: string; readonly redis: RedisAddress };

export type CommonConfig = RegistryPlace & {
  /** At least 32 characters, shared by bot and workers. */
  readonly secret: string;
  /** The one before, as long as rigs live that were made with it. */
  readonly secretPrevious: string | undefined;
  readonly logLevel: (typeof logLevels)[number];
  /** Where GET /healthz answers; nowhere if undefined. */
  readonly healthPort: number | undefined;
  /** The only tags that may be asked for; any if undefined. */
  readonly tags: readonly string[] | undefined;
  /** Between two reports, or two updates of a card, of the same pull. */
  readonly progressEvery: Duration;
  /** How long the job of a process that was killed waits for another one. */
  readonly jobLock: Duration;
};

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

const tagList = forms.listOf(forms.tag, 'write image tags with commas between them, say `latest,5.2.2000`');

/** `undefined` only together with a fault. */
export const readPlace = (reading: Reading): RegistryPlace | undefined => {
  const local = parseRedisUrl('redis://127.0.0.1:6379');
  const redis =
    reading.text('REDIS_URL') === undefined ? local : reading.optional('REDIS_URL', forms.redisUrl);
  const installation = reading.withDefault('WCS_INSTALLATION', forms.installation, 'wcs');
  return redis && { redis, installation };
};

/** `undefined` only together with a fault. */
export const readCommon = (reading: Reading): CommonConfig | undefined => {
  const place = readPlace(reading);
  const secret = reading.required(
    'WCS_SECRET',
    forms.secret,
    'make one with `openssl rand -hex 32`, and give bot and workers the same',
  );
  const common = {
    secretPrevious: readPrevious(reading, secret),
    logLevel: reading.withDefault('WCS_LOG_LEVEL', forms.oneOf(logLevels), 'info'),
    healthPort: reading.optional('WCS_HEALTH_PORT', forms.port),
    tags: reading.optional('WCS_TAGS', tagList),
    progressEvery: reading.withDefault('WCS_PROGRESS', forms.duration(1, hour), 10 * second),
    jobLock: reading.withDefault('WCS_JOB_LOCK', forms.duration(500, hour), 8 * second),
  };
  return place && secret !== undefined ? { ...place, ...common, secret } : undefined;
};

const readPrevious = (reading: Reading, secret: string | undefined): string | undefined => {
  const previous = reading.optional('WCS_SECRET_PREVIOUS', forms.previousSecret);
  if (previous !== undefined && previous === secret) {
    reading.fault(
      'WCS_SECRET_PREVIOUS is the same as WCS_SECRET; write the secret there that WCS_SECRET was before, or leave it out',
    );
  }
  return previous;
};
