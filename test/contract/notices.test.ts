// Notices to operators: each cause once in a while, taken by one of several, never lost with a taker that died. And who has
// opened the app's home.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day, minute } from '../../src/rig/duration.ts';
import type { Notice } from '../../src/rig/notice.ts';
import { registryKinds } from '../support/registries.ts';

const person = (id: string) => ({ id, name: id.toLowerCase() });
const gone = (id: string, rig = 'demo'): Notice => ({ kind: 'gone-person', person: person(id), rig });
const endless: Notice = {
  kind: 'endless-rigs',
  rigs: [{ name: 'demo', owner: person('UANNA'), host: 'h1' }],
};
const unfit: Notice = { kind: 'unfit-redis', why: 'It evicts.' };
const moved: Notice = { kind: 'moved-containers', host: 'h2', of: 'h1', count: 3 };
const untold = (id: string): Notice => ({
  kind: 'untold',
  rig: 'demo',
  id,
  owner: person('UANNA'),
  why: 'account_inactive: <nobody>',
});

describe.each(registryKinds())('%s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  describe('notices', () => {
    test('there are none before one was put', async () => {
      const { notices } = await kind.open();
      expect(await notices.take(minute)).toBeUndefined();
    });

    test.each([gone('UEVE'), endless, untold('k3f9ab'), moved])(
      'a $kind is taken as it was put',
      async (notice) => {
        const { notices } = await kind.open();
        await notices.put(notice, day);
        expect(await notices.take(minute)).toEqual(notice);
      },
    );

    test('those of one cause are one; those of others are others', async () => {
      const { notices } = await kind.open();
      const all = [
        gone('UEVE'),
        gone('UEVE', 'another'),
        gone('UBEN'),
        untold('a'),
        untold('b'),
        endless,
        unfit,
      ];
      for (const notice of all) await notices.put(notice, day);
      const taken: (Notice | undefined)[] = [];
      for (let count = 0; count < 7; count += 1) taken.push(await notices.take(minute));
      const wanted = [gone('UEVE'), gone('UBEN'), untold('a'), untold('b'), endless, unfit];
      expect(new Set(taken.filter((one) => one !== undefined))).toEqual(new Set(wanted));
      expect(taken.at(-1)).toBeUndefined();
    });

    test('one that was told is not put again for so long, and then it is', async () => {
      const { notices } = await kind.open();
      await notices.put(gone('UEVE'), 300);
      await notices.take(minute);
      await notices.told(gone('UEVE'));
      await notices.put(gone('UEVE', 'again'), 300);
      expect(await notices.take(minute)).toBeUndefined();
      await delay(400);
      await notices.put(gone('UEVE', 'again'), day);
      expect(await notices.take(minute)).toEqual(gone('UEVE', 'again'));
      await notices.told(gone('UEVE'));
      await notices.put(gone('UEVE'), day);
      expect(await notices.take(minute)).toBeUndefined();
    });

    test('one that waits keeps its own quiet time, whoever puts it again', async () => {
      const { notices } = await kind.open();
      await notices.put(endless, day);
      await notices.put(endless, 1);
      await notices.take(minute);
      await notices.told(endless);
      await delay(50);
      await notices.put(endless, day);
      expect(await notices.take(minute)).toBeUndefined();
    });

    test('of several takers one has it, and it waits for the next when that one died', async () => {
      const { notices } = await kind.open();
      await notices.put(gone('UEVE'), day);
      const taken = await Promise.all(Array.from({ length: 10 }, () => notices.take(300)));
      expect(taken.filter((one) => one !== undefined)).toEqual([gone('UEVE')]);
      expect(await notices.take(300)).toBeUndefined();
      await delay(400);
      expect(await notices.take(300)).toEqual(gone('UEVE'));
      // Told in the end: gone, though the first taker says so too.
      await notices.told(gone('UEVE'));
      await notices.told(gone('UEVE'));
      await delay(400);
      expect(await notices.take(300)).toBeUndefined();
    });
  });

  describe('homes', () => {
    test('are open since whoever opened them last did', async () => {
      const { homes } = await kind.open();
      expect(await homes.isOpenSince('UANNA', 0)).toBe(false);
      await homes.opened('UANNA', 1_700_000_000_000);
      expect(await homes.isOpenSince('UANNA', 1_700_000_000_000)).toBe(true);
      expect(await homes.isOpenSince('UANNA', 1_700_000_000_001)).toBe(false);
      expect(await homes.isOpenSince('UBEN', 0)).toBe(false);
      await homes.opened('UANNA', 1_700_000_000_500);
      expect(await homes.isOpenSince('UANNA', 1_700_000_000_400)).toBe(true);
    });
  });
});
