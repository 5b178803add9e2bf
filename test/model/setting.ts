// Where the stories happen: people, hosts that share addresses, and policies small enough that limits are met.

import type { LaunchPolicy } from '../../src/control/launch-rig.ts';
import type { Asker } from '../../src/rig/access.ts';
import { type Duration, hour, minute, second } from '../../src/rig/duration.ts';
import type { Registration } from '../../src/rig/host.ts';
import type { LeasePolicy } from '../../src/rig/lease.ts';
import { emptyConf, type WcsConf, withSettings } from '../../src/rig/wcs-conf.ts';
import { anna, ben, olga } from '../support/a-rig.ts';
import { aLeasePolicy } from '../support/policies.ts';
import { aRegistration, fleetKeyId } from '../support/registries.ts';
import { licencesOf } from './licences.ts';

export const people: readonly Asker[] = [anna, ben, { id: 'U0CLEO', name: 'cleo', isAdmin: false }, olga];

export const names = ['ant', 'bee', 'cat', 'dog', 'elk'] as const;

/** `broken` ends at once; `none` is not in the image registry. */
export const tags = ['latest', '5.2', 'broken', 'none'] as const;
export const repository = 'example/wcs';

/** Laid over WCS's own in each rig. */
export const conf: WcsConf = withSettings(emptyConf, new Map([['laid_over', 'yes']]));

/** What one story does otherwise than another. */
export type Rules = { readonly idle: Duration | undefined };

/** As deployed, but for the pause that counts as an outage: a story takes longer strides than two seconds. */
export const leasePolicy = ({ idle }: Rules): LeasePolicy =>
  aLeasePolicy({ unwatched: 10 * minute, useFresh: 12 * minute, idle });

/** The longest stride in which somebody looks. */
export const stride: Duration = 9 * minute;
/** A worker that was not heard of for so long is gone. */
export const presence: Duration = 15 * second;
export const outboxLease: Duration = 10 * minute;
export const crashHold: Duration = 10 * minute;
/** The longest boot. */
export const bootTimeout: Duration = 3 * minute;

export const launchPolicy: LaunchPolicy = {
  lease: { usual: 2 * hour, most: 8 * hour },
  rigsPerUser: 2,
  rigsMax: 7,
  tags: undefined,
  deadline: 10 * minute,
  keyIds: [fleetKeyId],
};

const place = (name: string, lan: string, first: number, count: number, slots: number): Registration =>
  aRegistration({
    name,
    lan,
    mode: lan === 'office' ? 'ipvlan' : 'bridge',
    range: `10.0.0.${first}-10.0.0.${first + count - 1}`,
    addresses: Array.from({ length: count }, (_, index) => `10.0.0.${first + index}`),
    slots,
    image: `${repository}:latest`,
    licensed: true,
    licences: licencesOf(name).toClaim.map(({ id }) => id),
  });

/** The first two share a LAN, and three addresses of their ranges; the third has the same ones on a LAN of its own. */
export const hosts: readonly Registration[] = [
  place('h1', 'office', 10, 5, 4),
  place('h2', 'office', 12, 5, 3),
  place('h3', 'bridge:h3', 11, 2, 3),
];
