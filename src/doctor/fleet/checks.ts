// The checks of a fleet, in the order in which they are told.

import type { Finding } from '../finding.ts';
import { keys } from './check-keys.ts';
import { asStarted, name, ranges } from './check-own-host.ts';
import { bots, draining, hosts, notes, versions } from './check-presence.ts';
import type { FleetCheck, FleetFacts } from './facts.ts';

const checks: readonly FleetCheck[] = [bots, hosts, draining, notes, versions, keys, name, asStarted, ranges];

export const checkFleet = (facts: FleetFacts): readonly Finding[] => checks.flatMap((check) => check(facts));
