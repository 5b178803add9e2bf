// Gathers the facts. Nothing here judges, and nothing throws: what cannot be seen is a fact too.

import os from 'node:os';
import type { WorkerConfig } from '../../config.ts';
import type { EngineLook, Examiner } from '../../docker/examine.ts';
import { readListeners } from '../../machine/listeners.ts';
import type { Machine } from '../../machine.ts';
import { addressesOf } from '../../rig/address-range.ts';
import { usesOwnAddresses } from '../../rig/rig.ts';
import type { HostFacts, QuickFacts, SlowFacts } from './facts.ts';
import { gatherFirewall } from './gather-firewall.ts';
import { gatherKernel } from './gather-kernel.ts';
import { gatherLan, type Question } from './gather-lan.ts';
import { gatherLinks } from './gather-links.ts';
import { gatherRooms } from './gather-room.ts';
import { gatherRoutes } from './gather-routes.ts';
import { gatherSwitches } from './gather-switches.ts';
import { gatherVirtual } from './gather-virtual.ts';
import { look } from './looked.ts';
import { linkKindOf } from './modes.ts';

export const referenceOf = ({ image }: Pick<WorkerConfig, 'image'>): string =>
  `${image.repository}:${image.tag}`;

/** Within a few hundred milliseconds, and without a word on the LAN. */
export const gatherQuickly = async (
  config: WorkerConfig,
  machine: Machine,
  examiner: Examiner,
): Promise<QuickFacts> => {
  const [engine, links, routes, listeners, switches] = await Promise.all([
    examiner.engine(),
    gatherLinks(),
    gatherRoutes(),
    look(readListeners),
    gatherSwitches(),
  ]);
  // An engine that is away has been waited for once.
  const asked = <T>(question: () => Promise<T>) =>
    look(() => (engine.kind === 'away' ? Promise.reject(new Error('the engine is away')) : question()));
  const [networks, rigAddresses, image, rooms] = await Promise.all([
    asked(examiner.networks),
    asked(async () => addressesInUse(await examiner.rigs())),
    asked(() => examiner.image(referenceOf(config))),
    gatherRooms(dataRootHere(engine), config.stateDir),
  ]);
  return {
    ...{ config, machine, engine, networks, rigAddresses, links, routes, listeners, switches, rooms, image },
    kernelHere: os.release(),
  };
};

/** Another machine's paths say nothing here. */
const dataRootHere = (engine: EngineLook): string | undefined =>
  engine.kind === 'answered' && engine.facts.kernel === os.release() ? engine.facts.dataRoot : undefined;

const addressesInUse = (rigs: Awaited<ReturnType<Examiner['rigs']>>): ReadonlySet<string> =>
  new Set(
    rigs.filter(({ state }) => state === 'running' || state === 'paused').map(({ address }) => address),
  );

/** What takes its time, or says something on the LAN. */
export const gatherTheRest = async (
  quick: QuickFacts,
  examiner: Examiner,
  heldElsewhere: ReadonlySet<string>,
): Promise<HostFacts> => {
  const { config, engine } = quick;
  const kind = linkKindOf(config.network.mode);
  const { gateway, range } = questionsOf(quick);
  const [kernel, virtual, firewall, registry, lan] = await Promise.all([
    kind === undefined ? undefined : gatherKernel(kind),
    gatherVirtual(),
    gatherFirewall(),
    look(() =>
      engine.kind === 'away'
        ? Promise.reject(new Error('the engine is away'))
        : examiner.registry(referenceOf(config)),
    ),
    gatherLan(gateway, range),
  ]);
  const slow: SlowFacts = { kernel: kernel ?? undefined, virtual, firewall, registry, lan, heldElsewhere };
  return { ...quick, ...slow };
};

/** Whom to ask for through which interface. Rigs of this host have no part in it: nothing here sees or hears them. */
const questionsOf = ({ config, machine }: QuickFacts) => {
  const { mode, parent, gateway, range } = config.network;
  const addresses = addressesOf(range);
  if (usesOwnAddresses(mode)) {
    const questions = addresses.flatMap((address): Question[] => {
      const own = machine.interfaces.find(({ addresses: its }) => its.some((one) => one.address === address));
      return own === undefined ? [] : [{ address, through: own.name }];
    });
    return { gateway: undefined, range: questions };
  }
  if (parent === undefined) return { gateway: undefined, range: [] };
  const ask = (address: string): Question => ({ address, through: parent });
  return { gateway: gateway === undefined ? undefined : ask(gateway), range: addresses.map(ask) };
};
