// A LAN's addresses in their order, as runs: free ones together, each other one on its own.

import { formatAddress, holds, merged, parseAddress, type Span, without } from './ipv4.ts';
import type { Quarantined } from './quarantine.ts';
import type { RigId } from './rig.ts';

/** `isOutside`: in no host's range any more. */
export type Run =
  | { readonly kind: 'free'; readonly span: Span }
  | { readonly kind: 'held'; readonly address: string; readonly rig: RigId; readonly isOutside: boolean }
  | {
      readonly kind: 'set-aside';
      readonly address: string;
      readonly entry: Quarantined;
      readonly isOutside: boolean;
    };

const firstOf = (run: Run): number =>
  run.kind === 'free' ? run.span.first : (parseAddress(run.address) ?? 0);

/** `ranges`: those of all hosts; they may overlap. One that is held and set aside is shown as held. */
export const mapRuns = (
  ranges: readonly Span[],
  held: ReadonlyMap<string, RigId>,
  quarantined: ReadonlyMap<string, Quarantined>,
): readonly Run[] => {
  const all = merged(ranges);
  const isOutside = (address: string): boolean => {
    const number = parseAddress(address);
    return number === undefined || !all.some((span) => holds(span, number));
  };
  const taken: Run[] = [
    ...[...held].map(
      ([address, rig]) => ({ kind: 'held', address, rig, isOutside: isOutside(address) }) as const,
    ),
    ...[...quarantined]
      .filter(([address]) => !held.has(address))
      .map(
        ([address, entry]) => ({ kind: 'set-aside', address, entry, isOutside: isOutside(address) }) as const,
      ),
  ];
  const holes = merged(taken.map(firstOf).map((address) => ({ first: address, last: address })));
  const free = all.flatMap((span) => without([span], holes)).map((span): Run => ({ kind: 'free', span }));
  return [...taken, ...free].sort((one, other) => firstOf(one) - firstOf(other));
};

/** `192.168.23.100–107`: the rest of the second one is the first one's. */
export const shortSpan = ({ first, last }: Span): string => {
  if (first === last) return formatAddress(first);
  const same = Math.floor(first / 256) === Math.floor(last / 256);
  return `${formatAddress(first)}–${same ? String(last % 256) : formatAddress(last)}`;
};
