// The range: the addresses of a LAN that the operator has given to rigs. Reads what was written, and refuses what is not
// what it seems, with the arithmetic and the string to paste.

import {
  type AddressNumber,
  formatAddress,
  formatBeside,
  formatSubnet,
  holds,
  merged,
  overlapsOf,
  parseAddress,
  parseBlock,
  type Span,
  type Subnet,
  sizeOf,
  spanFrom,
  usableSpan,
  without,
} from './ipv4.ts';

/** Runs of addresses in the order they were written; no address is in two of them. */
export type AddressRange = { readonly text: string; readonly spans: readonly Span[] };

/** What is around a range, and must stay out of it. What is `undefined` or empty is not looked at. */
export type Surroundings = {
  readonly subnet: Subnet | undefined;
  readonly gateway: AddressNumber | undefined;
  /** The host's own addresses. */
  readonly own: readonly AddressNumber[];
  /** What the DHCP server hands out. */
  readonly dhcp: readonly Span[];
};

export type RangeReading =
  | { readonly kind: 'range'; readonly range: AddressRange }
  /** One sentence each, not ending in a full stop, that begins with what was written or with the variable's name. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/** More than any LAN's worth of rigs; every address of a range is kept in the registry. */
export const mostAddresses = 65_536;

type Around = Surroundings & { readonly most: number };

const nothingAround: Around = {
  ...{ subnet: undefined, gateway: undefined, own: [], dhcp: [] },
  most: Number.POSITIVE_INFINITY,
};

/** `192.168.23.100-192.168.23.131`, or the one address. */
export const formatSpan = ({ first, last }: Span): string =>
  first === last ? formatAddress(first) : `${formatAddress(first)}-${formatAddress(last)}`;

export const formatSpans = (spans: readonly Span[]): string => spans.map(formatSpan).join(',');

/** For sentences, with a dash that cannot be pasted by mistake as half of a range. */
const readable = ({ first, last }: Span): string =>
  first === last ? formatAddress(first) : `${formatAddress(first)}–${formatAddress(last)}`;

/** Every address of a range, dotted, in its order. */
export const addressesOf = ({ spans }: AddressRange): string[] =>
  spans.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => formatAddress(first + index)),
  );

/** The first address that a range's text names, for a default subnet around it. */
export const firstAddressIn = (text: string): AddressNumber | undefined =>
  parseAddress(/\d+\.\d+\.\d+\.\d+/.exec(text)?.[0] ?? '');

/**
 * Reads `a-b`, `a/length` and single addresses, several by comma, and looks at what is around them. `name` is the
 * variable's, for the sentences.
 */
export const readRange = (name: string, text: string, surroundings: Surroundings): RangeReading => {
  const around = { ...surroundings, most: mostAddresses };
  const reading = readEntries(name, text, around);
  if (reading.kind === 'faults') return reading;
  const { spans } = reading.range;
  const faults = [...sizeFaults(spans), ...surroundingFaults(spans, around)];
  if (faults.length === 0) return reading;
  return { kind: 'faults', faults: faults.map((text) => `${name} ${text}`) };
};

/** The same for addresses that are only compared with, such as a DHCP server's: nothing around them matters, nor how many. */
export const readSpans = (name: string, text: string): RangeReading => readEntries(name, text, nothingAround);

/** What editors and pages make of a hyphen counts as one. */
const dashes = /\s*[\p{Dash_Punctuation}−]\s*/gu;

const readEntries = (name: string, text: string, around: Around): RangeReading => {
  const entries = text.split(',').map((entry) => entry.trim().replaceAll(dashes, '-'));
  const read = entries.map((entry) => readEntry(entry, around));
  const broken = read.flatMap((entry) => (entry.kind === 'fault' ? [`${name}: ${entry.fault}`] : []));
  if (broken.length > 0) return { kind: 'faults', faults: broken };
  const spans = read.flatMap((entry) => (entry.kind === 'span' ? [entry.span] : []));
  const twice = merged(spans.flatMap((span, index) => overlapsOf([span], spans.slice(index + 1))));
  if (twice.length === 0) return { kind: 'range', range: { text: entries.join(','), spans } };
  const names = `${name} names ${twice.map(readable).join(', ')} more than once`;
  return { kind: 'faults', faults: [`${names}; ${instead(spans, around)}`] };
};

// ── one entry ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Entry =
  | { readonly kind: 'span'; readonly span: Span }
  | { readonly kind: 'fault'; readonly fault: string };

const fault = (text: string): Entry => ({ kind: 'fault', fault: text });

const readEntry = (entry: string, around: Around): Entry => {
  if (entry === '') return fault('there is nothing before, after or between two commas; leave the comma out');
  if (entry.includes(':')) return fault(`\`${entry}\` looks like IPv6; rigs have IPv4 addresses`);
  const bare = entry.replaceAll(/\b0+(?=\d)/g, '');
  if (bare === entry || parseAddress(/^[^/-]*/.exec(bare)?.[0] ?? '') === undefined) {
    return readBare(entry, around);
  }
  const zeros = `\`${entry}\` has leading zeros, which some programs read as octal`;
  const read = readBare(bare, around);
  return fault(`${zeros}; ${read.kind === 'span' ? instead([read.span], around) : read.fault}`);
};

const readBare = (entry: string, around: Around): Entry => {
  if (entry.includes('/')) return readBlock(entry, around);
  if (entry.includes('-')) return readPair(entry, around);
  const address = parseAddress(entry);
  return address === undefined
    ? notAnAddress(entry)
    : { kind: 'span', span: { first: address, last: address } };
};

const notAnAddress = (text: string): Entry =>
  fault(`\`${text}\` is not an IPv4 address; write four numbers from 0 to 255, say \`192.168.23.100\``);

const readBlock = (entry: string, around: Around): Entry => {
  const block = parseBlock(entry);
  if (block === undefined) {
    const head = entry.slice(0, entry.indexOf('/'));
    if (parseAddress(head) === undefined) return notAnAddress(head);
    return fault(`\`${entry}\` does not end in a length from /0 to /32, as \`192.168.23.96/27\` does`);
  }
  const { address, subnet } = block;
  if (subnet.span.first === address) return { kind: 'span', span: subnet.span };
  const meant = mend([spanFrom(address, sizeOf([subnet.span]))], around);
  const size = sizeOf(meant);
  const is = `\`${entry}\` is ${readable(subnet.span)}, which starts before ${formatBeside(address, subnet.span.first)}`;
  if (size === 0 || size > around.most) return fault(`${is}; ${chooseOthers(around)}`);
  const from = formatBeside(meant[0]?.first ?? address, subnet.span.first);
  return fault(`${is}; for ${count(size)} from ${from} write \`${formatSpans(meant)}\``);
};

const readPair = (entry: string, around: Around): Entry => {
  const [from = '', to = '', ...more] = entry.split('-');
  if (more.length > 0)
    return fault(`\`${entry}\` has more than one dash; write \`first-last\`, several by comma`);
  const first = parseAddress(from);
  if (first === undefined) return notAnAddress(from);
  const short = /^\.?(\d{1,3})$/.exec(to)?.[1];
  if (short !== undefined && Number(short) <= 255) {
    const last = first - (first % 256) + Number(short);
    const pair = { first: Math.min(first, last), last: Math.max(first, last) };
    return fault(`\`${entry}\` is not written out; ${instead([pair], around)}`);
  }
  const last = parseAddress(to);
  if (last === undefined) return notAnAddress(to);
  if (last < first) {
    return fault(`\`${entry}\` runs backwards; ${instead([{ first: last, last: first }], around)}`);
  }
  return { kind: 'span', span: { first, last } };
};

// ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────────────

const count = (size: number): string =>
  size === 1 ? '1 address' : `${size.toLocaleString('en-GB')} addresses`;

const single = (address: AddressNumber): Span => ({ first: address, last: address });

/** What of these addresses could be given to rigs. */
const mend = (spans: readonly Span[], { subnet, gateway, own, dhcp }: Surroundings): readonly Span[] => {
  const inside = subnet ? overlapsOf(spans, [usableSpan(subnet)]) : spans;
  return without(
    merged(inside),
    [...(gateway === undefined ? [] : [gateway]), ...own].map(single).concat(dhcp),
  );
};

const instead = (spans: readonly Span[], around: Around): string => {
  const rest = mend(spans, around);
  if (rest.length > 0 && sizeOf(rest) <= around.most) return `write \`${formatSpans(rest)}\``;
  return chooseOthers(around);
};

const chooseOthers = ({ subnet }: Surroundings): string =>
  `choose other addresses${subnet ? ` inside ${formatSubnet(subnet)}` : ''}`;

const sizeFaults = (spans: readonly Span[]): readonly string[] => {
  const size = sizeOf(spans);
  if (size <= mostAddresses) return [];
  return [`holds ${count(size)}; ${count(mostAddresses)} are the most, so give rigs a part of it`];
};

const surroundingFaults = (spans: readonly Span[], around: Around): readonly string[] => {
  const { subnet, gateway, own, dhcp } = around;
  const has = (address: AddressNumber | undefined): address is AddressNumber =>
    address !== undefined && spans.some((span) => holds(span, address));
  const faults: string[] = [];
  if (subnet) {
    const outside = without(spans, [subnet.span]);
    if (outside.length > 0) {
      faults.push(`has ${outside.map(readable).join(', ')} outside the subnet ${formatSubnet(subnet)}`);
    }
    const { first, last } = subnet.span;
    if (subnet.prefix <= 30 && has(first)) faults.push(`holds the network address ${formatAddress(first)}`);
    if (subnet.prefix <= 30 && has(last)) faults.push(`holds the broadcast address ${formatAddress(last)}`);
  }
  if (has(gateway)) faults.push(`holds the gateway ${formatAddress(gateway)}`);
  for (const address of own) {
    if (has(address) && address !== gateway)
      faults.push(`holds this host's own address ${formatAddress(address)}`);
  }
  const handedOut = merged(overlapsOf(spans, dhcp));
  if (handedOut.length > 0) {
    faults.push(`holds ${handedOut.map(readable).join(', ')}, which the DHCP server hands out (WCS_DHCP)`);
  }
  return faults.map((text) => `${text}; ${instead(spans, around)}`);
};
