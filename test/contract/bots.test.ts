// The bots that there are, and what hosts answered the doctor: kept for a while, and read as they were written.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BotNote } from '../../src/ports/bots.ts';
import { minute } from '../../src/rig/duration.ts';
import type { ReachAnswer } from '../../src/rig/reach.ts';
import { registryKinds } from '../support/registries.ts';

const aBot = (session: string): BotNote => ({
  v: 1,
  session,
  keyIds: ['0123abcd', '4567cdef'],
  version: '0.1.0',
  since: 5_000,
});

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  describe('bots', () => {
    test('there are those that noted themselves, as they did, by their sessions', async () => {
      const { bots } = await kind.open();
      expect(await bots.list()).toEqual([]);
      await bots.note(aBot('box2 pid 2'), minute);
      await bots.note(aBot('box1 pid 1'), minute);
      expect(await bots.list()).toEqual([aBot('box1 pid 1'), aBot('box2 pid 2')]);
    });

    test('one that notes itself again is one', async () => {
      const { bots } = await kind.open();
      await bots.note(aBot('box1'), minute);
      await bots.note({ ...aBot('box1'), version: '0.2.0' }, minute);
      expect(await bots.list()).toEqual([{ ...aBot('box1'), version: '0.2.0' }]);
    });

    test('one that left is none, and leaving twice is as good', async () => {
      const { bots } = await kind.open();
      await bots.note(aBot('box1'), minute);
      await bots.note(aBot('box2'), minute);
      await bots.leave('box1');
      await bots.leave('box1');
      expect(await bots.list()).toEqual([aBot('box2')]);
    });

    test('one that was killed is none after a while, and stays one where it goes on', async () => {
      const { bots } = await kind.open();
      await bots.note(aBot('killed'), 60);
      await bots.note(aBot('going on'), 60);
      await bots.note(aBot('going on'), minute);
      await delay(100);
      expect(await bots.list()).toEqual([aBot('going on')]);
      await bots.note(aBot('another'), minute);
      expect(await bots.list()).toEqual([aBot('another'), aBot('going on')]);
    });
  });

  describe('answers', () => {
    const tried: ReachAnswer = {
      v: 1,
      host: 'h2',
      skew: -12,
      saw: {
        kind: 'tried',
        ports: [
          { port: 8444, outcome: { kind: 'open', took: 2 } },
          { port: 8443, outcome: { kind: 'closed' } },
          { port: 1935, outcome: { kind: 'silent' } },
          { port: 8081, outcome: { kind: 'no-way', code: 'ENETUNREACH' } },
        ],
      },
    };
    const refused: ReachAnswer = { v: 1, host: 'h3', skew: 0, saw: { kind: 'refused', why: 'no range' } };

    test('each is read under its question, as it was given', async () => {
      const { reaches } = await kind.open();
      expect(await reaches.of('r1')).toBeUndefined();
      await reaches.answer('r1', tried);
      await reaches.answer('r2', refused);
      expect(await reaches.of('r1')).toEqual(tried);
      expect(await reaches.of('r2')).toEqual(refused);
    });
  });
});
