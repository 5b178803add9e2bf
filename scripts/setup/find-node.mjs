// @ts-check
// A Node that runs TypeScript as it stands: the one among the npm packages, else the system's.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const least = 24;

/** @param {string} program @returns {Promise<number>} its major version; 0 if it does not run */
const majorOf = async (program) => {
  const { stdout } = await run(program, ['--version']).catch(() => ({ stdout: '' }));
  return Number(/^v(\d+)\./.exec(stdout)?.[1] ?? 0);
};

/**
 * @param {string} root
 * @returns {Promise<{ kind: 'found', node: string } | { kind: 'none', sentence: string }>}
 */
export const findNode = async (root) => {
  const packaged = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  for (const node of [packaged, process.execPath]) {
    if ((await majorOf(node)) >= least) return { kind: 'found', node };
  }
  const sentence = `Node ${least} or later is needed: this is ${process.version}, and for ${process.platform} on ${process.arch} there is none among the npm packages; install it from nodejs.org`;
  return { kind: 'none', sentence };
};
