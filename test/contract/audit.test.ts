// The audit: what was done is written with the change itself, read in order, and forgotten when it is old.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Registry } from '../../src/redis/registry.ts';
import type { AuditEntry } from '../../src/rig/audit.ts';
import { second } from '../../src/rig/duration.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';

const anEntry = (number: number, facts: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 1_700_000_000_000 + number,
  by: { kind: 'person', id: 'UANNA', name: 'anna' },
  what: `act ${number}`,
  outcome: 'done',
  ...facts,
});
const about = (name: string, id?: string) => ({ rig: { id, name } });
const whats = (entries: readonly AuditEntry[]): string[] => entries.map(({ what }) => what);

describe.each(registryKinds())('the audit %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  const withHost = async (): Promise<Registry> => {
    const registry = await kind.open();
    await registry.presence.take(aRegistration(), 's1');
    return registry;
  };
  /** All of it, and how many calls that took. */
  const readAll = async ({ audit }: Registry, count: number) => {
    const entries: AuditEntry[] = [];
    let pages = 0;
    let after: string | undefined;
    do {
      const page = await audit.page(after, count);
      entries.push(...page.entries);
      after = page.next;
      pages += 1;
    } while (after !== undefined);
    return { entries, pages };
  };

  test('of which nothing was written is empty', async () => {
    const registry = await kind.open();
    expect(await registry.audit.page(undefined, 10)).toEqual({ entries: [], next: undefined });
    expect(await registry.audit.ofRig('demo', 10)).toEqual([]);
  });

  test('has every kind of entry as it was written, in order', async () => {
    const registry = await kind.open();
    const entries: readonly AuditEntry[] = [
      anEntry(1),
      anEntry(2, { by: { kind: 'bot' }, outcome: 'failed', why: 'no worker came' }),
      anEntry(3, { by: { kind: 'host', name: 'H2' }, ...about('demo', 'k3f9ab') }),
      anEntry(4, { outcome: 'refused', why: 'name-taken', ...about('démo', undefined) }),
    ];
    for (const entry of entries) await registry.audit.append(entry);
    expect((await readAll(registry, 100)).entries).toEqual(entries);
  });

  test.each([
    [1, 6],
    [2, 3],
    [3, 2],
    [5, 2],
    [6, 1],
  ])('is read %i at a time, each entry once', async (count, most) => {
    const registry = await kind.open();
    for (let number = 1; number <= 5; number += 1) await registry.audit.append(anEntry(number));
    const { entries, pages } = await readAll(registry, count);
    expect(whats(entries)).toEqual(['act 1', 'act 2', 'act 3', 'act 4', 'act 5']);
    expect(pages).toBe(most);
  });

  test('goes on where a page ended, with what was written since', async () => {
    const { audit } = await kind.open();
    for (const number of [1, 2]) await audit.append(anEntry(number));
    const { next } = await audit.page(undefined, 2);
    await audit.append(anEntry(3));
    expect(whats((await audit.page(next, 2)).entries)).toEqual(['act 3']);
  });

  test('of one name has the last ones, oldest first, whichever rig had the name, and 200 at most', async () => {
    const { audit } = await kind.open();
    await audit.append(anEntry(0, about('other', 'a')));
    await audit.append(anEntry(0));
    const young = Date.now();
    for (let number = 1; number <= 205; number += 1) {
      await audit.append(anEntry(number, { at: young + number, ...about('demo', `r${number}`) }));
    }
    expect(whats(await audit.ofRig('demo', 3))).toEqual(['act 203', 'act 204', 'act 205']);
    const all = await audit.ofRig('demo', 1000);
    expect([all.length, all[0]?.what]).toEqual([200, 'act 6']);
    expect(await audit.ofRig('none', 3)).toEqual([]);
  });

  test('has what a claim and a save are about, and nothing of those that were refused', async () => {
    const registry = await withHost();
    const { rigs } = registry;
    const now = Date.now();
    const entry = (what: string): AuditEntry => anEntry(0, { at: now, what, ...about('a1', 'a1') });
    const claimed = await rigs.claim(aClaim('a1', { audit: entry('up') }));
    if (claimed.kind !== 'claimed') throw new Error(`refused: ${claimed.kind}`);
    const again = aClaim('b2', { rig: { name: 'a1' }, audit: entry('up again') });
    expect((await rigs.claim(again)).kind).toBe('name-taken');

    const change = { rig: claimed.rig, told: [], release: false };
    expect(await rigs.save({ ...change, version: 1, audit: entry('share') })).toBe('saved');
    expect(await rigs.save({ ...change, version: 1, audit: entry('too late') })).toBe('conflict');
    const bobs = { ...claimed.rig, owner: { id: 'UBOB', name: 'bob' } };
    const give = { ...change, rig: bobs, version: 2, audit: entry('give'), perUser: 0 };
    expect(await rigs.save(give)).toBe('user-quota');
    expect(await rigs.save({ ...change, version: 2 })).toBe('saved');
    expect(whats((await readAll(registry, 10)).entries)).toEqual(['up', 'share']);
    expect(whats(await registry.audit.ofRig('a1', 10))).toEqual(['up', 'share']);
  });

  test('forgets what is older than it is kept, with the next entry', async () => {
    const registry = await kind.open({ auditKeep: second });
    await registry.audit.append(anEntry(1, { at: Date.now(), ...about('demo') }));
    await registry.audit.append(anEntry(2, { at: Date.now(), ...about('other') }));
    await delay(700);
    await registry.audit.append(anEntry(3, { at: Date.now(), ...about('demo') }));
    expect((await readAll(registry, 10)).entries).toHaveLength(3);
    await delay(700);
    await registry.audit.append(anEntry(4, { at: Date.now(), ...about('demo') }));
    expect(whats((await readAll(registry, 10)).entries)).toEqual(['act 3', 'act 4']);
    expect(whats(await registry.audit.ofRig('demo', 10))).toEqual(['act 3', 'act 4']);
    // Nobody wrote of this name since: it is forgotten all the same.
    expect(await registry.audit.ofRig('other', 10)).toEqual([]);
  });
});
