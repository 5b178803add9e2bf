// IPv4 addresses as numbers, and runs of them: the arithmetic beneath the address range.

import ipaddr from 'ipaddr.js';

/** 0 to 2³² − 1. Sums and quotients only: bit operators would make it negative above 127.255.255.255. */
export type AddressNumber = number;

/** A run of addresses, both ends included; `first` ≤ `last`. */
export type Span = { readonly first: AddressNumber; readonly last: AddressNumber };

/** A layer-3 network: `span` from its network address to its broadcast address. */
export type Subnet = { readonly prefix: number; readonly span: Span };

const highest = 2 ** 32 - 1;

/** Four decimal numbers without leading zeros, which some programs would read as octal; anything else is `undefined`. */
export const parseAddress = (text: string): AddressNumber | undefined =>
  ipaddr.IPv4.isValidFourPartDecimal(text)
    ? ipaddr.IPv4.parse(text)
        .toByteArray()
        .reduce((sum, byte) => sum * 256 + byte, 0)
    : undefined;

export const formatAddress = (address: AddressNumber): string =>
  [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join('.');

/** `.100` beside an address that differs in the last number only, else all of it. */
export const formatBeside = (address: AddressNumber, other: AddressNumber): string =>
  Math.floor(address / 256) === Math.floor(other / 256) ? `.${address % 256}` : formatAddress(address);

/** The subnet of this length that holds the address. */
export const subnetAround = (address: AddressNumber, prefix: number): Subnet => {
  const size = 2 ** (32 - prefix);
  const first = address - (address % size);
  return { prefix, span: { first, last: first + size - 1 } };
};

/** `address/length`, whether or not the address is the block's first one. */
export const parseBlock = (
  text: string,
): { readonly address: AddressNumber; readonly subnet: Subnet } | undefined => {
  const [head, length, ...more] = text.split('/');
  const address = parseAddress(head ?? '');
  if (address === undefined || length === undefined || more.length > 0) return undefined;
  if (!/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined;
  return { address, subnet: subnetAround(address, Number(length)) };
};

export const formatSubnet = ({ prefix, span }: Subnet): string => `${formatAddress(span.first)}/${prefix}`;

/** Every address of a subnet of /30 or larger but its first and last; /31 and /32 have neither network nor broadcast. */
export const usableSpan = ({ prefix, span }: Subnet): Span =>
  prefix > 30 ? span : { first: span.first + 1, last: span.last - 1 };

/** Its end is cut at 255.255.255.255. */
export const spanFrom = (first: AddressNumber, size: number): Span => ({
  first,
  last: Math.min(first + size - 1, highest),
});

export const sizeOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { first, last }) => sum + last - first + 1, 0);

export const holds = (span: Span, address: AddressNumber): boolean =>
  span.first <= address && address <= span.last;

/** What two runs have in common. */
export const overlapOf = (one: Span, other: Span): Span | undefined => {
  const first = Math.max(one.first, other.first);
  const last = Math.min(one.last, other.last);
  return first <= last ? { first, last } : undefined;
};

/** All common parts of two lists. */
export const overlapsOf = (some: readonly Span[], others: readonly Span[]): readonly Span[] =>
  some.flatMap((one) => others.flatMap((other) => overlapOf(one, other) ?? []));

/** `spans` without every address of `taken`, in the order of `spans`. */
export const without = (spans: readonly Span[], taken: readonly Span[]): readonly Span[] =>
  taken.reduce<readonly Span[]>((left, hole) => left.flatMap((span) => cut(span, hole)), spans);

const cut = (span: Span, hole: Span): readonly Span[] => {
  if (!overlapOf(span, hole)) return [span];
  return [
    { first: span.first, last: hole.first - 1 },
    { first: hole.last + 1, last: span.last },
  ].filter(({ first, last }) => first <= last);
};

/** Sorted, with runs that overlap or touch made one. */
export const merged = (spans: readonly Span[]): readonly Span[] => {
  const done: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.first - other.first)) {
    const before = done.at(-1);
    if (before === undefined || span.first > before.last + 1) done.push(span);
    else done.splice(-1, 1, { first: before.first, last: Math.max(before.last, span.last) });
  }
  return done;
};
