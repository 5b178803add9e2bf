// The worker's own network: found or made, never changed and never removed.

import { z } from 'zod';
import type { NetworkOutcome, NetworkPlan } from '../ports/engine.ts';
import { overlapOf, parseBlock } from '../rig/ipv4.ts';
import { ask, tryToAsk } from './client.ts';
import type { Context } from './context.ts';
import { installationLabel, type Labels } from './labels.ts';

const networkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string(),
  Internal: z.boolean().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  Options: z.record(z.string(), z.string()).nullish(),
  IPAM: z.object({
    Config: z
      .array(z.object({ Subnet: z.string(), Gateway: z.string().optional(), IPRange: z.string().optional() }))
      .nullish(),
  }),
});

export type NetworkFacts = z.infer<typeof networkSchema>;

/** One of the plan's name; else one that fits, whoever made it and whatever it is called; else a new one. */
export const ensureNetwork = async (context: Context, plan: NetworkPlan): Promise<NetworkOutcome> => {
  const found = (await look(context, plan)) ?? (await lookForAnother(context, plan));
  if (found) return found;
  const { client, timeouts, installation } = context;
  const options = { _query: {}, _body: networkOptions(plan, installation), Name: plan.name };
  const made = await tryToAsk(client, timeouts.action, () => client.patient.createNetwork(options));
  if (made.ok) return { kind: 'created', name: plan.name };
  // Somebody else made it in between: then theirs is what counts.
  return (
    (await look(context, plan)) ?? { kind: 'refused', detail: await explain(context, plan, made.detail) }
  );
};

/** The engine says that a subnet overlaps, but not with whose: mostly that of a network which somebody made by hand. */
const explain = async ({ client, timeouts }: Context, plan: NetworkPlan, detail: string): Promise<string> => {
  if (!/overlaps/i.test(detail)) return detail;
  const culprits = (await listAll({ client, timeouts })).flatMap(({ Name, IPAM }) =>
    (IPAM.Config ?? [])
      .filter(({ Subnet }) => overlap(Subnet, plan.subnet))
      .map(
        ({ Subnet }) =>
          `; the network ${Name} has ${Subnet}: remove it with \`docker network rm ${Name}\` when nothing uses it`,
      ),
  );
  return `${detail}${culprits.join('')}`;
};

const listAll = async ({
  client,
  timeouts,
}: Pick<Context, 'client' | 'timeouts'>): Promise<readonly NetworkFacts[]> => {
  const listed = await ask(client, timeouts.answer, () => client.quick.listNetworks());
  return z.array(networkSchema).parse(listed);
};

/** Somebody made it by hand, mostly, before we came: one parent takes one ipvlan network, and one subnet one network. */
const lookForAnother = async (context: Context, plan: NetworkPlan): Promise<NetworkOutcome | undefined> => {
  const [fits] = (await listAll(context))
    .filter((network) => foreignDifferences(network, plan).length === 0)
    .sort((one, other) => (one.Name < other.Name ? -1 : 1));
  return fits && { kind: 'found', name: fits.Name };
};

const overlap = (one: string, other: string): boolean => {
  const [a, b] = [parseBlock(one), parseBlock(other)];
  return a !== undefined && b !== undefined && overlapOf(a.subnet.span, b.subnet.span) !== undefined;
};

const look = async (
  { client, timeouts, installation }: Context,
  plan: NetworkPlan,
): Promise<NetworkOutcome | undefined> => {
  const filters = { name: [plan.name] }; // finds parts of names too
  const listed = await ask(client, timeouts.answer, () => client.quick.listNetworks({ filters }));
  const [network, another] = z
    .array(networkSchema)
    .parse(listed)
    .filter(({ Name }) => Name === plan.name);
  if (!network) return undefined;
  if (another) return { kind: 'differs', differences: [`there are several networks called ${plan.name}`] };
  const differences = networkDifferences(network, plan, installation);
  return differences.length === 0 ? { kind: 'found', name: plan.name } : { kind: 'differs', differences };
};

/** PURE. No `--ip-range`: it would only limit addresses that Docker chooses, and we always give one. */
export const networkOptions = (plan: NetworkPlan, installation: string) => ({
  Name: plan.name,
  CheckDuplicate: true,
  Driver: plan.mode,
  Labels: { [installationLabel]: installation },
  Options: {
    ...(plan.parent === undefined ? {} : { parent: plan.parent }),
    ...(plan.mode === 'ipvlan' ? { ipvlan_mode: 'l2' } : {}),
  },
  IPAM: {
    Config: [{ Subnet: plan.subnet, ...(plan.gateway === undefined ? {} : { Gateway: plan.gateway }) }],
  },
});

/** PURE: `subnet is 10.0.0.0/24 and should be 10.0.1.0/24`. A gateway counts only where the plan names one. */
export const networkDifferences = (
  network: NetworkFacts,
  plan: NetworkPlan,
  installation: string,
): readonly string[] => {
  const [config] = network.IPAM.Config ?? [];
  const labels: Labels = network.Labels ?? {};
  return [
    ...differing([
      [`label ${installationLabel}`, labels[installationLabel], installation],
      ['ip-range', config?.IPRange || undefined, undefined],
    ]),
    ...foreignDifferences(network, plan),
  ];
};

type Row = readonly [what: string, is: string | undefined, should: string | undefined];

const differing = (rows: readonly Row[]): readonly string[] =>
  rows
    .filter(([, is, should]) => is !== should)
    .map(([what, is = 'not set', should = 'not set']) => `${what} is ${is} and should be ${should}`);

/** PURE: what would keep our containers from being on a network that is not ours. A range limits only what Docker chooses. */
export const foreignDifferences = (network: NetworkFacts, plan: NetworkPlan): readonly string[] => {
  const [config, ...more] = network.IPAM.Config ?? [];
  const options = network.Options ?? {};
  return differing([
    ['driver', network.Driver, plan.mode],
    ['parent', options.parent, plan.parent],
    ['subnet', [config, ...more].map((one) => one?.Subnet ?? 'none').join(' + '), plan.subnet],
    ['gateway', config?.Gateway, plan.gateway ?? config?.Gateway],
    ['ipvlan mode', options.ipvlan_mode ?? 'l2', 'l2'],
    ['macvlan mode', options.macvlan_mode ?? 'bridge', 'bridge'],
    ['reach', network.Internal === true ? 'internal' : 'open', 'open'],
  ]);
};
