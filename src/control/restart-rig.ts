// `restart`: a new container for the rig, on the same host and address, with the same lease; the tag may change.

import type { Hosts } from '../ports/hosts.ts';
import { type Asker, personOf } from '../rig/access.ts';
import { assertNever } from '../rig/assert-never.ts';
import type { Duration } from '../rig/duration.ts';
import { isSameHost } from '../rig/host.ts';
import { launchJob } from '../rig/job.ts';
import type { Rig } from '../rig/rig.ts';
import { type ChangePorts, changeRigOnce } from './change-rig.ts';
import { findRig, noSuchRig, type Refused, refused, type Which } from './find-rig.ts';

export type RestartPorts = ChangePorts & { readonly hosts: Hosts };

export type RestartOutcome = { readonly kind: 'restarting'; readonly rig: Rig } | Refused;

export type RestartPolicy = {
  /** The only tags that may be asked for; `undefined`: any. */
  readonly tags: readonly string[] | undefined;
  /** How long after the decision a host may still begin. */
  readonly deadline: Duration;
};

export const restartRig = async (
  ports: RestartPorts,
  policy: RestartPolicy,
  which: Which,
  tag: string | undefined,
  by: Asker,
  delivery?: string,
): Promise<RestartOutcome> => {
  if (tag !== undefined && policy.tags !== undefined && !policy.tags.includes(tag)) {
    return refused({ kind: 'unknown-tag', tag, known: policy.tags });
  }
  const found = await findRig(ports.rigs, which, by, 'act');
  if (found.kind === 'refused') return found;
  // What runs on a host that is away runs on; a restart that nobody comes to would be the end of it.
  const host = (await ports.hosts.current()).find(({ name }) => isSameHost(name, found.rig.host));
  // On one that is draining it stays what it was, to its own end.
  if (host === undefined || host.state === 'unreachable')
    return refused({ kind: 'host-away', name: found.rig.name, host: found.rig.host });
  const at = ports.clock.now();
  const wanted = { tag: tag ?? tagOf(found.rig), keyId: host.keyId };
  const event = { kind: 'restart', by: personOf(by), ...wanted, at } as const;
  const change = await changeRigOnce(ports, found.rig.id, event, delivery);
  switch (change.kind) {
    // Whoever did it may have died before it could say so: said twice is better than not at all.
    case 'repeated':
      return { kind: 'restarting', rig: change.rig };
    case 'changed':
      // Should Redis go away between the two, resume-jobs sends the job.
      await ports.jobs.send(change.rig.host, launchJob(change.rig, at + policy.deadline));
      return { kind: 'restarting', rig: change.rig };
    case 'unchanged':
    case 'user-quota':
      return refused(
        change.rig.state.kind === 'placed' || change.rig.state.kind === 'starting'
          ? { kind: 'not-running', rig: change.rig }
          : { kind: 'already-stopping', name: change.rig.name },
      );
    case 'unknown-rig':
      return noSuchRig(ports.rigs, which.name, by);
    default:
      return assertNever(change);
  }
};

/** One that crashed on a tag which never ran goes back to the one that did. */
const tagOf = ({ state, tag, ran }: Rig): string => (state.kind === 'crashed' ? (ran ?? tag) : tag);
