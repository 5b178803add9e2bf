// The checks of a host, in the order in which they are told: first what all else stands on.

import type { Check, Finding } from '../finding.ts';
import { checkDriver, checkKernel } from './check-driver.ts';
import { checkApi, checkEngine, checkLimits, checkPlace, checkRights } from './check-engine.ts';
import { checkBridgeRules, checkFirewall, checkForwarding } from './check-firewall.ts';
import { checkImage, checkPlatform } from './check-image.ts';
import { checkArping, checkGateway, checkOwnGateway, checkStrangers } from './check-lan.ts';
import { checkMtu } from './check-mtu.ts';
import {
  checkHandedOut,
  checkNetwork,
  checkNetworkOverlap,
  checkNetworkParent,
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

const onTheEngine: readonly Check<QuickFacts>[] = [
  ...[checkEngine, checkApi, checkRights, checkPlace, checkLimits, checkDriver],
];
const onTheParent: readonly Check<QuickFacts>[] = [
  ...[checkParent, checkParentUp, checkParentWifi, checkParentPart, checkParentKind, checkMtu],
];
const onThePlan: readonly Check<QuickFacts>[] = [
  ...[checkRange, checkDhcp, checkSubnet, checkOwnGateway],
  ...[checkNetwork, checkNetworkOverlap, checkNetworkParent, checkHandedOut, checkRoutes],
  ...[checkOwnAddresses, checkPorts],
];
const onTheRoom: readonly Check<QuickFacts>[] = [checkMemory, checkState, checkData, checkOpenFiles];

/** A worker runs these when it starts: they say nothing on the LAN, and ask nobody but the engine. */
export const quickChecks: readonly Check<QuickFacts>[] = [
  ...[...onTheEngine, ...onTheParent, ...onThePlan, ...onTheRoom],
];

export const hostChecks: readonly Check<HostFacts>[] = [
  ...onTheEngine,
  checkKernel,
  ...[checkImage, checkPlatform],
  ...onTheParent,
  checkVirtual,
  ...onThePlan,
  ...[checkArping, checkGateway, checkStrangers],
  ...[checkForwarding, checkBridgeRules, checkFirewall],
  ...onTheRoom,
];

/** PURE. */
export const judge = <Facts>(checks: readonly Check<Facts>[], facts: Facts): readonly Finding[] =>
  checks.flatMap((check) => check(facts));
