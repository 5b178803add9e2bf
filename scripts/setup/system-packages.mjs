// @ts-check
// The programs that a command needs from the system: which are missing, and on Debian as root their installation.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';

/** @typedef {'demo' | 'test' | 'bench' | 'model'} Command */
/** @typedef {{ name: string, purpose: string, of: readonly Command[], isThere: (command: Command) => Promise<boolean> }} SystemPackage */

/** An administrator's directories too, since a plain user's PATH leaves them out. */
const directories = () => [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** @param {string} program */
const isProgram = async (program) => {
  for (const directory of directories()) {
    const found = await access(join(directory, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
};

/** @param {string} path of a socket */
const answers = async (path) => {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/**
 * Is it a program that needs no library? One that does names its loader in a program header of type 3 (PT_INTERP).
 * @param {string} path
 */
export const isStatic = async (path) => {
  const file = await open(path).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(4096), position: 0 });
    const is64Bit = buffer[4] === 2;
    if (buffer.toString('latin1', 1, 4) !== 'ELF' || !is64Bit) return false;
    const [start, size, count] = [
      Number(buffer.readBigUInt64LE(32)),
      buffer.readUInt16LE(54),
      buffer.readUInt16LE(56),
    ];
    return Array.from({ length: count }, (_, index) => start + index * size).every(
      (at) => at + 4 <= buffer.length && buffer.readUInt32LE(at) !== 3,
    );
  } finally {
    await file.close();
  }
};

/** @type {readonly SystemPackage[]} */
export const systemPackages = [
  {
    name: 'redis-server',
    purpose: 'the registry and the queue',
    of: ['demo', 'test', 'bench', 'model'],
    isThere: () => isProgram('redis-server'),
  },
  {
    name: 'docker.io',
    purpose: 'the engine that runs the rigs',
    of: ['demo', 'test', 'bench'],
    // The demo takes an engine that runs, whoever made it; tests start private ones and need the program.
    isThere: async (command) =>
      (await isProgram('dockerd')) ||
      (command === 'demo' &&
        (process.env.DOCKER_HOST !== undefined || (await answers('/var/run/docker.sock')))),
  },
  {
    name: 'busybox-static',
    purpose: 'the shell in the stand-in image, and the word to the LAN that a rig is there',
    of: ['demo', 'test', 'bench'],
    isThere: () => isStatic('/bin/busybox'),
  },
  {
    name: 'iproute2',
    purpose: 'private networks',
    of: ['demo', 'test', 'bench'],
    isThere: () => isProgram('ip'),
  },
  {
    name: 'docker-registry',
    purpose: 'a registry to pull from in tests',
    of: ['test'],
    isThere: () => isProgram('docker-registry'),
  },
  {
    name: 'iputils-arping',
    purpose: 'looking who is on an address',
    of: ['test', 'bench'],
    isThere: () => isProgram('arping'),
  },
  {
    name: 'curl',
    purpose: 'reading statistics as in an image that has it',
    of: ['test'],
    isThere: () => isProgram('curl'),
  },
  {
    name: 'wget',
    purpose: 'reading statistics as in an image that has it',
    of: ['test'],
    isThere: () => isProgram('wget'),
  },
  {
    name: 'docker-compose',
    purpose: 'checking docker-compose.yml',
    of: ['test'],
    isThere: () => isProgram('docker-compose'),
  },
  {
    name: 'qemu-system-x86',
    purpose: 'a virtual machine whose kernel has ipvlan',
    of: ['test'],
    // Where its kernel is not to be had, the test that wants it says so and is skipped.
    isThere: async () => process.arch !== 'x64' || !isDebian() || isProgram('qemu-system-x86_64'),
  },
  {
    name: 'chromium',
    purpose: 'the browser that drives the page of the try-out',
    of: ['test'],
    isThere: () => isProgram('chromium'),
  },
];

/** @param {Command} command @returns {Promise<readonly SystemPackage[]>} */
export const missingPackages = async (command) => {
  const needed = systemPackages.filter(({ of }) => of.includes(command));
  const there = await Promise.all(needed.map(({ isThere }) => isThere(command)));
  return needed.filter((_, index) => !there[index]);
};

/** @param {string} text */
const say = (text) => {
  process.stderr.write(`${text}\n`);
};

const isDebian = () => existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
const installation = ['install', '-y', '--no-install-recommends'];

/**
 * @param {Command} command @param {boolean} atOnce without waiting for Enter
 * @returns {Promise<string | undefined>} the sentence of what went wrong, or of what the user has to do
 */
export const ensureSystemPackages = async (command, atOnce) => {
  const missing = await missingPackages(command);
  if (missing.length === 0) return undefined;
  const width = Math.max(...missing.map(({ name }) => name.length));
  say(missing.length === 1 ? 'One Debian package is missing:' : 'These Debian packages are missing:');
  for (const { name, purpose } of missing) say(`  ${name.padEnd(width)}  ${purpose}`);
  const names = missing.map(({ name }) => name);
  const line = ['apt-get', ...installation, ...names].join(' ');
  if (!isDebian()) {
    return 'this is not Debian, so install what is in them with your own package manager, then try again';
  }
  const them = missing.length === 1 ? 'it' : 'them';
  // On a fresh machine no list of packages has been fetched yet.
  if (process.getuid?.() !== 0) {
    return `install ${them} with \`sudo apt-get update && sudo ${line}\`, then try again`;
  }
  if (!atOnce && process.stdin.isTTY && process.stderr.isTTY) {
    if (!(await isAgreed())) return 'nothing was installed';
  }
  const { result: trouble, interrupted } = await withoutServices(async () => {
    if ((await apt('update')) !== 0) return '`apt-get update` failed: the lines above say why';
    if ((await apt(...installation, ...names)) !== 0) return `\`${line}\` failed: the lines above say why`;
    return undefined;
  });
  // Asked to stop, apt-get finishes the packages that it is at, and may end as if nothing had been.
  if (interrupted)
    return 'stopped; what was installed by then stays, and the same command goes on from there';
  if (trouble !== undefined) return trouble;
  const still = (await missingPackages(command)).map(({ name }) => name);
  return still.length === 0
    ? undefined
    : `${still.join(', ')} cannot be found, although apt-get installed it`;
};

/** True after Enter; false after Ctrl-C or Ctrl-D, to which some versions of Node say nothing but that it has closed. */
const isAgreed = async () => {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = prompt.question('Enter installs them; Ctrl-C leaves everything as it is. ').then(
    () => true,
    () => false,
  );
  const agreed = await Promise.race([answer, once(prompt, 'close').then(() => false)]);
  prompt.close();
  if (!agreed) say('');
  return agreed;
};

/** @param {readonly string[]} words @returns {Promise<number | null>} */
const apt = async (...words) => {
  const child = spawn('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  return code;
};

const noServices = '#!/bin/sh\n# Made for the time of one installation: no service is started.\nexit 101\n';

/**
 * Debian starts a service that it has just installed; what runs here is private and started by ourselves. A policy that
 * is there already is the administrator's, and stays.
 * @template T @param {() => Promise<T>} work @param {string} policy the file's path
 * @returns {Promise<{ result: T, interrupted: boolean }>} interrupted: by Ctrl-C or SIGTERM, while it worked
 */
export const withoutServices = async (work, policy = '/usr/sbin/policy-rc.d') => {
  const own = await writeFile(policy, noServices, { flag: 'wx', mode: 0o755 }).then(
    () => true,
    () => false,
  );
  // Ctrl-C reaches apt-get by itself; the policy has to go whatever happens.
  let interrupted = false;
  const stay = () => {
    interrupted = true;
  };
  process.on('SIGINT', stay).on('SIGTERM', stay);
  try {
    const result = await work();
    return { result, interrupted };
  } finally {
    process.off('SIGINT', stay).off('SIGTERM', stay);
    if (own && (await readFile(policy, 'utf8').catch(() => '')) === noServices) await rm(policy);
  }
};
