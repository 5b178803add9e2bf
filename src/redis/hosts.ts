// The hosts as placement looks at them, and how long a start takes on each.

import { z } from 'zod';
import type { Hosts } from '../ports/registry.ts';
import type { Duration } from '../rig/duration.ts';
import type { Host } from '../rig/host.ts';
import { type Connection, script } from './connection.ts';
import { createHostTable, type ReadHost } from './host-table.ts';
import type { Keys } from './keys.ts';
import { parseStored, parseStoredJson, registration } from './schema.ts';

const tookScript = script(`
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
return 1
`);

/** `repository:tag`, where the repository may hold a port, and a digest may follow. */
const tagOf = (image: string): string =>
  /:([^:/@]+)(?:@.*)?$/.exec(image.replace(/@.*$/, ''))?.[1] ?? 'latest';

type Said = z.infer<typeof registration>;

/** Registrations are read by all of the time and change when a worker starts: each is checked once. */
const createReader = (keys: Keys): ReadHost<Host> => {
  const known = new Map<string, { readonly text: string; readonly said: Said }>();
  const saidBy = (host: string, text: string): Said => {
    const before = known.get(host);
    if (before?.text === text) return before.said;
    const said = parseStoredJson(registration, `${keys.hosts} ${host}`, text);
    known.set(host, { text, said });
    return said;
  };
  return ([host, text, , taken, free], isPresent) => {
    const said = saidBy(host, text);
    return {
      name: said.name,
      state: isPresent ? 'ready' : 'unreachable',
      network: { lan: said.lan, mode: said.mode, subnet: said.subnet },
      slots: said.slots,
      freeSlots: Math.max(0, said.slots - taken),
      freeAddresses: free,
      tag: tagOf(said.image),
    };
  };
};

/** The middle one; of two middle ones their mean. */
const median = (sorted: readonly number[]): number | undefined => {
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
};

/** So many of the last times count, and so many have to be known. */
const [remembered, enough] = [20, 3];

export const createHosts = (connection: Connection, keys: Keys): Hosts => {
  const { ask, run } = connection;
  const table = createHostTable(connection, keys, createReader(keys));
  return {
    list: table.whole,
    current: table.current,
    usualTook: async (host) => {
      const key = keys.hostTook(host);
      const texts = await ask((redis) => redis.lrange(key, 0, remembered - 1));
      const took: Duration[] = parseStored(z.array(z.coerce.number()), key, texts);
      return took.length < enough ? undefined : median(took.sort((one, other) => one - other));
    },
    recordTook: async (host, took) => {
      const key = keys.hostTook(host);
      await run(tookScript, [key], [Math.round(took), remembered]);
    },
  };
};
