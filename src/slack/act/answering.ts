// What every command and click goes through: worked on once, acknowledged when that is safe, answered always.
//
// INVARIANT: what was acknowledged is stored, or takes unusually long. A bot that dies before it leaves the acknowledgement
// out, so that Slack itself tells the person that nothing came of it.

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { QueueDown } from '../../ports/faults.ts';
import type { Log } from '../../ports/log.ts';
import { type Duration, type Instant, minute, second } from '../../rig/duration.ts';
import { type Message, sentence } from '../draw/message.ts';
import { faultSentence, queueDown } from '../words/answers.ts';

/** Only the person who asked sees it. `replace`: it takes the place of the answer whose button was pressed. */
export type Answer = Message & { readonly replace?: boolean };

export type Turn = {
  /** For the log: `command up`, `action stop`. */
  readonly what: string;
  readonly user: string;
  /** The command as typed, for sentences that name it. */
  readonly command: string;
  /** Slack's `trigger_id`: the same again is the same delivery. */
  readonly trigger: string | undefined;
  readonly ack: () => Promise<unknown>;
  readonly respond: (answer: Answer) => Promise<unknown>;
  /** `undefined`: there is nothing to add to what the person sees already. */
  readonly work: () => Promise<Answer | undefined>;
  /** What is said when Redis does not answer: by default that nothing was changed. */
  readonly whenQueueDown?: (() => string) | undefined;
};

export type Answering = {
  /** Never throws. */
  readonly take: (turn: Turn) => Promise<void>;
  /** Resolves when nothing is being worked on any more, at the latest after this time. */
  readonly settled: (atMost: Duration) => Promise<void>;
};

/** Slack repeats a delivery within minutes, if at all. */
const memory: Duration = 10 * minute;
const mostRemembered = 20_000;
/** Of Slack's three seconds; mostly the work is done in some milliseconds. */
const latestAcknowledgement: Duration = second;
/** Between the two attempts to answer. */
const beforeAgain: Duration = second;

/** `patience`: acknowledged by then at the latest, whether or not the work is done. */
export const createAnswering = (
  log: Log,
  now: () => Instant,
  patience: Duration = latestAcknowledgement,
): Answering => {
  const isRepeated = createMemory(now);
  const under = new Set<Promise<void>>();

  const run = async (turn: Turn): Promise<void> => {
    const facts = { what: turn.what, user: turn.user };
    // Slack shows a failure if the acknowledgement does not arrive; the work and its answer are still wanted.
    const acknowledge = () =>
      turn.ack().catch((err: unknown) => log.warn({ ...facts, err }, 'could not acknowledge'));
    if (turn.trigger !== undefined && isRepeated(turn.trigger)) {
      log.info(facts, 'a repeated delivery was left alone');
      await acknowledge();
      return;
    }
    const working = turn.work().catch((error: unknown) => explain(log, turn, error));
    await within(working, patience);
    await acknowledge();
    const answer = await working;
    if (answer !== undefined) await deliver(log, turn, answer);
  };

  return {
    take: async (turn) => {
      const running = run(turn).catch((err: unknown) =>
        log.error({ what: turn.what, err }, 'no answer was given'),
      );
      under.add(running);
      await running;
      under.delete(running);
    },
    settled: async (atMost) => {
      await Promise.race([Promise.all(under), delay(atMost, undefined, { ref: false })]);
    },
  };
};

const within = async (work: Promise<unknown>, length: Duration): Promise<void> => {
  const controller = new AbortController();
  await Promise.race([work, delay(length, undefined, { signal: controller.signal, ref: false })]);
  controller.abort();
};

const createMemory = (now: () => Instant): ((trigger: string) => boolean) => {
  const seen = new Map<string, Instant>();
  return (trigger) => {
    const at = now();
    for (const [old, when] of seen) {
      if (when + memory > at && seen.size < mostRemembered) break;
      seen.delete(old);
    }
    if (seen.has(trigger)) return true;
    seen.set(trigger, at);
    return false;
  };
};

/** What is said of an error; the log has it whole. */
export const explain = (
  log: Log,
  turn: Pick<Turn, 'what' | 'user' | 'command' | 'whenQueueDown'>,
  error: unknown,
): Answer => {
  const facts = { what: turn.what, user: turn.user, err: error };
  if (error instanceof QueueDown) {
    log.warn(facts, 'the queue is down');
    return sentence(turn.whenQueueDown?.() ?? queueDown('nothing was changed'));
  }
  const reference = randomBytes(4).toString('hex');
  log.error({ ...facts, reference }, 'a fault while answering');
  return sentence(faultSentence(reference, turn.command));
};

const deliver = async (log: Log, turn: Turn, answer: Answer): Promise<void> => {
  try {
    await turn.respond(answer);
  } catch (err) {
    log.warn({ what: turn.what, user: turn.user, err }, 'the answer did not arrive; once more');
    await delay(beforeAgain);
    await turn.respond(answer);
  }
};
