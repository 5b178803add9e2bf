// REDIS_URL in all its forms.

import { describe, expect, test } from 'vitest';
import { describeRedis, parseRedisUrl, passwordsOf, redisOptions } from '../../src/rig/redis-address.ts';

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

describe('sentinels become the options of the client', () => {
  const three = [
    { host: '10.0.0.1', port: 26379 },
    { host: 'h2.lan', port: 26380 },
    { host: '::1', port: 26379 },
  ];
  test.each([
    ['redis+sentinel://10.0.0.1,h2.lan:26380,[::1]/wcs', { name: 'wcs', sentinels: three, db: 0 }],
    [
      'redis+sentinel://:p%2Fss@10.0.0.1:26379/mymaster/3',
      { name: 'mymaster', sentinels: three.slice(0, 1), password: 'p/ss', db: 3 },
    ],
    [
      'redis+sentinel://bot:x@10.0.0.1/wcs?sentinelPassword=a%26b',
      { username: 'bot', password: 'x', sentinelPassword: 'a&b', name: 'wcs' },
    ],
  ])('%s', (text, wanted) => {
    expect(options(text)).toMatchObject(wanted);
  });

  test('and every password in it is known', () => {
    const address = parseRedisUrl('redis+sentinel://:one@h/wcs?sentinelPassword=two');
    expect(address && passwordsOf(address)).toEqual(['one', 'two']);
  });
});

test.each([
  '',
  'localhost:6379',
  'redis+sentinel://h:26379',
  'redis+sentinel://h:26379/',
  'redis+sentinel:///wcs',
  'redis+sentinel://h,,i/wcs',
  'redis+sentinel://h:0/wcs',
  'redis+sentinel://h/wcs/main',
  'redis+sentinel://h/wcs?password=x',
  'redis+sentinel://h:99999/wcs',
  'redis+sentinel://:%zz@h/wcs',
  'rediss+sentinel://h/wcs',
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
  [
    'redis+sentinel://:secret@a,[::1]:7/wcs?sentinelPassword=secret',
    'redis+sentinel://a:26379,[::1]:7/wcs/0',
  ],
])('%s is shown as %s', (text, shown) => {
  const address = parseRedisUrl(text);
  expect(address && describeRedis(address)).toBe(shown);
});
