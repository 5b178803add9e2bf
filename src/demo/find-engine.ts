// Is there a Docker engine that we may use as it is? And the smallest way to ask one something, over its unix socket.

import { access } from 'node:fs/promises';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export type FoundEngine = {
  /** As DOCKER_HOST takes it. */
  readonly dockerHost: string;
  /** `20.10.24` */
  readonly version: string;
};

export const usualSocket = '/var/run/docker.sock';

const versionSchema = z.object({ Version: z.string() });

/** The engine at DOCKER_HOST, or at the usual socket where that is not set; `undefined` if none answers in 3 s. */
export const findEngine = async (dockerHost: string | undefined): Promise<FoundEngine | undefined> => {
  const address = dockerHost ?? `unix://${usualSocket}`;
  try {
    const { body } = await askEngine(address, 'GET', '/version');
    return { dockerHost: address, version: versionSchema.parse(JSON.parse(body)).Version };
  } catch {
    return undefined; // not there, not allowed or not Docker: in each case not ours to use
  }
};

/** One request; rejects when nobody answers within `patience` milliseconds. Takes `unix://…` and `tcp://…`. */
export const askEngine = async (
  dockerHost: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  patience = 3_000,
): Promise<{ readonly status: number; readonly body: string }> => {
  const url = new URL(dockerHost);
  const where =
    url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: url.port || 2375 };
  if ('socketPath' in where) await access(where.socketPath);
  return new Promise((resolve, reject) => {
    const asked = request({ ...where, method, path, signal: AbortSignal.timeout(patience) }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    });
    asked.on('error', reject).end();
  });
};
