// @ts-check
// The npm packages: are they what package-lock.json says, and if not, `npm ci`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** @typedef {{ version?: string, integrity?: string, resolved?: string, optional?: boolean, devOptional?: boolean }} Locked */
/** @typedef {Record<string, Locked>} LockedPackages */

/**
 * Why what is installed is not what the lock file says; `undefined` where it is. npm keeps a lock file of its own beside
 * the packages, which leaves out the optional ones for other machines.
 * @param {LockedPackages} wanted @param {LockedPackages | undefined} installed
 * @returns {string | undefined}
 */
export const differenceOf = (wanted, installed) => {
  if (!installed) return 'they are not installed';
  for (const [path, { version, integrity, optional, devOptional }] of Object.entries(wanted)) {
    if (path === '') continue;
    const here = installed[path];
    if (!here && !optional && !devOptional) return `${path} is missing`;
    if (here && (here.version !== version || here.integrity !== integrity)) return `${path} is another one`;
  }
  const extra = Object.keys(installed).find((path) => !(path in wanted));
  return extra && `${extra} is too many`;
};

/** @param {string} path @returns {Promise<LockedPackages | undefined>} */
const readLock = async (path) => {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text).packages;
};

/**
 * Installs with `npm ci` where needed. Everything goes to standard error, since standard output is for answers.
 * @param {string} root @returns {Promise<string | undefined>} the sentence of what went wrong
 */
export const ensureNodePackages = async (root) => {
  const wanted = await readLock(join(root, 'package-lock.json'));
  if (!wanted) return 'package-lock.json is not there: this is not a whole clone';
  const why = differenceOf(wanted, await readLock(join(root, 'node_modules', '.package-lock.json')));
  if (why === undefined) return undefined;
  process.stderr.write(`npm ci, since of the npm packages ${why}\n`);
  // Whatever a user's settings leave out by default, the tools among the packages are needed too.
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  // The Node that is among the packages is about to be replaced, so npm runs on the system's.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((part) => !part.includes('node_modules'))
    .join(delimiter);
  const child = spawn('npm', ['ci', ...options], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit').catch(() => ['npm is not there']);
  if (code === 0) return undefined;
  return `npm ci failed (${code}): the lines above say why; it needs npm and the npm registry`;
};
