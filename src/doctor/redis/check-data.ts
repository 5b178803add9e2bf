// What this Redis holds, and what becomes of it should it end. Pure.

import { count, listText, sizeText } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import { configSet, type RedisCheck, redisCli } from './seen-redis.ts';

export const appendOnly: RedisCheck = ({ address, facts: { persistence, fsync } }) => {
  const { aof, unsaved } = persistence;
  if (aof === undefined) return [];
  if (!aof) {
    const lost =
      unsaved === 1 ? 'the last change' : `the last ${unsaved ? `${count(unsaved, 'change')}` : 'changes'}`;
    const says = `it keeps no append-only file: should it end, ${lost} would be lost, the audit too, and hosts would have to bring the registry back`;
    return [doubtful('redis-aof', says, configSet(address, 'appendonly yes'))];
  }
  if (fsync === 'no') {
    const says =
      'it keeps an append-only file, and leaves writing it to the system: a power cut loses half a minute';
    return [doubtful('redis-aof', says, configSet(address, 'appendfsync everysec'))];
  }
  const most = fsync === 'always' ? 'loses nothing' : 'loses a second at most';
  return [well('redis-aof', `it keeps an append-only file, and ${most}`)];
};

export const disk: RedisCheck = ({ address, facts: { persistence } }) => {
  const way = `\`df -h\` of its directory (\`${redisCli(address)} CONFIG GET dir\`), and its log`;
  const rows: readonly (readonly [isWell: boolean, finding: Finding])[] = [
    [persistence.aofWrites, wrong('redis-aof-error', 'its last write to the append-only file failed', way)],
    [
      persistence.aofRewrites,
      doubtful('redis-aof-error', 'the append-only file could not be rewritten, so that it only grows', way),
    ],
    [
      persistence.snapshots,
      doubtful(
        'redis-save-error',
        'its last snapshot failed; unless told otherwise it refuses writes then',
        way,
      ),
    ],
  ];
  return rows.filter(([isWell]) => !isWell).map(([, finding]) => finding);
};

const [fairlyFull, full] = [0.8, 0.95];

export const memory: RedisCheck = ({
  address,
  facts: {
    memory: { used, limit, system },
  },
}) => {
  const most = limit ?? system;
  const whose = limit === undefined ? 'that its machine has' : 'that it may take';
  if (most === undefined) return [well('redis-memory', `it has ${sizeText(used)} in memory`)];
  const says = `it has ${sizeText(used)} in memory, of ${sizeText(most)} ${whose}`;
  if (used < most * fairlyFull) return [well('redis-memory', says)];
  const way =
    limit === undefined
      ? 'give its machine more memory, or the registry a Redis of its own'
      : configSet(address, `maxmemory ${2 * limit}`);
  if (used < most * full)
    return [doubtful('redis-memory', `${says}: when it is full it refuses writes`, way)];
  return [wrong('redis-memory', `${says}: it is full, or will be in a moment`, way)];
};

export const registry: RedisCheck = ({ installation, facts }) => {
  const check = 'redis-registry';
  const { epoch, hosts, rigs, others } = facts.registry;
  if (epoch !== undefined) {
    const changes = epoch.seq === 0 ? '' : `, ${count(epoch.seq, 'change')} so far`;
    const beside = others.length === 0 ? '' : `; there is one of ${listText(others)} as well`;
    return [
      well(
        check,
        `the registry of ${installation} is there (epoch ${epoch.id}${changes}): ${count(hosts, 'host')}, ${count(rigs, 'rig')}${beside}`,
      ),
    ];
  }
  if (others.length === 0)
    return [
      well(check, `there is no registry yet: the first bot or worker begins the one of ${installation}`),
    ];
  return [
    doubtful(
      check,
      `there is no registry of ${installation}, but one of ${listText(others)}`,
      `WCS_INSTALLATION=${others[0]}, if that is meant; else the first bot or worker begins another`,
    ),
  ];
};

export const adoption: RedisCheck = ({
  facts: {
    registry: { adopting },
  },
}) =>
  adopting.length === 0
    ? []
    : [
        doubtful(
          'redis-adoption',
          `the registry was lost or restored, and the hosts of ${listText(adopting)} are being asked what they have: nothing is given out there meanwhile`,
          'wait a minute; if it stays, a worker of that LAN is present and silent: look at its log',
        ),
      ];
