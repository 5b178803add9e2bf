// Starts the same containers again after their engine was restarted: where the fence allows it, and their leases go on.
//
// INVARIANTS
// - Right before and right after `start` the claim is read, as by a launch; unless it allows this generation, it does not run.
// - What was begun and not reported is gone on with, by the next worker if need be.

import { setTimeout as delay } from 'node:timers/promises';
import type { RigContainer } from '../ports/engine.ts';
import { EngineDown, EngineRefused, QueueDown } from '../ports/faults.ts';
import { allowsStart } from '../rig/claim.ts';
import { mayBeEngineStop } from '../rig/engine-stop.ts';
import { isExpired } from '../rig/lease.ts';
import type { FailReason, RigId } from '../rig/rig.ts';
import { awaitReady, type Readiness } from './await-ready.ts';
import { withoutSecrets } from './clear-away.ts';
import { lookedAtOn } from './container-network.ts';
import type { RigEnder } from './end-rig.ts';
import type { EngineLife } from './engine-life.ts';
import type { HostPorts, HostSettings } from './parts.ts';

export type RigResumer = {
  /** Those that wait for it and are not under way. Nobody waits for them to be up: others are looked at meanwhile. */
  readonly begin: (containers: readonly RigContainer[]) => void;
  readonly isResuming: (rig: RigId) => boolean;
  /** Resolves when none is under way. */
  readonly settled: () => Promise<void>;
  /** The process ends: what is under way is left as it is. */
  readonly stop: () => Promise<void>;
};

export const createRigResumer = (
  ports: HostPorts,
  settings: HostSettings,
  {
    life,
    ender,
    isBusy,
  }: { readonly life: EngineLife; readonly ender: RigEnder; readonly isBusy: (rig: RigId) => boolean },
): RigResumer => {
  const { engine, fence, records, reports, clock, log, announce } = ports;
  const underWay = new Map<RigId, Promise<void>>();
  const ending = new AbortController();
  const { signal } = ending;

  const isAllowed = async ({ rig, generation, address }: RigContainer): Promise<boolean> =>
    allowsStart(await fence.claim(rig), generation, address);

  /** The registry's own, which the note follows within a second. */
  const isOver = async ({ rig, generation }: RigContainer): Promise<boolean> => {
    const record = await records.of(rig);
    return record?.generation === generation && isExpired(record.lease, clock.now());
  };

  const giveUp = async (one: RigContainer, reason: FailReason): Promise<void> => {
    await life.drop(one);
    await ender.end(one, withoutSecrets(ports, settings, one, reason));
  };

  /** The engine that goes once more is no end of this rig. */
  const diedOf = async (reason: Readiness & { kind: 'failed' }): Promise<FailReason | undefined> => {
    if (reason.reason.kind !== 'exited') return reason.reason;
    if (mayBeEngineStop(reason.reason)) {
      await delay(settings.lookAgain, undefined, { signal });
      if (await life.isAnew()) return undefined;
    }
    return { ...reason.reason, kind: 'died' };
  };

  const resume = async (one: RigContainer): Promise<void> => {
    const { rig, generation, container, address } = one;
    if (!(await isAllowed(one))) return;
    if (one.state === 'exited' && (await isOver(one))) return giveUp(one, { kind: 'not-resumed' });
    if (one.state === 'exited' && (await engine.start(container)) === 'address-in-use') {
      return giveUp(one, { kind: 'address-in-use', address });
    }
    // A stop that was decided meanwhile finds it; where the claim is gone nobody comes.
    if (!(await isAllowed(one))) return engine.remove(container, settings.stopGrace);
    if (one.state === 'exited') announce(container, address);
    const on = lookedAtOn(settings.networking, address);
    const readiness = await awaitReady(engine, { container, on }, settings.ready, signal);
    if (readiness.kind === 'failed') {
      const reason = await diedOf(readiness);
      return reason && giveUp(one, reason);
    }
    const saw = { kind: 'resumed' } as const;
    await reports.send({ v: 1, host: settings.host, rig, generation, at: clock.now(), saw });
    log.info({ rig, generation }, 'up again after the engine was restarted');
    await life.drop(one);
  };

  /** What is away will be back, and then it is begun again. */
  const tryTo = async (one: RigContainer): Promise<void> => {
    try {
      await resume(one);
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ rig: one.rig, err: error }, 'a rig could not be started again');
      if (error instanceof EngineRefused) await giveUp(one, { kind: 'engine', detail: error.message });
      else if (!(error instanceof EngineDown || error instanceof QueueDown)) throw error;
    }
  };

  return {
    begin: (containers) => {
      for (const one of containers) {
        if (signal.aborted || underWay.has(one.rig) || isBusy(one.rig) || !life.isWaiting(one)) continue;
        const work = tryTo(one)
          .catch((err: unknown) => log.error({ rig: one.rig, err }, 'a rig could not be started again'))
          .finally(() => underWay.delete(one.rig));
        underWay.set(one.rig, work);
      }
    },
    isResuming: (rig) => underWay.has(rig),
    settled: async () => void (await Promise.all(underWay.values())),
    stop: async () => {
      ending.abort(new Error('the worker ends'));
      await Promise.all(underWay.values());
    },
  };
};
