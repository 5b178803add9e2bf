// Serves the emulated Slack as a web page on loopback: the page, a stream of what a person sees, and what they do.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Duration, Instant } from '../../rig/duration.ts';
import type { Skipped } from '../demo-clock.ts';
import type { SlackEmulator } from '../slack/surface.ts';
import { readAct } from './acts.ts';
import { bundlePage } from './bundle.ts';
import { isOwnRequest } from './own-request.ts';
import { perform } from './perform.ts';
import { createStreams, type Streams } from './streams.ts';

export type PageParts = {
  readonly slack: SlackEmulator;
  readonly clock: {
    readonly now: () => Instant;
    readonly movingTo: () => Instant | undefined;
    readonly onStep: (listener: () => void) => () => void;
  };
  readonly skip: (length: Duration) => Promise<Skipped>;
};

export type Page = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly stop: () => Promise<void>;
};

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wcs-rigs demo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<div id="page"></div>
<script type="module" src="/page.js"></script>
</html>
`;

/** The browser itself refuses what is not from here: nothing leaves the machine. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Answer = { readonly status: number; readonly type: string; readonly body: string };

const javascript = 'text/javascript; charset=utf-8';
const plain = 'text/plain; charset=utf-8';

/** Port 0 is a free one. Rejects if the port is taken. */
export const servePage = async (parts: PageParts, port: number): Promise<Page> => {
  const { script, style } = await bundlePage();
  const files: Readonly<Record<string, Answer>> = {
    '/': { status: 200, type: 'text/html; charset=utf-8', body: html },
    '/page.js': { status: 200, type: javascript, body: script },
    '/style.css': { status: 200, type: 'text/css; charset=utf-8', body: style },
  };
  const streams = createStreams(parts);
  let ownPort = port;
  const server = createServer((request, response) => {
    answer({ parts, files, streams, port: ownPort }, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else reply(response, { status: 400, type: plain, body: error instanceof Error ? error.message : 'no' });
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page has no port');
  ownPort = address.port;
  return {
    url: `http://127.0.0.1:${ownPort}`,
    stop: async () => {
      streams.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
};

type Surroundings = {
  readonly parts: PageParts;
  readonly files: Readonly<Record<string, Answer>>;
  readonly streams: Streams;
  readonly port: number;
};

const answer = async (
  { parts, files, streams, port }: Surroundings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { method = '', headers } = request;
  if (!isOwnRequest(method, headers, port)) {
    return reply(response, { status: 403, type: plain, body: 'only the page itself may ask this\n' });
  }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
  if (method === 'POST' && pathname === '/act') return reply(response, await act(parts, request));
  if (method === 'GET' && pathname === '/events') {
    return streams.open(parts.slack.person(searchParams.get('as') ?? '').id, response);
  }
  const file = method === 'GET' && Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  reply(response, file ?? { status: 404, type: plain, body: 'there is nothing here\n' });
};

const act = async (parts: PageParts, request: IncomingMessage): Promise<Answer> => {
  const read = readAct(await text(request));
  if (read.kind === 'wrong') return { status: 400, type: plain, body: read.why };
  const body = JSON.stringify(await perform(parts, read.act));
  return { status: 200, type: 'application/json', body };
};

const reply = (response: ServerResponse, { status, type, body }: Answer): void => {
  response.writeHead(status, {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(body);
};
