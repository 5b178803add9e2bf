// When a command is acknowledged, and that it is worked on once and answered always.

import { describe, expect, it } from 'vitest';
import { QueueDown } from '../../../src/ports/faults.ts';
import { createAnswering, type Turn } from '../../../src/slack/act/answering.ts';
import { sentence } from '../../../src/slack/draw/message.ts';
import { silent } from '../../support/registry-address.ts';

const aTurn = (change: Partial<Turn> = {}) => {
  const happened: string[] = [];
  const turn: Turn = {
    what: 'command up',
    user: 'U1',
    command: '/wcs',
    trigger: 'trigger-1',
    ack: async () => void happened.push('acknowledged'),
    respond: async ({ text }) => void happened.push(text),
    work: async () => {
      happened.push('worked');
      return sentence('done');
    },
    ...change,
  };
  return { turn, happened };
};

describe('a command', () => {
  it('is acknowledged once it is done, and then answered', async () => {
    const { turn, happened } = aTurn();
    await createAnswering(silent, Date.now).take(turn);
    expect(happened).toEqual(['worked', 'acknowledged', 'done']);
  });

  it('that takes long is acknowledged meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof sentence>>();
    const { turn, happened } = aTurn({ work: () => promise });
    const taking = createAnswering(silent, Date.now, 10).take(turn);
    await expect.poll(() => happened).toEqual(['acknowledged']);
    resolve(sentence('done at last'));
    await taking;
    expect(happened).toEqual(['acknowledged', 'done at last']);
  });

  it('that comes again is acknowledged, and not worked on again', async () => {
    const answering = createAnswering(silent, Date.now);
    const { turn, happened } = aTurn();
    await Promise.all([answering.take(turn), answering.take(turn), answering.take(turn)]);
    expect(happened.filter((one) => one !== 'acknowledged')).toEqual(['worked', 'done']);
    expect(happened.filter((one) => one === 'acknowledged')).toHaveLength(3);
  });

  it('gets an answer whatever goes wrong: the queue, the work, the acknowledgement, the first try to answer', async () => {
    const fault = (error: Error) => async () => {
      throw error;
    };
    const answering = createAnswering(silent, Date.now);
    const down = aTurn({ trigger: 't1', work: fault(new QueueDown('away')) });
    await answering.take(down.turn);
    expect(down.happened[1]).toMatch(/^The queue is down/);
    const broken = aTurn({ trigger: 't2', work: fault(new Error('a fault')) });
    await answering.take(broken.turn);
    expect(broken.happened[1]).toMatch(/^Something went wrong on my side/);
    const late = aTurn({ trigger: 't3', ack: fault(new Error('Slack is away')) });
    await answering.take(late.turn);
    expect(late.happened).toEqual(['worked', 'done']);
    const tries: string[] = [];
    const lost = aTurn({
      trigger: 't4',
      respond: async ({ text }) => {
        tries.push(text);
        if (tries.length === 1) throw new Error('lost');
      },
    });
    await answering.take(lost.turn);
    expect(tries).toEqual(['done', 'done']);
  });
});
