// This host among the others: is its name its own, and are its addresses? Pure.

import { formatSpans, readSpans } from '../../rig/address-range.ts';
import { isSameHost } from '../../rig/host.ts';
import { merged, overlapsOf } from '../../rig/ipv4.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import { type FleetCheck, isPresent, machineOf, ownRegistration } from './facts.ts';

export const ranges: FleetCheck = ({ own: { worker }, hosts }) => {
  if (worker === undefined) return [];
  const { host, network, rangeShared } = worker;
  const others = hosts.filter(
    (one) => one.network.lan === network.lan && !isSameHost(one.name, host) && !(rangeShared && one.shared),
  );
  const faults = others.flatMap((other): readonly Finding[] => {
    const read = readSpans('range', other.range);
    const common = read.kind === 'range' ? merged(overlapsOf(network.range.spans, read.range.spans)) : [];
    if (common.length === 0) return [];
    const says = `${other.name} has ${formatSpans(common)} in its range as well, on the same LAN (${network.lan}): a worker does not start with it`;
    const mend = `another WCS_RANGE for one of them, or WCS_RANGE_SHARED=on for both; \`/wcs forget ${other.name}\` in Slack, where it is gone for good`;
    return [{ ...wrong('range-overlap', says, mend), hurtsOthers: true }];
  });
  if (faults.length > 0) return faults;
  return [well('range-overlap', `no other host of its LAN has an address of ${network.range.text}`)];
};

export const name: FleetCheck = (facts) => {
  const { worker, machine } = facts.own;
  if (worker === undefined) return [];
  const registered = ownRegistration(facts);
  if (facts.servedBy === undefined || registered === undefined || !isPresent(registered))
    return [
      doubtful(
        'host-worker',
        `no worker serves ${worker.host} at the moment`,
        '`docker compose up -d worker`, and its log',
      ),
    ];
  const there = machineOf(facts.servedBy);
  if (there !== machine)
    return [
      doubtful(
        'host-worker',
        `${worker.host} is served by a worker on ${there}, and this machine is called ${machine}: two with one name cannot serve`,
        'a WCS_HOST of its own for one of them',
      ),
    ];
  return [well('host-worker', `a worker serves ${worker.host}`)];
};

/** A worker that runs goes by what was said when it started. */
export const asStarted: FleetCheck = (facts) => {
  const { worker } = facts.own;
  const registered = ownRegistration(facts);
  if (worker === undefined || registered === undefined || !isPresent(registered)) return [];
  const { network, rangeShared } = worker;
  const rows: readonly (readonly [what: string, was: string, is: string])[] = [
    ['WCS_NETWORK', registered.network.mode, network.mode],
    ['LAN', registered.network.lan, network.lan],
    ['WCS_RANGE', registered.range, network.range.text],
    ['WCS_RANGE_SHARED', registered.shared ? 'on' : 'off', rangeShared ? 'on' : 'off'],
  ];
  const differing = rows
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `${what} was ${was} and is ${is}`);
  if (differing.length === 0) return [];
  return [
    doubtful(
      'host-restart',
      `the worker of ${worker.host} was started with something else: ${differing.join('; ')}`,
      '`docker compose up -d worker`',
    ),
  ];
};
