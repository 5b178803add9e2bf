// The address range: every form, every refusal with its string to paste, and the arithmetic against a plain enumeration.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressesOf,
  firstAddressIn,
  readRange,
  readSpans,
  type Surroundings,
} from '../../../src/rig/address-range.ts';
import { formatAddress, formatSubnet, parseAddress, parseBlock, type Subnet } from '../../../src/rig/ipv4.ts';

const numberOf = (text: string): number => {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
};

const subnetOf = (text: string): Subnet => {
  const block = parseBlock(text);
  if (block === undefined) throw new Error(`${text} is no subnet`);
  return block.subnet;
};

const dhcpOf = (text: string) => {
  const reading = readSpans('WCS_DHCP', text);
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  return reading.range.spans;
};

const office: Surroundings = {
  subnet: subnetOf('192.168.23.0/24'),
  gateway: numberOf('192.168.23.1'),
  own: [numberOf('192.168.23.5')],
  dhcp: dhcpOf('192.168.23.10-192.168.23.99'),
};

const faultsOf = (text: string, around: Surroundings = office): readonly string[] => {
  const reading = readRange('WCS_RANGE', text, around);
  return reading.kind === 'faults' ? reading.faults : [];
};

const addressesIn = (text: string, around: Surroundings = office): readonly string[] => {
  const reading = readRange('WCS_RANGE', text, around);
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  return addressesOf(reading.range);
};

describe('a range that is right', () => {
  it.each([
    ['192.168.23.100', ['192.168.23.100']],
    ['192.168.23.100-192.168.23.102', ['192.168.23.100', '192.168.23.101', '192.168.23.102']],
    ['192.168.23.100-192.168.23.100', ['192.168.23.100']],
    ['192.168.23.104/30', ['192.168.23.104', '192.168.23.105', '192.168.23.106', '192.168.23.107']],
    ['192.168.23.105/32', ['192.168.23.105']],
    ['192.168.23.200,192.168.23.100-192.168.23.101', ['192.168.23.200', '192.168.23.100', '192.168.23.101']],
    [
      ' 192.168.23.100 – 192.168.23.101 , 192.168.23.9 ',
      ['192.168.23.100', '192.168.23.101', '192.168.23.9'],
    ],
  ])('%s', (text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses);
  });

  it('may cross from one number to the next', () => {
    const wide = { ...office, subnet: subnetOf('10.0.0.0/16'), gateway: undefined };
    expect(addressesIn('10.0.0.254-10.0.1.1', wide)).toEqual([
      '10.0.0.254',
      '10.0.0.255',
      '10.0.1.0',
      '10.0.1.1',
    ]);
  });

  it('may hold both addresses of a /31, which has no network and no broadcast address', () => {
    const pair = { subnet: subnetOf('10.0.0.0/31'), gateway: undefined, own: [], dhcp: [] };
    expect(addressesIn('10.0.0.0/31', pair)).toEqual(['10.0.0.0', '10.0.0.1']);
  });

  it('may lie above 127.255.255.255 and at the very end', () => {
    const end = { subnet: undefined, gateway: undefined, own: [], dhcp: [] };
    expect(addressesIn('255.255.255.254/31', end)).toEqual(['255.255.255.254', '255.255.255.255']);
  });
});

describe('a range that is refused says why and what to write', () => {
  it.each([
    [
      '192.168.23.100/27',
      'WCS_RANGE: `192.168.23.100/27` is 192.168.23.96–192.168.23.127, which starts before .100; for 32 addresses from .100 write `192.168.23.100-192.168.23.131`',
    ],
    [
      '192.168.23.250/27',
      'WCS_RANGE: `192.168.23.250/27` is 192.168.23.224–192.168.23.255, which starts before .250; for 5 addresses from .250 write `192.168.23.250-192.168.23.254`',
    ],
    [
      '192.168.23.90/27',
      'WCS_RANGE: `192.168.23.90/27` is 192.168.23.64–192.168.23.95, which starts before .90; for 22 addresses from .100 write `192.168.23.100-192.168.23.121`',
    ],
    [
      '192.168.23.255/24',
      'WCS_RANGE: `192.168.23.255/24` is 192.168.23.0–192.168.23.255, which starts before .255; choose other addresses inside 192.168.23.0/24',
    ],
    [
      '192.168.23.131-192.168.23.100',
      'WCS_RANGE: `192.168.23.131-192.168.23.100` runs backwards; write `192.168.23.100-192.168.23.131`',
    ],
    [
      '192.168.23.100-131',
      'WCS_RANGE: `192.168.23.100-131` is not written out; write `192.168.23.100-192.168.23.131`',
    ],
    [
      '192.168.23.100-.131',
      'WCS_RANGE: `192.168.23.100-.131` is not written out; write `192.168.23.100-192.168.23.131`',
    ],
    [
      '192.168.23.300',
      'WCS_RANGE: `192.168.23.300` is not an IPv4 address; write four numbers from 0 to 255, say `192.168.23.100`',
    ],
    [
      '192.168.23.100-192.168.23',
      'WCS_RANGE: `192.168.23` is not an IPv4 address; write four numbers from 0 to 255, say `192.168.23.100`',
    ],
    [
      '192.168.023.100',
      'WCS_RANGE: `192.168.023.100` has leading zeros, which some programs read as octal; write `192.168.23.100`',
    ],
    ['fd00::1', 'WCS_RANGE: `fd00::1` looks like IPv6; rigs have IPv4 addresses'],
    [
      '192.168.23.96/33',
      'WCS_RANGE: `192.168.23.96/33` does not end in a length from /0 to /32, as `192.168.23.96/27` does',
    ],
    [
      '192.168.23.96/',
      'WCS_RANGE: `192.168.23.96/` does not end in a length from /0 to /32, as `192.168.23.96/27` does',
    ],
    [
      '192.168.23.100-192.168.23.110-192.168.23.120',
      'WCS_RANGE: `192.168.23.100-192.168.23.110-192.168.23.120` has more than one dash; write `first-last`, several by comma',
    ],
    [
      '192.168.23.100,',
      'WCS_RANGE: there is nothing before, after or between two commas; leave the comma out',
    ],
    [
      '192.168.24.100-192.168.24.110',
      'WCS_RANGE has 192.168.24.100–192.168.24.110 outside the subnet 192.168.23.0/24; choose other addresses inside 192.168.23.0/24',
    ],
    [
      '192.168.23.240-192.168.24.3',
      'WCS_RANGE has 192.168.24.0–192.168.24.3 outside the subnet 192.168.23.0/24; write `192.168.23.240-192.168.23.254`',
      'WCS_RANGE holds the broadcast address 192.168.23.255; write `192.168.23.240-192.168.23.254`',
    ],
    [
      '192.168.23.0-192.168.23.9',
      'WCS_RANGE holds the network address 192.168.23.0; write `192.168.23.2-192.168.23.4,192.168.23.6-192.168.23.9`',
      'WCS_RANGE holds the gateway 192.168.23.1; write `192.168.23.2-192.168.23.4,192.168.23.6-192.168.23.9`',
      "WCS_RANGE holds this host's own address 192.168.23.5; write `192.168.23.2-192.168.23.4,192.168.23.6-192.168.23.9`",
    ],
    [
      '192.168.23.1',
      'WCS_RANGE holds the gateway 192.168.23.1; choose other addresses inside 192.168.23.0/24',
    ],
    [
      '192.168.23.96/27',
      'WCS_RANGE holds 192.168.23.96–192.168.23.99, which the DHCP server hands out (WCS_DHCP); write `192.168.23.100-192.168.23.127`',
    ],
    [
      '192.168.23.100-192.168.23.110,192.168.23.105',
      'WCS_RANGE names 192.168.23.105 more than once; write `192.168.23.100-192.168.23.110`',
    ],
    [
      '192.168.23.100/27,192.168.23.300',
      'WCS_RANGE: `192.168.23.100/27` is 192.168.23.96–192.168.23.127, which starts before .100; for 32 addresses from .100 write `192.168.23.100-192.168.23.131`',
      'WCS_RANGE: `192.168.23.300` is not an IPv4 address; write four numbers from 0 to 255, say `192.168.23.100`',
    ],
  ])('%s', (text, ...faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('a wide block that starts in another run of 256 is written in full', () => {
    const wide = { ...office, subnet: subnetOf('10.0.0.0/8'), gateway: undefined };
    expect(faultsOf('10.0.1.0/22', wide)).toEqual([
      'WCS_RANGE: `10.0.1.0/22` is 10.0.0.0–10.0.3.255, which starts before 10.0.1.0; for 1,024 addresses from 10.0.1.0 write `10.0.1.0-10.0.4.255`',
    ]);
  });

  it('more addresses than the registry should keep', () => {
    const wide = { subnet: subnetOf('10.0.0.0/8'), gateway: undefined, own: [], dhcp: [] };
    expect(faultsOf('10.1.0.0-10.2.0.0', wide)).toEqual([
      'WCS_RANGE holds 65,537 addresses; 65,536 addresses are the most, so give rigs a part of it',
    ]);
    expect(faultsOf('10.1.0.0/16', wide)).toEqual([]);
  });

  it('but a DHCP server may hand out as many as it likes', () => {
    expect(readSpans('WCS_DHCP', '10.0.0.0/8').kind).toBe('range');
    expect(readSpans('WCS_DHCP', '192.168.23.10/27')).toEqual({
      kind: 'faults',
      faults: [
        'WCS_DHCP: `192.168.23.10/27` is 192.168.23.0–192.168.23.31, which starts before .10; for 32 addresses from .10 write `192.168.23.10-192.168.23.41`',
      ],
    });
  });
});

describe('the string to paste', () => {
  it('is accepted as it stands, whatever was refused', () => {
    const pasted = fc.property(entriesOf192, (text) => {
      for (const sentence of faultsOf(text)) {
        const paste = /write `([^`]+)`/.exec(sentence)?.[1];
        if (paste !== undefined && !text.includes(',')) expect(faultsOf(paste)).toEqual([]);
      }
    });
    fc.assert(pasted, { numRuns: 500 });
  });
});

// The other way round: addresses as text, walked one by one by a counter of four numbers, with no arithmetic on wholes.
const next = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): readonly number[] => {
  if (d < 255) return [a, b, c, d + 1];
  if (c < 255) return [a, b, c + 1, 0];
  return b < 255 ? [a, b + 1, 0, 0] : [a + 1, 0, 0, 0];
};

const walk = (from: readonly number[], steps: number): string[] => {
  const seen: string[] = [];
  for (let at = from; seen.length < steps; at = next(at)) seen.push(at.join('.'));
  return seen;
};

const octet = fc.integer({ min: 0, max: 255 });
const anyAddress = fc.tuple(fc.integer({ min: 0, max: 254 }), octet, octet, octet);
const low = fc.integer({ min: 0, max: 255 });
const entriesOf192 = fc.oneof(
  fc.tuple(low, fc.integer({ min: 20, max: 32 })).map(([last, length]) => `192.168.23.${last}/${length}`),
  fc.tuple(low, low).map(([one, other]) => `192.168.23.${one}-192.168.23.${other}`),
  fc.tuple(low, low).map(([one, other]) => `192.168.23.${one}-${other}`),
  low.map((last) => `192.168.23.${last}`),
);

describe('against a plain enumeration', () => {
  const anywhere: Surroundings = { subnet: undefined, gateway: undefined, own: [], dhcp: [] };

  it('a pair is every address from one to the other', () => {
    fc.assert(
      fc.property(anyAddress, fc.integer({ min: 1, max: 700 }), (from, size) => {
        const expected = walk(from, size);
        expect(addressesIn(`${expected[0]}-${expected.at(-1)}`, anywhere)).toEqual(expected);
      }),
    );
  });

  it('a block is taken when it begins where it says, and refused with its true ends when not', () => {
    fc.assert(
      fc.property(anyAddress, fc.integer({ min: 22, max: 32 }), (address, length) => {
        const size = 2 ** (32 - length);
        // The first of a block by its bits as text, so that the arithmetic under test is not used to judge itself.
        const bits = address.map((byte) => byte.toString(2).padStart(8, '0')).join('');
        const cut = bits.slice(0, length).padEnd(32, '0');
        const first = [0, 8, 16, 24].map((at) => Number.parseInt(cut.slice(at, at + 8), 2));
        const block = walk(first, size);
        const text = `${address.join('.')}/${length}`;
        const reading = readRange('X', text, anywhere);
        if (first.join('.') === address.join('.')) {
          expect(reading.kind === 'range' && addressesOf(reading.range)).toEqual(block);
        } else {
          const [fault] = reading.kind === 'faults' ? reading.faults : [];
          expect(fault).toContain(`\`${text}\` is ${block[0]}–${block.at(-1)}, which starts before`);
          expect(fault).toContain(`write \`${address.join('.')}-${walk(address, size).at(-1)}\``);
        }
      }),
    );
  });

  it('what is accepted keeps out of everything around it', () => {
    fc.assert(
      fc.property(entriesOf192, (text) => {
        const reading = readRange('X', text, office);
        if (reading.kind === 'faults') return;
        const dhcp = walk([192, 168, 23, 10], 90);
        for (const address of addressesOf(reading.range)) {
          expect(address).toMatch(/^192\.168\.23\./);
          const taken = ['192.168.23.0', '192.168.23.1', '192.168.23.5', '192.168.23.255', ...dhcp];
          expect(taken).not.toContain(address);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the small parts', () => {
  it('finds the first address of a text', () => {
    expect(firstAddressIn(' 172.31.7.10-172.31.7.19')).toBe(numberOf('172.31.7.10'));
    expect(firstAddressIn('none')).toBeUndefined();
  });

  it('formats what it parsed', () => {
    fc.assert(
      fc.property(anyAddress, (bytes) => formatAddress(numberOf(bytes.join('.'))) === bytes.join('.')),
    );
    expect(formatSubnet(subnetOf('10.1.2.3/8'))).toBe('10.0.0.0/8');
  });
});
