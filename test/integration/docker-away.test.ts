// An engine that is away, dies in the middle of an answer, or hides an error in a stream: no real engine does that on demand.

import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { startPrivateEngine } from '../../src/demo/private-engine.ts';
import { connectEngine } from '../../src/docker/connect.ts';
import type { Engine } from '../../src/ports/engine.ts';
import { EngineDown } from '../../src/ports/faults.ts';
import { silent } from '../support/registry-address.ts';
import { startUnixServer } from '../support/unix-proxy.ts';

const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const timeouts = { answer: 300, action: 300, registry: 300, pullSilence: 300 };
const never = new AbortController().signal;

const connectTo = (dockerHost: string): Engine => {
  const engine = connectEngine({
    dockerHost,
    installation: 'wcs',
    registryAuthFile: undefined,
    timeouts,
    log: silent,
  });
  undo.push(engine.close);
  return engine;
};

const engineThat = async (answer: (socket: Socket) => void): Promise<Engine> => {
  const server = await startUnixServer(answer);
  undo.push(server.stop);
  return connectTo(server.dockerHost);
};

/** Answers each request by its first line. */
const answering = (answers: (line: string) => string) => (socket: Socket) => {
  socket.on('data', (chunk) => {
    const [line = ''] = String(chunk).split('\r\n');
    if (/^(GET|POST|DELETE) /.test(line)) socket.end(answers(line));
  });
};

const questions: readonly (readonly [string, (engine: Engine) => Promise<unknown>])[] = [
  ['version', (engine) => engine.version()],
  ['rigs', (engine) => engine.rigs()],
  ['inspect', (engine) => engine.inspect('x1')],
  ['start', (engine) => engine.start('x1')],
  ['remove', (engine) => engine.remove('x1', 0)],
  ['listeningPorts', (engine) => engine.listeningPorts('x1')],
  ['logTail', (engine) => engine.logTail('x1', 5)],
  ['localImage', (engine) => engine.localImage('x:y')],
  ['pruneImages', (engine) => engine.pruneImages('x', 3)],
];

describe('an engine that is away is EngineDown, in a sentence', () => {
  test.each(questions)('no socket: %s', async (_, question) => {
    const error: unknown = await question(connectTo('unix:///no/such/docker.sock')).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EngineDown);
    expect(String(error)).toContain('Docker at unix:///no/such/docker.sock does not answer');
  });

  test.each(questions)('it takes the request and says nothing: %s', async (_, question) => {
    const engine = await engineThat(() => undefined);
    await expect(question(engine)).rejects.toBeInstanceOf(EngineDown);
  });

  test.each(questions)('it ends in the middle of its answer: %s', async (_, question) => {
    const half = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n[{';
    const engine = await engineThat(answering(() => half));
    await expect(question(engine)).rejects.toBeInstanceOf(EngineDown);
  });

  test('a pull whose engine ends in the middle', async () => {
    const half = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n15\r\n{"status":"Pulling"}\n\r\n';
    const engine = await engineThat(answering(() => half));
    await expect(engine.pull('x:y', () => undefined, never)).rejects.toBeInstanceOf(EngineDown);
  });

  test('events whose engine ends in the middle are over, and all that was said counts', async () => {
    const half = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n11\r\n{"Action":"die"}\n\r\n';
    const engine = await engineThat(answering(() => half));
    let events = 0;
    await engine.watchEvents(never, () => {
      events += 1;
    });
    await expect.poll(() => events).toBe(1);
  });

  test('events that nobody wants any more while they are being asked for', async () => {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
    const ending = new AbortController();
    // It answers, and has nothing to say.
    const engine = await engineThat((socket) => {
      socket.once('data', () => {
        ending.abort(new Error('the worker ends'));
        socket.write(head);
      });
    });
    await engine.watchEvents(ending.signal, () => undefined);
  }, 5_000);

  test('a daemon that was killed', async () => {
    const { dockerHost, pid, stop } = await startPrivateEngine();
    undo.push(stop);
    const engine = connectTo(dockerHost);
    expect(await engine.version()).toMatch(/^\d/);
    process.kill(pid, 'SIGKILL');
    await expect(engine.rigs()).rejects.toBeInstanceOf(EngineDown);
  });

  test('an address that is none is a fault at once', () => {
    expect(() => connectTo('ssh://somewhere')).toThrow('DOCKER_HOST is ssh://somewhere; it should be');
  });
});

const answer = (status: string, body: object): string => {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};

describe('a removal that another one is ahead of', () => {
  const leaving = answer('200 OK', {
    Id: 'x1',
    Name: '/wcs-x1-g1',
    Image: 'sha256:aa',
    Created: '2026-11-24T12:00:00.123456789Z',
    State: { Status: 'removing', ExitCode: 143, OOMKilled: false },
    Config: { Labels: { 'wcs-rigs.installation': 'wcs' } },
  });
  const underWay = answer('409 Conflict', { message: 'removal of container x1 is already in progress' });
  const gone = answer('404 Not Found', { message: 'No such container: x1' });

  test('returns when the container is really gone, and not before', async () => {
    const looks: string[] = [];
    const engine = await engineThat(
      answering((line) => {
        if (line.startsWith('DELETE')) return underWay;
        looks.push(line);
        return looks.length < 4 ? leaving : gone;
      }),
    );
    await engine.remove('x1', 0);
    expect(looks).toHaveLength(4);
  });

  test('says so when it never goes', async () => {
    const engine = await engineThat(answering((line) => (line.startsWith('DELETE') ? underWay : leaving)));
    await expect(engine.remove('x1', 0)).rejects.toThrow('the container x1 is still there after its removal');
  });
});

describe('a container that was killed', () => {
  const killed = answer('200 OK', {
    Id: 'x1',
    Name: '/wcs-x1-g1',
    Image: 'sha256:aa',
    Created: '2026-11-24T12:00:00.123456789Z',
    State: { Status: 'exited', ExitCode: 137, OOMKilled: false },
    Config: {
      Labels: {
        ...{ 'wcs-rigs.installation': 'wcs', 'wcs-rigs.rig': 'x1', 'wcs-rigs.generation': '1' },
        'wcs-rigs.address': '10.0.0.10',
      },
    },
  });
  const told = (action: string): string => {
    const body = [
      { Action: 'die', Actor: { ID: 'x1' } },
      { Action: action, Actor: { ID: 'x1' } },
    ]
      .map((one) => JSON.stringify(one))
      .join('\n');
    return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };

  test.each([
    ['oom', true],
    ['rename', false],
  ])('and then told of with %s ran out of memory: %s', async (action, outOfMemory) => {
    const engine = await engineThat(answering((line) => (line.includes('/events') ? told(action) : killed)));
    expect(await engine.inspect('x1')).toMatchObject({ exitCode: 137, outOfMemory: false });
    let events = 0;
    await engine.watchEvents(never, () => {
      events += 1;
    });
    await expect.poll(() => events).toBe(2);
    expect(await engine.inspect('x1')).toMatchObject({ exitCode: 137, outOfMemory });
  });
});

describe('a pull', () => {
  const stream = (...lines: readonly object[]): string => {
    const body = lines.map((line) => `${JSON.stringify(line)}\r\n`).join('');
    return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
  const missing = answer('404 Not Found', { message: 'No such image' });

  test('whose error stands in the stream of a successful request has failed', async () => {
    const engine = await engineThat(
      answering(() =>
        stream(
          { status: 'Pulling from x', id: 'y' },
          { errorDetail: { message: 'toomanyrequests:\nlater' }, error: 'x' },
        ),
      ),
    );
    expect(await engine.pull('x:y', () => undefined, never)).toEqual({
      kind: 'failed',
      detail: 'toomanyrequests: later',
    });
  });

  test('that says nothing of an error, and leaves no image, has failed', async () => {
    const engine = await engineThat(
      answering((line) =>
        line.startsWith('POST') ? stream({ status: 'Pulling from x', id: 'y' }) : missing,
      ),
    );
    expect(await engine.pull('x:y', () => undefined, never)).toEqual({
      kind: 'failed',
      detail: 'x:y was pulled and is not there',
    });
  });

  test('of what is no name has failed', async () => {
    const engine = connectTo('unix:///no/such/docker.sock');
    expect(await engine.pull('No Name', () => undefined, never)).toMatchObject({ kind: 'failed' });
  });
});
