// What others see of a rig: another address where a router translates one to one, and a name where there is a certificate.

import { type AddressRange, addressesOf } from '../rig/address-range.ts';
import { parseAddress } from '../rig/ipv4.ts';
import type { Outside } from '../rig/outside.ts';
import { linkHost } from './forms.ts';
import type { Reading } from './read-variables.ts';

/** A map is part of what each rig knows of its network. */
const most = 256;

const how = 'write `LEASED=OUTSIDE`, several by comma, say `10.0.0.5=203.0.113.7`';

export const readOutside = (reading: Reading, range: AddressRange | undefined): Outside => {
  const external = readExternal(reading, range);
  const link = reading.optional('WCS_LINK_HOST', linkHost);
  return {
    ...(external === undefined ? {} : { external }),
    ...(link === undefined ? {} : { linkHost: link }),
  };
};

const readExternal = (reading: Reading, range: AddressRange | undefined): Outside['external'] | undefined => {
  const text = reading.text('WCS_EXTERNAL');
  if (text === undefined) return undefined;
  const pairs = text.split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  const inRange = range && new Set(addressesOf(range));
  const faults = pairs.flatMap((pair): string[] => {
    const [leased = '', outside = '', ...more] = pair;
    if (more.length > 0 || parseAddress(leased) === undefined || parseAddress(outside) === undefined)
      return [`WCS_EXTERNAL holds \`${pair.join('=')}\`; ${how}`];
    if (inRange && !inRange.has(leased))
      return [`WCS_EXTERNAL maps ${leased}, which is not in WCS_RANGE; correct it or leave it out`];
    return [];
  });
  for (const column of [0, 1] as const) {
    const all = pairs.map((pair) => pair[column] ?? '');
    const twice = all.find((one, index) => all.indexOf(one) !== index);
    if (faults.length === 0 && twice !== undefined)
      faults.push(`WCS_EXTERNAL names ${twice} twice; each address has one of its own outside`);
  }
  if (pairs.length > most) faults.push(`WCS_EXTERNAL maps ${pairs.length} addresses; ${most} are the most`);
  for (const fault of faults) reading.fault(fault);
  return faults.length > 0
    ? undefined
    : Object.fromEntries(pairs.map(([leased = '', outside = '']) => [leased, outside]));
};
