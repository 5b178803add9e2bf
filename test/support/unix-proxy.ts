// Stands before an engine's socket: passes all on and keeps what was asked, or answers in its own way.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type UnixServer = {
  readonly dockerHost: string;
  /** What each connection has sent so far. */
  readonly asked: () => readonly string[];
  readonly stop: () => Promise<void>;
};

/** `answer` has the word on each connection; what came in on it is kept. */
export const startUnixServer = async (answer: (socket: Socket) => void): Promise<UnixServer> => {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-socket-'));
  const path = join(directory, 'docker.sock');
  const asked: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const chunks: Buffer[] = [];
    asked.push(chunks);
    sockets.add(socket);
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    answer(socket);
  }).listen(path);
  await once(server, 'listening');
  return {
    dockerHost: `unix://${path}`,
    asked: () => asked.map((chunks) => Buffer.concat(chunks).toString('utf8')),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

export const startUnixProxy = (dockerHost: string): Promise<UnixServer> =>
  startUnixServer((socket) => {
    const engine = connect(new URL(dockerHost).pathname);
    socket.pipe(engine).pipe(socket);
    engine.on('error', () => socket.destroy());
    socket.on('close', () => engine.destroy());
  });
