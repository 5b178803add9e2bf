// The way to Redis: why there is none, and whether the sentinels on it agree. Pure.

import type { SentinelSays } from '../../redis/examine-sentinels.ts';
import { describeRedis, type RedisAddress } from '../../rig/redis-address.ts';
import { listText } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';

export type Unreached = {
  readonly why: 'wants-password' | 'wrong-password' | 'no-answer';
  readonly detail: string;
};

const whereItBelongs =
  'REDIS_URL=redis://:PASSWORD@HOST:PORT; with docker-compose WCS_REDIS_PASSWORD in .env';

export const checkUnreached = (address: RedisAddress, { why, detail }: Unreached): Finding => {
  const where = describeRedis(address);
  const check = 'redis-reachable';
  switch (why) {
    case 'wants-password':
      return wrong(check, `${where} wants a password, and REDIS_URL has none`, whereItBelongs);
    case 'wrong-password':
      return wrong(check, `${where} does not take the password of REDIS_URL`, whereItBelongs);
    case 'no-answer':
      return wrong(check, `${where} does not answer: ${detail}`, wayTo(detail));
  }
};

const ways: readonly { readonly sign: RegExp; readonly way: string }[] = [
  {
    sign: /ECONNREFUSED/,
    way: 'start it (`docker compose up -d redis`), or correct REDIS_URL; for other machines it has to listen on its LAN address (WCS_REDIS_BIND)',
  },
  { sign: /ENOTFOUND|EAI_AGAIN/, way: 'write an address, or a name that this machine knows, into REDIS_URL' },
  { sign: /ENOENT/, way: 'write the path of its socket into REDIS_URL, or start it' },
  { sign: /EACCES/, way: 'be root, or in the group of that socket' },
  {
    sign: /SSL|TLS|certificate|wrong version number/i,
    way: 'rediss:// for a Redis with TLS, redis:// for one without',
  },
  { sign: /LOADING/, way: 'wait: it is reading its data' },
];

const wayTo = (detail: string): string =>
  ways.find(({ sign }) => sign.test(detail))?.way ??
  'look whether it runs, and whether a firewall is between: `redis-cli -h HOST -p PORT ping`';

/** None where REDIS_URL names no sentinels. */
export const checkSentinels = (said: readonly SentinelSays[], name: string): readonly Finding[] => {
  if (said.length === 0) return [];
  const masters = said.flatMap(({ says }) => (says.kind === 'master' ? [says.master] : []));
  const unknown = said.filter(({ says }) => says.kind === 'unknown-name').map(({ where }) => where);
  const silent = said.flatMap(({ where, says }) =>
    says.kind === 'no-answer' ? [`${where} (${says.detail})`] : [],
  );
  return [
    ...agreement(said.length, masters, silent),
    ...(unknown.length === 0
      ? []
      : [
          wrong(
            'redis-sentinel-name',
            `${listText(unknown)} ${unknown.length === 1 ? 'watches' : 'watch'} no master called ${name}`,
            'write the name of its `sentinel monitor` line at the end of REDIS_URL',
          ),
        ]),
  ];
};

const agreement = (
  all: number,
  masters: readonly string[],
  silent: readonly string[],
): readonly Finding[] => {
  const check = 'redis-sentinels';
  const most = Math.floor(all / 2) + 1;
  const start = 'start the others again: redis-sentinel, or their containers';
  const distinct = [...new Set(masters)];
  if (distinct.length > 1)
    return [
      doubtful(
        check,
        `the sentinels name several masters: ${listText(distinct)}`,
        'wait for the failover to end; if it stays, their configurations name different Redis',
      ),
    ];
  if (silent.length === 0) {
    const count = all === 1 ? 'the one sentinel names' : `all ${all} sentinels name`;
    if (masters.length < all) return [];
    return all < 3
      ? [
          doubtful(
            check,
            `${count} ${distinct[0]} as the master, and fewer than three cannot outvote a dead one`,
            'have three sentinels, on three machines',
          ),
        ]
      : [well(check, `${count} ${distinct[0]} as the master`)];
  }
  const says = `${silent.length} of ${all} sentinels ${silent.length === 1 ? 'does' : 'do'} not answer: ${listText(silent, 3)}`;
  return masters.length >= most
    ? [doubtful(check, says, start)]
    : [wrong(check, `${says}; those that are left cannot make another Redis the master`, start)];
};
