// Socket Mode: tickets, hello, envelopes to one of the sockets in turn, acks, pings, and Slack's ways of hanging up.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Outcome, Parcel, Transport } from './delivery.ts';
import type { Journal } from './journal.ts';
import type { Limits } from './surface.ts';
import type { Rule } from './wire.ts';
import { app } from './workspace.ts';

/** Slack's own number of sockets an app may hold. */
const MOST_SOCKETS = 10;

export type SocketMode = Transport & {
  /** The address for one more socket, good for one use. */
  readonly ticket: (base: string) => string;
  readonly open: () => number;
  readonly cut: () => void;
  /** Those that open from now on hear nothing. */
  readonly mute: (on: boolean) => void;
  readonly refresh: () => void;
  readonly stop: () => void;
};

type Line = { readonly id: string; readonly socket: WebSocket; leaving: boolean };
type Waiting = {
  readonly parcel: Parcel;
  readonly sentAt: number;
  readonly settle: (outcome: Outcome) => void;
  state: 'waiting' | 'acknowledged' | 'late';
};

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const createSocketMode = (parts: {
  readonly server: Server;
  readonly limits: Limits;
  readonly journal: Journal;
  readonly violate: (rule: Rule, where: string, detail: string) => void;
}): SocketMode => {
  const { server, limits, journal, violate } = parts;
  const sockets = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const waiting = new Map<string, Waiting>();
  let lines: readonly Line[] = [];
  let turn = 0;
  let isMute = false;

  const say = (line: Line, name: string, body: unknown) => {
    journal.record({ direction: 'to-bot', kind: 'socket', name, body, ref: line.id });
    line.socket.send(JSON.stringify(body));
  };

  const hear = (text: string) => {
    const ack = acknowledgement.safeParse(parsed(text));
    if (!ack.success)
      return violate('unknown-envelope', 'socket', `not an acknowledgement: ${text.slice(0, 200)}`);
    const { envelope_id: id, payload = {} } = ack.data;
    const envelope = waiting.get(id);
    journal.record({
      direction: 'from-bot',
      kind: 'ack',
      name: envelope?.parcel.type ?? 'unknown',
      body: payload,
      ref: id,
    });
    if (envelope === undefined) return violate('unknown-envelope', 'socket', id);
    if (envelope.state === 'acknowledged') return violate('double-ack', envelope.parcel.type, id);
    // A late one was noted when its time was up.
    if (envelope.state === 'late') return;
    envelope.state = 'acknowledged';
    envelope.settle({ kind: 'acknowledged', payload, tookMs: performance.now() - envelope.sentAt });
  };

  const gone = (line: Line) => {
    lines = lines.filter((each) => each !== line);
    journal.record({ direction: 'none', kind: 'socket', name: 'closed', body: {}, ref: line.id });
  };

  const join = (socket: WebSocket) => {
    const line: Line = { id: randomUUID(), socket, leaving: false };
    lines = [...lines, line];
    const pings = setInterval(() => socket.ping(), limits.pingMs);
    socket.on('message', (data) => hear(data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      gone(line);
    });
    say(line, 'hello', hello(lines.length));
    if (lines.length > MOST_SOCKETS) {
      say(line, 'disconnect', { type: 'disconnect', reason: 'too_many_websockets' });
      socket.close();
    }
  };

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, isMute ? () => undefined : join);
  });

  const ready = () => lines.filter((line) => !line.leaving && line.socket.readyState === line.socket.OPEN);

  const send = (parcel: Parcel): Promise<Outcome> => {
    const able = ready();
    const line = able[turn % Math.max(1, able.length)];
    turn += 1;
    if (line === undefined) return Promise.resolve({ kind: 'undeliverable', why: 'no socket is connected' });
    const outcome = Promise.withResolvers<Outcome>();
    const id = randomUUID();
    const late = setTimeout(() => {
      envelope.state = 'late';
      outcome.resolve({ kind: 'timed-out' });
    }, limits.ackMs);
    const envelope: Waiting = {
      parcel,
      sentAt: performance.now(),
      settle: outcome.resolve,
      state: 'waiting',
    };
    waiting.set(id, envelope);
    journal.record({ direction: 'to-bot', kind: 'envelope', name: parcel.type, body: parcel.body, ref: id });
    line.socket.send(JSON.stringify(envelopeShape(id, parcel)));
    return outcome.promise.finally(() => clearTimeout(late));
  };

  return {
    send,
    ticket: (base) => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${base}/link/?ticket=${ticket}&app_id=${app.id}`;
    },
    open: () => ready().length,
    mute: (on) => {
      isMute = on;
    },
    cut: () => {
      for (const line of lines) line.socket.terminate();
    },
    refresh: () => {
      for (const line of ready()) {
        line.leaving = true;
        say(line, 'disconnect', {
          type: 'disconnect',
          reason: 'refresh_requested',
          debug_info: { host: 'applink-emulated' },
        });
        const end = setTimeout(() => line.socket.terminate(), limits.refreshMs);
        line.socket.on('close', () => clearTimeout(end));
      }
    },
    stop: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
};

const hello = (connections: number) => ({
  type: 'hello',
  num_connections: connections,
  debug_info: { host: 'applink-emulated', build_number: 1, approximate_connection_time: 18_060 },
  connection_info: { app_id: app.id },
});

const envelopeShape = (id: string, { type, body, attempt }: Parcel) => ({
  envelope_id: id,
  type,
  payload: body,
  accepts_response_payload: type !== 'events_api',
  ...(attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: 'timeout' }),
});
