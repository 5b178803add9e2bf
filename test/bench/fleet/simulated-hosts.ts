// Many workers in one process, with simulated engines: each host registers and keeps its presence as a real worker does. Told
// what to do by whoever forked it, a message each; answers each one when it is done.

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { eachBatch } from '../../../src/control/each-batch.ts';
import { holdPresence, type PresenceHeld } from '../../../src/host/hold-presence.ts';
import { takeSurvey } from '../../../src/host/survey.ts';
import type { Engine } from '../../../src/ports/engine.ts';
import { connectRegistry } from '../../../src/redis/registry.ts';
import { type Duration, minute, second } from '../../../src/rig/duration.ts';
import { launchJob } from '../../../src/rig/job.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { createFakeDocker } from '../../support/fake-engine.ts';
import { addressOf, silent } from '../../support/registry-address.ts';
import { image, registrationOf } from './ground.ts';

export const order = z.discriminatedUnion('kind', [
  /** Hosts up to this many are registered and kept. */
  z.object({ kind: z.literal('register'), hosts: z.number().int() }),
  /** Each engine gets the containers of the rigs that the registry has on its host. */
  z.object({ kind: z.literal('contain') }),
  /** From now on, or no longer, each host writes a survey in this time, one after another. */
  z.object({ kind: z.literal('survey'), every: z.number().optional() }),
  z.object({ kind: z.literal('stop') }),
]);
export type Order = z.infer<typeof order>;

const presence = 15 * second;

const start = async (url: string, installation: string) => {
  const registry = await connectRegistry({
    address: addressOf(url),
    installation,
    log: silent,
    presence,
    commandTimeout: minute,
  });
  const engines = new Map<string, Engine>();
  const held: PresenceHeld[] = [];

  const register = async (index: number): Promise<void> => {
    const registration = registrationOf(index);
    const docker = createFakeDocker();
    docker.addImage(image);
    engines.set(registration.name, docker.engine(installation));
    const session = `simulated ${registration.name}`;
    const outcome = await holdPresence({ presence: registry.presence, log: silent }, registration, {
      session,
      length: presence,
      onLost: () => undefined,
    });
    if (outcome.kind === 'refused')
      throw new Error(`${registration.name} is refused: ${JSON.stringify(outcome.why)}`);
    held.push(outcome);
  };

  const contain = async (rig: Rig): Promise<void> => {
    const engine = engines.get(rig.host);
    const local = await engine?.localImage(image);
    if (!engine || !local) throw new Error(`there is no engine on ${rig.host}`);
    if ((await engine.rigContainers(rig.id)).length > 0) return;
    const { container } = await engine.create({
      job: launchJob(rig, rig.created),
      image: local.id,
      network: { kind: 'own-address', network: 'wcs-rigs' },
      external: rig.address,
      password: 'secret',
      licence: undefined,
      licenceId: undefined,
      keyId: 'key',
      memoryBytes: 2 ** 31,
      cpus: undefined,
    });
    await engine.start(container);
  };

  let surveying = new AbortController();
  const survey = async (every: Duration, signal: AbortSignal): Promise<void> => {
    const { surveys, records, clock } = registry;
    // What the registry says is what a worker would have on its disk.
    const mirror = { all: async () => undefined };
    for (let due = performance.now(); ; ) {
      for (const [host, engine] of engines) {
        if (signal.aborted) return;
        const rigFiles = { all: () => records.ofHost(host) };
        await takeSurvey({ engine, rigFiles, surveys, mirror, clock }, host, () => false);
        due += every / engines.size;
        await delay(Math.max(0, due - performance.now()));
      }
    }
  };

  return async (wanted: Order): Promise<void> => {
    switch (wanted.kind) {
      case 'register':
        for (let index = held.length; index < wanted.hosts; index += 1) await register(index);
        return;
      case 'contain':
        for await (const rigs of eachBatch(registry.rigs)) for (const rig of rigs) await contain(rig);
        return;
      case 'survey':
        surveying.abort();
        surveying = new AbortController();
        if (wanted.every !== undefined) void survey(wanted.every, surveying.signal);
        return;
      case 'stop':
        registry.close();
        process.disconnect();
        process.exit();
    }
  };
};

const [url = '', installation = ''] = process.argv.slice(2);
const obey = await start(url, installation);
process.on('message', (message) => {
  obey(order.parse(message)).then(
    () => process.send?.({ fault: null }),
    (fault: unknown) => process.send?.({ fault: String(fault) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ fault: null });
