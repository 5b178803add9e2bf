// Stands between a process and what it talks to (Redis, an engine, Slack): passes all on, until a test cuts a connection at
// the very moment that it waits for, or lets nothing through for a while, as a network does that has fallen apart.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `there`: what the process asks; `back`: what it is answered. */
export type Way = 'there' | 'back';

/** The piece goes nowhere, and the connection ends: at once, or with this said to the process. */
export type Stroke = 'cut' | { readonly say: string };
/** Sees each piece as it comes. */
export type Watcher = (piece: string, way: Way) => Stroke | undefined;

export type Gate = {
  /** The socket's path, or the port on loopback. */
  readonly path: string;
  readonly port: number | undefined;
  /** Returns how to end it. */
  readonly watch: (watcher: Watcher) => () => void;
  /** Nothing gets through in either direction, and nobody is told: connections stay, new ones hang. */
  readonly hold: () => void;
  /** All goes through again, what waited first. */
  readonly letGo: () => void;
  /** Ends every connection that there is. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
};

export const startGate = async (target: NetConnectOpts, listen: 'path' | 'port' = 'path'): Promise<Gate> => {
  const watchers = new Set<Watcher>();
  const sockets = new Set<Socket>();
  let held: (() => void)[] | undefined;

  const later = (step: () => void): void => {
    if (held) held.push(step);
    else step();
  };
  const carry = (from: Socket, to: Socket, way: Way): void => {
    from.on('data', (bytes: Buffer) => {
      const piece = bytes.toString('latin1');
      const stroke = [...watchers].reduce<Stroke | undefined>(
        (struck, watcher) => struck ?? watcher(piece, way),
        undefined,
      );
      if (stroke === undefined) {
        later(() => to.write(bytes));
        return;
      }
      if (stroke !== 'cut') (way === 'there' ? from : to).end(stroke.say);
      else from.destroy();
      (way === 'there' || stroke === 'cut' ? to : from).destroy();
    });
    from.on('end', () => later(() => to.end()));
    from.on('close', () => later(() => to.destroy()));
    from.on('error', () => from.destroy());
  };
  const open = (socket: Socket): void => {
    if (socket.destroyed) return;
    const beyond = connect(target);
    sockets.add(beyond);
    beyond.on('close', () => sockets.delete(beyond));
    carry(socket, beyond, 'there');
    carry(beyond, socket, 'back');
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    later(() => open(socket));
  });
  const directory = await mkdtemp(join(tmpdir(), 'wcs-gate-'));
  const path = join(directory, 'gate.sock');
  if (listen === 'path') server.listen(path);
  else server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    path,
    port: typeof address === 'object' && address !== null ? address.port : undefined,
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    hold: () => {
      held ??= [];
    },
    letGo: () => {
      const steps = held ?? [];
      held = undefined;
      for (const step of steps) step();
    },
    cut,
    stop: async () => {
      cut();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
