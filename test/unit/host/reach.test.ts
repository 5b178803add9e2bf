// A host is asked to connect to an address: what it answers, and what it does not even try, since a job is data.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerReach } from '../../../src/host/reach.ts';
import type { Registry } from '../../../src/redis/registry.ts';
import type { ReachJob } from '../../../src/rig/job.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aRegistration } from '../../support/registries.ts';

const lan = 'office';
const now = Date.now();

describe('a host that is asked to connect', () => {
  const server = createServer();
  let port = 0;
  let connections = 0;
  let registry: Registry;

  beforeAll(async () => {
    server.on('connection', (socket) => {
      connections += 1;
      socket.destroy();
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterAll(() => void server.close());

  beforeEach(async () => {
    connections = 0;
    registry = createMemoryRegistry({ now: () => now });
    const range = { range: '127.0.0.1-127.0.0.9', addresses: ['127.0.0.1'] };
    await registry.presence.take(aRegistration({ name: 'h1', lan, ...range }), 'a session');
  });

  const ask = async (change: Partial<ReachJob> = {}, mine: readonly number[] = [port]) => {
    const log = rememberingLog();
    const job: ReachJob = {
      ...{ v: 1, kind: 'reach', request: 'r1', lan, address: '127.0.0.5', ports: [port] },
      deadline: now + 3_500,
      ...change,
    };
    const settings = { host: 'h2', lan, ports: mine };
    await answerReach({ ...registry, log }, settings, job, new AbortController().signal);
    return { answer: await registry.reaches.of('r1'), lines: log.lines };
  };

  it('says which ports are open, and how far its clock is from Redis’', async () => {
    const { answer } = await ask();
    expect(answer).toEqual({
      v: 1,
      host: 'h2',
      skew: expect.any(Number),
      saw: { kind: 'tried', ports: [{ port, outcome: { kind: 'open', took: expect.any(Number) } }] },
    });
    expect(connections).toBe(1);
  });

  it('says which are not, in time for whoever asked', async () => {
    const { answer } = await ask({ ports: [8443], address: '127.0.0.6' });
    expect(answer?.saw).toEqual({ kind: 'tried', ports: [{ port: 8443, outcome: { kind: 'closed' } }] });
  });

  it.each<[string, Partial<ReachJob>, RegExp]>([
    ['an address of no range', { address: '127.0.0.10' }, /127\.0\.0\.10 is in no host's range/],
    ['an address of the internet', { address: '192.0.2.1' }, /192\.0\.2\.1 is in no host's range/],
    ['a LAN that it is not on', { lan: 'lab' }, /not on the LAN lab/],
    ['a port that no rig has', { ports: [22] }, /port 22 is none/],
    ['one such port beside others', { ports: [8444, 6379] }, /port 6379 is none/],
  ])('connects to nothing for %s, and says why', async (_, change, why) => {
    const { answer, lines } = await ask(change);
    expect(answer?.saw).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
    expect(connections).toBe(0);
    expect(lines.join()).toMatch(why);
  });

  it('connects to nothing on the port of some other program', async () => {
    const { answer } = await ask({}, []);
    expect(answer?.saw.kind).toBe('refused');
    expect(connections).toBe(0);
  });

  it('is silent when nobody waits any more', async () => {
    const { answer } = await ask({ deadline: now - 1 });
    expect(answer).toBeUndefined();
    expect(connections).toBe(0);
  });
});
