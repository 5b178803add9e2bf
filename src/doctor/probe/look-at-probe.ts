// Opens what a probe rig takes, and closes it again. Without all of it there is none, and that is said.

import { randomBytes } from 'node:crypto';
import { connectEngine } from '../../docker/connect.ts';
import { silent } from '../../ports/log.ts';
import { connectHostAsker } from '../../queue/ask-host.ts';
import { reachPorts } from '../../reach-port.ts';
import { type Duration, minute } from '../../rig/duration.ts';
import { createUndo } from '../../undo.ts';
import { type Finding, wrong } from '../finding.ts';
import { type OpenFleet, patience } from '../open-fleet.ts';
import type { Visit } from '../visit.ts';
import { type ProbePlaces, usualPace } from './places.ts';
import { runProbe } from './run-probe.ts';

/** Beside the boot and the wait for a colleague. */
const limit: Duration = minute;
/** Whoever sits at a terminal can ask somebody to open a page. */
const usualWait: Duration = minute;

export const lookAtProbe = async (visit: Visit, fleet: OpenFleet | undefined): Promise<void> => {
  if (!visit.looks('probe')) return;
  const why = whyNot(visit, fleet);
  if (why !== undefined) visit.notLooked.push({ part: 'probe', why });
  else await visit.desk.show('probe', await probe(visit, fleet));
};

const whyNot = ({ readings: { worker } }: Visit, fleet: OpenFleet | undefined): string | undefined => {
  if (worker?.kind !== 'ok') return 'what a host takes is not right in the environment';
  return fleet?.registry === undefined || fleet.reached.kind !== 'reached'
    ? 'Redis is out of reach'
    : undefined;
};

const probe = async (visit: Visit, fleet: OpenFleet | undefined): Promise<readonly Finding[]> => {
  const { desk, wish, machine } = visit;
  const undo = createUndo(silent);
  try {
    const places = await open(visit, fleet, undo.push);
    if (places === undefined) return [];
    const wait = wish.wait ?? (desk.isWatched ? usualWait : 0);
    const late = AbortSignal.timeout(places.config.ready.timeout + wait + limit);
    return await runProbe(places, {
      session: `${machine.hostName} pid ${process.pid} ${randomBytes(4).toString('hex')}`,
      wait,
      pace: usualPace,
      progress: desk.progress,
      signal: AbortSignal.any([desk.signal, late]),
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [wrong('probe-rig', `a probe rig could not be started: ${words}`)];
  } finally {
    await undo.all();
  }
};

const open = async (
  { readings: { redis, worker }, desk: { placeOf } }: Visit,
  fleet: OpenFleet | undefined,
  onEnd: (step: () => Promise<unknown> | unknown) => void,
): Promise<ProbePlaces | undefined> => {
  if (worker?.kind !== 'ok' || redis.kind !== 'ok' || fleet?.reached.kind !== 'reached' || !fleet.registry)
    return undefined;
  const { config } = worker;
  const { redis: address, installation } = redis.config;
  const asker = await connectHostAsker({ address, installation, log: silent, connectTimeout: patience });
  onEnd(asker.close);
  const { dockerHost, registryAuth: registryAuthFile } = config;
  const engine = connectEngine({ dockerHost, installation, registryAuthFile, log: silent });
  onEnd(engine.close);
  const { registry, reached } = fleet;
  return { config, registry, examiner: reached.examiner, asker, engine, placeOf, reach: reachPorts };
};
