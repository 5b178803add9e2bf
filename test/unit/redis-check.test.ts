// Which Redis may be used, from what it says of itself.

import { expect, test } from 'vitest';
import { faultsOf, weaknessesOf } from '../../src/redis/check.ts';

const info = (version: string, policy = 'noeviction') =>
  `# Server\r\nredis_version:${version}\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n`;

test.each(['6.2.0', '6.2.14', '6.10.0', '7.0.15', '8.0.1', '10.0.0'])('%s may be used', (version) => {
  expect(faultsOf(info(version))).toEqual([]);
});

test.each(['6.0.16', '5.0.14', '2.8.0', '6.1.999'])('%s is too old', (version) => {
  expect(faultsOf(info(version))).toEqual([`Redis is ${version}; 6.2 or newer is needed.`]);
});

test('a policy that evicts is refused with the command that mends it; all faults are said', () => {
  expect(faultsOf(info('5.0.0', 'volatile-lru'))).toEqual([
    expect.stringContaining('5.0.0'),
    expect.stringContaining('redis-cli CONFIG SET maxmemory-policy noeviction'),
  ]);
  expect(faultsOf('')).toHaveLength(2);
});

test('one without an append-only file may be used, and is warned of', () => {
  expect(weaknessesOf('# Persistence\r\naof_enabled:0\r\n')).toEqual([
    expect.stringContaining('redis-cli CONFIG SET appendonly yes'),
  ]);
  expect(weaknessesOf('# Persistence\r\naof_enabled:1\r\n')).toEqual([]);
  // Where it does not say, as a managed one may not, nothing is known against it.
  expect(weaknessesOf('')).toEqual([]);
});
