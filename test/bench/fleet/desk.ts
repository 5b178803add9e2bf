// The bot's use cases in this process, on the real registry and queues; only Slack is left out: what is to be told counts
// as told at once.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { createDrainer } from '../../../src/control/drainer.ts';
import { connectBotQueue } from '../../../src/queue/bot-queue.ts';
import { connectRegistry } from '../../../src/redis/registry.ts';
import { auditOfUp } from '../../../src/rig/audit.ts';
import { minute } from '../../../src/rig/duration.ts';
import type { RigId } from '../../../src/rig/rig.ts';
import { addressOf, silent } from '../../support/registry-address.ts';
import { plannedRig, slotsEach } from './ground.ts';

export type Desk = Awaited<ReturnType<typeof openDesk>>;

const atOnce = 50;

export const openDesk = async (url: string, installation: string) => {
  const common = { address: addressOf(url), installation, log: silent };
  // A pass that takes longer than a command may is measured all the same.
  const raw = new Redis(url);
  const registry = await connectRegistry({ ...common, commandTimeout: minute });
  const { rigs, cards, outbox, clock, audit, notices } = registry;
  const teller = { tell: async () => ({ kind: 'told', card: { channel: 'C0RIGS', ts: '1' } }) as const };
  const telling = { outbox, rigs, cards, teller, clock, audit, notices, log: silent, lease: minute };
  const drainer = createDrainer(telling);
  let woken = 0;
  const queue = await connectBotQueue({
    ...common,
    onReport: async () => undefined,
    onWake: (rig) => {
      woken += 1;
      return drainer.wake(rig);
    },
  });
  const ports = {
    ...registry,
    jobs: queue.jobs,
    log: silent,
    newId: () => randomBytes(6).toString('hex'),
    random: Math.random,
  };

  /** Claimed and, by a save of its own, running. */
  const start = async (index: number): Promise<void> => {
    const rig = plannedRig(index, clock.now());
    const outcome = await rigs.claim({
      rig,
      limits: { perUser: 100, fleet: undefined },
      slots: slotsEach,
      request: rig.id,
      told: [],
      audit: auditOfUp(rig),
    });
    if (outcome.kind !== 'claimed') throw new Error(`rig ${index} was not claimed: ${outcome.kind}`);
    const state = { kind: 'running', since: clock.now() } as const;
    await rigs.save({ rig: { ...outcome.rig, state }, version: 1, told: [], release: false });
  };

  return {
    ports,
    /** So many seconds of the processor has Redis used so far, by its own account. */
    redisSeconds: async (): Promise<number> => {
      const info = await raw.info('cpu');
      return [...info.matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)].reduce(
        (sum, [, text]) => sum + Number(text),
        0,
      );
    },
    /** Rigs from this one to before that one. */
    fill: async (from: number, to: number): Promise<void> => {
      let next = from;
      const one = async (): Promise<void> => {
        while (next < to) await start(next++);
      };
      await Promise.all(Array.from({ length: atOnce }, one));
    },
    /** It gives back name, slot and address. */
    end: async (id: RigId): Promise<void> => {
      for (;;) {
        const stored = await rigs.get(id);
        if (!stored) return;
        const state = { kind: 'failed', since: clock.now(), reason: { kind: 'too-late' } } as const;
        const ended = { ...stored.rig, state };
        const change = { rig: ended, version: stored.version, told: [], release: true };
        if ((await rigs.save(change)) === 'saved') return;
      }
    },
    /** What waits to be told is told: a real bot beside us would tell it once more, in a Slack that knows nobody of these. */
    tellAll: async (): Promise<void> => {
      for (let before = -1; before !== woken; ) {
        before = woken;
        while ((await outbox.waiting()).length > 0) await drainer.sweep();
        await delay(300);
      }
    },
    close: async (): Promise<void> => {
      await queue.close();
      registry.close();
      raw.disconnect();
    },
  };
};
