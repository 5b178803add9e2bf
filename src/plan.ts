// `reconcile --dry-run`: prints what the bot would do next about each host, by their last surveys, and does none of it.

import type { RegistryPlace } from './config.ts';
import { planFor } from './control/reconcile.ts';
import { silent } from './ports/log.ts';
import type { KeptRig } from './ports/surveys.ts';
import { connectRegistry, type Registry } from './redis/registry.ts';
import { assertNever } from './rig/assert-never.ts';
import { type Duration, formatDuration } from './rig/duration.ts';
import { isSameHost } from './rig/host.ts';
import { type ReconcileStep, tooMany } from './rig/reconcile.ts';
import type { Survey } from './rig/survey.ts';

/** `write`: false if nobody reads any more. */
export const printPlan = async (
  { redis, installation }: RegistryPlace,
  grace: Duration,
  write: (line: string) => Promise<boolean>,
): Promise<void> => {
  const registry = await connectRegistry({ address: redis, installation, log: silent });
  try {
    const hosts = await registry.hosts.list();
    const surveys = await registry.surveys.all();
    for (const { name, network } of hosts) {
      const survey = surveys.find(({ host }) => isSameHost(host, name));
      if (!survey) {
        if (!(await write(`${name}: has not said yet what it has`))) return;
        continue;
      }
      for (const line of await linesFor(registry, grace, survey, network.lan)) {
        if (!(await write(line))) return;
      }
    }
    if (hosts.length === 0) await write('no host has joined yet');
  } finally {
    registry.close();
  }
};

const linesFor = async (
  registry: Registry,
  grace: Duration,
  survey: Survey<KeptRig>,
  lan: string,
): Promise<readonly string[]> => {
  const steps = await planFor(registry, { grace }, survey, lan);
  const many = tooMany(steps, survey);
  const age = formatDuration(Math.max(1000, registry.clock.now() - survey.started));
  const seen = `${survey.containers.length} ${survey.containers.length === 1 ? 'container' : 'containers'}, seen ${age} ago`;
  return [
    `${survey.host}: ${seen}; ${steps.length === 0 ? 'nothing to do' : `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`}`,
    ...(many
      ? [
          `  ▲ ${many.would} of ${many.of} would be removed: held back until an admin says \`/wcs allow ${survey.host}\``,
        ]
      : []),
    ...steps.map((step) => `  ${lineOf(step)}`),
  ];
};

const which = ({ rig, generation }: { readonly rig: string; readonly generation: number }): string =>
  `${rig} g${generation}`;

const lineOf = (step: ReconcileStep<KeptRig>): string => {
  switch (step.kind) {
    case 'adopt': {
      const { container } = step;
      return `take in ${which(container)} (${container.birth?.name ?? 'no name'}, ${container.address})${container.kept ? '' : ' by its labels, for half an hour'}`;
    }
    case 'catch-up':
      return `catch up ${which(step.container)} (${step.kept.rig.name}) with what its host knows`;
    case 'tell-end':
      return `tell ${step.kept.rig.owner.name} that ${which(step.note)} (${step.kept.rig.name}) is over: ${step.reason.kind}`;
    case 'record-end':
      return `record the end of ${step.rig.id} (${step.rig.name}): ${step.reason.kind}`;
    case 'look':
      return `have its host look by id at ${step.rig.id} (${step.rig.name}), which should run and was not seen`;
    case 'remove':
      return `remove ${which(step)}: ${why[step.why]}`;
    case 'forget':
      return `throw away the note of ${which(step)}, which is over`;
    case 'watch':
      if (step.of !== undefined)
        return `watch ${which(step)}, whose rig lives on ${step.of}: was this host given another name?`;
      return `watch ${which(step)}, which nobody knows, seen first ${new Date(step.since).toISOString()}`;
    default:
      return assertNever(step);
  }
};

const why = {
  'nobody-knows': 'nobody knows it',
  ended: 'it is over',
  'older-generation': 'a newer container of the rig runs',
} as const satisfies Record<string, string>;
