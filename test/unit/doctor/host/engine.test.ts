// The engine: away for each reason, too old, without root, on another machine, without limits, without the mode's driver.

import { describe } from 'vitest';
import type { EngineFacts } from '../../../../src/docker/engine-facts.ts';
import type { EngineLook, WhyAway } from '../../../../src/docker/examine.ts';
import { checkDriver, checkKernel } from '../../../../src/doctor/host/check-driver.ts';
import {
  checkApi,
  checkEngine,
  checkLimits,
  checkPlace,
  checkRights,
} from '../../../../src/doctor/host/check-engine.ts';
import type { HostFacts } from '../../../../src/doctor/host/facts.ts';
import type { KernelSays } from '../../../../src/doctor/host/gather-kernel.ts';
import type { NetworkMode } from '../../../../src/rig/rig.ts';
import { anEngine, hostFacts } from '../../../support/host-facts.ts';
import { itJudges } from '../../../support/judged.ts';

const engineIs = (facts: Partial<EngineFacts>, mode: NetworkMode = 'ipvlan'): HostFacts =>
  hostFacts(mode, { engine: anEngine(facts) });
const away = (why: WhyAway): HostFacts => {
  const engine: EngineLook = {
    kind: 'away',
    address: 'unix:///run/d.sock',
    why,
    detail: 'the engine’s words',
  };
  return hostFacts('ipvlan', { engine });
};

describe('engine', () => {
  itJudges(checkEngine, [
    ['it answers', hostFacts(), /^✔ engine: Docker 20\.10\.24 .* answers at unix:/],
    [
      'no such socket',
      away('no-socket'),
      /^✘ engine: .*no such socket → .*`sudo apt-get install docker\.io`.*DOCKER_HOST/,
    ],
    [
      'it does not run',
      away('nobody-listens'),
      /^✘ engine: .*nobody listens.* → `sudo systemctl start docker`/,
    ],
    [
      'no right',
      away('not-permitted'),
      /^✘ engine-rights: .*may not use.* → `sudo usermod -aG docker \$USER`/,
    ],
    [
      'it hangs',
      away('silent'),
      /^✘ engine: .*does not answer \(the engine’s words\) → .*journalctl -u docker/,
    ],
    ['a proxy says no', away('refused'), /^✘ engine: .*refuses: the engine’s words → .*proxy/],
    ['something else', away('odd'), /^✘ engine: .*not Docker.* → set DOCKER_HOST/],
  ]);
});

describe('engine-api', () => {
  itJudges(checkApi, [
    ['the oldest that will do', engineIs({ api: '1.41' }), /^✔ engine-api/],
    ['a newer one, by number and not by letter', engineIs({ api: '1.100' }), /^✔ engine-api/],
    ['another age', engineIs({ api: '2.0' }), /^✔ engine-api/],
    [
      'too old',
      engineIs({ api: '1.40', version: '19.03.1' }),
      /^✘ engine-api: Docker 19\.03\.1 speaks the API 1\.40 .*need 1\.41.* → update Docker to 20\.10/,
    ],
    ['far too old, by number and not by letter', engineIs({ api: '1.9' }), /^✘ engine-api/],
    [
      'Windows containers',
      engineIs({ platform: 'windows/amd64' }),
      /^✘ engine-api: .*windows.* → .*Linux containers/,
    ],
    ['away', away('silent')],
  ]);
});

describe('engine-rights', () => {
  const rootless = { isRootless: true };
  itJudges(checkRights, [
    ['with root', hostFacts(), /^✔ engine-rights/],
    [
      'without root, ipvlan',
      engineIs(rootless),
      /^✘ engine-rights: .*WCS_NETWORK=ipvlan.*nobody reaches.* → .*WCS_NETWORK=publish/,
    ],
    ['without root, macvlan', engineIs(rootless, 'macvlan'), /^✘ engine-rights/],
    ['without root, bridge', engineIs(rootless, 'bridge'), /^✘ engine-rights/],
    ['without root, host', engineIs(rootless, 'host'), /^✘ engine-rights/],
    ['without root, publish', engineIs(rootless, 'publish'), /^▲ engine-rights/],
    ['away', away('not-permitted')],
  ]);
});

describe('engine-here', () => {
  const elsewhere = { kernel: '6.10.14-linuxkit', system: 'Docker Desktop', hostName: 'docker-desktop' };
  itJudges(checkPlace, [
    ['this machine', hostFacts(), /^✔ engine-here/],
    ['it does not say', engineIs({ kernel: '' }), /^✔ engine-here/],
    [
      'another one',
      engineIs(elsewhere),
      /^✘ engine-here: .*docker-desktop, Docker Desktop, kernel 6\.10\.14.* → run the worker on/,
    ],
    ['another one, bridge', engineIs(elsewhere, 'bridge'), /^▲ engine-here: .*does not reach its rigs/],
    ['another one, publish', engineIs(elsewhere, 'publish'), /^✘ engine-here/],
  ]);
});

describe('engine-limits', () => {
  const without = { memory: false, cpus: true, processes: false };
  itJudges(checkLimits, [
    ['all of them', hostFacts(), /^✔ engine-limits/],
    [
      'some missing',
      engineIs({ limits: without }),
      /^▲ engine-limits: .*memory, processes.* → .*cgroup_enable=memory/,
    ],
  ]);
});

describe('driver', () => {
  const only = { networkDrivers: ['bridge', 'host'] };
  itJudges(checkDriver, [
    ['there', hostFacts(), /^✔ driver: .*ipvlan/],
    ['missing', engineIs(only), /^✘ driver: .*no network driver ipvlan; it has bridge, host → /],
    ['published ports are a bridge’s', engineIs(only, 'publish'), /^✔ driver: .*bridge/],
    ['none at all', engineIs({ networkDrivers: [] }, 'host'), /^✘ driver: .*it has none/],
  ]);
});

describe('kernel-module', () => {
  const kernelSays = (kernel: KernelSays, mode: NetworkMode = 'ipvlan'): HostFacts =>
    hostFacts(mode, { kernel });
  const signs = (sign: Extract<KernelSays, { kind: 'not-tried' }>['sign']): HostFacts =>
    kernelSays({ kind: 'not-tried', why: 'Operation not permitted', sign });
  const unknown = { kind: 'unknown-to-it', detail: 'Error: Unknown device type.' } as const;
  itJudges(checkKernel, [
    ['it was made', hostFacts(), /^✔ kernel-module: .*makes ipvlan interfaces, as was tried/],
    [
      'unknown',
      kernelSays(unknown),
      /^✘ kernel-module: .*no ipvlan \(Error: Unknown device type\.\).* → `sudo modprobe ipvlan`.*linux-modules-extra.*WCS_NETWORK=macvlan/,
    ],
    [
      'unknown macvlan',
      kernelSays(unknown, 'macvlan'),
      /^✘ kernel-module: .* → `sudo modprobe macvlan`.*WCS_NETWORK=ipvlan/,
    ],
    ['loaded', signs('loaded'), /^✔ kernel-module: .*loaded/],
    ['built in', signs('built-in'), /^✔ kernel-module: .*built into/],
    ['on the disk', signs('on-the-disk'), /^✔ kernel-module: .*on the disk/],
    [
      'no sign of it',
      signs(undefined),
      /^▲ kernel-module: .*not certain.*Operation not permitted.* → `sudo modprobe ipvlan/,
    ],
    ['a bridge needs none', hostFacts('bridge')],
  ]);
});
