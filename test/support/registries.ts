// Both registries for the contract suites, the one in memory and the one in Redis, and what they are asked with.

import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type PrivateRedis, startPrivateRedis } from '../../src/demo/private-redis.ts';
import type { Epochs } from '../../src/ports/surveys.ts';
import { connectRegistry, type Registry } from '../../src/redis/registry.ts';
import { auditOfUp } from '../../src/rig/audit.ts';
import type { ClaimRequest, UnplacedRig } from '../../src/rig/claim.ts';
import { type Duration, hour } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import { deriveSecrets } from '../../src/secrets.ts';
import { fleetSecret } from './a-worker.ts';
import { createMemoryRegistry } from './memory-registry.ts';
import { addressOf, silent } from './registry-address.ts';

export type RegistryKind = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** An empty one, closed when the test ends. */
  readonly open: (options?: {
    readonly presence?: Duration;
    readonly auditKeep?: Duration;
  }) => Promise<Registry>;
};

const inMemory: RegistryKind = {
  start: async () => undefined,
  stop: async () => undefined,
  open: async (options) => createMemoryRegistry(options),
};

/** One private Redis for a whole suite, and an installation of its own for each test. */
const inRedis = (): RegistryKind => {
  let redis: PrivateRedis | undefined;
  return {
    start: async () => {
      redis = await startPrivateRedis();
    },
    stop: async () => redis?.stop(),
    open: async (options) => {
      if (!redis) throw new Error('the suite did not start its Redis');
      const address = addressOf(redis.url);
      const registry = await connectRegistry({
        address,
        installation: randomUUID(),
        log: silent,
        ...options,
      });
      onTestFinished(registry.close);
      return registry;
    },
  };
};

export const registryKinds = (): [string, RegistryKind][] => [
  ['in memory', inMemory],
  ['in Redis', inRedis()],
];

/** As a worker with the tests' secret says it. */
export const fleetKeyId = deriveSecrets(fleetSecret, 'wcs').keyId;

/** As a bot does once these hosts, all that are present, have said what they have. */
export const endAdoption = async (epochs: Epochs, lan: string, hosts: readonly string[]): Promise<void> => {
  const id = (await epochs.current()) ?? '';
  for (const host of hosts) await epochs.markAdopted(host, id);
  if (!(await epochs.finish(lan, id))) throw new Error(`another host of ${lan} was not taken in`);
};

export const aRegistration = (change: Partial<Registration> = {}): Registration => ({
  v: 1,
  name: 'h1',
  lan: 'office',
  mode: 'ipvlan',
  subnet: '10.0.0.0/24',
  gateway: undefined,
  range: '10.0.0.10-10.0.0.12',
  addresses: ['10.0.0.10', '10.0.0.11', '10.0.0.12'],
  // Most suites register several hosts and name no range.
  shared: true,
  notes: [],
  slots: 100,
  engine: '20.10',
  image: 'flashphoner/webcallserver:latest',
  tags: ['latest'],
  keyId: fleetKeyId,
  licensed: false,
  version: '0.1.0',
  registered: 1_000,
  ...change,
});

export const anUnplacedRig = (id: string, change: Partial<UnplacedRig> = {}): UnplacedRig => ({
  id,
  name: id,
  generation: 1,
  owner: { id: 'UANNA', name: 'anna' },
  shared: [],
  host: 'h1',
  network: { lan: 'office', mode: 'ipvlan', subnet: '10.0.0.0/24' },
  tag: 'latest',
  created: 5_000,
  lease: { end: 5_000 + hour, cap: 5_000 + 24 * hour, rev: 1 },
  asked: { channel: 'C1', command: '/wcs', quietly: false, cut: false },
  state: { kind: 'placed', since: 5_000 },
  ...change,
});

export type ClaimChange = Partial<Omit<ClaimRequest, 'rig'>> & { readonly rig?: Partial<UnplacedRig> };

export const aClaim = (id: string, { rig: facts, ...change }: ClaimChange = {}): ClaimRequest => {
  const rig = anUnplacedRig(id, facts);
  return {
    rig,
    limits: { perUser: 1000, fleet: undefined },
    slots: 1000,
    request: `trigger-${id}`,
    told: [{ id: `${id}.1.0`, news: { kind: 'card', progress: false } }],
    audit: auditOfUp(rig),
    ...change,
  };
};
