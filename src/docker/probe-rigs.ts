// The doctor's probe rigs: made as a rig's container is, so that they are on the network as rigs are, but with the labels of a
// helper. Surveys and reconciling leave them alone, and whatever a doctor that was killed left is found by its label.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ContainerSpec } from '../ports/engine.ts';
import { parsePeers } from '../rig/listening.ts';
import type { ContainerState } from '../rig/survey.ts';
import { askInside } from './ask-inside.ts';
import { ask, tryToAsk } from './client.ts';
import { containerOptions } from './container-options.ts';
import { stateOf } from './containers.ts';
import type { Context } from './context.ts';
import { helperLabel, installationLabel } from './labels.ts';

const helper = 'doctor';

export type ProbeRigs = {
  /** Not started yet. Gives the engine's id of it. */
  readonly create: (spec: ContainerSpec) => Promise<string>;
  readonly state: (container: string) => Promise<ContainerState | undefined>;
  /** Who is connected to one of these ports, as seen from inside. */
  readonly peers: (container: string, ports: readonly number[]) => Promise<readonly string[]>;
  /** Removes all that doctors of this installation made here; gives how many there were. */
  readonly clear: () => Promise<number>;
};

/** PURE: of what a rig is made, with other labels, so that nobody takes it for one. */
export const probeOptions = (
  spec: ContainerSpec,
  context: Pick<Context, 'installation' | 'noNewPrivileges'>,
) => ({
  ...containerOptions(spec, context),
  Labels: { [installationLabel]: context.installation, [helperLabel]: helper },
});

export const createProbeRigs = (context: Context): ProbeRigs => ({
  create: (spec) => create(context, spec),
  state: (container) => stateOf(context, container),
  peers: async (container, ports) => {
    const bounds = { time: context.timeouts.answer, bytes: 1 << 20 };
    const text = await askInside(context, container, ['cat', '/proc/net/tcp', '/proc/net/tcp6'], bounds);
    return text === undefined ? [] : parsePeers(text, ports);
  },
  clear: () => clear(context),
});

const create = async (context: Context, spec: ContainerSpec): Promise<string> => {
  const { client, timeouts, installation } = context;
  const name = `${installation}-doctor-${randomBytes(4).toString('hex')}`;
  // Its password stands in there: in the body, never in the URL.
  const options = { name, _query: { name }, _body: probeOptions(spec, context) };
  return (await ask(client, timeouts.action, () => client.patient.createContainer(options))).id;
};

const listSchema = z.array(z.object({ Id: z.string() }));

const clear = async ({ client, timeouts, installation }: Context): Promise<number> => {
  const label = [`${installationLabel}=${installation}`, `${helperLabel}=${helper}`];
  const list = async () =>
    listSchema.parse(
      await ask(client, timeouts.answer, () =>
        client.quick.listContainers({ all: true, filters: { label } }),
      ),
    );
  const found = await list();
  for (const { Id } of found) {
    const gone = await tryToAsk(client, timeouts.action, () =>
      client.patient.getContainer(Id).remove({ force: true, v: true }),
    );
    // Not there any more, or on its way.
    if (!gone.ok && gone.status !== 404 && gone.status !== 409) throw gone.failure;
  }
  const left = await list();
  if (left.length > 0)
    throw new Error(`a probe rig is still there after its removal: ${left[0]?.Id.slice(0, 12)}`);
  return found.length;
};
