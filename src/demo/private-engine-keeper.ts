// The process that holds a private engine: starts containerd and dockerd, and takes everything of theirs away again when
// whoever wanted them has ended. Run by private-engine.ts.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { askEngine, findEngine } from './find-engine.ts';
import { beKept, type Undo } from './kept.ts';

const settingsSchema = z.object({
  directory: z.string().optional(),
  namespace: z.string().optional(),
  firewall: z.boolean(),
  path: z.string(),
});

const patience = 30_000;

const start = async (settings: unknown, undo: Undo) => {
  const { directory: wanted, namespace, firewall, path } = settingsSchema.parse(settings);
  const directory = await makeDirectory(wanted);
  undo(() => clearAway(directory));
  const containerdSocket = join(directory, 'containerd.sock');
  await writeFile(join(directory, 'daemon.json'), '{}'); // not the machine's /etc/docker/daemon.json
  await writeFile(join(directory, 'containerd.toml'), containerdConfiguration(directory, containerdSocket));
  const nsenter = namespace === undefined ? [] : ['nsenter', `--net=/run/netns/${namespace}`];
  const inside = [`PATH=${path}`, ...nsenter];
  const containerd = await run(directory, 'containerd', [
    ...inside,
    'containerd',
    '--config',
    join(directory, 'containerd.toml'),
  ]);
  undo(() => end(containerd));
  await until(directory, 'containerd', containerd, () => exists(containerdSocket));

  const dockerHost = `unix://${join(directory, 'docker.sock')}`;
  const dockerd = await run(directory, 'dockerd', [
    ...inside,
    'dockerd',
    ...dockerdArguments(directory, dockerHost, containerdSocket),
    ...(firewall ? [] : withoutFirewall),
  ]);
  undo(() => end(dockerd));
  const engine = await until(directory, 'dockerd', dockerd, () => findEngine(dockerHost));
  undo(() => removeContainersAndNetworks(dockerHost));
  return { dockerHost, version: engine.version, pid: dockerd.pid };
};

const makeDirectory = async (wanted: string | undefined): Promise<string> => {
  if (wanted === undefined) return mkdtemp(join(tmpdir(), 'wcs-engine-'));
  await mkdir(wanted, { mode: 0o700 }); // fails if it is there: what we delete in the end must be ours
  return wanted;
};

// A containerd of its own: dockerd would otherwise share the system's, and take its containers for leftovers.
const containerdConfiguration = (directory: string, socket: string): string =>
  [
    'version = 2',
    `root = ${JSON.stringify(join(directory, 'containerd'))}`,
    `state = ${JSON.stringify(join(directory, 'containerd-run'))}`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", ' +
      '"io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]',
    '[grpc]',
    `address = ${JSON.stringify(socket)}`,
    '',
  ].join('\n');

const dockerdArguments = (directory: string, dockerHost: string, containerdSocket: string): string[] => [
  '--host',
  dockerHost,
  '--containerd',
  containerdSocket,
  '--data-root',
  join(directory, 'data'),
  '--exec-root',
  join(directory, 'run'),
  '--pidfile',
  join(directory, 'docker.pid'),
  '--config-file',
  join(directory, 'daemon.json'),
  '--bridge=none',
  '--ip6tables=false',
];

const withoutFirewall: readonly string[] = ['--iptables=false', '--ip-forward=false', '--ip-masq=false'];

const run = async (directory: string, name: string, command: readonly string[]) => {
  const log = await open(join(directory, `${name}.log`), 'a');
  const child = spawn('/usr/bin/env', command, { stdio: ['ignore', log.fd, log.fd] });
  await once(child, 'spawn');
  await log.close();
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  return Object.assign(child, { pid: child.pid });
};

/** Asks again and again until there is an answer; the process's own last words if it ends before. */
const until = async <T>(
  directory: string,
  name: string,
  child: ChildProcess,
  look: () => Promise<T | undefined>,
): Promise<T> => {
  const begun = performance.now();
  while (performance.now() - begun < patience) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await delay(20);
  }
  const words = (await readFile(join(directory, `${name}.log`), 'utf8'))
    .trim()
    .split('\n')
    .slice(-3)
    .join(' ');
  throw new Error(`a private ${name} did not come up: ${words}`);
};

const exists = async (path: string): Promise<true | undefined> => {
  const entries = await readdir(join(path, '..'));
  return entries.some((entry) => path.endsWith(`/${entry}`)) || undefined;
};

const listSchema = z.array(z.object({ Id: z.string(), Name: z.string().optional() }));

const removeContainersAndNetworks = async (dockerHost: string): Promise<void> => {
  // A daemon that was killed has nothing to say; its containers' processes are found by their directory below.
  if (!(await findEngine(dockerHost))) return;
  const { body } = await askEngine(dockerHost, 'GET', '/containers/json?all=1');
  await Promise.all(
    listSchema
      .parse(JSON.parse(body))
      .map(({ Id }) => askEngine(dockerHost, 'DELETE', `/containers/${Id}?force=1&v=1`, patience)),
  );
  const networks = await askEngine(dockerHost, 'GET', '/networks');
  for (const { Id, Name } of listSchema.parse(JSON.parse(networks.body))) {
    if (Name !== 'host' && Name !== 'none' && Name !== 'bridge') {
      await askEngine(dockerHost, 'DELETE', `/networks/${Id}`, patience);
    }
  }
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const stuck = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(stuck);
};

/** What a killed daemon leaves: its containers' shims and their children, its bridges, its mounts, its files. */
const clearAway = async (directory: string): Promise<void> => {
  await killLeftovers(directory);
  await deleteBridges(directory);
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  const mounts = table
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((mount) => mount.startsWith(`${directory}/`));
  for (const mount of mounts.toReversed()) {
    const [code] = await once(spawn('umount', ['--lazy', mount], { stdio: 'ignore' }), 'exit');
    if (code !== 0) throw new Error(`${mount} could not be unmounted`);
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
};

// A bridge is called after its network's id, and the daemon's own book of networks says which ids are its.
const deleteBridges = async (directory: string): Promise<void> => {
  const book = await readFile(join(directory, 'data/network/files/local-kv.db')).catch(() => Buffer.alloc(0));
  for (const name of await readdir('/sys/class/net')) {
    if (!/^br-[0-9a-f]{12}$/.test(name) || !book.includes(name.slice(3))) continue;
    await once(spawn('ip', ['link', 'delete', name], { stdio: 'ignore' }), 'exit');
  }
};

const killLeftovers = async (directory: string): Promise<void> => {
  const processes = await listProcesses();
  const isOurs = (line: string): boolean => line.includes(`${directory}/containerd.sock`);
  const doomed = processes.filter(({ line }) => isOurs(line)).map(({ pid }) => pid);
  for (const pid of doomed) {
    doomed.push(...processes.filter(({ parent }) => parent === pid).map((child) => child.pid));
  }
  for (const pid of doomed) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended by itself meanwhile
    }
  }
};

const listProcesses = async () => {
  const found: { pid: number; parent: number; line: string }[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const line = await readFile(`/proc/${entry}/cmdline`, 'utf8');
      const status = await readFile(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
      found.push({ pid: Number(entry), parent, line });
    } catch {
      // it ended while we read
    }
  }
  return found;
};

await beKept(start);
