// Connects to an address of a rig, since the doctor wants to know who reaches it. A job is data out of Redis, so that nothing is
// tried but what rigs have: an address out of a range that a host of this LAN registered, and the ports that rigs listen on.

import type { Clock } from '../ports/clock.ts';
import type { Addresses } from '../ports/hosts.ts';
import type { Log } from '../ports/log.ts';
import type { Reaches } from '../ports/reaches.ts';
import { reachPorts } from '../reach-port.ts';
import { readSpans } from '../rig/address-range.ts';
import { type Duration, second } from '../rig/duration.ts';
import { holds, parseAddress } from '../rig/ipv4.ts';
import type { ReachJob } from '../rig/job.ts';
import { type ReachAnswer, rigPorts } from '../rig/reach.ts';
import type { HostName, LanId } from '../rig/rig.ts';

export type ReachPorts = {
  readonly addresses: Pick<Addresses, 'map'>;
  readonly reaches: Pick<Reaches, 'answer'>;
  readonly clock: Clock;
  readonly log: Log;
};

export type ReachSettings = {
  readonly host: HostName;
  readonly lan: LanId;
  /** Where its own rigs listen. */
  readonly ports: readonly number[];
};

const each: Duration = 2 * second;
/** Whoever asked has to read the answer before the deadline, too. */
const forTheAnswer: Duration = second;
/** More than this nobody may make us wait. */
const longest: Duration = 15 * second;

export const answerReach = async (
  ports: ReachPorts,
  settings: ReachSettings,
  job: ReachJob,
  signal: AbortSignal,
): Promise<void> => {
  const { clock, reaches, log } = ports;
  const { address, request } = job;
  const left = job.deadline - clock.now();
  if (left <= 0) {
    log.warn({ kind: job.kind, address }, 'a job could not be done in time and was dropped');
    return;
  }
  const why = await whyNot(ports.addresses, settings, job);
  if (why !== undefined) log.warn({ address, ports: job.ports, why }, 'the doctor asked for what no rig has');
  const saw: ReachAnswer['saw'] =
    why === undefined ? await tryPorts(job, left, signal) : { kind: 'refused', why };
  const skew = Math.round(Date.now() - clock.now());
  await reaches.answer(request, { v: 1, host: settings.host, skew, saw });
};

const tryPorts = async (
  { address, ports }: ReachJob,
  left: Duration,
  signal: AbortSignal,
): Promise<ReachAnswer['saw']> => {
  const all = Math.max(0, Math.min(left, longest) - each - forTheAnswer);
  return { kind: 'tried', ports: await reachPorts(address, ports, { each, pause: second / 4, all }, signal) };
};

const whyNot = async (
  addresses: Pick<Addresses, 'map'>,
  { lan, ports }: ReachSettings,
  job: ReachJob,
): Promise<string | undefined> => {
  if (job.lan !== lan) return `it is not on the LAN ${job.lan}`;
  const foreign = job.ports.find((port) => !rigPorts.includes(port) && !ports.includes(port));
  if (foreign !== undefined) return `port ${foreign} is none that rigs listen on`;
  return (await isOfRigs(addresses, job)) ? undefined : `${job.address} is in no host's range`;
};

const isOfRigs = async (addresses: Pick<Addresses, 'map'>, { lan, address }: ReachJob): Promise<boolean> => {
  const number = parseAddress(address);
  const here = (await addresses.map()).filter((one) => one.lan === lan).flatMap(({ hosts }) => hosts);
  return here.some(({ range }) => {
    const read = readSpans('range', range);
    return (
      number !== undefined && read.kind === 'range' && read.range.spans.some((span) => holds(span, number))
    );
  });
};
