// The set-up and the test runner: what counts as installed, as missing and as failed.

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countResults, parseOptions, steps } from '../../../scripts/run-tests.mjs';
import { differenceOf } from '../../../scripts/setup/node-packages.mjs';
import { isStatic, systemPackages, withoutServices } from '../../../scripts/setup/system-packages.mjs';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../scripts/run.mjs', import.meta.url));

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

describe('npm packages', () => {
  const wanted = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-darwin': { version: '1.0.0', integrity: 'sha512-d', optional: true },
  };
  const { '': _, 'node_modules/a-darwin': __, ...installed } = wanted;

  it('are right when all but other machines’ optional ones are there', () => {
    expect(differenceOf(wanted, installed)).toBeUndefined();
    expect(
      differenceOf(wanted, { ...installed, 'node_modules/a-darwin': wanted['node_modules/a-darwin'] }),
    ).toBeUndefined();
  });

  it.each([
    ['none', undefined, 'they are not installed'],
    ['one missing', {}, 'node_modules/a is missing'],
    [
      'another version',
      { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } },
      'node_modules/a is another one',
    ],
    [
      'other contents',
      { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } },
      'node_modules/a is another one',
    ],
    ['one too many', { ...installed, 'node_modules/b': { version: '1.0.0' } }, 'node_modules/b is too many'],
  ])('are installed anew: %s', (_name, here, why) => {
    expect(differenceOf(wanted, here)).toBe(why);
  });
});

describe('package-lock.json', () => {
  it('names the packages for other machines too, without which `npm ci` refuses it', async () => {
    const path = fileURLToPath(new URL('../../../package-lock.json', import.meta.url));
    const { packages } = lockFile.parse(JSON.parse(await readFile(path, 'utf8')));
    const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in packages || `${parent}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe('Debian packages', () => {
  it('are installed without starting a service, and the policy for that goes again', async () => {
    const folder = await mkdtemp(join(os.tmpdir(), 'policy-'));
    const policy = join(folder, 'policy-rc.d');
    const isThere = async () => (await readdir(folder)).length === 1;
    try {
      const answer = await withoutServices(async () => {
        const refusal: unknown = await run(policy, ['redis-server', 'start']).catch(
          (error: unknown) => error,
        );
        return refusal;
      }, policy);
      expect(answer).toMatchObject({ result: { code: 101 }, interrupted: false });
      expect(await isThere()).toBe(false);
      await expect(withoutServices(() => Promise.reject(new Error('apt')), policy)).rejects.toThrow('apt');
      expect(await isThere()).toBe(false);
      await writeFile(policy, "the administrator's");
      await withoutServices(async () => {}, policy);
      expect(await readFile(policy, 'utf8')).toBe("the administrator's");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  // Nothing ends apt-get at once, and it may say afterwards that all went well: a demo must not start then.
  it('are not gone on with after Ctrl-C', async () => {
    const folder = await mkdtemp(join(os.tmpdir(), 'policy-'));
    try {
      const answer = await withoutServices(
        async () => {
          process.kill(process.pid, 'SIGINT');
          await new Promise((resolve) => process.once('SIGINT', resolve));
          return 'all went well';
        },
        join(folder, 'policy-rc.d'),
      );
      expect(answer).toEqual({ result: 'all went well', interrupted: true });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('of the demo are few, and the tests need all of them', () => {
    const of = (command: 'demo' | 'test') =>
      systemPackages.filter((one) => one.of.includes(command)).map(({ name }) => name);
    expect(of('demo')).toEqual(['redis-server', 'docker.io', 'busybox-static', 'iproute2']);
    expect(of('test')).toEqual(systemPackages.map(({ name }) => name));
  });

  it('tells a program that needs no library from one that does and from what is none', async () => {
    expect(await isStatic('/bin/busybox')).toBe(true);
    expect(await isStatic('/bin/ls')).toBe(false);
    expect(await isStatic('/etc/passwd')).toBe(false);
    expect(await isStatic('/nowhere')).toBe(false);
  });
});

describe('the results of a project', () => {
  const report = (counts: object, testResults: readonly object[] = []): string =>
    JSON.stringify({
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      ...counts,
      testResults,
    });

  it('are counted', () => {
    const text = report({ numPassedTests: 3, numFailedTests: 1 });
    expect(countResults('unit', 1, text)).toEqual({ passed: 3, failed: 1, skipped: 0, remarks: [] });
  });

  it('name each test that was skipped', () => {
    const skipped = { status: 'pending', fullName: 'a thing that is skipped' };
    const text = report({ numPassedTests: 1, numPendingTests: 1, numTodoTests: 1 }, [
      {
        name: 'a.test.ts',
        status: 'passed',
        assertionResults: [skipped, { status: 'passed', fullName: 'x' }],
      },
    ]);
    expect(countResults('unit', 0, text)).toEqual({
      passed: 1,
      failed: 0,
      skipped: 2,
      remarks: ['unit: pending: a thing that is skipped'],
    });
  });

  it('fail for a file that cannot be loaded', () => {
    const text = report({ numPassedTests: 1 }, [
      { name: 'a.test.ts', status: 'failed', assertionResults: [] },
    ]);
    expect(countResults('unit', 1, text)).toMatchObject({
      passed: 1,
      failed: 1,
      remarks: ['unit: a.test.ts failed outside its tests'],
    });
  });

  it('fail for no test at all, for no report and for an end that no test explains', () => {
    expect(countResults('lab', 0, report({}))).toMatchObject({
      failed: 1,
      remarks: ['lab: there is not a single test'],
    });
    expect(countResults('lab', 0, undefined)).toMatchObject({ failed: 1 });
    expect(countResults('lab', 1, report({ numPassedTests: 1 }))).toMatchObject({ passed: 1, failed: 1 });
  });
});

describe('options of the test run', () => {
  it('switch off by name', () => {
    expect(parseOptions([])).toEqual({ kind: 'ok', without: [] });
    expect(parseOptions(['--without', 'lab', '--without=unit'])).toEqual({
      kind: 'ok',
      without: ['lab', 'unit'],
    });
  });

  it.each([
    [
      ['--without'],
      '--without takes one of format, lint, types, imports, unit, contract, integration, lab, machine, browser',
    ],
    [
      ['--without', 'labs'],
      '--without takes one of format, lint, types, imports, unit, contract, integration, lab, machine, browser',
    ],
    [['--only', 'lab'], '--only is not an option; there is --without NAME'],
  ])('%s is refused', (words, sentence) => {
    expect(parseOptions(words)).toEqual({ kind: 'wrong', sentence });
  });

  it('cover every project that vitest knows, and nothing else', async () => {
    const { default: config } = await import('../../../vitest.config.ts');
    const known = config.test?.projects?.flatMap((project) =>
      typeof project === 'object' && 'test' in project ? [project.test?.name] : [],
    );
    expect(steps.flatMap((step) => ('project' in step ? [step.project] : []))).toEqual(known);
  });
});

describe('the command', () => {
  it('says how it is used and ends with 2, before it installs anything', async () => {
    const failure = await run(process.execPath, [script, 'dmeo']).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: node scripts/run.mjs'),
    });
  });

  it('runs from a folder that is no clone only to say so', async () => {
    const empty = await mkdtemp(join(os.tmpdir(), 'no-clone-'));
    try {
      await writeFile(join(empty, 'package.json'), '{}');
      const { ensureNodePackages } = await import('../../../scripts/setup/node-packages.mjs');
      expect(await ensureNodePackages(empty)).toBe(
        'package-lock.json is not there: this is not a whole clone',
      );
    } finally {
      await rm(empty, { recursive: true });
    }
  });
});
