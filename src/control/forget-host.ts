// `forget`: a host that is gone for good. Its rigs are nobody's any more, and their addresses are set aside, since they may
// run on where nobody can see them.
//
// INVARIANTS
// - Its rigs first, the host last: a bot that dies in between leaves a host that can be forgotten once more.
// - It drains from the start, so that no claim comes to it meanwhile; one that comes back takes claims again, unless it
//   was draining before.

import { QueueDown } from '../ports/faults.ts';
import { type Asker, personOf } from '../rig/access.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { Host } from '../rig/host.ts';
import type { HostName, Rig } from '../rig/rig.ts';
import { changeRig } from './change-rig.ts';
import { doEach } from './do-each.ts';
import type { HostPorts } from './drain-host.ts';
import { findHostFor, rigsOn } from './find-host.ts';
import { type Refused, refused } from './find-rig.ts';

/** A host that may be forgotten, and what is lost with it. */
export type Forgettable = { readonly kind: 'found'; readonly host: Host; readonly rigs: readonly Rig[] };

export const lookBeforeForget = async (
  { hosts, rigs }: Pick<HostPorts, 'hosts' | 'rigs'>,
  asked: HostName,
  by: Asker,
): Promise<Forgettable | Refused> => {
  const found = await findHostFor(hosts, 'forget', asked, by);
  if (found.kind === 'refused') return found;
  const { host } = found;
  return host.state === 'unreachable'
    ? { kind: 'found', host, rigs: await rigsOn(rigs, host) }
    : refused({ kind: 'host-present', host: host.name });
};

export type ForgetOutcome =
  | { readonly kind: 'forgotten'; readonly host: Host; readonly lost: readonly Rig[] }
  /** Its worker was there again before it was forgotten, and these had been given up by then. */
  | {
      readonly kind: 'came-back';
      readonly host: Host;
      readonly lost: readonly Rig[];
      readonly isDraining: boolean;
    }
  | Refused;

/** A claim that was taken before it drained can turn up once; more often than that something is broken. */
const mostRounds = 5;

export const forgetHost = async (ports: HostPorts, asked: HostName, by: Asker): Promise<ForgetOutcome> => {
  const lost: Rig[] = [];
  let look = await lookBeforeForget(ports, asked, by);
  if (look.kind === 'refused') return look;
  const { host } = look;
  const drains = await ports.hosts.drain(host.name, { by: personOf(by), at: ports.clock.now() });
  for (let round = 0; round < mostRounds; round += 1) {
    if (look.kind === 'refused') return cameBack(ports, host, lost, drains);
    lost.push(...(await giveUp(ports, look.rigs, by)));
    const outcome = await ports.hosts.forget(host.name);
    switch (outcome) {
      case 'forgotten':
        await forgetJobs(ports, host);
        return { kind: 'forgotten', host, lost };
      // Somebody else was quicker.
      case 'unknown':
        return { kind: 'forgotten', host, lost };
      case 'present':
        return cameBack(ports, host, lost, drains);
      case 'has-rigs':
        look = await lookBeforeForget(ports, asked, by);
        // Somebody else has forgotten it between the two.
        if (look.kind === 'refused' && look.refusal.kind === 'no-such-host')
          return { kind: 'forgotten', host, lost };
        break;
      default:
        return assertNever(outcome);
    }
  }
  throw new Error(`host ${host.name} has rigs in its slots that are not among the living`);
};

const cameBack = async (
  { hosts }: HostPorts,
  host: Host,
  lost: readonly Rig[],
  drains: boolean,
): Promise<ForgetOutcome> => {
  if (drains) await hosts.undrain(host.name);
  return lost.length === 0
    ? refused({ kind: 'host-present', host: host.name })
    : { kind: 'came-back', host, lost, isDraining: !drains };
};

/** What stays of them is in nobody's way: a job of a rig that is over does nothing. */
const forgetJobs = async ({ jobs }: HostPorts, { name }: Host): Promise<void> => {
  try {
    await jobs.forgetHost(name);
  } catch (error) {
    if (!(error instanceof QueueDown)) throw error;
  }
};

const giveUp = async (ports: HostPorts, rigs: readonly Rig[], by: Asker): Promise<readonly Rig[]> => {
  const lost: Rig[] = [];
  await doEach(rigs, async ({ id }) => {
    const change = await changeRig(ports, id, { kind: 'forget', by: personOf(by), at: ports.clock.now() });
    if (change.kind === 'changed') lost.push(change.rig);
  });
  return lost;
};
