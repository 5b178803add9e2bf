// The emulator's HTTP side: Web API calls and response_urls come in here, and faults strike here.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { ResponseUrls } from './response-url.ts';
import type { Fault } from './surface.ts';
import type { Answer } from './web-api/method.ts';

const MOST_BYTES = 1_000_000;

type Sent = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };

export type HttpParts = {
  readonly journal: Journal;
  readonly faults: Faults;
  readonly responseUrls: ResponseUrls;
  readonly scopes: readonly string[];
  readonly call: (
    method: string,
    token: string | undefined,
    args: Readonly<Record<string, unknown>>,
  ) => Answer;
};

export type HttpServer = {
  readonly server: Server;
  /** On: every connection is cut, and every new one at once. */
  readonly outage: (on: boolean) => void;
};

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error('the body is too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString();
};

const object = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const argsOf = (request: IncomingMessage, text: string): Record<string, unknown> =>
  request.headers['content-type']?.includes('json') === true
    ? (object(text) ?? {})
    : Object.fromEntries(new URLSearchParams(text));

/** Nested fields as objects, for whoever reads the journal. */
const readable = (args: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      typeof value === 'string' && /^[[{]/.test(value) ? legible(value) : value,
    ]),
  );

const legible = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const reply = (response: ServerResponse, { status, headers = {}, body }: Sent) => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

/** Performs the request unless the fault says otherwise; `undefined` means that no answer is ever sent. */
const struck = (
  fault: Fault | undefined,
  perform: () => Sent,
  response: ServerResponse,
): Sent | undefined => {
  switch (fault?.kind) {
    case undefined:
      return perform();
    case '429':
      return {
        status: 429,
        headers: { 'retry-after': String(fault?.retryAfter ?? 1) },
        body: { ok: false, error: 'ratelimited' },
      };
    case '500':
      return { status: 500, body: 'Internal Server Error' };
    case 'hang':
      return undefined;
    case 'drop':
      response.destroy();
      return undefined;
    case 'lost-answer':
      perform();
      return undefined;
    case 'cut-answer':
      perform();
      response.destroy();
      return undefined;
  }
};

const performCall = (
  parts: HttpParts,
  method: string,
  token: string | undefined,
  args: Record<string, unknown>,
): Sent => {
  const answer = parts.call(method, token, args);
  const headers = { 'x-oauth-scopes': parts.scopes.join(','), 'x-slack-req-id': randomUUID() };
  return 'error' in answer && answer.error === 'ratelimited'
    ? {
        status: 429,
        headers: { 'retry-after': String(answer.retry_after) },
        body: { ok: false, error: 'ratelimited' },
      }
    : { status: 200, headers, body: answer };
};

const handle = async (parts: HttpParts, request: IncomingMessage, response: ServerResponse) => {
  const { journal, faults } = parts;
  const path = new URL(request.url ?? '/', 'http://slack').pathname;
  const text = await read(request);
  const ref = randomUUID();
  const isCall = path.startsWith('/api/');
  const { token: inBody, ...args } = isCall ? argsOf(request, text) : {};
  const name = isCall ? path.slice('/api/'.length) : 'response_url';
  const token =
    request.headers.authorization?.replace(/^Bearer /, '') ??
    (typeof inBody === 'string' ? inBody : undefined);

  journal.record({
    direction: 'from-bot',
    kind: isCall ? 'api-call' : 'respond',
    name,
    body: isCall ? readable(args) : (object(text) ?? text),
    ref,
  });
  const fault = faults.strike(name);
  if (fault !== undefined)
    journal.record({ direction: 'none', kind: 'fault', name: fault.kind, body: { request: name }, ref });
  const sent = struck(
    fault,
    () => (isCall ? performCall(parts, name, token, args) : parts.responseUrls.answer(path, object(text))),
    response,
  );
  if (sent === undefined) return;
  journal.record({
    direction: 'to-bot',
    kind: isCall ? 'api-answer' : 'respond-answer',
    name,
    body: sent.status === 200 ? sent.body : { status: sent.status, body: sent.body },
    ref,
  });
  reply(response, sent);
};

export const createHttpServer = (parts: HttpParts): HttpServer => {
  let out = false;
  const connections = new Set<Socket>();
  const server = createServer((request, response) => {
    handle(parts, request, response).catch((fault: unknown) => {
      parts.journal.record({
        direction: 'none',
        kind: 'fault',
        name: 'emulator',
        body: String(fault),
        ref: '',
      });
      if (!response.headersSent) reply(response, { status: 500, body: { ok: false, error: 'fatal_error' } });
    });
  });
  server.on('connection', (socket) => {
    if (out) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  return {
    server,
    outage: (on) => {
      out = on;
      if (on) for (const socket of connections) socket.destroy();
    },
  };
};
