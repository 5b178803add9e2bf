// Does anybody listen there: real sockets on loopback.

import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { reachPort, reachPorts } from '../../src/reach-port.ts';

const listen = async (port = 0): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
};

const patience = { each: 500, pause: 20, all: 400 };

test('one that listens is open, and nothing is said to it', async () => {
  const { server, port } = await listen();
  const heard: string[] = [];
  server.on('connection', (socket) => socket.on('data', (data) => heard.push(String(data))));
  expect(await reachPort('127.0.0.1', port, 1000)).toEqual({ kind: 'open', took: expect.any(Number) });
  await delay(20);
  expect(heard).toEqual([]);
});

test('one where nobody listens is closed', async () => {
  const { server, port } = await listen();
  server.close();
  await once(server, 'close');
  expect(await reachPort('127.0.0.1', port, 1000)).toEqual({ kind: 'closed' });
});

test('what cannot be an address is no way, with the system’s own word', async () => {
  expect(await reachPort('255.255.255.255', 9, 1000)).toEqual({ kind: 'no-way', code: expect.any(String) });
});

test('each port is tried until it is open, or it takes too long', async () => {
  const { port } = await listen();
  const late = await listen();
  late.server.close();
  await once(late.server, 'close');
  const [one, other] = await Promise.all([
    reachPorts('127.0.0.1', [port, late.port], { ...patience, all: 2000 }),
    delay(150).then(() => listen(late.port)),
  ]);
  expect(other.port).toBe(late.port);
  expect(one.map(({ outcome }) => outcome.kind)).toEqual(['open', 'open']);
});

test('one that stays closed is said so after a while', async () => {
  const { server, port } = await listen();
  server.close();
  await once(server, 'close');
  const begun = performance.now();
  expect(await reachPorts('127.0.0.1', [port], patience)).toEqual([{ port, outcome: { kind: 'closed' } }]);
  expect(performance.now() - begun).toBeGreaterThan(300);
});

test('it ends where nobody wants it any more', async () => {
  const { server, port } = await listen();
  server.close();
  await once(server, 'close');
  const ending = new AbortController();
  const tried = reachPorts('127.0.0.1', [port], { ...patience, all: 60_000 }, ending.signal);
  ending.abort(new Error('this process ends'));
  await expect(tried).rejects.toThrow();
});
