// Our containers: listed, made, started, removed. INVARIANTS: one without our installation's label is never touched; each
// step may be repeated and finds what an earlier run left.

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ContainerSpec, RigContainer } from '../ports/engine.ts';
import { EngineRefused } from '../ports/faults.ts';
import { type Duration, type Instant, second } from '../rig/duration.ts';
import { containerName, type RigId } from '../rig/rig.ts';
import type { ContainerState } from '../rig/survey.ts';
import { ask, tryToAsk } from './client.ts';
import { containerOptions } from './container-options.ts';
import type { Context } from './context.ts';
import { shortDigest } from './images.ts';
import {
  helperLabel,
  installationLabel,
  isOurs,
  type Labels,
  labelsOf,
  readLabels,
  rigLabel,
} from './labels.ts';

const states: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  restarting: 'running',
  paused: 'paused',
  exited: 'exited',
  dead: 'exited',
  removing: 'removing',
};
const stateSchema = z.string().transform((state): ContainerState => states[state] ?? 'exited');
const labelsSchema = z
  .record(z.string(), z.string())
  .nullish()
  .transform((labels) => labels ?? {});

const inspectedSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  /** As exact as a list has it. */
  Created: z.string().transform((text): Instant => Math.floor(Date.parse(text) / second) * second),
  State: z.object({ Status: stateSchema, ExitCode: z.number(), OOMKilled: z.boolean() }),
  Config: z.object({ Labels: labelsSchema }),
});
type Inspected = z.infer<typeof inspectedSchema>;

const look = async ({ client, timeouts }: Context, idOrName: string): Promise<Inspected | undefined> => {
  const seen = await tryToAsk(client, timeouts.answer, () => client.quick.getContainer(idOrName).inspect());
  if (seen.ok) return inspectedSchema.parse(seen.value);
  if (seen.status === 404) return undefined;
  throw seen.failure;
};

/** Any container's state, ours or not; `undefined` if it is not there. */
export const stateOf = async (context: Context, container: string): Promise<ContainerState | undefined> =>
  (await look(context, container))?.State.Status;

const asRigContainer = ({ installation, ranOut }: Context, seen: Inspected): RigContainer | undefined => {
  const facts = isOurs(seen.Config.Labels, installation) ? readLabels(seen.Config.Labels) : undefined;
  if (!facts) return undefined;
  return {
    ...facts,
    container: seen.Id,
    name: seen.Name.replace(/^\//, ''),
    state: seen.State.Status,
    exitCode: seen.State.ExitCode,
    // Killed, and not merely ended after a process in it was.
    outOfMemory: seen.State.OOMKilled || (seen.State.ExitCode === 137 && ranOut.has(seen.Id)),
    image: { id: seen.Image, digest: shortDigest(seen.Image) },
    madeAt: seen.Created,
  };
};

export const inspect = async (context: Context, container: string): Promise<RigContainer | undefined> => {
  const seen = await look(context, container);
  return seen && asRigContainer(context, seen);
};

const listedSchema = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    ImageID: z.string(),
    Created: z.number(),
    State: stateSchema,
    Labels: labelsSchema,
  }),
);

/** All of the installation, or those of one rig, oldest generation first. */
export const list = async (context: Context, rig?: RigId): Promise<readonly RigContainer[]> => {
  const { client, timeouts, installation } = context;
  const label = [
    `${installationLabel}=${installation}`,
    ...(rig === undefined ? [] : [`${rigLabel}=${rig}`]),
  ];
  const listed = await ask(client, timeouts.answer, () =>
    client.quick.listContainers({ all: true, filters: { label } }),
  );
  const rows = listedSchema.parse(listed).filter(({ Labels }) => Labels[helperLabel] === undefined);
  const found = await Promise.all(
    rows.map(async ({ Id, Names, ImageID, Created, State, Labels }) => {
      if (!readLabels(Labels)) return tellOnce(context, Id);
      // How it ended is not in the list.
      if (State === 'exited') return inspect(context, Id);
      return asRigContainer(context, {
        Id,
        Name: Names[0] ?? Id,
        Image: ImageID,
        Created: Created * second,
        Config: { Labels },
        State: { Status: State, ExitCode: 0, OOMKilled: false },
      });
    }),
  );
  return found.flatMap((one) => one ?? []).sort((one, other) => one.generation - other.generation);
};

/** What stands in its labels is anybody's text, and there may be much of it. */
const tellOnce = ({ log, toldOf }: Context, container: string): undefined => {
  if (toldOf.has(container)) return;
  toldOf.add(container);
  log.warn({ container }, 'a container has our label and not our facts: left alone');
};

/** One of that name which an earlier run made is as good; any other of that name is refused with a sentence. */
export const create = async (context: Context, spec: ContainerSpec): Promise<RigContainer> => {
  const made = await tryToCreate(context, spec);
  if (made.kind === 'made') return made.container;
  const found = await findEarlier(context, spec, made.name);
  if (found && found.state !== 'removing') return found;
  // It was being removed just then, so its name is free now or soon.
  if (found) await untilGone(context, found.container, context.timeouts.action);
  const again = await tryToCreate(context, spec);
  if (again.kind === 'made') return again.container;
  throw new EngineRefused(`the container name ${again.name} is taken again and again`);
};

type Creation =
  | { readonly kind: 'made'; readonly container: RigContainer }
  | { readonly kind: 'name-taken'; readonly name: string };

const tryToCreate = async (context: Context, spec: ContainerSpec): Promise<Creation> => {
  const { client, timeouts, installation } = context;
  const { rig, generation } = spec.job;
  const name = containerName(installation, rig, generation);
  // The library puts what it is given into the URL, where logs and proxies record it, unless it is told what goes where.
  const options = { name, _query: { name }, _body: containerOptions(spec, context) };
  const made = await tryToAsk(client, timeouts.action, () => client.patient.createContainer(options));
  if (!made.ok) {
    if (made.status === 409) return { kind: 'name-taken', name };
    throw made.failure;
  }
  const container = await inspect(context, made.value.id);
  if (!container) throw new EngineRefused(`the container ${name} was removed as soon as it was made`);
  return { kind: 'made', container };
};

const findEarlier = async (
  context: Context,
  spec: ContainerSpec,
  name: string,
): Promise<RigContainer | undefined> => {
  const seen = await look(context, name);
  if (!seen) return undefined;
  const differing = differingLabels(seen.Config.Labels, labelsOf(context.installation, spec));
  if (differing.length === 0) return asRigContainer(context, seen);
  const whose = isOurs(seen.Config.Labels, context.installation)
    ? `differs in ${differing.join(', ')}`
    : 'is not one of ours and is left alone';
  throw new EngineRefused(`a container called ${name} is there already and ${whose}`);
};

const differingLabels = (is: Labels, should: Labels): string[] =>
  Object.keys(should).filter((key) => is[key] !== should[key]);

// Of an address on a network, of a published port (`bind: address already in use`), and of one that another container has.
const addressInUse = /address already in use|port is already allocated/i;

/** One that failed on its network stays in `created`: the caller removes it. */
export const start = async (
  { client, timeouts }: Context,
  container: string,
): Promise<'started' | 'address-in-use'> => {
  const begun = await tryToAsk(client, timeouts.action, () => client.patient.getContainer(container).start());
  if (begun.ok || begun.status === 304) return 'started';
  if (addressInUse.test(begun.detail)) return 'address-in-use';
  throw begun.failure;
};

/** Returns when the engine no longer knows it. */
export const remove = async (context: Context, container: string, grace: Duration): Promise<void> => {
  const { client, timeouts, installation } = context;
  const seen = await look(context, container);
  if (!seen) return;
  if (!isOurs(seen.Config.Labels, installation)) {
    throw new EngineRefused(`the container ${seen.Name.slice(1)} is not one of ours and is left alone`);
  }
  const handle = client.patient.getContainer(seen.Id);
  const limit = grace + timeouts.action;
  if (seen.State.Status === 'running' || seen.State.Status === 'paused') {
    const stopped = await tryToAsk(client, limit, () => handle.stop({ t: Math.ceil(grace / 1000) }));
    if (!stopped.ok && stopped.status !== 304 && stopped.status !== 404) {
      context.log.warn(
        { container: seen.Name, detail: stopped.detail },
        'could not be stopped: removed by force',
      );
    }
  }
  const removed = await tryToAsk(client, limit, () => handle.remove({ force: true, v: true }));
  // 409: another removal of it is under way already.
  if (!removed.ok && removed.status !== 404 && removed.status !== 409) throw removed.failure;
  await untilGone(context, seen.Id, timeouts.action);
};

const untilGone = async (context: Context, container: string, limit: Duration): Promise<void> => {
  const begun = performance.now();
  while (await look(context, container)) {
    if (performance.now() - begun > limit) {
      throw new EngineRefused(`the container ${container.slice(0, 12)} is still there after its removal`);
    }
    await delay(100);
  }
};
