// What may be shown of a licence, and travels in its place.

import { pbkdf2Sync } from 'node:crypto';
import type { LicenceId } from './rig/rig.ts';

/** 5 ms each on the machine that this was measured on: a start hardly notices, whoever tries out guesses does. */
const rounds = 16_384;

/**
 * The licence's own HMAC, over and over: 12 hex digits. Not of the fleet's secret, which may be changed: an id that changed
 * with it would be another licence to those hosts that have the other secret, and two rigs would get it.
 */
export const licenceIdOf = (licence: string, installation: string): LicenceId =>
  pbkdf2Sync(licence, `wcs-rigs licence ${installation}`, rounds, 6, 'sha256').toString('hex');
