// The rigs: read whole, claimed and saved by one script each.

import { z } from 'zod';
import type { Rigs } from '../ports/registry.ts';
import type { ClaimOutcome, ClaimRequest, UnplacedRig } from '../rig/claim.ts';
import { type Duration, day, hour, second } from '../rig/duration.ts';
import type { SeenEpoch } from '../rig/epoch.ts';
import { indicesOf } from '../rig/indices.ts';
import { earliestStop } from '../rig/lease.ts';
import type { Told } from '../rig/news.ts';
import { hasOpenLease, isLiving, type Rig, type RigId } from '../rig/rig.ts';
import { adoptKeys, adoptScript } from './adopt-script.ts';
import { claimKeys, claimScript } from './claim-script.ts';
import { type Connection, script } from './connection.ts';
import type { EpochMemory } from './epochs.ts';
import { hostKey, type Keys, lanKey } from './keys.ts';
import { createRigLists, readRig } from './rig-lists.ts';
import { saveKeys, saveScript } from './save-script.ts';
import { parseStored } from './schema.ts';
import { swapKeys, swapScript } from './swap-script.ts';

/** How long a rig that ended can still be looked up. */
const keepEnded = 7 * day;
/** Slack repeats a delivery within minutes. */
const keepRequest = hour;

const namedScript = script(`
local id = redis.call('HGET', KEYS[1], ARGV[2])
if not id then return false end
return {id, redis.call('HMGET', ARGV[1] .. id, 'version', 'address', 'body', 'licence')}
`);

const found = z.tuple([z.string(), z.unknown()]);

const claimAnswer = z.union([
  z.tuple([z.enum(['repeated', 'name-taken']), z.string()]),
  z.tuple([z.literal('claimed'), z.string(), z.string()]),
  z.tuple([
    z.enum([
      'user-quota',
      'fleet-quota',
      'host-draining',
      'host-full',
      'no-licence',
      'no-address',
      'adopting',
      'licences-unknown',
    ]),
  ]),
]);

const adoptAnswer = z.union([
  z.tuple([z.enum(['name-taken', 'address-held', 'licence-held']), z.string()]),
  z.tuple([z.enum(['adopted', 'conflict'])]),
]);

/** Without address and licence, which the registry keeps beside it: nothing but a claim says them. */
const bodyOf = (rig: UnplacedRig): string => {
  const { licenceId: _, ...body } = rig;
  return JSON.stringify(body);
};

const unplaced = (placed: Rig): UnplacedRig => {
  const { address: _, ...rig } = placed;
  return rig;
};

const texts = (told: readonly Told[]): string[] => told.map((one) => JSON.stringify(one));

const claimArguments = (
  keys: Keys,
  { rig, limits, slots, told, audit }: ClaimRequest,
  auditKeep: Duration,
  known: SeenEpoch | undefined,
) => [
  rig.id,
  rig.name,
  bodyOf(rig),
  rig.created,
  limits.perUser,
  limits.fleet ?? '',
  slots,
  rig.generation,
  rig.host,
  rig.network.lan,
  keepRequest / second,
  keys.lanHost(rig.network.lan),
  earliestStop(rig.lease) ?? '',
  JSON.stringify(audit),
  auditKeep,
  lanKey(rig.network.lan),
  known?.id ?? '',
  known?.seq ?? 0,
  indicesOf(rig).join(' '),
  keys.indexStart,
  hostKey(rig.host),
  ...texts(told),
];

const adoptArguments = (
  keys: Keys,
  { rig, version, expected, card, told, audit }: Parameters<Rigs['adopt']>[0],
  auditKeep: Duration,
) => [
  rig.id,
  rig.name,
  bodyOf(unplaced(rig)),
  rig.address,
  rig.created,
  version,
  expected ?? '',
  isLiving(rig) ? 1 : 0,
  isClosed(rig) ? 1 : 0,
  rig.generation,
  rig.host,
  rig.network.lan,
  keys.lanHost(rig.network.lan),
  hasOpenLease(rig) ? (earliestStop(rig.lease) ?? '') : '',
  keys.owners,
  card === undefined ? '' : JSON.stringify(card),
  keepEnded / second,
  JSON.stringify(audit),
  auditKeep,
  indicesOf(rig).join(' '),
  keys.indexStart,
  rig.licenceId ?? '',
  ...texts(told),
];

const claimOutcome = (rig: UnplacedRig, answer: unknown): ClaimOutcome => {
  const [kind, detail, licence] = parseStored(claimAnswer, 'the claim', answer);
  switch (kind) {
    case 'claimed':
      return { kind, rig: { ...rig, address: detail, ...(licence === '' ? {} : { licenceId: licence }) } };
    case 'repeated':
      return { kind, rig: detail };
    case 'name-taken':
      return { kind, holder: detail };
    default:
      return { kind };
  }
};

const swapAnswer = z.union([
  z.tuple([z.literal('swapped'), z.string()]),
  z.tuple([z.enum(['conflict', 'adopting', 'no-address'])]),
]);

const saveOutcome = z.enum(['saved', 'conflict', 'user-quota']);

/** No container of its generation may be started any more. */
const isClosed = ({ state }: Rig): boolean => state.kind === 'stopping' || state.kind === 'crashed';

export const createRigs = (
  connection: Connection,
  keys: Keys,
  auditKeep: Duration,
  known: EpochMemory,
): Rigs => {
  const { ask, run } = connection;
  return {
    ...createRigLists(connection, keys),
    get: async (id: RigId) => {
      const row = await ask((redis) => redis.hmget(keys.rig(id), 'version', 'address', 'body', 'licence'));
      return row.every((field) => field === null) ? undefined : readRig(keys.rig(id), row);
    },
    named: async (name) => {
      const answer = await run(namedScript, [keys.names], [keys.rigs, name]);
      if (answer === null) return undefined;
      const [id, row] = parseStored(found, keys.names, answer);
      return readRig(keys.rig(id), row);
    },
    adopt: async (adoption) => {
      const answer = await run(
        adoptScript,
        adoptKeys(keys, adoption.rig),
        adoptArguments(keys, adoption, auditKeep),
      );
      const [kind, holder] = parseStored(adoptAnswer, 'the adoption', answer);
      if (kind === 'name-taken' || kind === 'address-held' || kind === 'licence-held')
        return { kind, holder };
      if (kind === 'adopted') known.rose();
      return { kind };
    },
    claim: async (request) => {
      const wanted = claimKeys(keys, request.rig, request.request);
      const args = claimArguments(keys, request, auditKeep, known.get());
      const outcome = claimOutcome(request.rig, await run(claimScript, wanted, args));
      if (outcome.kind === 'claimed') known.rose();
      return outcome;
    },
    save: async ({ rig, version, told, release, audit, perUser, quarantine }) => {
      const answer = await run(saveScript, saveKeys(keys, rig), [
        rig.id,
        version,
        bodyOf(unplaced(rig)),
        isClosed(rig) ? 1 : 0,
        release ? 1 : 0,
        rig.name,
        keepEnded / second,
        keys.lanHost(rig.network.lan),
        hasOpenLease(rig) ? (earliestStop(rig.lease) ?? '') : '',
        rig.generation,
        keys.owners,
        rig.created,
        perUser ?? '',
        audit === undefined ? '' : JSON.stringify(audit),
        auditKeep,
        indicesOf(rig).join(' '),
        keys.indexStart,
        quarantine === undefined ? '' : JSON.stringify(quarantine),
        ...texts(told),
      ]);
      const outcome = parseStored(saveOutcome, keys.rig(rig.id), answer);
      if (outcome === 'saved') known.rose();
      return outcome;
    },
    swap: async ({ rig, version, told, audit, setAside }) => {
      const answer = await run(swapScript, swapKeys(keys, rig), [
        rig.id,
        version,
        bodyOf(rig),
        rig.generation,
        keys.lanHost(rig.network.lan),
        audit === undefined ? '' : JSON.stringify(audit),
        auditKeep,
        JSON.stringify(setAside),
        lanKey(rig.network.lan),
        indicesOf(rig).join(' '),
        keys.indexStart,
        rig.created,
        hostKey(rig.host),
        known.get()?.id ?? '',
        known.get()?.seq ?? 0,
        ...texts(told),
      ]);
      const [kind, address] = parseStored(swapAnswer, keys.rig(rig.id), answer);
      if (kind !== 'swapped') return { kind };
      known.rose();
      return { kind, rig: { ...rig, address } };
    },
  };
};
