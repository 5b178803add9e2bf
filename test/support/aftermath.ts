// After a fault: do the invariants hold, and was nothing leaked? Read from Redis, from the engines and from the state
// directories themselves, and compared with the rigs that live. Sentences, each about one thing that is wrong.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Fleet } from './fleet.ts';
import { type Dump, dumpRegistry, type RigRow, rigRow } from './registry-dump.ts';
import { mustRun, run } from './run.ts';

export type HostSeen = {
  readonly name: string;
  readonly containers: readonly Seen[];
  readonly networks: readonly string[];
  /** Names of the files in its worker's state directory. */
  readonly files: readonly string[];
};

type Seen = {
  readonly name: string;
  readonly rig: string;
  readonly generation: number;
  readonly status: string;
  readonly address: string;
  /** That it has claimed. */
  readonly licence: string | undefined;
};

const inspected = z.array(
  z.object({
    Name: z.string(),
    State: z.object({ Status: z.string() }),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
    NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })) }),
  }),
);

const lookAtHost = async ({ installation, host }: Fleet, name: string): Promise<HostSeen> => {
  const { engine, stateDir } = host(name);
  const docker = (...words: readonly string[]) => mustRun(['docker', '--host', engine.dockerHost, ...words]);
  const label = `label=wcs-rigs.installation=${installation}`;
  const ids = (await docker('ps', '-aq', '--filter', label)).split('\n').filter((id) => id !== '');
  // One that went in between makes it end with 1; what it found of the others stands there all the same.
  const seen = await run(['docker', '--host', engine.dockerHost, 'inspect', '--type', 'container', ...ids]);
  const found = ids.length === 0 ? [] : inspected.parse(JSON.parse(seen.stdout));
  const networks = (await docker('network', 'ls', '--format', '{{.Name}}')).trim().split('\n');
  return {
    name,
    containers: found.map(({ Name, State, Config: { Labels }, NetworkSettings }) => ({
      name: Name.slice(1),
      rig: Labels['wcs-rigs.rig'] ?? 'none',
      generation: Number(Labels['wcs-rigs.generation']),
      status: State.Status,
      address: Object.values(NetworkSettings.Networks)
        .map(({ IPAddress }) => IPAddress)
        .join(),
      licence: Labels['wcs-rigs.licence-claimed'] === 'yes' ? Labels['wcs-rigs.licence-id'] : undefined,
    })),
    networks: networks.filter((one) => !['bridge', 'host', 'none', ''].includes(one)),
    files: await readdir(join(stateDir, installation)).catch(() => []),
  };
};

/** What one list has and the other has not. */
const differences = (what: string, is: readonly string[], should: readonly string[]): string[] => [
  ...is.filter((one) => !should.includes(one)).map((one) => `${what}: ${one} is too many`),
  ...should.filter((one) => !is.includes(one)).map((one) => `${what}: ${one} is missing`),
  ...(new Set(is).size === is.length ? [] : [`${what}: something is in it twice: ${is.join(' ')}`]),
];

const livingRigs = (dump: Dump): readonly RigRow[] =>
  dump.members('living').flatMap((id) => rigRow(dump, id) ?? []);

const compareRegistry = (dump: Dump, rigs: readonly RigRow[]): string[] => {
  const living = dump.members('living');
  const held = dump
    .keys('lan:')
    .filter((key) => key.endsWith(':held'))
    .flatMap((key) => [...dump.hash(`lan:${key}`)].map(([address, id]) => `${address} ${id}`));
  const slots = dump.keys('host:').flatMap((key) => {
    const host = /^(.*):rigs$/.exec(key)?.[1];
    return host === undefined ? [] : dump.members(`host:${key}`).map((id) => `${id} on ${host}`);
  });
  const owned = dump
    .keys('owner:')
    .flatMap((owner) => dump.members(`owner:${owner}`).map((id) => `${id} of ${owner}`));
  const names = [...dump.hash('names')].map(([name, id]) => `${name} ${id}`);
  const claims = dump.keys('claim:').map((id) => {
    const claim = dump.hash(`claim:${id}`);
    return `${id} ${claim.get('generation')} ${claim.get('host')} ${claim.get('address')}`;
  });
  return [
    ...differences(
      'living rigs with a body',
      rigs.map(({ id }) => id),
      living,
    ),
    ...differences(
      'addresses held',
      held,
      rigs.map(({ address, id }) => `${address} ${id}`),
    ),
    ...differences(
      'licences held',
      [...dump.hash('licences:held')].map(([licence, id]) => `${licence} ${id}`),
      rigs.flatMap(({ licence, id }) => (licence === undefined ? [] : [`${licence} ${id}`])),
    ),
    ...differences(
      'slots',
      slots,
      rigs.map(({ id, host }) => `${id} on ${host.toLowerCase()}`),
    ),
    ...differences(
      'owners',
      owned,
      rigs.map(({ id, owner }) => `${id} of ${owner}`),
    ),
    ...differences(
      'names',
      names,
      rigs.map(({ name, id }) => `${name} ${id}`),
    ),
    ...differences(
      'claims',
      claims,
      rigs.map((one) => `${one.id} ${one.generation} ${one.host} ${one.address}`),
    ),
    ...dump
      .members('ends')
      .filter((id) => !living.includes(id))
      .map((id) => `ends: ${id} does not live`),
    ...[...dump.hash('adopting').keys()].map(
      (lan) => `${lan}: its hosts are still being asked what they have`,
    ),
    ...compareFree(dump),
  ];
};

/** Each address of a host's range is held, or in quarantine, or free on that host: one of them, and none is lost. */
const compareFree = (dump: Dump): string[] =>
  dump.keys('lan:').flatMap((key) => {
    const [, lan, host] = /^(.*?):host:(.*):range$/.exec(key) ?? [];
    if (lan === undefined || host === undefined) return [];
    const taken = new Set([
      ...dump.hash(`lan:${lan}:held`).keys(),
      ...dump.hash(`lan:${lan}:quarantine`).keys(),
    ]);
    const range = dump.members(`lan:${key}`).filter((address) => !taken.has(address));
    return differences(`free addresses of ${host}`, dump.members(`lan:${lan}:host:${host}:free`), range);
  });

/** Malformed ones are put aside, under `failed`, where they harm nobody. */
const compareQueues = (dump: Dump): string[] =>
  dump.keys('queue:').flatMap((key) => {
    const [, queue, list] =
      /^([^:]+):(wait|active|delayed|prioritized|paused|waiting-children)$/.exec(key) ?? [];
    if (queue === undefined || list === undefined) return [];
    const jobs = dump.members(`queue:${key}`).filter((job) => !job.startsWith('0:'));
    return jobs.map((job) => `queue ${queue}: ${job} is still in ${list}`);
  });

const compareHost = (host: HostSeen, rigs: readonly RigRow[], installation: string): string[] => {
  const here = rigs.filter((one) => one.host === host.name);
  const expected = here.filter(({ state }) => state !== 'crashed');
  // Of one that waits for a restart the note may be there still: it says why it ended.
  const crashed = new Set(here.filter(({ state }) => state === 'crashed').map(({ id }) => `${id}.json`));
  const files = host.files.filter((file) => /^[a-z0-9]{6}\.json/.test(file) && !crashed.has(file));
  return [
    ...differences(
      `containers on ${host.name}`,
      host.containers.map((one) => `${one.rig}.${one.generation}`),
      expected.map((one) => `${one.id}.${one.generation}`),
    ),
    ...host.containers.flatMap((one) => {
      const rig = here.find(({ id }) => id === one.rig);
      if (rig?.state !== 'running') return [];
      if (one.status !== 'running') return [`${rig.name} is running, and its container is ${one.status}`];
      return [
        ...(one.address === rig.address
          ? []
          : [`${rig.name} has ${rig.address}, its container ${one.address}`]),
        ...(one.licence === rig.licence
          ? []
          : [`${rig.name} has licence ${rig.licence}, its container ${one.licence}`]),
      ];
    }),
    ...differences(`networks on ${host.name}`, host.networks, [`${installation}-rigs`]),
    ...differences(
      `rig files on ${host.name}`,
      files,
      expected.map(({ id }) => `${id}.json`),
    ),
  ];
};

const sharedAddresses = (hosts: readonly HostSeen[]): string[] => {
  const running = hosts.flatMap(({ containers }) => containers.filter(({ status }) => status === 'running'));
  return running
    .filter((one) => running.some((other) => other !== one && other.address === one.address))
    .map((one) => `${one.address} is used twice, by ${one.name} and another one`);
};

const sharedLicences = (hosts: readonly HostSeen[]): string[] => {
  const running = hosts.flatMap(({ containers }) => containers.filter(({ status }) => status === 'running'));
  return running.flatMap(({ name, licence }) =>
    licence !== undefined && running.some((other) => other.name !== name && other.licence === licence)
      ? [`licence ${licence} is used twice, by ${name} and another one`]
      : [],
  );
};

export type Aftermath = { readonly faults: readonly string[]; readonly rigs: readonly RigRow[] };

export type AftermathOptions = {
  /** Hosts whose engine is there to be looked at; all. */
  readonly hosts?: readonly string[] | undefined;
  /** News may still be on their way to Slack, which takes its time with many. */
  readonly mayBeUntold?: boolean | undefined;
};

/** One look. `faults` is empty where all is right and nothing is under way. */
export const lookAround = async (fleet: Fleet, options: AftermathOptions = {}): Promise<Aftermath> => {
  const { installation } = fleet;
  const dump = await dumpRegistry(fleet.redis.url, installation);
  const rigs = livingRigs(dump);
  const hosts = await Promise.all((options.hosts ?? fleet.hosts).map((name) => lookAtHost(fleet, name)));
  const untold = options.mayBeUntold ? [] : dump.members('outbox').map((id) => `news of ${id} are untold`);
  const queues = compareQueues(dump).filter(
    (fault) => !options.mayBeUntold || !fault.startsWith('queue outbox'),
  );
  return {
    rigs,
    faults: [
      ...compareRegistry(dump, rigs),
      ...queues,
      ...untold,
      ...hosts.flatMap((host) => compareHost(host, rigs, installation)),
      ...sharedAddresses(hosts),
      ...sharedLicences(hosts),
    ],
  };
};
