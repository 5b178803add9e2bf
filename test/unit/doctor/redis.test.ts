// What the doctor says of a Redis: each fault there, and not there.

import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/finding.ts';
import { checkSentinels, checkUnreached } from '../../../src/doctor/redis/check-way.ts';
import { checkRedisFacts } from '../../../src/doctor/redis/checks.ts';
import type { RedisFacts } from '../../../src/redis/examine.ts';
import type { SentinelSays } from '../../../src/redis/examine-sentinels.ts';
import { readInfo } from '../../../src/redis/facts.ts';
import { addressOf } from '../../support/registry-address.ts';

const gibibyte = 2 ** 30;

const sound: RedisFacts = {
  version: '7.0.15',
  policy: 'noeviction',
  role: { kind: 'master', replicas: 0 },
  persistence: { aof: true, aofWrites: true, aofRewrites: true, snapshots: true, unsaved: 12 },
  memory: { used: 12 * 2 ** 20, limit: undefined, system: 8 * gibibyte },
  open: false,
  latency: 0.31,
  skew: -3,
  refusesWrites: undefined,
  fsync: 'everysec',
  registry: { epoch: { id: '3f2a1b9c', seq: 1204, born: 5 }, hosts: 2, rigs: 5, adopting: [], others: [] },
};

const examine = (change: Partial<RedisFacts> = {}, url = 'redis://:hush@10.0.0.5:6380'): readonly Finding[] =>
  checkRedisFacts({ address: addressOf(url), installation: 'wcs', facts: { ...sound, ...change } });

const lines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ check, verdict, says, mend }) =>
      `${verdict} ${check}: ${says}${mend === undefined ? '' : ` → ${mend}`}`,
  );

/** The one finding that is not well. */
const trouble = (findings: readonly Finding[]): string => {
  const found = lines(findings.filter(({ verdict }) => verdict !== 'well'));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
};

test('a sound one', () => {
  expect(lines(examine())).toEqual([
    'well redis-reachable: redis://10.0.0.5:6380/0 answers in 0.3 ms',
    'well redis-version: it is Redis 7.0.15',
    'well redis-password: it wants a password, and takes the one of REDIS_URL',
    'well redis-writes: it takes writes',
    'well redis-policy: its maxmemory-policy is noeviction',
    'well redis-aof: it keeps an append-only file, and loses a second at most',
    'well redis-memory: it has 12 MiB in memory, of 8 GiB that its machine has',
    "well redis-clock: this machine's clock and Redis' are 3 ms apart",
    'well redis-registry: the registry of wcs is there (epoch 3f2a1b9c, 1,204 changes so far): 2 hosts, 5 rigs',
  ]);
});

const persistence = (change: Partial<RedisFacts['persistence']>): Partial<RedisFacts> => ({
  persistence: { ...sound.persistence, ...change },
});
const memory = (used: number, limit?: number): Partial<RedisFacts> => ({
  memory: {
    used: used * gibibyte,
    limit: limit === undefined ? undefined : limit * gibibyte,
    system: 8 * gibibyte,
  },
});
const registry = (change: Partial<RedisFacts['registry']>): Partial<RedisFacts> => ({
  registry: { ...sound.registry, ...change },
});

describe('one fault each', () => {
  test.each<[Partial<RedisFacts>, RegExp]>([
    [{ latency: 34 }, /^doubtful redis-latency: an answer takes 34 ms; above 20 ms people feel it/],
    [{ version: '6.0.16' }, /^wrong redis-version: it is Redis 6\.0\.16; 6\.2 or newer is needed → /],
    [{ version: undefined }, /^wrong redis-version: it does not say its version/],
    [
      { open: true },
      /^doubtful redis-password: it wants no password.*→ `redis-cli -h 10\.0\.0\.5 -p 6380 CONFIG SET requirepass/,
    ],
    [
      { policy: 'allkeys-lru' },
      /^wrong redis-policy: its maxmemory-policy is allkeys-lru.*→ `redis-cli -h 10\.0\.0\.5 -p 6380 CONFIG SET maxmemory-policy noeviction/,
    ],
    [{ policy: undefined }, /^wrong redis-policy: its maxmemory-policy is unknown/],
    [
      { role: { kind: 'replica', master: '10.0.0.6:6379' }, refusesWrites: 'READONLY …' },
      /^wrong redis-writes: it is a replica of 10\.0\.0\.6:6379.*→ name 10\.0\.0\.6:6379/,
    ],
    [
      { refusesWrites: "OOM command not allowed when used memory > 'maxmemory'." },
      /^wrong redis-writes: it refuses writes: OOM .*'maxmemory' → `redis-cli CONFIG SET maxmemory/,
    ],
    [
      { refusesWrites: 'NOREPLICAS Not enough good replicas to write.' },
      /^wrong redis-writes: .* → start its replicas/,
    ],
    [
      { refusesWrites: 'MISCONF Redis is configured to save RDB snapshots' },
      /^wrong redis-writes: .* → .*`df -h/,
    ],
    [{ refusesWrites: 'something new' }, /^wrong redis-writes: it refuses writes: something new$/],
    [
      persistence({ aof: false, unsaved: 4312 }),
      /^doubtful redis-aof: it keeps no append-only file: should it end, the last 4,312 changes would be lost.*→ .*CONFIG SET appendonly yes/,
    ],
    [
      persistence({ aof: false, unsaved: undefined }),
      /^doubtful redis-aof: .* the last changes would be lost/,
    ],
    [{ fsync: 'no' }, /^doubtful redis-aof: .*half a minute → .*CONFIG SET appendfsync everysec/],
    [persistence({ aofWrites: false }), /^wrong redis-aof-error: .*→ `df -h/],
    [persistence({ aofRewrites: false }), /^doubtful redis-aof-error: /],
    [persistence({ snapshots: false }), /^doubtful redis-save-error: /],
    [
      memory(0.85, 1),
      /^doubtful redis-memory: .*870 MiB in memory, of 1 GiB that it may take: when it is full/,
    ],
    [memory(0.97, 1), /^wrong redis-memory: .*→ .*CONFIG SET maxmemory 2147483648/],
    [memory(7), /^doubtful redis-memory: .*of 8 GiB that its machine has.*→ give its machine more memory/],
    [
      { skew: 3200 },
      /^doubtful redis-clock: this machine's clock is 3\.2 s ahead of Redis': leases go by Redis' clock alone.*→ `timedatectl/,
    ],
    [{ skew: -90_000 }, /^doubtful redis-clock: this machine's clock is 90 s behind Redis'/],
    [
      registry({ epoch: undefined, others: ['wcs-dev'] }),
      /^doubtful redis-registry: there is no registry of wcs, but one of wcs-dev → WCS_INSTALLATION=wcs-dev/,
    ],
    [registry({ adopting: ['office'] }), /^doubtful redis-adoption: .*the hosts of office are being asked/],
  ])('%j', (change, said) => {
    expect(trouble(examine(change))).toMatch(said);
  });

  test('none where there is no registry at all yet: somebody looks before the first rig', () => {
    const findings = examine(registry({ epoch: undefined, hosts: 0, rigs: 0 }));
    expect(findings.every(({ verdict }) => verdict === 'well')).toBe(true);
    expect(lines(findings).at(-1)).toContain('there is no registry yet');
  });

  test.each([0.79, 0.5])('none where the memory is %d full', (used) => {
    expect(examine(memory(used, 1)).every(({ verdict }) => verdict === 'well')).toBe(true);
  });

  test('a replica is missed behind sentinels, and nowhere else', () => {
    const behind = (replicas: number) =>
      lines(examine({ role: { kind: 'master', replicas } }, 'redis+sentinel://s1,s2,s3/wcs')).filter((line) =>
        line.includes('redis-replicas'),
      );
    expect(behind(0)).toEqual([expect.stringMatching(/^doubtful redis-replicas: it has no replica/)]);
    expect(behind(2)).toEqual(['well redis-replicas: it has 2 replicas']);
    expect(lines(examine()).join()).not.toContain('redis-replicas');
  });

  test('none on loopback without a password, and on a socket', () => {
    for (const url of ['redis://127.0.0.1', 'redis://localhost', '/run/redis.sock'])
      expect(examine({ open: true }, url).filter(({ check }) => check === 'redis-password')).toEqual([]);
  });

  test('the command names what has to be named', () => {
    const cli = (url: string) => trouble(examine({ policy: 'allkeys-lru' }, url)).split(' → ')[1] ?? '';
    expect(cli('redis://127.0.0.1')).toMatch(/^`redis-cli CONFIG/);
    expect(cli('redis://127.0.0.1:7000')).toMatch(/^`redis-cli -p 7000 CONFIG/);
    expect(cli('rediss://:hush@redis.lan')).toMatch(/^`redis-cli -h redis\.lan --tls CONFIG/);
    expect(cli('/run/redis.sock')).toMatch(/^`redis-cli -s \/run\/redis\.sock CONFIG/);
  });
});

test('no word of the password', () => {
  const address = addressOf('redis://anna:hush-hush@10.0.0.5');
  const all = [
    ...checkRedisFacts({ address, installation: 'wcs', facts: sound }),
    checkUnreached(address, { why: 'wrong-password', detail: 'WRONGPASS' }),
  ];
  expect(JSON.stringify(all)).not.toContain('hush');
});

test.each([
  [
    'wants-password',
    'NOAUTH Authentication required.',
    /wants a password, and REDIS_URL has none → REDIS_URL=/,
  ],
  ['wrong-password', 'WRONGPASS invalid', /does not take the password of REDIS_URL → /],
  [
    'no-answer',
    'connect ECONNREFUSED 10.0.0.5:6380',
    /does not answer: connect ECONNREFUSED.*→ start it \(`docker compose up -d redis`\)/,
  ],
  ['no-answer', 'getaddrinfo ENOTFOUND redis', /→ write an address, or a name/],
  ['no-answer', 'no answer', /→ look whether it runs, and whether a firewall/],
  ['no-answer', 'connect ENOENT /run/redis.sock', /→ write the path/],
] as const)('%s: %s', (why, detail, said) => {
  const finding = checkUnreached(addressOf('redis://:hush@10.0.0.5:6380'), { why, detail });
  expect(lines([finding])[0]).toMatch(/^wrong redis-reachable: redis:\/\/10\.0\.0\.5:6380\/0 /);
  expect(lines([finding])[0]).toMatch(said);
});

describe('sentinels', () => {
  const says = (...masters: readonly string[]): readonly SentinelSays[] =>
    masters.map((master, index) => {
      const where = `s${index + 1}:26379`;
      if (master === 'away') return { where, says: { kind: 'no-answer', detail: 'connect ECONNREFUSED' } };
      if (master === 'unknown') return { where, says: { kind: 'unknown-name' } };
      return { where, says: { kind: 'master', master } };
    });

  test.each<[readonly string[], readonly string[]]>([
    [[], []],
    [['a', 'a', 'a'], ['well redis-sentinels: all 3 sentinels name a as the master']],
    [
      ['a', 'a'],
      [
        'doubtful redis-sentinels: all 2 sentinels name a as the master, and fewer than three cannot outvote a dead one',
      ],
    ],
    [['a', 'b', 'a'], ['doubtful redis-sentinels: the sentinels name several masters: a and b']],
    [
      ['a', 'a', 'away'],
      ['doubtful redis-sentinels: 1 of 3 sentinels does not answer: s3:26379 (connect ECONNREFUSED)'],
    ],
    [
      ['a', 'away', 'away'],
      [
        'wrong redis-sentinels: 2 of 3 sentinels do not answer: s2:26379 (connect ECONNREFUSED) and s3:26379 (connect ECONNREFUSED); those that are left cannot make another Redis the master',
      ],
    ],
    [
      ['unknown', 'unknown', 'unknown'],
      ['wrong redis-sentinel-name: s1:26379, s2:26379 and s3:26379 watch no master called wcs'],
    ],
    [['a', 'a', 'unknown'], ['wrong redis-sentinel-name: s3:26379 watches no master called wcs']],
  ])('%j', (masters, said) => {
    const found = checkSentinels(says(...masters), 'wcs');
    expect(lines(found).map((line) => line.split(' → ')[0])).toEqual(said);
    for (const { verdict, mend } of found) expect(mend === undefined).toBe(verdict === 'well');
  });
});

test('INFO is read as Redis writes it', () => {
  const info = [
    [
      'redis_version:7.0.15',
      'maxmemory_policy:noeviction',
      'role:slave',
      'master_host:10.0.0.6',
      'master_port:6379',
    ],
    [
      'aof_enabled:0',
      'aof_last_write_status:err',
      'aof_last_bgrewrite_status:ok',
      'rdb_last_bgsave_status:err',
    ],
    [
      'rdb_changes_since_last_save:7',
      'used_memory:1048576',
      'maxmemory:0',
      'total_system_memory:8589934592',
      '',
    ],
  ];
  expect(readInfo(info.flat().join('\r\n'))).toEqual({
    version: '7.0.15',
    policy: 'noeviction',
    role: { kind: 'replica', master: '10.0.0.6:6379' },
    persistence: { aof: false, aofWrites: false, aofRewrites: true, snapshots: false, unsaved: 7 },
    memory: { used: 1048576, limit: undefined, system: 8589934592 },
  });
  expect(readInfo('')).toEqual({
    version: undefined,
    policy: undefined,
    role: { kind: 'unknown' },
    persistence: { aof: undefined, aofWrites: true, aofRewrites: true, snapshots: true, unsaved: undefined },
    memory: { used: 0, limit: undefined, system: undefined },
  });
});
