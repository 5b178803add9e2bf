// The log: one line of JSON each, and no secret in any of them.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import type { Log } from '../../src/ports/log.ts';

const secret = 'a "quoted" secret\\of thirty-two characters';

const logged = (write: (log: Log) => void): string => {
  const folder = mkdtempSync(join(tmpdir(), 'wcs-rigs-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'log');
  write(createLog('worker', 'info', { secrets: [secret, 'xoxb-123', ''], destination: file }));
  return readFileSync(file, 'utf8');
};

test('each is one line of JSON with its facts', () => {
  const text = logged((log) => {
    log.info({ rig: 'k3f9ab' }, 'two\nlines');
    log.warn({}, 'another');
  });
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ process: 'worker', rig: 'k3f9ab', msg: 'two\nlines' }, { msg: 'another' }]);
});

test('fields that could hold a secret are cut out', () => {
  expect(
    logged((log) => log.info({ password: 'p1', a: { token: 't1', b: { licence: 'l1' } } }, '')),
  ).not.toMatch(/p1|t1|l1/);
});

test('a known secret is cut out wherever it stands', () => {
  const text = logged((log) => {
    log.warn({ detail: `env SECRET=${secret}!`, err: new Error(`token xoxb-123 revoked`) }, `said ${secret}`);
  });
  expect(text).not.toContain('quoted');
  expect(text).not.toContain('xoxb-123');
  expect(JSON.parse(text)).toMatchObject({ detail: 'env SECRET=(secret)!', msg: 'said (secret)' });
});

test('of an error only its words are logged, not what a library hung on it', () => {
  const cause = Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['hunter2'] } });
  const error = Object.assign(new Error('Redis said no', { cause }), {
    code: 'ECONNREFUSED',
    command: { name: 'hello', args: ['AUTH', 'default', 'hunter2'] },
    original: { config: { headers: { Authorization: 'Bearer hunter2' } } },
  });
  const text = logged((log) => log.error({ err: error }, 'a fault'));
  expect(text).not.toContain('hunter2');
  expect(JSON.parse(text).err).toMatchObject({
    type: 'Error',
    message: 'Redis said no: WRONGPASS',
    code: 'ECONNREFUSED',
    stack: expect.stringContaining('log.test.ts'),
  });
});

test('of several errors in one, each is said', () => {
  const err = new AggregateError([new Error('one'), new Error('other')], 'both failed');
  expect(JSON.parse(logged((log) => log.error({ err }, ''))).err.message).toBe('both failed: one; other');
});

test('what was thrown and is no error is said as it is', () => {
  expect(JSON.parse(logged((log) => log.error({ err: 'plain' }, ''))).err).toBe('plain');
});
