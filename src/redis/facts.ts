// What a Redis says of itself, read out of its `INFO`. Pure: what follows from it is judged elsewhere.

import { field } from './check.ts';

export type InfoFacts = {
  /** `undefined`: it does not say. */
  readonly version: string | undefined;
  readonly policy: string | undefined;
  readonly role:
    | { readonly kind: 'master'; readonly replicas: number }
    /** `master`: `10.0.0.5:6379`. */
    | { readonly kind: 'replica'; readonly master: string }
    | { readonly kind: 'unknown' };
  readonly persistence: {
    /** `undefined`: it does not say. */
    readonly aof: boolean | undefined;
    readonly aofWrites: boolean;
    readonly aofRewrites: boolean;
    readonly snapshots: boolean;
    /** Changes that no snapshot has. */
    readonly unsaved: number | undefined;
  };
  readonly memory: {
    readonly used: number;
    /** None where it may take what there is. */
    readonly limit: number | undefined;
    /** What the machine has. */
    readonly system: number | undefined;
  };
};

const numberOf = (info: string, name: string): number | undefined => {
  const text = field(info, name);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};

/** What it does not speak of went well, as far as anybody knows. */
const isOk = (info: string, name: string): boolean => (field(info, name) ?? 'ok') === 'ok';

const roleOf = (info: string): InfoFacts['role'] => {
  const role = field(info, 'role');
  if (role === 'master') return { kind: 'master', replicas: numberOf(info, 'connected_slaves') ?? 0 };
  if (role !== 'slave') return { kind: 'unknown' };
  return { kind: 'replica', master: `${field(info, 'master_host')}:${field(info, 'master_port')}` };
};

export const readInfo = (info: string): InfoFacts => {
  const aof = field(info, 'aof_enabled');
  return {
    version: field(info, 'redis_version'),
    policy: field(info, 'maxmemory_policy'),
    role: roleOf(info),
    persistence: {
      aof: aof === undefined ? undefined : aof === '1',
      aofWrites: isOk(info, 'aof_last_write_status'),
      aofRewrites: isOk(info, 'aof_last_bgrewrite_status'),
      snapshots: isOk(info, 'rdb_last_bgsave_status'),
      unsaved: numberOf(info, 'rdb_changes_since_last_save'),
    },
    memory: {
      used: numberOf(info, 'used_memory') ?? 0,
      limit: numberOf(info, 'maxmemory') || undefined,
      system: numberOf(info, 'total_system_memory') || undefined,
    },
  };
};
