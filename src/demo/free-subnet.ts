// A /24 for the try-out's bridge that nothing on this machine uses yet.

import ipaddr from 'ipaddr.js';

export type FreeSubnet = {
  /** `172.31.7` */
  readonly prefix: string;
  /** `172.31.7.0/24` */
  readonly text: string;
};

/** `taken`: subnets and addresses with their lengths, `10.0.0.5/8`. Throws if all 250 candidates are taken. */
export const freeSubnet = (taken: readonly string[]): FreeSubnet => {
  const others = taken.map((text) => ipaddr.IPv4.parseCIDR(text));
  for (let third = 7; third < 257; third += 1) {
    const prefix = `172.31.${third % 256}`;
    const first = ipaddr.IPv4.parse(`${prefix}.0`);
    const overlaps = others.some(([address, length]) => {
      const shared = Math.min(length, 24);
      return address.match(first, shared);
    });
    if (!overlaps) return { prefix, text: `${prefix}.0/24` };
  }
  throw new Error(
    'every subnet in 172.31.0.0/16 is in use on this machine, so there is none for the try-out',
  );
};
