// REDIS_URL in all its forms.

import { describe, expect, test } from 'vitest';
import { describeRedis, parseRedisUrl, redisOptions } from '../../src/rig/redis-address.ts';

const options = (text: string) => {
  const address = parseRedisUrl(text);
  return address && redisOptions(address);
};

describe('an address becomes the options of the client', () => {
  test.each([
    ['redis://127.0.0.1', { host: '127.0.0.1', port: 6379, db: 0 }],
    ['redis://localhost:7000/3', { host: 'localhost', port: 7000, db: 3 }],
    ['redis://:p%40ss@h:1/', { host: 'h', port: 1, db: 0, password: 'p@ss' }],
    ['redis://bot:secret@h', { host: 'h', port: 6379, db: 0, username: 'bot', password: 'secret' }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, db: 0 }],
    ['rediss://h:6390/1', { host: 'h', port: 6390, db: 1, tls: {} }],
    ['/run/redis.sock', { path: '/run/redis.sock', db: 0 }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock', db: 0 }],
    ['unix:///run/redis.sock?db=2', { path: '/run/redis.sock', db: 2 }],
    ['unix://:a%2Fb@/run/r.sock', { path: '/run/r.sock', db: 0, password: 'a/b' }],
    ['unix://bot:x@localhost/run/r.sock', { path: '/run/r.sock', db: 0, username: 'bot', password: 'x' }],
  ])('%s', (text, wanted) => {
    expect(options(text)).toEqual(wanted);
  });
});

test.each([
  '',
  'localhost:6379',
  'http://localhost:6379',
  'redis://',
  'redis://h:99999',
  'redis://h/main',
  'redis://h?family=6',
  'redis://:%zz@h',
  'unix://run/redis.sock',
  'unix:///run/redis.sock?password=x',
])('%j is no address of a Redis', (text) => {
  expect(parseRedisUrl(text)).toBeUndefined();
});

test.each([
  ['redis://bot:secret@h', 'redis://h:6379/0'],
  ['rediss://:secret@[::1]:7/2', 'rediss://[::1]:7/2'],
  ['unix://:secret@/run/r.sock', '/run/r.sock'],
])('%s is shown as %s', (text, shown) => {
  const address = parseRedisUrl(text);
  expect(address && describeRedis(address)).toBe(shown);
});
