// The engine: whether it answers, is new enough, is this machine's, and may do what rigs need.

import { isOlderApi } from '../../docker/engine-facts.ts';
import type { EngineLook, WhyAway } from '../../docker/examine.ts';
import { type Check, type Finding, well } from '../finding.ts';
import type { QuickFacts } from './facts.ts';
import { doubtful, wrong } from './verdicts.ts';

type Facts = Pick<QuickFacts, 'engine'>;

type Away = Extract<EngineLook, { kind: 'away' }>;

/** Docker 20.10, the oldest engine that rigs have been run on. */
const oldestApi = '1.41';

const awaySentences: Readonly<Record<WhyAway, (away: Away) => Finding>> = {
  'no-socket': ({ address }) =>
    wrong(
      'engine',
      `there is no Docker at ${address}: no such socket`,
      'install and start it (Debian: `sudo apt-get install docker.io`), or set DOCKER_HOST to where it is',
    ),
  'nobody-listens': ({ address }) =>
    wrong(
      'engine',
      `Docker does not run: nobody listens at ${address}`,
      '`sudo systemctl start docker`, or set DOCKER_HOST to where it is',
    ),
  'not-permitted': ({ address }) =>
    wrong(
      'engine-rights',
      `this user may not use Docker's socket at ${address}`,
      '`sudo usermod -aG docker $USER` and log in again, or run this as root',
    ),
  silent: ({ address, detail }) =>
    wrong(
      'engine',
      `Docker at ${address} does not answer (${detail})`,
      '`sudo journalctl -u docker -n 50` says why; then `sudo systemctl restart docker`, which stops what runs there',
    ),
  refused: ({ address, detail }) =>
    wrong(
      'engine',
      `Docker at ${address} answers, and refuses: ${detail}`,
      'if a proxy stands before the socket, let it pass everything, or set DOCKER_HOST to the socket itself',
    ),
  odd: ({ address, detail }) =>
    wrong('engine', `what answers at ${address} is not Docker: ${detail}`, 'set DOCKER_HOST to the engine'),
};

export const checkEngine: Check<Facts> = ({ engine }) => {
  if (engine.kind === 'away') return [awaySentences[engine.why](engine)];
  const { facts, address } = engine;
  return [
    well('engine', `Docker ${facts.version} on ${facts.system || 'its machine'} answers at ${address}`),
  ];
};

export const checkApi: Check<Facts> = ({ engine }) => {
  if (engine.kind === 'away') return [];
  const { api, version, platform } = engine.facts;
  if (!platform.startsWith('linux/')) {
    return [
      wrong(
        'engine-api',
        `Docker makes containers for ${platform}, and rigs are Linux containers`,
        'switch it to Linux containers',
      ),
    ];
  }
  if (!isOlderApi(api, oldestApi))
    return [well('engine-api', `Docker speaks the API ${api}, and rigs need ${oldestApi}`)];
  return [
    wrong(
      'engine-api',
      `Docker ${version} speaks the API ${api} at most, and rigs need ${oldestApi}, which Docker 20.10 has`,
      'update Docker to 20.10 or newer (Debian: `sudo apt-get install --only-upgrade docker.io`)',
    ),
  ];
};

export const checkRights: Check<Pick<QuickFacts, 'engine' | 'config'>> = ({ engine, config }) => {
  if (engine.kind === 'away') return [];
  if (!engine.facts.isRootless)
    return [well('engine-rights', 'this user may use Docker, and Docker runs as root')];
  const { mode } = config.network;
  if (mode === 'publish') {
    return [
      doubtful(
        'engine-rights',
        'Docker runs without root: ports are published by a program of its own, which hides from rigs who calls',
        "`sudo sysctl -w net.ipv4.ip_unprivileged_port_start=554`, or it may not publish the port of RTSP and no rig starts; for the callers' own addresses run Docker as root",
      ),
    ];
  }
  return [
    wrong(
      'engine-rights',
      `Docker runs without root, in a network of its own: with \`WCS_NETWORK=${mode}\` nobody reaches a rig`,
      "set DOCKER_HOST to the machine's own engine (`unix:///var/run/docker.sock`), or set WCS_NETWORK=publish, with `sudo sysctl -w net.ipv4.ip_unprivileged_port_start=554`",
    ),
  ];
};

/** Its parent, its routes and its ports are looked at on this machine, and rigs run on the engine's. */
export const checkPlace: Check<Pick<QuickFacts, 'engine' | 'config' | 'kernelHere'>> = (facts) => {
  const { engine, config, kernelHere } = facts;
  if (engine.kind === 'away') return [];
  const { kernel, hostName, system } = engine.facts;
  if (kernel === '' || kernel === kernelHere) return [well('engine-here', 'Docker runs on this machine')];
  const where = `Docker runs on another machine or in a virtual one (${hostName}, ${system}, kernel ${kernel}; here it is ${kernelHere})`;
  const mend = 'run the worker on the machine of its engine, and set DOCKER_HOST to its socket';
  if (config.network.mode === 'bridge')
    return [doubtful('engine-here', `${where}, so that this machine does not reach its rigs`, mend)];
  return [
    wrong('engine-here', `${where}: the interfaces and addresses here are not those of its rigs`, mend),
  ];
};

export const checkLimits: Check<Facts> = ({ engine }) => {
  if (engine.kind === 'away') return [];
  const { memory, cpus, processes } = engine.facts.limits;
  const missing = [
    ...(memory ? [] : ['memory']),
    ...(cpus ? [] : ['CPUs']),
    ...(processes ? [] : ['processes']),
  ];
  if (missing.length === 0)
    return [well('engine-limits', 'Docker can hold a rig to its memory, CPUs and processes')];
  return [
    doubtful(
      'engine-limits',
      `Docker cannot limit a rig's ${missing.join(', ')} on this kernel: one rig can take all of the machine`,
      "switch the control groups on: `cgroup_enable=memory swapaccount=1` in the kernel's command line, then reboot",
    ),
  ];
};
