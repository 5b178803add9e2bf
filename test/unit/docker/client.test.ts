// The two dockerode clients, looked at from outside: what the library does with each request beside sending it.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openClient } from '../../../src/docker/client.ts';

describe('a client of the engine', () => {
  it('is written out in a few lines however many requests are under way', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'client-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const socket = join(directory, 'docker.sock');
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      if (requests === 20) begun.resolve();
      void release.promise.then(() => response.end('{}'));
    }).listen(socket);
    onTestFinished(() => void server.close());
    await once(server, 'listening');

    const client = openClient(`unix://${socket}`, 10_000);
    onTestFinished(client.close);
    const asked = Promise.all(Array.from({ length: 20 }, () => client.quick.version()));
    await begun.promise;
    // The library does so with each request, for a debug log that is off.
    const options: unknown = client.quick.modem;
    expect(inspect(options, { showHidden: true, depth: null }).length).toBeLessThan(5000);
    release.resolve();
    expect(await asked).toHaveLength(20);
  });
});
