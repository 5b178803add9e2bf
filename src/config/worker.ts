// What the worker alone is told: its host, its network, its engine and its limits.

import type { Machine } from '../machine.ts';
import { type Duration, day, hour, minute, second } from '../rig/duration.ts';
import { type ImageReference, parseReference } from '../rig/image-reference.ts';
import { sizeOf } from '../rig/ipv4.ts';
import type { HostName } from '../rig/rig.ts';
import type { WcsConf } from '../rig/wcs-conf.ts';
import { type CommonConfig, readCommon } from './common.ts';
import * as forms from './forms.ts';
import { readLicences } from './licences.ts';
import { type HostNetwork, planNetwork } from './network-plan.ts';
import type { Reading } from './read-variables.ts';
import { readConf } from './wcs-conf.ts';

export type WorkerConfig = CommonConfig & {
  readonly host: HostName;
  readonly network: HostNetwork & {
    /** The Docker network's name. */
    readonly name: string;
  };
  /** Hosts of the same LAN that say the same may have some of these addresses, too. */
  readonly rangeShared: boolean;
  /** Rigs at once. */
  readonly slots: number;
  readonly image: ImageReference;
  /** One for all rigs of this host. */
  readonly licence: string | undefined;
  /** Those of which each rig claims one; none where there is no choice. */
  readonly licences: readonly string[];
  readonly memoryBytes: number;
  readonly cpus: number | undefined;
  /** What is laid over WCS's own files in each rig. */
  readonly conf: WcsConf;
  readonly stateDir: string;
  /** As DOCKER_HOST is written; the usual socket if undefined. */
  readonly dockerHost: string | undefined;
  /** The path of a Docker `config.json` with the logins of private registries. */
  readonly registryAuth: string | undefined;
  readonly registry: { readonly checkEvery: Duration; readonly timeout: Duration };
  /** Unused images that stay. */
  readonly keepImages: number;
  readonly ready: {
    readonly ports: readonly number[];
    readonly timeout: Duration;
    readonly interval: Duration;
  };
  /** Between two looks whether notes on this host's disk are still true. */
  readonly mirrorEvery: Duration;
  /** Between two full lists of this host's containers. */
  readonly surveyEvery: Duration;
  /** Between two looks at the rigs that run. */
  readonly watchEvery: Duration;
  /** For so long no bot was there, and so long past its cap a rig is, before it is removed without a bot's word. */
  readonly overdueAfter: Duration;
  readonly use: {
    /** Between two looks at whether rigs are in use. */
    readonly every: Duration;
    /** Bytes a second; more than that is media. */
    readonly rate: number;
  };
  /** Looking who is on the free addresses. */
  readonly probe: {
    /** Between two looks at what wants a probe; none at all if undefined. */
    readonly every: Duration | undefined;
    /** For so long it counts that nobody answered. */
    readonly fresh: Duration;
    /** Between two probes of an address that somebody else has. */
    readonly again: Duration;
  };
  /** Between SIGTERM and SIGKILL. */
  readonly stopGrace: Duration;
  /** How long the lock on the host's name lives without being kept. */
  readonly presence: Duration;
  readonly tailLines: number;
};

/** `undefined` only together with a fault. */
export const readWorker = (reading: Reading, machine: Machine): WorkerConfig | undefined => {
  const common = readCommon(reading);
  const host = readHost(reading, machine);
  const network = planNetwork(reading, machine, host);
  const memoryBytes = readMemory(reading, machine);
  const image = readImage(reading, common?.tags);
  const config = {
    host,
    memoryBytes,
    cpus: readCpus(reading, machine),
    conf: readConf(reading, machine, { memoryBytes, mode: network?.mode }),
    rangeShared: reading.withDefault('WCS_RANGE_SHARED', forms.oneOf(['on', 'off']), 'off') === 'on',
    slots: readSlots(reading, machine, memoryBytes, network),
    licence: reading.optional('WCS_LICENSE', forms.oneWord),
    licences: readLicences(reading, machine),
    stateDir: reading.withDefault('WCS_STATE_DIR', forms.absolutePath, '/var/lib/wcs-rigs'),
    dockerHost: reading.optional('DOCKER_HOST', forms.dockerHost),
    registryAuth: reading.optional('WCS_REGISTRY_AUTH', forms.absolutePath),
    registry: {
      checkEvery: reading.withDefault('WCS_REGISTRY_CHECK', forms.duration(1, 30 * day), 10 * minute),
      timeout: reading.withDefault('WCS_REGISTRY_TIMEOUT', forms.duration(10, hour), 10 * second),
    },
    keepImages: reading.withDefault('WCS_KEEP_IMAGES', forms.wholeNumber(0, 1000), 3),
    ready: {
      ports: reading.withDefault('WCS_READY_PORTS', portList, [8444, 8443]),
      timeout: reading.withDefault('WCS_READY_TIMEOUT', forms.duration(100, day), 3 * minute),
      interval: reading.withDefault('WCS_READY_CHECK', forms.duration(10, minute), second / 4),
    },
    mirrorEvery: reading.withDefault('WCS_MIRROR', forms.duration(50, minute), second),
    surveyEvery: reading.withDefault('WCS_SURVEY', forms.duration(100, 10 * minute), 30 * second),
    watchEvery: reading.withDefault('WCS_WATCH', forms.duration(100, minute), 5 * second),
    overdueAfter: reading.withDefault('WCS_OVERDUE_AFTER', forms.duration(second, 30 * day), hour),
    use: {
      every: reading.withDefault('WCS_USE_EVERY', forms.duration(100, hour), minute),
      rate: reading.withDefault('WCS_IDLE_RATE', forms.byteRate, 32 * 2 ** 10),
    },
    probe: readProbe(reading),
    stopGrace: reading.withDefault('WCS_STOP_GRACE', forms.duration(1, hour), 10 * second),
    presence: reading.withDefault('WCS_PRESENCE', forms.duration(500, hour), 15 * second),
    tailLines: reading.withDefault('WCS_LOG_TAIL', forms.wholeNumber(1, 100), 20),
  };
  if (!common || !network || !image) return undefined;
  return { ...common, ...config, image, network: { ...network, name: `${common.installation}-rigs` } };
};

const readProbe = (reading: Reading): WorkerConfig['probe'] => {
  const length = forms.orNone(
    forms.duration(100, minute),
    'write how often free addresses are looked at, say `10s`, at most `1m`, or `none`',
  );
  const every = reading.withDefault('WCS_PROBE', length, 10 * second);
  return {
    every: every === 'none' ? undefined : every,
    fresh: reading.withDefault('WCS_PROBE_FRESH', forms.duration(second, hour), minute),
    again: reading.withDefault('WCS_PROBE_AGAIN', forms.duration(100, day), 5 * minute),
  };
};

const portList = forms.listOf(forms.port, 'write ports with commas between them, say `8444,8443`');

const gibibyte = 2 ** 30;

const readHost = (reading: Reading, machine: Machine): HostName => {
  const given = reading.withDefault('WCS_HOST', forms.hostName, machine.hostName);
  if (!forms.hostName.safeParse(given).success) {
    reading.fault(`WCS_HOST is missing, and the machine's own name cannot be one; write a name, say \`h1\``);
  }
  return given;
};

const readMemory = (reading: Reading, machine: Machine): number => {
  const bytes = reading.withDefault('WCS_RIG_MEMORY', forms.memorySize, 2 * gibibyte);
  if (bytes > machine.memoryBytes) {
    const size = (of: number): string => `${Number((of / gibibyte).toFixed(1))} GiB`;
    reading.fault(
      `WCS_RIG_MEMORY is ${size(bytes)} for each rig, but this machine has ${size(machine.memoryBytes)}; write less, say \`1g\``,
    );
  }
  return bytes;
};

const readCpus = (reading: Reading, machine: Machine): number | undefined => {
  const cpus = reading.optional('WCS_RIG_CPUS', forms.cpus);
  if (cpus !== undefined && cpus > machine.cores) {
    reading.fault(
      `WCS_RIG_CPUS is ${cpus}, but this machine has ${machine.cores}; write at most ${machine.cores}`,
    );
  }
  return cpus;
};

/** What memory carries beside 1 GiB for the host, at most four rigs a core, at least one. */
const readSlots = (
  reading: Reading,
  machine: Machine,
  memoryBytes: number,
  network: HostNetwork | undefined,
): number => {
  const given = reading.optional('WCS_SLOTS', forms.wholeNumber(1, 10_000));
  const addresses = network ? sizeOf(network.range.spans) : Number.POSITIVE_INFINITY;
  if (given !== undefined && given > addresses) {
    reading.fault(
      `WCS_SLOTS is ${given}, but WCS_RANGE has ${addresses}; write at most ${addresses}, or widen the range`,
    );
  }
  const fitting = Math.floor((machine.memoryBytes - gibibyte) / memoryBytes);
  return given ?? Math.max(1, Math.min(fitting, 4 * machine.cores, addresses));
};

const usualImage = 'flashphoner/webcallserver:latest';

const readImage = (reading: Reading, tags: readonly string[] | undefined): ImageReference | undefined => {
  const given = reading.text('WCS_IMAGE');
  const image = given === undefined ? parseReference(usualImage) : reading.optional('WCS_IMAGE', forms.image);
  if (image && tags && !tags.includes(image.tag)) {
    reading.fault(
      `WCS_TAGS leaves out \`${image.tag}\`, the tag of WCS_IMAGE (\`${image.repository}:${image.tag}\`); add it, or write WCS_IMAGE with one of ${tags.map((tag) => `\`${tag}\``).join(', ')}`,
    );
  }
  return image;
};
