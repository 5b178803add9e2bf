#!/usr/bin/env node
// @ts-check
// `npm run demo`, `npm test`, `npm run faults` and the like: installs what is missing, then runs it on a Node that is new enough.
// Runs itself on Node 20 and without any package.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from './run-tests.mjs';
import { findNode } from './setup/find-node.mjs';
import { ensureNodePackages } from './setup/node-packages.mjs';
import { ensureSystemPackages } from './setup/system-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const usage = `Usage: node scripts/run.mjs demo|test|faults|bench|model [--yes] [options]

  demo   the try-out                       npm run demo
  test   every check and every test        npm test [-- --without lab]
  faults what must be survived, alone      npm run faults [-- F05 --json --real-time]
  bench  the benchmark                     npm run bench [-- --json]
  model  random stories of the registry    npm run model [-- --steps N --seed S]

  --yes  install missing Debian packages without asking; so it is too without a terminal, or where CI is set
`;

/** @param {string} sentence */
const fail = (sentence) => {
  process.stderr.write(`wcs-rigs: ${sentence}\n`);
  return 1;
};

/**
 * Runs a program of ours to its end, and hands on what ends it: Ctrl-C reaches it by itself, other signals do not.
 * @param {string} node @param {string} script @param {readonly string[]} options
 * @returns {Promise<number>} its exit code
 */
const runScript = (node, script, options) =>
  new Promise((resolve) => {
    const child = spawn(node, [join(root, script), ...options], { cwd: root, stdio: 'inherit' });
    process.on('SIGINT', () => {});
    for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
    child.on('error', (error) => resolve(fail(error.message)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)));
  });

/** What a command runs, and with which words before those given. */
const programs = {
  demo: ['src/main.ts', 'demo'],
  faults: ['test/lab/faults/main.ts'],
  bench: ['test/bench/main.ts'],
  model: ['test/model/main.ts'],
};
/** @param {string | undefined} word @returns {word is keyof typeof programs} */
const isProgram = (word) => word !== undefined && Object.hasOwn(programs, word);

/** @param {readonly string[]} words @returns {Promise<number>} the exit code */
const main = async ([command, ...words]) => {
  if (command !== 'test' && !isProgram(command)) {
    process.stderr.write(usage);
    return command === '--help' ? 0 : 2;
  }
  const atOnce = words.includes('--yes') || Boolean(process.env.CI);
  const options = words.filter((word) => word !== '--yes');
  const needs = command === 'faults' ? 'test' : command;
  const trouble = (await ensureNodePackages(root)) ?? (await ensureSystemPackages(needs, atOnce));
  if (trouble !== undefined) return fail(trouble);
  const found = await findNode(root);
  if (found.kind === 'none') return fail(found.sentence);
  // What the tools start by the name of `node` is the same one.
  const tools = [join(root, 'node_modules', '.bin'), dirname(found.node), process.env.PATH ?? ''];
  process.env.PATH = tools.join(delimiter);
  if (command === 'test') return runTests(root, options);
  const [script = '', ...first] = programs[command];
  return existsSync(join(root, script))
    ? runScript(found.node, script, [...first, ...options])
    : fail(`${script} is not there`);
};

process.exitCode = await main(process.argv.slice(2));
