// `GET /healthz`: 200 while the process can do its work, 503 with the reason while it cannot.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Health = () => Promise<
  { readonly kind: 'well' } | { readonly kind: 'unwell'; readonly why: string }
>;

/** On loopback only: it is for the container's own health check. `port` 0 takes a free one. */
export const serveHealth = async (
  port: number,
  health: Health,
): Promise<{ port: number; stop: () => Promise<void> }> => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/healthz') {
      response.writeHead(404).end();
      return;
    }
    void health().then(
      (state) => {
        response.writeHead(state.kind === 'well' ? 200 : 503, {
          'content-type': 'text/plain; charset=utf-8',
        });
        response.end(`${state.kind === 'well' ? 'well' : state.why}\n`);
      },
      () => response.writeHead(503).end('unwell\n'),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** For a container's health check: 0 if well, 1 if not, 2 if it was not said where to ask. */
export const askHealth = async (port: string | undefined): Promise<number> => {
  if (!port) {
    process.stderr.write(
      'wcs-rigs health: set WCS_HEALTH_PORT to the port that the bot or worker was given\n',
    );
    return 2;
  }
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(3000) });
    process.stdout.write(await answer.text());
    return answer.ok ? 0 : 1;
  } catch {
    process.stdout.write(`nothing answers on 127.0.0.1:${port}\n`);
    return 1;
  }
};
