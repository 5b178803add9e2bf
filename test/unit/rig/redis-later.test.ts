// Which of Redis' refusals pass by themselves.

import { expect, it } from 'vitest';
import { saysLater } from '../../../src/rig/redis-later.ts';

it.each([
  'LOADING Redis is loading the dataset in memory',
  "OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:12.",
  "ERR Error running script (call to f_1f): @user_script:12: @user_script: 12: -OOM command not allowed when used memory > 'maxmemory'.",
  'ERR Error running script (call to f_1f): @user_script:12: -READONLY You can’t write against a read only replica.',
  'NOREPLICAS Not enough good replicas to write.',
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
  'MISCONF Errors writing to the AOF file: No space left on device',
])('later: %s', (reply) => expect(saysLater(reply)).toBe(true));

it.each([
  'ERR rig k3f9ab is known already',
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'NOSCRIPT No matching script. Please use EVAL.',
  'WRONGPASS invalid username-password pair or user is disabled.',
  'ERR Error running script (call to f_1f): @user_script:12: attempt to index a nil value',
  'BUSYKEY Target key name already exists.',
])('never: %s', (reply) => expect(saysLater(reply)).toBe(false));
