// Addresses that are set aside because somebody else has them: what hosts saw on them, and what follows from it. A host only
// says what it saw; what is set aside, and what comes back, is decided here.

import type { Duration, Instant } from './duration.ts';
import type { HostName, LanId, RigId } from './rig.ts';

/**
 * `answered`: somebody answered a probe; it comes back by itself. `in-use`: Docker refused it, which no probe sees, so that
 * somebody has to say when it is free. `host-vanished`: its host was forgotten, and nobody knows what runs there.
 * `doctor`: the doctor on this host has a probe rig there for a moment.
 */
export type WhyQuarantined = 'answered' | 'in-use' | 'host-vanished' | 'doctor';

export type Quarantined = {
  readonly why: WhyQuarantined;
  readonly at: Instant;
  /** Who saw it, or whose it was. */
  readonly host: HostName;
  readonly rig?: RigId | undefined;
  /** Who answered, `ea:03:20:43:76:99`; on a host's own address what listens there, `port 8443`. */
  readonly mac?: string | undefined;
};

/** What a host's probes say of one address that it may give to rigs. */
export type Seen = {
  readonly address: string;
  /** `at`: when the last probe that somebody answered began. Unknown where none did since the worker started. */
  readonly answered?: { readonly mac: string; readonly at: Instant } | undefined;
  /** Probes in a row that nobody answered, after the last one that somebody did. */
  readonly silent?: { readonly since: Instant; readonly probes: number } | undefined;
};

/** All that a host has to say of strangers among its addresses; what it said before is void. */
export type Sighting = {
  readonly v: 1;
  readonly host: HostName;
  readonly lan: LanId;
  readonly at: Instant;
  readonly seen: readonly Seen[];
};

export type QuarantinePolicy = {
  /** So long nobody has to answer on an address before it comes back. */
  readonly silence: Duration;
  /** And so many probes have to have asked. */
  readonly probes: number;
  /** What a host said longer ago says nothing of now: it is away, or does not probe any more. */
  readonly fresh: Duration;
};

/** On a host's own address what listens there stands in a MAC's place, `port 8443`. */
export const isMac = (text: string): boolean => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);

/** One machine that answers for so many addresses answers for others: proxy ARP. */
export const proxyAddresses = 3;

export type Judgement = {
  readonly quarantine: readonly { readonly address: string; readonly entry: Quarantined }[];
  /** Those that come back. */
  readonly lift: readonly string[];
  /** Machines that answer for addresses which are not theirs; `host`: who saw it. */
  readonly proxies: readonly {
    readonly mac: string;
    readonly host: HostName;
    readonly addresses: readonly string[];
  }[];
};

type Answer = {
  readonly address: string;
  readonly host: HostName;
  readonly mac: string;
  readonly at: Instant;
};

/** `said`: by one LAN's hosts; `set`: what is set aside there. */
export const judgeAddresses = (
  said: readonly Sighting[],
  set: ReadonlyMap<string, Quarantined>,
  now: Instant,
  policy: QuarantinePolicy,
): Judgement => {
  const sightings = said.filter(({ at }) => now - at <= policy.fresh);
  const answers = sightings.flatMap(answersOf);
  const byMac = Map.groupBy(answers, ({ mac }) => mac);
  const proxies = [...byMac]
    // What listens on one of a host's own addresses is no machine that answers for others.
    .filter(([mac]) => isMac(mac))
    .map(([mac, all]) => ({ mac, host: all[0]?.host ?? '', addresses: distinct(all) }))
    .filter(({ addresses }) => addresses.length >= proxyAddresses);
  const isProxy = (mac: string | undefined): boolean => proxies.some((proxy) => proxy.mac === mac);
  const taken = answers.filter(({ address, mac }) => !isProxy(mac) && !set.has(address));
  const quarantine = [...Map.groupBy(taken, ({ address }) => address).values()].flatMap(([first]) =>
    first === undefined ? [] : [{ address: first.address, entry: entryOf(first) }],
  );
  const lift = [...set]
    .filter(([, { why }]) => why === 'answered')
    .filter(
      ([address, { mac }]) =>
        isProxy(mac) ||
        (!answers.some((one) => one.address === address) && isSilent(address, sightings, now, policy)),
    )
    .map(([address]) => address);
  return { quarantine, lift, proxies };
};

/** Those on which nobody was silent since. */
const answersOf = ({ host, seen }: Sighting): readonly Answer[] =>
  seen.flatMap(({ address, answered, silent }) =>
    answered === undefined || silent !== undefined ? [] : [{ address, host, ...answered }],
  );

const distinct = (answers: readonly Answer[]): readonly string[] => [
  ...new Set(answers.map(({ address }) => address)),
];

const entryOf = ({ host, mac, at }: Answer): Quarantined => ({ why: 'answered', at, host, mac });

const isSilent = (
  address: string,
  sightings: readonly Sighting[],
  now: Instant,
  { silence, probes }: QuarantinePolicy,
): boolean =>
  sightings.some(({ seen }) =>
    seen.some(
      (one) =>
        one.address === address &&
        one.silent !== undefined &&
        one.silent.probes >= probes &&
        now - one.silent.since >= silence,
    ),
  );
