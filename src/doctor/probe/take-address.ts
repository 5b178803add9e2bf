// Sets an address aside for a probe rig, and gives back what a doctor that was killed had set aside on this host.
//
// INVARIANT: an address goes back only when no probe rig is left on this engine.

import type { Addresses } from '../../ports/hosts.ts';
import { addressesOf } from '../../rig/address-range.ts';
import { isSameHost } from '../../rig/host.ts';
import type { Undo } from '../../undo.ts';
import type { ProbePlaces } from './places.ts';

type Places = Pick<ProbePlaces, 'config' | 'registry' | 'engine'>;

const why = 'doctor';
/** As far as a claim looks ahead. */
const ahead = 16;

/** Only one doctor at a time may do this on a host. */
export const clearLeftovers = async ({ config, registry, engine }: Places): Promise<readonly string[]> => {
  await engine.probeRigs.clear();
  const cleared: string[] = [];
  for (const [lan, entries] of await registry.addresses.quarantined()) {
    for (const [address, entry] of entries) {
      if (entry.why !== why || !isSameHost(entry.host, config.host)) continue;
      if ((await registry.addresses.release(lan, address, why)) === 'released') cleared.push(address);
    }
  }
  return cleared;
};

export type Taken =
  | { readonly kind: 'taken'; readonly address: string }
  | { readonly kind: 'no-address'; readonly adopting: boolean };

export const takeAddress = async (places: Places, undo: Undo): Promise<Taken> => {
  const { config, registry, engine } = places;
  const { host, network } = config;
  const { addresses, clock } = registry;
  let adopting = false;
  for (const address of candidates(await addresses.toProbe(network.lan, host, ahead), config, clock.now())) {
    // Before it is asked for: an answer that is lost may have been a yes.
    let mayBeOurs = true;
    undo.push(async () => {
      if (!mayBeOurs) return;
      await engine.probeRigs.clear();
      await addresses.release(network.lan, address, why);
    });
    const outcome = await addresses.quarantine(network.lan, address, { why, at: clock.now(), host });
    if (outcome === 'quarantined') return { kind: 'taken', address };
    // A claim was quicker, or another host set it aside: the next one.
    mayBeOurs = false;
    adopting = outcome === 'adopting';
  }
  return { kind: 'no-address', adopting };
};

/**
 * First those on which nobody answered a moment ago. From the end, as claims take them from the beginning; and only what this
 * environment gives to rigs, though the worker may have been started with more.
 */
const candidates = (
  { free }: Awaited<ReturnType<Addresses['toProbe']>>,
  { network }: Places['config'],
  now: number,
): readonly string[] => {
  const own = new Set(addressesOf(network.range));
  const mine = free.filter(({ address }) => own.has(address)).reverse();
  return [...mine.filter(({ until }) => until > now), ...mine.filter(({ until }) => until <= now)].map(
    ({ address }) => address,
  );
};
