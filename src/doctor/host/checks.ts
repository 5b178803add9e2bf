// The checks of a host, in the order in which they are told: first what all else stands on.

import type { Check } from '../finding.ts';
import { checkDriver, checkKernel } from './check-driver.ts';
import { checkApi, checkEngine, checkLimits, checkPlace, checkRights } from './check-engine.ts';
import { checkFirewall, checkForwarding } from './check-firewall.ts';
import { checkImage, checkPlatform } from './check-image.ts';
import { checkArping, checkGateway, checkStrangers } from './check-lan.ts';
import { checkMtu } from './check-mtu.ts';
import {
  checkHandedOut,
  checkNetwork,
  checkNetworkOverlap,
  checkRoutes,
  checkSubnet,
} from './check-networks.ts';
import { checkOwnAddresses, checkPorts } from './check-own.ts';
import {
  checkParent,
  checkParentKind,
  checkParentPart,
  checkParentUp,
  checkParentWifi,
  checkVirtual,
} from './check-parent.ts';
import { checkDhcp, checkRange } from './check-range.ts';
import { checkData, checkMemory, checkOpenFiles, checkState } from './check-room.ts';
import type { HostFacts, QuickFacts } from './facts.ts';

/** A worker runs these when it starts: they say nothing on the LAN, and ask nobody but the engine. */
export const quickChecks: readonly Check<QuickFacts>[] = [
  checkEngine,
  checkApi,
  checkRights,
  checkPlace,
  checkLimits,
  checkDriver,
  checkParent,
  checkParentUp,
  checkParentWifi,
  checkParentPart,
  checkParentKind,
  checkMtu,
  checkRange,
  checkDhcp,
  checkSubnet,
  checkNetwork,
  checkNetworkOverlap,
  checkHandedOut,
  checkRoutes,
  checkOwnAddresses,
  checkPorts,
  checkMemory,
  checkState,
  checkData,
  checkOpenFiles,
];

export const hostChecks: readonly Check<HostFacts>[] = [
  ...quickChecks,
  checkKernel,
  checkVirtual,
  checkArping,
  checkGateway,
  checkStrangers,
  checkForwarding,
  checkFirewall,
  checkImage,
  checkPlatform,
];

/** PURE. */
export const judge = <Facts>(checks: readonly Check<Facts>[], facts: Facts) =>
  checks.flatMap((check) => check(facts));
