// Every way to write a range, against a plain enumeration: addresses are strings of 32 bits here, which are compared as text and
// counted up digit by digit; nothing of the code under test judges itself. A failure prints its seed; FC_SEED runs it again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesOf, readRange, readSpans, type Surroundings } from '../../../src/rig/address-range.ts';

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const runs = (numRuns: number) => ({ seed, numRuns });

// ── addresses as bits ───────────────────────────────────────────────────────────────────────────────────────────────

type Bits = string;

const bitsOf = (dotted: string): Bits =>
  dotted
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
const dotted = (bits: Bits): string =>
  [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.');
const numberOf = (bits: Bits): number => Number.parseInt(bits, 2);

const next = (bits: Bits): Bits => {
  const at = bits.lastIndexOf('0');
  return `${bits.slice(0, at)}1${'0'.repeat(31 - at)}`;
};

/** From one to the other, both with them. */
const walk = (first: Bits, last: Bits): Bits[] => {
  const seen = [first];
  for (let at = first; at !== last; seen.push(at)) at = next(at);
  return seen;
};

const startOf = (address: Bits, length: number): Bits => address.slice(0, length).padEnd(32, '0');
const endOf = (address: Bits, length: number): Bits => address.slice(0, length).padEnd(32, '1');
const countOf = (first: Bits, last: Bits): bigint => BigInt(`0b${last}`) - BigInt(`0b${first}`) + 1n;
const mostAddresses = 65_536n;

/** Those of a text without any trick in it: `a-b,c`, with whatever dash. */
const expand = (text: string, comma = ','): Bits[] =>
  text.split(comma).flatMap((part) => {
    const [from = '', to = from] = part.split(/[-–]/);
    return walk(bitsOf(from), bitsOf(to));
  });

// ── what is asked of a reading ──────────────────────────────────────────────────────────────────────────────────────

const anywhere: Surroundings = { subnet: undefined, gateway: undefined, own: [], dhcp: [] };

const accepted = (text: string, around = anywhere): readonly string[] | undefined => {
  const reading = readRange('X', text, around);
  return reading.kind === 'range' ? addressesOf(reading.range) : undefined;
};
const faultsOf = (text: string, around = anywhere): readonly string[] => {
  const reading = readRange('X', text, around);
  return reading.kind === 'faults' ? reading.faults : [];
};

/** `first-last` is no address. */
const pasted = (fault: string): string | undefined => /write `(\d[^`]*)`$/.exec(fault)?.[1];

/** Each fault has a string to paste, which is accepted and has these addresses, or says that there is nothing to paste. */
const expectPaste = (faults: readonly string[], wanted: readonly Bits[], around = anywhere): void => {
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) {
    const paste = pasted(fault);
    if (wanted.length === 0 || wanted.length > mostAddresses) {
      expect([fault, paste]).toEqual([
        expect.stringMatching(/choose other addresses|a part of it/),
        undefined,
      ]);
      continue;
    }
    expect([fault, paste]).toEqual([fault, expect.any(String)]);
    const sorted = wanted.toSorted().map(dotted);
    expect([fault, accepted(paste ?? '', around)]).toEqual([fault, sorted]);
    expect(expand(paste ?? '').map(dotted)).toEqual(sorted);
  }
};

// ── what people write ───────────────────────────────────────────────────────────────────────────────────────────────

const octet = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((octets) => bitsOf(octets.join('.')));
/** Often at an edge of something. */
const edgy = fc.oneof(
  address,
  fc.constantFrom('0.0.0.0', '255.255.255.255', '127.255.255.255', '128.0.0.0', '10.0.0.255').map(bitsOf),
  fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([bits, length]) => startOf(bits, length)),
);
const space = fc.constantFrom('', '', ' ', '  ', '\t', '\u00a0');
/** Hyphen, its look-alikes, dashes of every length, the minus, and the wide ones. */
const dash = fc.constantFrom(...'-‐‑‒–—―−﹘﹣－');
const length = fc.integer({ min: 0, max: 32 });

describe('a single address', () => {
  it('is itself, with spaces around it', () => {
    fc.assert(
      fc.property(edgy, space, space, (bits, before, after) => {
        expect(accepted(before + dotted(bits) + after)).toEqual([dotted(bits)]);
      }),
      runs(500),
    );
  });

  it('with a leading zero is refused, with the one it would be without', () => {
    const zeros = fc.constantFrom('', '0', '00');
    fc.assert(
      fc.property(edgy, fc.tuple(zeros, zeros, zeros, zeros), (bits, padding) => {
        const text = dotted(bits)
          .split('.')
          .map((part, index) => padding[index] + part)
          .join('.');
        if (text === dotted(bits)) return;
        expect(faultsOf(text)).toEqual([expect.stringContaining('has leading zeros')]);
        expectPaste(faultsOf(text), [bits]);
      }),
      runs(500),
    );
  });

  it('that is none is refused, and nothing is made up', () => {
    const parts = fc.array(
      fc.constantFrom('0', '1', '10', '255', '256', '1000', 'a', '-1', '', '1e1', '0x1', '+1', '1 1'),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(parts, (some) => {
        const text = some.join('.');
        const isOne = some.length === 4 && some.every((part) => /^\d+$/.test(part) && Number(part) < 256);
        if (isOne) expect(accepted(text)).toEqual([text]);
        else expect(faultsOf(text).map(pasted)).toEqual([undefined]);
      }),
      runs(2000),
    );
  });
});

describe('a pair', () => {
  const near = fc
    .tuple(edgy, fc.integer({ min: 0, max: 600 }))
    .map(([from, steps]): readonly [Bits, Bits] => {
      let to = from;
      for (let step = 0; step < steps && to.includes('0'); step += 1) to = next(to);
      return [from, to];
    });
  const pair = fc.oneof({ weight: 5, arbitrary: near }, { weight: 1, arbitrary: fc.tuple(edgy, edgy) });

  it('is all from one to the other with any dash and any spaces; backwards it is refused with the other way round', () => {
    fc.assert(
      fc.property(pair, fc.boolean(), dash, space, space, ([one, other], isTurned, sign, before, after) => {
        const [from, to] = isTurned ? [other, one] : [one, other];
        const text = `${dotted(from)}${before}${sign}${after}${dotted(to)}`;
        const [low, high] = from <= to ? [from, to] : [to, from];
        const isFew = countOf(low, high) <= mostAddresses;
        if (from > to) {
          expect(faultsOf(text)).toEqual([expect.stringContaining('runs backwards')]);
          if (isFew) expectPaste(faultsOf(text), walk(low, high));
          else expect(faultsOf(text)).toEqual([expect.stringMatching(/choose other addresses$/)]);
        } else if (isFew) {
          expect(accepted(text)).toEqual(walk(from, to).map(dotted));
        } else {
          const size = countOf(from, to).toLocaleString('en-GB');
          expect(faultsOf(text)).toEqual([
            `X holds ${size} addresses; 65,536 addresses are the most, so give rigs a part of it`,
          ]);
        }
      }),
      runs(1500),
    );
  });

  it('of exactly as many as there may be, and of one more', () => {
    fc.assert(
      fc.property(address, (bits) => {
        const from = `0${bits.slice(1)}`;
        const last = dotted(from).split('.').map(Number);
        const to = bitsOf([last[0], (last[1] ?? 0) + 1, last[2], last[3]].join('.'));
        fc.pre(last[1] !== 255);
        expect(faultsOf(`${dotted(from)}-${dotted(to)}`)).toEqual([
          expect.stringContaining('holds 65,537 addresses;'),
        ]);
        expect(accepted(`${dotted(next(from))}-${dotted(to)}`)).toHaveLength(65_536);
        expect(faultsOf(`${dotted(to)}-${dotted(next(from))}`).map(pasted)).toEqual([
          `${dotted(next(from))}-${dotted(to)}`,
        ]);
        expect(faultsOf(`${dotted(to)}-${dotted(from)}`).map(pasted)).toEqual([undefined]);
      }),
      runs(10),
    );
  });

  it('with an end that is not written out is refused, with what it may mean', () => {
    fc.assert(
      fc.property(edgy, octet, dash, fc.constantFrom('', '.'), (from, end, sign, dot) => {
        const text = `${dotted(from)}${sign}${dot}${end}`;
        const to = from.slice(0, 24) + end.toString(2).padStart(8, '0');
        expect(faultsOf(text)).toEqual([expect.stringContaining('is not written out')]);
        expectPaste(faultsOf(text), from <= to ? walk(from, to) : walk(to, from));
      }),
      runs(500),
    );
  });

  it('with a leading zero on either side is refused, with what it would be without', () => {
    fc.assert(
      fc.property(near, fc.constantFrom(0, 1), ([from, to], side) => {
        const ends = [dotted(from), dotted(to)];
        const text = ends
          .map((end, index) => (index === side ? end.replace(/\.(\d+)$/, '.0$1') : end))
          .join('-');
        expect(faultsOf(text)).toEqual([expect.stringContaining('has leading zeros')]);
        expectPaste(faultsOf(text), walk(from, to));
      }),
      runs(300),
    );
  });

  it('of more than two is none', () => {
    fc.assert(
      fc.property(fc.array(address.map(dotted), { minLength: 3, maxLength: 5 }), dash, (parts, sign) => {
        expect(faultsOf(parts.join(sign))).toEqual([expect.stringContaining('has more than one dash')]);
      }),
      runs(100),
    );
  });
});

describe('a block', () => {
  it('of every length, from its first address: all of it, or that it is too many', () => {
    fc.assert(
      fc.property(address, (bits) => {
        for (let bitsKept = 0; bitsKept <= 32; bitsKept += 1) {
          const [first, last] = [startOf(bits, bitsKept), endOf(bits, bitsKept)];
          const text = `${dotted(first)}/${bitsKept}`;
          if (bitsKept < 16) {
            const size = countOf(first, last).toLocaleString('en-GB');
            expect(faultsOf(text)).toEqual([expect.stringContaining(`X holds ${size} addresses;`)]);
          } else if (bitsKept >= 20) {
            expect(accepted(text)).toEqual(walk(first, last).map(dotted));
          } else {
            const seen = accepted(text) ?? [];
            expect([seen.length, seen[0], seen.at(-1)]).toEqual([
              2 ** (32 - bitsKept),
              dotted(first),
              dotted(last),
            ]);
          }
        }
      }),
      runs(20),
    );
  });

  it('of every length, from anywhere else: refused with its true ends and as many from there', () => {
    fc.assert(
      fc.property(edgy, length, (bits, bitsKept) => {
        const [first, last] = [startOf(bits, bitsKept), endOf(bits, bitsKept)];
        if (first === bits) return;
        const faults = faultsOf(`${dotted(bits)}/${bitsKept}`);
        const said = `X: \`${dotted(bits)}/${bitsKept}\` is ${dotted(first)}–${dotted(last)}, which starts before `;
        expect(faults).toEqual([expect.stringContaining(said)]);
        // As many as the block has, up to the very last address there is.
        const wanted = countOf(first, last);
        const room = countOf(bits, '1'.repeat(32));
        const size = [wanted, room].toSorted((one, other) => (one < other ? -1 : 1))[0] ?? 0n;
        if (size > mostAddresses) {
          expect(faults[0]).toMatch(/choose other addresses$/);
          return;
        }
        const end = (BigInt(`0b${bits}`) + size - 1n).toString(2).padStart(32, '0');
        expectPaste(faults, walk(bits, end));
        const words = size === 1n ? '1 address' : `${size.toLocaleString('en-GB')} addresses`;
        expect(faults[0]).toContain(`; for ${words} from `);
      }),
      runs(600),
    );
  });

  it('with a length that is none, or a leading zero, is refused; what is to be pasted is right', () => {
    const wrong = fc.constantFrom('33', '99', '100', '', '-1', 'x', '2 7', '/24', '1.5');
    fc.assert(
      fc.property(edgy, wrong, (bits, text) => {
        const faults = faultsOf(`${dotted(bits)}/${text}`);
        expect(faults).toHaveLength(1);
        for (const example of faults[0]?.matchAll(/`(\d[^`]*)`(?! (does|is|has))/g) ?? []) {
          expect([faults[0], accepted(example[1] ?? '')]).toEqual([faults[0], expect.any(Array)]);
        }
      }),
      runs(300),
    );
    fc.assert(
      fc.property(edgy, length, (bits, bitsKept) => {
        const text = `${dotted(startOf(bits, bitsKept)).replace(/\.(\d+)$/, '.0$1')}/${bitsKept}`;
        const faults = faultsOf(text);
        expect(faults).toEqual([expect.stringContaining('has leading zeros')]);
        const [first, last] = [startOf(bits, bitsKept), endOf(bits, bitsKept)];
        if (bitsKept >= 18) expectPaste(faults, walk(first, last));
      }),
      runs(300),
    );
  });
});

// ── several, and what is around them ────────────────────────────────────────────────────────────────────────────────

/** One entry in a small part of the world, with the addresses that it is. */
const entryIn = (first: Bits, bitsKept: number) => {
  const host = fc.integer({ min: 0, max: 2 ** (32 - bitsKept) - 1 });
  const at = host.map(
    (offset) =>
      first.slice(0, bitsKept) +
      offset
        .toString(2)
        .padStart(32 - bitsKept, '0')
        .slice(bitsKept === 32 ? 1 : 0),
  );
  const single = at.map((bits) => ({ text: dotted(bits), addresses: [bits] }));
  const pair = fc.tuple(at, at, dash, space).map(([one, other, sign, gap]) => {
    const [from, to] = one <= other ? [one, other] : [other, one];
    return { text: `${dotted(from)}${gap}${sign}${gap}${dotted(to)}`, addresses: walk(from, to) };
  });
  const block = fc.tuple(at, fc.integer({ min: bitsKept, max: 32 })).map(([bits, kept]) => ({
    text: `${dotted(startOf(bits, kept))}/${kept}`,
    addresses: walk(startOf(bits, kept), endOf(bits, kept)),
  }));
  return fc.oneof(single, pair, block);
};

const union = (lists: readonly (readonly Bits[])[]): Bits[] => [...new Set(lists.flat())].sort();
const repeated = (lists: readonly (readonly Bits[])[]): Bits[] => {
  const all = lists.flat();
  return union([all.filter((bits, index) => all.indexOf(bits) !== index)]);
};

describe('several by comma', () => {
  const ground = bitsOf('192.168.23.0');
  const entries = fc.array(entryIn(ground, 26), { minLength: 1, maxLength: 5 });
  const comma = fc.constantFrom(',', ' , ', ',\t', ' ,');

  it('are all of them in the order in which they were written; what stands twice is named, with all of them once', () => {
    fc.assert(
      fc.property(entries, comma, (some, sign) => {
        const text = some.map((one) => one.text).join(sign);
        const lists = some.map((one) => one.addresses);
        const twice = repeated(lists);
        if (twice.length === 0) {
          expect(accepted(text)).toEqual(lists.flat().map(dotted));
          return;
        }
        const faults = faultsOf(text);
        const named = /^X names (.*) more than once; write/.exec(faults[0] ?? '')?.[1] ?? '';
        expect(expand(named, ', ')).toEqual(twice);
        expectPaste(faults, union(lists));
      }),
      runs(2000),
    );
  });

  it('with a comma too many, or a broken one among them, are refused, each broken one by itself', () => {
    const broken = fc.constantFrom(
      { text: '', says: 'there is nothing before, after or between two commas' },
      { text: '192.168.23.300', says: '`192.168.23.300` is not an IPv4 address' },
      { text: 'fd00::1', says: '`fd00::1` looks like IPv6' },
      { text: '192.168.23.100/27', says: '`192.168.23.100/27` is 192.168.23.96–192.168.23.127' },
      { text: '192.168.23.9-192.168.23.3', says: '`192.168.23.9-192.168.23.3` runs backwards' },
    );
    const mixed = fc.array(
      fc.oneof(
        broken,
        entryIn(ground, 26).map(({ text }) => ({ text, says: undefined })),
      ),
      {
        minLength: 2,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(mixed, (some) => {
        const wrong = some.flatMap(({ says }) => (says === undefined ? [] : [expect.stringContaining(says)]));
        if (wrong.length === 0) return;
        expect(faultsOf(some.map(({ text }) => text).join(','))).toEqual(wrong);
      }),
      runs(500),
    );
  });
});

describe('what is around a range', () => {
  type World = {
    readonly around: Surroundings;
    readonly network: { readonly first: Bits; readonly last: Bits };
    /** Where no rig may be, but for what is outside of the subnet. */
    readonly taken: Readonly<Record<'gateway' | 'own' | 'dhcp', readonly Bits[]>>;
    readonly entries: readonly { readonly text: string; readonly addresses: readonly Bits[] }[];
  };

  const worldOf = (bits: Bits, bitsKept: number): fc.Arbitrary<World> => {
    const [first, last] = [startOf(bits, bitsKept), endOf(bits, bitsKept)];
    // A little of what is beside the subnet, too.
    const inside = (some: readonly Bits[]): Bits[] => some.filter((one) => first <= one && one <= last);
    const host = entryIn(first, bitsKept);
    const beside = entryIn(startOf(bits, bitsKept - 1), bitsKept - 1);
    const lone = host.map(({ addresses }) => addresses.slice(0, 1));
    return fc
      .record({
        gateway: fc.option(lone, { nil: [] }),
        own: fc.array(lone, { maxLength: 3 }).map((lists) => union(lists)),
        dhcp: fc.array(host, { maxLength: 2 }).map((some) => union(some.map(({ addresses }) => addresses))),
        entries: fc.array(fc.oneof({ weight: 4, arbitrary: host }, { weight: 1, arbitrary: beside }), {
          minLength: 1,
          maxLength: 3,
        }),
        hasSubnet: fc.boolean(),
      })
      .map(({ hasSubnet, entries, ...taken }) => ({
        network: { first, last },
        taken: { ...taken, gateway: inside(taken.gateway) },
        entries,
        around: {
          subnet: hasSubnet
            ? { prefix: bitsKept, span: { first: numberOf(first), last: numberOf(last) } }
            : undefined,
          gateway: taken.gateway[0] === undefined ? undefined : numberOf(taken.gateway[0]),
          own: taken.own.map(numberOf),
          dhcp: taken.dhcp.map((one) => ({ first: numberOf(one), last: numberOf(one) })),
        },
      }));
  };
  const world = fc
    .tuple(address, fc.integer({ min: 24, max: 30 }))
    .chain(([bits, bitsKept]) => worldOf(bits, bitsKept));

  /** The first reason that there is, in words of the sentence about it. */
  const hits = ({ around, network, taken }: World, bits: Bits): string | undefined => {
    if (around.subnet && (bits < network.first || bits > network.last)) return 'outside the subnet';
    if (around.subnet && bits === network.first) return 'the network address';
    if (around.subnet && bits === network.last) return 'the broadcast address';
    if (taken.gateway.includes(bits)) return 'the gateway';
    if (taken.own.includes(bits)) return "this host's own address";
    return taken.dhcp.includes(bits) ? 'which the DHCP server hands out' : undefined;
  };

  it('is met by none of its addresses, or it is refused with the rest of them', () => {
    fc.assert(
      fc.property(world, (one) => {
        const text = one.entries.map((entry) => entry.text).join(',');
        const lists = one.entries.map((entry) => entry.addresses);
        const all = union(lists);
        const free = all.filter((bits) => hits(one, bits) === undefined);
        const faults = faultsOf(text, one.around);
        if (repeated(lists).length > 0) {
          expect(faults).toEqual([expect.stringContaining('more than once')]);
          expectPaste(faults, free, one.around);
        } else if (free.length === all.length) {
          expect(accepted(text, one.around)).toEqual(lists.flat().map(dotted));
        } else {
          const reasons = new Set(all.flatMap((bits) => hits(one, bits) ?? []));
          for (const why of reasons) expect(faults.join('\n')).toContain(why);
          expectPaste(faults, free, one.around);
        }
      }),
      runs(3000),
    );
  });

  it('is heeded by every string to paste, whatever else was wrong', () => {
    const wrong = fc.constantFrom('backwards', 'short', 'block', 'zero', 'zero pair', 'zero block');
    fc.assert(
      fc.property(world, wrong, fc.nat(), fc.nat(), (one, what, some, other) => {
        const { first } = one.network;
        const inside = walk(first, one.network.last);
        const [low = first, high = first] = [
          inside[some % inside.length],
          inside[other % inside.length],
        ].toSorted();
        const zero = (bits: Bits): string => dotted(bits).replace(/\.(\d+)$/, '.0$1');
        const bitsKept = 26 + (some % 6);
        const blockEnd = endOf(low, bitsKept);
        const meant = BigInt(`0b${low}`) + 2n ** BigInt(32 - bitsKept) - 1n;
        const most = BigInt(2 ** 32 - 1);
        const lastMeant = (meant > most ? most : meant).toString(2).padStart(32, '0');
        const cases: Readonly<Record<string, readonly [string, readonly Bits[]]>> = {
          backwards: [`${dotted(high)}-${dotted(low)}`, low === high ? [] : walk(low, high)],
          short: [`${dotted(low)}-${dotted(high).split('.')[3]}`, walk(low, high)],
          block: [`${dotted(low)}/${bitsKept}`, startOf(low, bitsKept) === low ? [] : walk(low, lastMeant)],
          zero: [zero(low), [low]],
          'zero pair': [`${dotted(low)}-${zero(high)}`, walk(low, high)],
          'zero block': [
            `${zero(startOf(low, bitsKept))}/${bitsKept}`,
            walk(startOf(low, bitsKept), blockEnd),
          ],
        };
        const [text = '', wanted = []] = cases[what] ?? [];
        if (wanted.length === 0) return;
        const free = wanted.filter((bits) => hits(one, bits) === undefined);
        expectPaste(faultsOf(text, one.around), free, one.around);
      }),
      runs(3000),
    );
  });
});

describe('what is only compared with', () => {
  it('may be as many as one likes, and the string to paste as well', () => {
    const of = (text: string) => readSpans('X', text);
    expect(of('10.0.0.0/8').kind).toBe('range');
    expect(of('10.255.255.255-10.0.0.0')).toEqual({
      kind: 'faults',
      faults: ['X: `10.255.255.255-10.0.0.0` runs backwards; write `10.0.0.0-10.255.255.255`'],
    });
  });
});
