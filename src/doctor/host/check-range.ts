// The range among its surroundings. Whether it keeps out of gateway, subnet, own addresses and WCS_DHCP the configuration has
// seen to: with a fault in it there is no configuration, and the fault is a finding.

import type { ConfigReading, WorkerConfig } from '../../config.ts';
import { formatSpans } from '../../rig/address-range.ts';
import { sizeOf } from '../../rig/ipv4.ts';
import { checkVariables } from '../check-environment.ts';
import { type Check, type Finding, well } from '../finding.ts';
import { addressCount, rigCount } from './count.ts';
import type { QuickFacts } from './facts.ts';
import { linkKindOf } from './modes.ts';
import { doubtful } from './verdicts.ts';

export const checkConfiguration = (reading: ConfigReading<WorkerConfig>): readonly Finding[] => {
  const found = checkVariables(reading);
  if (reading.kind === 'faults') return found;
  const { network, slots } = reading.config;
  const on = network.parent === undefined ? '' : ` on ${network.parent}`;
  return [
    well(
      'configuration',
      `the configuration is complete: ${network.mode}${on}, ${network.subnet}, up to ${rigCount(slots)} at once`,
    ),
    ...found,
  ];
};

export const checkRange: Check<Pick<QuickFacts, 'config'>> = ({ config }) => {
  const { mode, range, subnet, gateway } = config.network;
  const size = sizeOf(range.spans);
  const clear =
    linkKindOf(mode) === undefined
      ? ''
      : `, inside ${subnet} and clear of the gateway ${gateway} and of this host`;
  return [well('range', `the range has ${addressCount(size)}${clear}`)];
};

export const checkDhcp: Check<Pick<QuickFacts, 'config'>> = ({ config }) => {
  const { mode, dhcp } = config.network;
  if (linkKindOf(mode) === undefined) return [];
  if (dhcp.length > 0) {
    return [
      well('range-dhcp', `the range is clear of ${formatSpans(dhcp)}, which the DHCP server hands out`),
    ];
  }
  return [
    doubtful(
      'range-dhcp',
      'WCS_DHCP is not set: nobody notices if the range holds addresses that the DHCP server hands out to others',
      'look up its range in the DHCP server, mostly the router, and set it: `WCS_DHCP=FIRST-LAST`',
    ),
  ];
};
