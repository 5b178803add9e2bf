// The emulator's HTTP side: Web API calls, response_urls and uploads come in here, and faults strike here.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { assertNever } from '../../rig/assert-never.ts';
import type { Faults } from './faults.ts';
import type { Files } from './files.ts';
import { type Asked, askedBy } from './http-request.ts';
import type { Journal } from './journal.ts';
import type { ResponseUrls } from './response-url.ts';
import type { Fault } from './surface.ts';
import type { Answer } from './web-api/method.ts';

type Sent = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };

export type HttpParts = {
  readonly journal: Journal;
  readonly faults: Faults;
  readonly responseUrls: ResponseUrls;
  readonly files: Files;
  /** Of a token; `undefined`: nobody's. */
  readonly scopesOf: (token: string | undefined) => readonly string[] | undefined;
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

const reply = (response: ServerResponse, { status, headers = {}, body }: Sent) => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

/** Performs the request unless the fault says otherwise; `undefined` means that no answer is ever sent. */
const struck = (fault: Fault | undefined, act: () => Sent, response: ServerResponse): Sent | undefined => {
  switch (fault?.kind) {
    case undefined:
      return act();
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
      act();
      return undefined;
    case 'cut-answer':
      act();
      response.destroy();
      return undefined;
  }
};

const performCall = (
  parts: HttpParts,
  method: string,
  token: string | undefined,
  args: Readonly<Record<string, unknown>>,
): Sent => {
  const answer = parts.call(method, token, args);
  const scopes = parts.scopesOf(token);
  const headers = {
    'x-slack-req-id': randomUUID(),
    ...(scopes === undefined ? {} : { 'x-oauth-scopes': scopes.join(',') }),
  };
  return 'error' in answer && answer.error === 'ratelimited'
    ? {
        status: 429,
        headers: { 'retry-after': String(answer.retry_after) },
        body: { ok: false, error: 'ratelimited' },
      }
    : { status: 200, headers, body: answer };
};

/** What the journal calls each kind of request and its answer. */
const journalKinds = {
  call: { asked: 'api-call', answered: 'api-answer' },
  respond: { asked: 'respond', answered: 'respond-answer' },
  upload: { asked: 'upload', answered: 'upload-answer' },
} as const;

const perform = (parts: HttpParts, asked: Asked): Sent => {
  switch (asked.kind) {
    case 'call':
      return performCall(parts, asked.name, asked.token, asked.args);
    case 'respond':
      return parts.responseUrls.answer(asked.path, asked.body);
    case 'upload':
      return parts.files.receive(asked.path, asked.content);
    default:
      return assertNever(asked);
  }
};

const handle = async (parts: HttpParts, request: IncomingMessage, response: ServerResponse) => {
  const { journal, faults } = parts;
  const asked = await askedBy(request);
  const ref = randomUUID();
  const { name } = asked;
  const kinds = journalKinds[asked.kind];
  journal.record({ direction: 'from-bot', kind: kinds.asked, name, body: asked.shown, ref });
  const fault = faults.strike(name);
  if (fault !== undefined)
    journal.record({ direction: 'none', kind: 'fault', name: fault.kind, body: { request: name }, ref });
  const sent = struck(fault, () => perform(parts, asked), response);
  if (sent === undefined) return;
  const { status } = sent;
  const body = status === 200 ? sent.body : { status, body: sent.body };
  journal.record({ direction: 'to-bot', kind: kinds.answered, name, body, ref });
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
