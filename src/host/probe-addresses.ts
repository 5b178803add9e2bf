// Looks who is on the addresses that this host may give to rigs: the next free ones, so that a claim finds one on which
// nobody answered a moment ago, and those where somebody did, until nobody does. It says what it saw and decides nothing.

import type { Clock } from '../ports/clock.ts';
import type { Addresses, ToProbe } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Probe, Prober } from '../ports/prober.ts';
import { type Duration, hour, type Instant } from '../rig/duration.ts';
import type { Seen } from '../rig/quarantine.ts';
import type { HostName, LanId } from '../rig/rig.ts';
import { atMost } from './at-most.ts';

export type ProbePorts = {
  readonly prober: Prober;
  readonly addresses: Pick<Addresses, 'toProbe' | 'silent' | 'sight'>;
  readonly clock: Clock;
  readonly log: Log;
};

export type ProbeSettings = {
  readonly host: HostName;
  readonly lan: LanId;
  /** For so long it counts that nobody answered. */
  readonly fresh: Duration;
  /** Between two probes of an address that somebody else has. */
  readonly again: Duration;
};

export type AddressProbe = {
  /** One look at what wants a probe, and the probes. */
  readonly look: () => Promise<void>;
};

/** A burst of `up` takes some at once. */
const ahead = 8;
/** A probe waits most of the time. */
const sideBySide = 4;
/** One machine that answers for many is known by what it answered lately. */
const remembered: Duration = hour;

type Found = { readonly address: string; readonly began: Instant; readonly probe: Probe };

export const createAddressProbe = (
  { prober, addresses, clock, log }: ProbePorts,
  { host, lan, fresh, again }: ProbeSettings,
): AddressProbe => {
  /** What is known of each address on which somebody answered, or is to be asked until nobody does. */
  const known = new Map<string, Seen>();
  const lastAsked = new Map<string, Instant>();
  let lastFault: string | undefined;
  let isSaid = false;

  /** Half of the time that it counts is for the probes themselves, and for looks that are late. */
  const dueOf = ({ free, answered }: ToProbe): readonly string[] => {
    const now = clock.now();
    const next = free.filter(({ until }) => until - now < fresh / 2).map(({ address }) => address);
    const old = answered.filter((address) => now - (lastAsked.get(address) ?? 0) >= again);
    return [...next, ...old];
  };

  const ask = async (address: string): Promise<Found> => {
    const began = clock.now();
    lastAsked.set(address, began);
    return { address, began, probe: await prober.ask(address) };
  };

  const note = ({ address, began, probe }: Found, isFree: boolean): void => {
    const before = known.get(address);
    if (probe.kind === 'answered') {
      known.set(address, { address, answered: { mac: probe.mac, at: began } });
      if (before?.answered?.mac !== probe.mac || before.silent)
        log.warn({ address, mac: probe.mac }, 'somebody answers on an address for rigs');
    } else if (isFree) known.delete(address);
    else {
      const { since = began, probes = 0 } = before?.silent ?? {};
      known.set(address, { address, answered: before?.answered, silent: { since, probes: probes + 1 } });
    }
  };

  /** What nobody is asked about any more is forgotten, the answers only after a while. */
  const forget = (wanted: ReadonlySet<string>, now: Instant): void => {
    for (const [address, { answered, silent }] of known) {
      if (wanted.has(address)) continue;
      if (silent !== undefined || now - (answered?.at ?? 0) > remembered) known.delete(address);
    }
    for (const address of lastAsked.keys()) if (!wanted.has(address)) lastAsked.delete(address);
  };

  const sayFault = (found: readonly Found[]): void => {
    const fault = found.flatMap(({ probe }) => (probe.kind === 'failed' ? [probe.why] : []))[0];
    if (fault !== undefined && fault !== lastFault)
      log.warn({ why: fault }, 'free addresses cannot be probed; rigs start without');
    lastFault = fault;
  };

  const say = async (): Promise<void> => {
    // Nothing to say overwrites what an earlier worker said, once.
    if (known.size === 0 && isSaid) return;
    await addresses.sight({ v: 1, host, lan, at: clock.now(), seen: [...known.values()] });
    isSaid = known.size === 0;
  };

  return {
    look: async () => {
      const plan = await addresses.toProbe(lan, host, ahead + known.size);
      const found = await atMost(sideBySide, dueOf(plan), ask);
      sayFault(found);
      // A rig that was claimed since, here or on a host that shares the range, may be who answered: it is no stranger.
      const still =
        found.length === 0 ? plan : await addresses.toProbe(lan, host, ahead + known.size + found.length);
      const free = new Set(still.free.map(({ address }) => address));
      const answered = new Set(still.answered);
      const told = found.filter(
        ({ address, probe }) => probe.kind !== 'failed' && (free.has(address) || answered.has(address)),
      );
      for (const one of told) note(one, free.has(one.address));
      forget(new Set([...free, ...answered]), clock.now());
      const quiet = told.filter(({ address, probe }) => probe.kind === 'silent' && free.has(address));
      // From when it was asked: whoever came later was not seen.
      const began = Math.min(...quiet.map((one) => one.began));
      await addresses.silent(
        lan,
        host,
        quiet.map(({ address }) => address),
        began + fresh,
      );
      await say();
    },
  };
};
