// @ts-check
// Every check and every test, in order, going on after a failure so that all of it is seen.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */
/** @typedef {{ name: string, commands: readonly (readonly string[])[] } | { name: string, project: string }} Step */

/** @type {readonly Step[]} */
export const steps = [
  { name: 'format', commands: [['biome', 'format', '.']] },
  {
    name: 'lint',
    commands: [
      ['biome', 'check', '--formatter-enabled=false', '--error-on-warnings', '.'],
      ['oxlint', '--type-aware', '--deny-warnings'],
    ],
  },
  {
    name: 'types',
    commands: [
      ['tsc', '--noEmit'],
      // These two know a browser's names, which nothing else should.
      ['tsc', '--noEmit', '-p', 'src/demo/page/client'],
      ['tsc', '--noEmit', '-p', 'test/browser'],
    ],
  },
  { name: 'imports', commands: [['node', 'scripts/check-imports.ts']] },
  { name: 'unit', project: 'unit' },
  { name: 'contract', project: 'contract' },
  { name: 'integration', project: 'integration' },
  { name: 'lab', project: 'lab' },
  { name: 'machine', project: 'machine' },
  { name: 'browser', project: 'browser' },
];

/** Longer than the slowest step has ever taken by far: only what hangs is ended by it. */
const patience = 25 * 60_000;

/** @param {string} root @param {readonly string[]} words @returns {Promise<number>} the exit code */
const runTool = async (root, [program = '', ...words]) => {
  const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const signals = /** @type {const} */ (['SIGTERM', 'SIGHUP']);
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  const timer = setTimeout(() => {
    console.error(`${program} has not ended within ${patience / 60_000} minutes and is stopped`);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  }, patience);
  try {
    const [code] = await once(child, 'exit');
    return code ?? 1;
  } catch (error) {
    console.error(`${program} cannot be started: ${error instanceof Error ? error.message : ''}`);
    return 1;
  } finally {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, forward);
  }
};

/**
 * What a project's results come to. A file that cannot even be loaded has no failed test in it, and a project without
 * any test proves nothing: both count as a failure.
 * @param {string} project @param {number} code @param {string | undefined} text of vitest's JSON report
 * @returns {Count & { remarks: readonly string[] }}
 */
export const countResults = (project, code, text) => {
  if (text === undefined) {
    return { passed: 0, failed: 1, skipped: 0, remarks: [`${project}: vitest has left no results`] };
  }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(text);
  const passed = Number(numPassedTests);
  const skipped = Number(numPendingTests) + Number(numTodoTests);
  /** @type {string[]} */
  const remarks = [];
  let failed = Number(numFailedTests);
  for (const { name, status, assertionResults } of testResults) {
    for (const test of assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') continue;
      remarks.push(`${project}: ${test.status}: ${test.fullName}`);
    }
    if (
      status === 'failed' &&
      !assertionResults.some((/** @type {{ status: string }} */ one) => one.status === 'failed')
    ) {
      failed += 1;
      remarks.push(`${project}: ${name} failed outside its tests`);
    }
  }
  if (passed + failed + skipped === 0) {
    failed = 1;
    remarks.push(`${project}: there is not a single test`);
  }
  if (code !== 0 && failed === 0) {
    failed = 1;
    remarks.push(`${project}: vitest ended with ${code}, although no test failed`);
  }
  return { passed, failed, skipped, remarks };
};

/** @param {string} root @param {Step} step @returns {Promise<Count & { remarks: readonly string[] }>} */
const runStep = async (root, step) => {
  if ('project' in step) {
    const file = join(root, 'test-results', `${step.project}.json`);
    await rm(file, { force: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const options = ['--allowOnly=false', '--passWithNoTests', ...reporters];
    const code = await runTool(root, ['vitest', 'run', '--project', step.project, ...options]);
    return countResults(step.project, code, await readFile(file, 'utf8').catch(() => undefined));
  }
  for (const command of step.commands) {
    if ((await runTool(root, command)) !== 0) return { passed: 0, failed: 1, skipped: 0, remarks: [] };
  }
  return { passed: 1, failed: 0, skipped: 0, remarks: [] };
};

/**
 * `--without NAME`, once for each step to leave out.
 * @param {readonly string[]} words
 * @returns {{ kind: 'ok', without: readonly string[] } | { kind: 'wrong', sentence: string }}
 */
export const parseOptions = (words) => {
  const names = steps.map(({ name }) => name);
  /** @type {string[]} */
  const without = [];
  const rest = words.flatMap((word) => word.split(/(?<=^--without)=/));
  for (let at = 0; at < rest.length; at += 2) {
    if (rest[at] !== '--without')
      return { kind: 'wrong', sentence: `${rest[at]} is not an option; there is --without NAME` };
    const name = rest[at + 1];
    if (name === undefined || !names.includes(name)) {
      return { kind: 'wrong', sentence: `--without takes one of ${names.join(', ')}` };
    }
    without.push(name);
  }
  return { kind: 'ok', without };
};

/** @param {number} from @returns {string} */
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

/** @param {Count} count */
const inWords = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** @param {string} root @param {readonly string[]} words @returns {Promise<number>} the exit code */
export const runTests = async (root, words) => {
  const options = parseOptions(words);
  if (options.kind === 'wrong') {
    console.error(`wcs-rigs: ${options.sentence}`);
    return 2;
  }
  await mkdir(join(root, 'test-results'), { recursive: true });
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const summary = [];
  const begun = performance.now();
  for (const step of steps) {
    if (options.without.includes(step.name)) {
      total.skipped += 1;
      summary.push(`- ${step.name}: switched off by --without ${step.name}`);
      continue;
    }
    console.log(`\n── ${step.name} ${'─'.repeat(70 - step.name.length)}\n`);
    const from = performance.now();
    const count = await runStep(root, step);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    const line = `${count.failed > 0 ? '✘' : '✔'} ${step.name}: ${inWords(count)} (${seconds(from)})`;
    for (const remark of count.remarks) console.log(`  ${remark}`);
    console.log(line);
    summary.push(line, ...count.remarks.map((remark) => `    ${remark}`));
  }
  console.log(`\n── all of it, ${seconds(begun)} ${'─'.repeat(50)}\n\n${summary.join('\n')}\n`);
  console.log(inWords(total));
  return total.failed > 0 ? 1 : 0;
};
