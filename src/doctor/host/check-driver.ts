// What makes a rig's network: the engine's driver, and for ipvlan and macvlan the kernel.

import { assertNever } from '../../rig/assert-never.ts';
import { type Check, well } from '../finding.ts';
import type { HostFacts, QuickFacts } from './facts.ts';
import { driverOf, linkKindOf } from './modes.ts';
import { doubtful, wrong } from './verdicts.ts';

export const checkDriver: Check<Pick<QuickFacts, 'engine' | 'config'>> = ({ engine, config }) => {
  if (engine.kind === 'away') return [];
  const driver = driverOf(config.network.mode);
  const { networkDrivers } = engine.facts;
  if (networkDrivers.includes(driver)) return [well('driver', `Docker has the network driver ${driver}`)];
  return [
    wrong(
      'driver',
      `Docker has no network driver ${driver}; it has ${networkDrivers.join(', ') || 'none'}`,
      `use a full Docker (Debian: \`sudo apt-get install docker.io\`), or set WCS_NETWORK to one that it has`,
    ),
  ];
};

export const checkKernel: Check<Pick<HostFacts, 'config' | 'kernel' | 'kernelHere'>> = (facts) => {
  const kind = linkKindOf(facts.config.network.mode);
  const { kernel, kernelHere } = facts;
  if (kind === undefined || kernel === undefined) return [];
  const module = 'kernel-module';
  switch (kernel.kind) {
    case 'made':
      return [well(module, `the kernel ${kernelHere} makes ${kind} interfaces, as was tried`)];
    case 'unknown-to-it':
      return [
        wrong(
          module,
          `the kernel ${kernelHere} has no ${kind} (${kernel.detail}), so that no rig can start`,
          `\`sudo modprobe ${kind}\`; if there is no such module, on Ubuntu \`sudo apt-get install linux-modules-extra-$(uname -r)\`, ` +
            `or set WCS_NETWORK=${kind === 'ipvlan' ? 'macvlan' : 'ipvlan'}`,
        ),
      ];
    case 'not-tried':
      break;
    default:
      return assertNever(kernel);
  }
  switch (kernel.sign) {
    case 'loaded':
      return [well(module, `the kernel's module ${kind} is loaded`)];
    case 'built-in':
      return [well(module, `${kind} is built into the kernel ${kernelHere}`)];
    case 'on-the-disk':
      return [
        well(module, `the kernel's module ${kind} is on the disk; it is loaded when the first rig starts`),
      ];
    case undefined:
      return [
        doubtful(
          module,
          `whether the kernel ${kernelHere} has ${kind} is not certain: nothing lists it, and it could not be tried (${kernel.why})`,
          `\`sudo modprobe ${kind} && echo it has\` on the machine itself`,
        ),
      ];
    default:
      return assertNever(kernel.sign);
  }
};
