// What is said where two hosts of one LAN claim the same addresses, and not both of them share theirs.

import { formatAddress, merged, parseAddress, type Span } from './ipv4.ts';
import type { HostName, LanId } from './rig.ts';

/** Runs of them, lowest first. */
export const runsOf = (addresses: readonly string[]): readonly Span[] =>
  merged(
    addresses.flatMap((text) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [{ first: address, last: address }];
    }),
  );

const readable = ({ first, last }: Span): string =>
  first === last ? formatAddress(first) : `${formatAddress(first)} to ${formatAddress(last)}`;

const mostRuns = 3;

export const overlapSentence = (
  host: HostName,
  lan: LanId,
  other: HostName,
  addresses: readonly string[],
): string => {
  const runs = runsOf(addresses);
  const named = runs.slice(0, mostRuns).map(readable).join(', ');
  const rest = runs.length > mostRuns ? `, ${addresses.length} addresses in all` : '';
  return (
    `the range of host ${host} overlaps that of host ${other} on the LAN ${lan}: both have ${named}${rest}; ` +
    `${host} does not start. Give one of them other addresses (WCS_RANGE), or set WCS_RANGE_SHARED=on on both, so that ` +
    `either may have any of them; if ${other} is gone for good, an admin types \`/wcs forget ${other}\` in Slack`
  );
};
