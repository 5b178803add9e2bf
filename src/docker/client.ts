// The two dockerode clients: one that gives up soon, and one without a short time-out for pulls, stops and logs. Their
// failures become two kinds: the engine said no (EngineRefused), or it did not answer (EngineDown).

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { z } from 'zod';
import { EngineDown, EngineRefused } from '../ports/faults.ts';
import type { Duration } from '../rig/duration.ts';
import { oneLine } from './one-line.ts';

export type Client = {
  /** Where it is, for people: `unix:///var/run/docker.sock`. */
  readonly address: string;
  /** Answers within `timeout` or the request counts as lost. */
  readonly quick: Docker;
  /** For what may rightly take long; each use brings its own limit. */
  readonly patient: Docker;
  readonly close: () => void;
};

const usualHost = 'unix:///var/run/docker.sock';

/** `dockerHost`: `unix://PATH`, a plain path, or `tcp://HOST:PORT` (`https` on 2376); the usual socket if undefined. */
export const openClient = (dockerHost: string | undefined, timeout: Duration): Client => {
  const address = dockerHost ?? usualHost;
  const where = placeOf(address);
  // A connection each: a kept one that the engine has closed meanwhile fails the next request.
  const agent = unseen(where.protocol === 'https' ? new HttpsAgent() : new HttpAgent());
  const options = { ...where, agent };
  const impatient = { ...options, timeout };
  return {
    address,
    quick: new Docker(impatient),
    patient: new Docker(options),
    close: () => agent.destroy(),
  };
};

// With each request the library has all its options written out for a debug log that is off, whatever hangs on them: an
// agent's open sockets, and all that hangs on those. With 20 launches at once that took more time than everything else.
const unseen = <T extends HttpAgent>(agent: T): T =>
  Object.assign(agent, { [inspect.custom]: () => 'agent of the Docker client' });

// `host` is named even where it is undefined: the library would otherwise take it from DOCKER_HOST by itself.
const placeOf = (address: string) => {
  if (address.startsWith('/')) return { socketPath: address, host: undefined, protocol: 'http' as const };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  switch (url?.protocol) {
    case 'unix:':
      return { socketPath: url.pathname, host: undefined, protocol: 'http' as const };
    case 'tcp:':
    case 'http:':
    case 'https:': {
      const isSecure = url.port === '2376' || url.protocol === 'https:';
      const port = url.port || (isSecure ? '2376' : '2375');
      return { host: url.hostname, port, protocol: isSecure ? ('https' as const) : ('http' as const) };
    }
    default:
      throw new Error(`DOCKER_HOST is ${address}; it should be unix:///PATH or tcp://HOST:PORT`);
  }
};

const failureSchema = z.object({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  message: z.string(),
  json: z.unknown().optional(),
});
const bodySchema = z.object({ message: z.string() });

/** What the engine answered, with its own words in one line. */
export type Refusal = { readonly status: number; readonly detail: string };

/** The engine's "no" as a value; `undefined` for anything else (no answer, a fault of ours). */
export const refusalOf = (error: unknown): Refusal | undefined => {
  const failure = failureSchema.safeParse(error);
  if (!failure.success || failure.data.statusCode === undefined) return undefined;
  const body = bodySchema.safeParse(failure.data.json);
  const said = body.success ? body.data.message : withoutWrapping(failure.data.message);
  return { status: failure.data.statusCode, detail: oneLine(said) };
};

// `(HTTP code 404) no such image - …`, where the body was a stream and only the text is left of it.
const withoutWrapping = (message: string): string => message.replace(/^\(HTTP code \d+\) .*? - /, '');

/**
 * Asks the engine one thing. Throws EngineRefused with its line, or EngineDown when there is no answer within `limit`
 * milliseconds (the library itself waits for ever when a daemon dies in the middle of an answer).
 */
export const ask = async <T>(
  { address }: Pick<Client, 'address'>,
  limit: Duration,
  question: () => Promise<T>,
): Promise<T> => {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new EngineDown(`Docker at ${address} does not answer`)), limit);
  try {
    return await Promise.race([question(), tooLate]);
  } catch (error) {
    throw asFailure(error, address);
  } finally {
    clearTimeout(timer);
  }
};

/** EngineRefused or EngineDown where it is one of them; what it was otherwise. */
export const asFailure = (error: unknown, address: string): unknown => {
  if (error instanceof EngineDown || error instanceof EngineRefused) return error;
  const refusal = refusalOf(error);
  if (refusal) return new EngineRefused(refusal.detail);
  const failure = failureSchema.safeParse(error);
  if (!failure.success || failure.data.code === undefined || failure.data.code === 'ABORT_ERR') return error;
  const { code } = failure.data;
  const way = ways[code];
  return new EngineDown(
    `Docker at ${address} does not answer (${code})${way === undefined ? '' : `: ${way}`}`,
  );
};

/** What is mostly behind it where a worker cannot start. */
const ways: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; install and start Docker, or set DOCKER_HOST',
  ECONNREFUSED: 'nobody listens there; start Docker, or set DOCKER_HOST',
  EACCES: 'this user may not use it; be root, or a member of the group docker',
};

/** As `ask`, but what the engine refuses comes back as a value; `failure` is what to throw where it was not expected. */
export const tryToAsk = async <T>(
  client: Pick<Client, 'address'>,
  limit: Duration,
  question: () => Promise<T>,
): Promise<
  | { readonly ok: true; readonly value: T }
  | ({ readonly ok: false; readonly failure: EngineRefused } & Refusal)
> => {
  return ask(client, limit, () =>
    question().then(
      (value) => ({ ok: true, value }) as const,
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        return { ok: false, failure: new EngineRefused(refusal.detail), ...refusal } as const;
      },
    ),
  );
};
