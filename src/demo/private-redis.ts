// A Redis of one's own: the system's redis-server on a free loopback port, gone with whoever started it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type PrivateRedisOptions = {
  /** Every write reaches the disk before it is answered, so that a SIGKILL loses nothing. */
  readonly aof?: boolean | undefined;
  /** The caller's own directory, which is kept; otherwise a new one, removed by `stop`. */
  readonly directory?: string | undefined;
  /** Listens on a unix socket too: at this path, or with `true` in its directory. */
  readonly unixSocket?: boolean | string | undefined;
  readonly password?: string | undefined;
  /** Further lines of its configuration. */
  readonly more?: readonly string[] | undefined;
};

export type PrivateRedis = {
  /** `redis://127.0.0.1:PORT/0`, with the password if there is one. */
  readonly url: string;
  readonly port: number;
  readonly socketPath: string | undefined;
  readonly pid: number;
  /** `7.0.15` */
  readonly version: string;
  /** Sends a signal; for one that ends it (SIGKILL, SIGTERM, SIGINT) waits until it has ended. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Ends it if it runs, and starts it again on the same port and directory. */
  readonly restart: () => Promise<void>;
  /** Ends it and removes what it made. May be repeated. */
  readonly stop: () => Promise<void>;
};

type Place = {
  readonly directory: string;
  readonly isOwn: boolean;
  readonly socketPath: string | undefined;
  readonly aof: boolean;
  readonly password: string | undefined;
  readonly more: readonly string[];
};

type Running = { readonly process: ChildProcess; readonly pid: number; readonly version: string };

const patience = 15_000;
const ending: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT']);

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no loopback port');
  return address.port;
};

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

// On standard input and not as arguments, since everybody on the machine can read those.
const configuration = (place: Place, port: number): string =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${quote(place.directory)}`,
    `logfile ${quote(join(place.directory, 'redis.log'))}`,
    'maxmemory-policy noeviction',
    'save ""',
    ...(place.aof ? ['appendonly yes', 'appendfsync always'] : ['appendonly no']),
    ...(place.socketPath === undefined
      ? []
      : [`unixsocket ${quote(place.socketPath)}`, 'unixsocketperm 700']),
    ...(place.password === undefined ? [] : [`requirepass ${quote(place.password)}`]),
    ...place.more,
    '',
  ].join('\n');

/** What it says to PING and INFO, as the wire has it; rejects while nobody listens. */
const ask = async (port: number, password: string | undefined): Promise<string> => {
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
  const auth = password === undefined ? '' : `AUTH ${quote(password)}\r\n`;
  socket.end(`${auth}PING\r\nINFO server\r\nQUIT\r\n`);
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
  return answer;
};

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

const awaitAnswer = async (child: ChildProcess, place: Place, port: number): Promise<string> => {
  const deadline = Date.now() + patience;
  while (isRunning(child) && Date.now() < deadline) {
    const answer = await ask(port, place.password).catch(() => '');
    const version = /redis_version:(\S+)/.exec(answer)?.[1];
    // Somebody else's Redis may have got the port in between: only our own process counts.
    if (answer.includes('+PONG') && answer.includes(`process_id:${child.pid}`) && version !== undefined) {
      return version;
    }
    await delay(10);
  }
  const log = await readFile(join(place.directory, 'redis.log'), 'utf8').catch(() => '');
  throw new Error(`redis-server did not start: ${log.trim().split('\n').slice(-3).join(' / ') || 'no log'}`);
};

/**
 * A small shell that ends the server, and removes its directory, when this process is gone, however it went. Its
 * standard input is a pipe that only this process holds, and the system closes that in any case.
 */
const guard = (child: ChildProcess, place: Place): void => {
  const script = 'cat >/dev/null; kill -9 "$1" 2>/dev/null; [ -z "$2" ] || rm -rf "$2"';
  const watcher = spawn(
    'sh',
    ['-c', script, 'guard', String(child.pid), place.isOwn ? place.directory : ''],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  watcher.unref();
  // The server's id may be somebody else's once it has ended.
  child.once('exit', () => watcher.kill('SIGKILL'));
};

const launch = async (place: Place, port: number): Promise<Running> => {
  // Detached: a Ctrl-C in the terminal is for its owner, who stops it when nobody needs it any more.
  const child = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  await once(child, 'spawn').catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isMissing
      ? new Error('redis-server is not installed: on Debian, apt-get install redis-server', { cause: error })
      : error;
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('redis-server was started without a process id');
  guard(child, place);
  child.unref();
  child.stdin.on('error', () => undefined);
  child.stdin.end(configuration(place, port));
  try {
    return { process: child, pid, version: await awaitAnswer(child, place, port) };
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  child.ref();
  child.kill(signal);
  // A stopped or busy one does not hear SIGTERM.
  const last = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(last);
};

/** The port was free a moment ago; somebody else may have been quicker, so a few are tried. */
const launchSomewhere = async (place: Place): Promise<{ port: number; running: Running }> => {
  for (let left = 4; ; left -= 1) {
    const port = await findFreePort();
    try {
      return { port, running: await launch(place, port) };
    } catch (error) {
      const wasTaken =
        error instanceof Error && /Address already in use|did not start: no log/.test(error.message);
      if (!wasTaken || left === 0) throw error;
    }
  }
};

const prepare = async (options: PrivateRedisOptions): Promise<Place> => {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'wcs-redis-')));
  const { unixSocket } = options;
  const socketPath = unixSocket === true ? join(directory, 'redis.sock') : unixSocket || undefined;
  const isOwn = options.directory === undefined;
  const { aof = false, password, more = [] } = options;
  return { directory, isOwn, socketPath, aof, password, more };
};

/** Starts it and waits until it answers. Without the binary the error names the package to install. */
export const startPrivateRedis = async (options: PrivateRedisOptions = {}): Promise<PrivateRedis> => {
  const place = await prepare(options);
  const clear = () => (place.isOwn ? rm(place.directory, { recursive: true, force: true }) : undefined);
  const first = await launchSomewhere(place).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  const { port } = first;
  let { running } = first;
  const credentials = place.password === undefined ? '' : `:${encodeURIComponent(place.password)}@`;
  return {
    url: `redis://${credentials}127.0.0.1:${port}/0`,
    port,
    socketPath: place.socketPath,
    get pid() {
      return running.pid;
    },
    get version() {
      return running.version;
    },
    kill: async (signal) => {
      if (ending.has(signal)) await end(running.process, signal);
      else running.process.kill(signal);
    },
    restart: async () => {
      await end(running.process, 'SIGTERM');
      running = await launch(place, port);
    },
    stop: async () => {
      await end(running.process, 'SIGTERM');
      await clear();
    },
  };
};
