// The registry: all of its ports on one connection.

import type { Audit, Notices } from '../ports/audit.ts';
import type { Bots } from '../ports/bots.ts';
import type { Clock } from '../ports/clock.ts';
import type { Addresses, Breaker, Hosts, Presence } from '../ports/hosts.ts';
import type { Licences } from '../ports/licences.ts';
import type { Cards, Outbox } from '../ports/outbox.ts';
import type { Reaches } from '../ports/reaches.ts';
import type { Fence, Homes, Rigs, Uses, Watch } from '../ports/registry.ts';
import type { Epochs, Records, Surveys } from '../ports/surveys.ts';
import { type Duration, day, second } from '../rig/duration.ts';
import { createAddresses } from './addresses.ts';
import { createAudit } from './audit.ts';
import { createBots } from './bots.ts';
import { createBreaker } from './breaker.ts';
import { checkRedis, type Fitness } from './check.ts';
import { type ClockOptions, createClock } from './clock.ts';
import { type Connection, type ConnectionOptions, connectRedis } from './connection.ts';
import { createEpochs, rememberEpoch } from './epochs.ts';
import { createHosts } from './hosts.ts';
import { createKeys, type Keys } from './keys.ts';
import { createLicences } from './licences.ts';
import { createHomes, createNotices } from './notices.ts';
import { createCards, createOutbox } from './outbox.ts';
import { createPresence } from './presence.ts';
import { createReaches } from './reaches.ts';
import { createRecords } from './records.ts';
import { createRigs } from './rigs.ts';
import { heldClaim, parseStored } from './schema.ts';
import { createSurveys } from './surveys.ts';
import { createUses } from './uses.ts';
import { createWatch } from './watch.ts';

export type RegistryOptions = ConnectionOptions & {
  readonly installation: string;
  /** How long a host counts as present after the last word of its worker. */
  readonly presence?: Duration | undefined;
  readonly clock?: ClockOptions | undefined;
  /** How long the audit reaches back; 90 days. */
  readonly auditKeep?: Duration | undefined;
};

export type Registry = {
  readonly rigs: Rigs;
  readonly hosts: Hosts;
  readonly breaker: Breaker;
  readonly licences: Licences;
  readonly outbox: Outbox;
  readonly cards: Cards;
  readonly watch: Watch;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly homes: Homes;
  readonly uses: Uses;
  readonly addresses: Addresses;
  readonly epochs: Epochs;
  readonly records: Records;
  readonly surveys: Surveys;
  readonly fence: Fence;
  readonly presence: Presence;
  readonly bots: Bots;
  readonly reaches: Reaches;
  readonly clock: Clock;
  readonly check: () => Promise<Fitness>;
  readonly close: () => void;
};

const createFence = ({ ask }: Connection, keys: Keys): Fence => ({
  claim: async (rig) => {
    const key = keys.claim(rig);
    const fields = await ask((redis) => redis.hgetall(key));
    return Object.keys(fields).length === 0 ? undefined : parseStored(heldClaim, key, fields);
  },
});

/** Throws QueueDown if Redis does not answer within `connectTimeout` (10 s); later outages it mends by itself. */
export const connectRegistry = async (options: RegistryOptions): Promise<Registry> => {
  const connection = await connectRedis(options);
  const keys = createKeys(options.installation);
  const { auditKeep = 90 * day } = options;
  const known = rememberEpoch();
  const clock = createClock(connection, options.clock);
  const close = () => {
    clock.stop();
    connection.close();
  };
  try {
    await clock.measure();
  } catch (error) {
    close();
    throw error;
  }
  return {
    rigs: createRigs(connection, keys, auditKeep, known),
    hosts: createHosts(connection, keys, options.log),
    breaker: createBreaker(connection, keys),
    licences: createLicences(connection, keys),
    outbox: createOutbox(connection, keys),
    cards: createCards(connection, keys),
    watch: createWatch(connection, keys),
    audit: createAudit(connection, keys, auditKeep),
    notices: createNotices(connection, keys),
    homes: createHomes(connection, keys),
    uses: createUses(connection, keys),
    addresses: createAddresses(connection, keys),
    epochs: createEpochs(connection, keys, known),
    records: createRecords(connection, keys),
    surveys: createSurveys(connection, keys, options.log),
    fence: createFence(connection, keys),
    presence: createPresence(connection, keys, options.presence ?? 15 * second),
    bots: createBots(connection, keys),
    reaches: createReaches(connection, keys),
    clock,
    check: () => checkRedis(connection),
    close,
  };
};

/** Throws with what mends it, if this Redis would lose data later. */
export const refuseBadRedis = async (registry: Pick<Registry, 'check'>): Promise<void> => {
  const { faults } = await registry.check();
  if (faults.length > 0) throw new Error(faults.join('\n'));
};
