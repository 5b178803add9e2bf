// The fleet that is measured: which hosts there are, and which rigs on them. Pure.

import { hour } from '../../../src/rig/duration.ts';
import type { Registration } from '../../../src/rig/host.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { anUnplacedRig, aRegistration } from '../../support/registries.ts';

export const image = 'localhost/wcs:latest';

/** Twenty are taken by the fleet; the others are for what is claimed while it is measured. */
export const [rigsEach, slotsEach] = [20, 60];
/** So many hosts are on one LAN with each other. */
const hostsOnALan = 100;
const rigsOfAPerson = 5;
/** One rig of so many has no end. */
const endlessEach = 100;

export const hostName = (index: number): string => `h${String(index).padStart(4, '0')}`;

const networkOf = (host: number): Rig['network'] => {
  const lan = Math.floor(host / hostsOnALan);
  return { lan: `lan-${lan}`, mode: 'ipvlan', subnet: `10.${lan >> 3}.${(lan & 7) * 32}.0/19` };
};

const addressesOf = (host: number): readonly string[] => {
  const lan = Math.floor(host / hostsOnALan);
  const first = (host % hostsOnALan) * slotsEach + 10;
  return Array.from({ length: slotsEach }, (_, index) => {
    const place = first + index;
    return `10.${lan >> 3}.${(lan & 7) * 32 + (place >> 8)}.${place & 255}`;
  });
};

export const registrationOf = (host: number): Registration => {
  const { lan, mode, subnet } = networkOf(host);
  const addresses = addressesOf(host);
  const range = `${addresses[0]}-${addresses.at(-1)}`;
  return aRegistration({
    name: hostName(host),
    lan,
    mode,
    subnet,
    addresses,
    range,
    slots: slotsEach,
    image,
  });
};

/** The how manyth rig of the fleet, as it is claimed. Nothing about its lease is due for hours. */
export const plannedRig = (index: number, now: number) => {
  const host = Math.floor(index / rigsEach);
  const person = Math.floor(index / rigsOfAPerson);
  const end = index % endlessEach === endlessEach - 1 ? undefined : now + (4 + (index % 20)) * hour;
  return anUnplacedRig(`f${index.toString(36).padStart(5, '0')}`, {
    name: `fleet-${index}`,
    owner: { id: `U${String(person).padStart(5, '0')}`, name: `person-${person}` },
    host: hostName(host),
    network: networkOf(host),
    created: now,
    lease: { end, cap: end === undefined ? undefined : now + 48 * hour, rev: 1 },
    asked: { channel: 'C0RIGS', command: '/wcs', quietly: false, cut: false },
    state: { kind: 'placed', since: now },
  });
};
