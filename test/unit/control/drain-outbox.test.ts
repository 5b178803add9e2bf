// Telling what waits to be told: in order, once, and by one drainer at a time.

import { describe, expect, it } from 'vitest';
import { type DrainPorts, drainOutbox } from '../../../src/control/drain-outbox.ts';
import { createDrainer } from '../../../src/control/drainer.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import type { Teller, Telling } from '../../../src/ports/outbox.ts';
import { second } from '../../../src/rig/duration.ts';
import { card, cardProgress, type News } from '../../../src/rig/news.ts';
import { noon } from '../../support/a-rig.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aClaim, aRegistration } from '../../support/registries.ts';

type Piece = Parameters<Teller['tell']>[0];

const told: Telling = { kind: 'told' };
const ready: News = { kind: 'ready', took: 1000 };
const place = { channel: 'C1', ts: '1.1' };

const open = async (...ids: string[]) => {
  const clock = { now: noon };
  const registry = createMemoryRegistry({ now: () => clock.now });
  const addresses = Array.from({ length: 250 }, (_, n) => `10.0.0.${n}`);
  await registry.presence.take(aRegistration({ addresses, slots: 1000 }), 'session');
  for (const id of ids) await registry.rigs.claim(aClaim(id, { told: [] }));
  const log = rememberingLog();
  const pieces: Piece[] = [];
  const slack = { answer: async (_piece: Piece): Promise<Telling> => told };
  const ports: DrainPorts = {
    outbox: registry.outbox,
    rigs: registry.rigs,
    cards: registry.cards,
    teller: {
      tell: async (piece) => {
        pieces.push(piece);
        return slack.answer(piece);
      },
    },
    clock: registry.clock,
    audit: registry.audit,
    notices: registry.notices,
    log,
    lease: 15 * second,
  };
  let count = 0;
  const add = async (id: string, ...news: News[]): Promise<void> => {
    const stored = await registry.rigs.get(id);
    if (!stored) throw new Error(`there is no rig ${id}`);
    const numbered = news.map((one) => ({ id: `${id}.${++count}`, news: one }));
    await registry.rigs.save({ ...stored, told: numbered, release: false });
  };
  const waiting = async (id: string): Promise<number> => {
    const lease = await registry.outbox.lease(id, 1);
    const entries = await lease?.entries();
    await lease?.giveBack();
    return entries?.length ?? -1;
  };
  const said = () =>
    pieces.map(({ news }) => (news.kind === 'card' && news.progress ? 'progress' : news.kind));
  return { clock, registry, ports, log, pieces, slack, add, waiting, said };
};

describe('an outbox', () => {
  it('is told in order until it is empty', async () => {
    const { ports, add, said, pieces, registry } = await open('r1');
    await add('r1', card, ready, { kind: 'ended', reason: { kind: 'expired' } });
    expect(await drainOutbox(ports, 'r1')).toEqual({ kind: 'empty' });
    expect(said()).toEqual(['card', 'ready', 'ended']);
    expect(pieces.map(({ id }) => id)).toEqual(['r1.1', 'r1.2', 'r1.3']);
    expect(await registry.outbox.waiting()).toEqual([]);
  });

  it('is kept while something is told that takes longer than the lease, so that nobody tells it again', async () => {
    const { ports, add, slack, pieces } = await open('r1');
    await add('r1', ready);
    const kept: boolean[] = [];
    const lease: typeof ports.outbox.lease = async (rig, length) => {
      const taken = await ports.outbox.lease(rig, length);
      return (
        taken && {
          ...taken,
          keep: async () => {
            kept.push(true);
            return taken.keep();
          },
        }
      );
    };
    slack.answer = () => new Promise((resolve) => setTimeout(() => resolve(told), 100));
    expect(await drainOutbox({ ...ports, lease: 30, outbox: { ...ports.outbox, lease } }, 'r1')).toEqual({
      kind: 'empty',
    });
    expect(kept.length).toBeGreaterThan(2);
    const after = kept.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kept.length).toBe(after);
    expect(pieces).toHaveLength(1);
  });

  it('tells several cards in a row once, and as more than progress if one of them is', async () => {
    const { ports, add, said } = await open('r1');
    await add(
      'r1',
      cardProgress,
      cardProgress,
      card,
      cardProgress,
      ready,
      cardProgress,
      cardProgress,
      card,
      card,
    );
    await drainOutbox(ports, 'r1');
    expect(said()).toEqual(['card', 'ready', 'card']);
    await add('r1', cardProgress, cardProgress);
    await drainOutbox(ports, 'r1');
    expect(said()).toEqual(['card', 'ready', 'card', 'progress']);
  });

  it('shows the rig as it is now, and where its card was put a moment ago', async () => {
    const { ports, add, pieces, slack, registry } = await open('r1');
    slack.answer = async ({ news }) => (news.kind === 'card' ? { kind: 'told', card: place } : told);
    await add('r1', card, ready);
    const stored = await registry.rigs.get('r1');
    if (!stored) throw new Error('no rig');
    const running = { ...stored.rig, state: { kind: 'running', since: noon } as const };
    await registry.rigs.save({ rig: running, version: stored.version, told: [], release: false });
    await drainOutbox(ports, 'r1');
    expect(pieces[0]).toMatchObject({ rig: { state: { kind: 'running' } }, card: undefined });
    expect(pieces[1]).toMatchObject({ card: place });
    expect(await registry.cards.get('r1')).toEqual(place);
  });

  it('takes in what comes while it is told', async () => {
    const { ports, add, slack, said } = await open('r1');
    await add('r1', card);
    let isFirst = true;
    slack.answer = async () => {
      if (isFirst) await add('r1', ready);
      isFirst = false;
      return told;
    };
    await drainOutbox(ports, 'r1');
    expect(said()).toEqual(['card', 'ready']);
  });

  it('that Slack puts off stays as it is, first in the list, and free for the next drainer', async () => {
    const { ports, add, slack, waiting, said } = await open('r1');
    await add('r1', ready, card);
    slack.answer = async () => ({ kind: 'later', after: 3 * second });
    expect(await drainOutbox(ports, 'r1')).toEqual({ kind: 'later', after: 3 * second });
    expect(await waiting('r1')).toBe(2);
    slack.answer = async () => told;
    await drainOutbox(ports, 'r1');
    expect(said()).toEqual(['ready', 'ready', 'card']);
  });

  it('drops what can never be told, with a line in the log, and goes on', async () => {
    const { ports, add, slack, said, log } = await open('r1');
    await add('r1', ready, card);
    slack.answer = async ({ news }) =>
      news.kind === 'ready' ? { kind: 'impossible', why: 'Slack says is_archived' } : told;
    expect(await drainOutbox(ports, 'r1')).toEqual({ kind: 'empty' });
    expect(said()).toEqual(['ready', 'card']);
    expect(log.lines.join('\n')).toContain('is_archived');
  });

  it('of a rig that is not known any more is emptied, with a line in the log', async () => {
    const { ports, log, registry, add, pieces } = await open('r1');
    await add('r1', card, ready);
    const rigs = { ...registry.rigs, get: async () => undefined };
    expect(await drainOutbox({ ...ports, rigs }, 'r1')).toEqual({ kind: 'empty' });
    expect(pieces).toEqual([]);
    expect(log.lines.join('\n')).toContain('not known any more');
  });
});

describe('a drainer that is killed', () => {
  it('leaves what it was telling as uncertain, and the next one is told so', async () => {
    const { ports, add, slack, pieces, clock } = await open('r1');
    await add('r1', card, ready);
    // It sends, and is never heard of again.
    slack.answer = () => new Promise<never>(() => undefined);
    void drainOutbox(ports, 'r1');
    await new Promise(setImmediate);
    expect(pieces).toMatchObject([{ uncertain: false }]);
    expect(await drainOutbox(ports, 'r1')).toEqual({ kind: 'busy' });
    clock.now += 15 * second;
    slack.answer = async () => told;
    expect(await drainOutbox(ports, 'r1')).toEqual({ kind: 'empty' });
    expect(pieces.slice(1)).toMatchObject([
      { id: 'r1.1', uncertain: true },
      { id: 'r1.2', uncertain: false },
    ]);
  });

  it('and comes back takes nothing off the list that another one has by then', async () => {
    const { ports, add, slack, clock, waiting, registry } = await open('r1');
    await add('r1', card, ready);
    const slow = Promise.withResolvers<Telling>();
    slack.answer = () => slow.promise;
    const first = drainOutbox(ports, 'r1');
    await new Promise(setImmediate);
    clock.now += 15 * second;
    const another = await registry.outbox.lease('r1', 15 * second);
    slow.resolve(told);
    expect(await first).toEqual({ kind: 'busy' });
    await another?.giveBack();
    expect(await waiting('r1')).toBe(2);
  });

  it('and comes back draws the card once more, since it may have overwritten a later one', async () => {
    const { ports, add, slack, clock, registry, pieces } = await open('r1');
    await registry.cards.put('r1', place);
    await add('r1', card);
    const slow = Promise.withResolvers<Telling>();
    slack.answer = () => slow.promise;
    const first = drainOutbox(ports, 'r1');
    await new Promise(setImmediate);
    clock.now += 15 * second;
    await registry.outbox.lease('r1', 15 * second);
    const stored = await registry.rigs.get('r1');
    if (!stored) throw new Error('there is no rig r1');
    const later = { ...stored.rig, state: { kind: 'running', since: noon } } as const;
    await registry.rigs.save({ ...stored, rig: later, told: [], release: false });
    slow.resolve(told);
    await first;
    expect(pieces.map(({ rig }) => rig.state.kind)).toEqual(['placed', 'running']);
  });

  it('by a fault of its own gives the list back', async () => {
    const { ports, add, slack, said } = await open('r1');
    await add('r1', card);
    slack.answer = async () => {
      throw new TypeError('a fault');
    };
    await expect(drainOutbox(ports, 'r1')).rejects.toThrow('a fault');
    slack.answer = async () => told;
    expect(await drainOutbox(ports, 'r1')).toEqual({ kind: 'empty' });
    expect(said()).toEqual(['card', 'card']);
  });
});

describe('the drainer', () => {
  const withDrainer = async (...ids: string[]) => {
    const box = await open(...ids);
    const time = { now: 0 };
    return { ...box, time, drainer: createDrainer(box.ports, () => time.now) };
  };

  it('sweeps up what nobody was woken for', async () => {
    const { drainer, add, pieces, registry } = await withDrainer('r1', 'r2', 'r3');
    for (const id of ['r1', 'r2', 'r3']) await add(id, card);
    await drainer.sweep();
    expect(pieces.map(({ rig }) => rig.id).sort()).toEqual(['r1', 'r2', 'r3']);
    expect(await registry.outbox.waiting()).toEqual([]);
  });

  it('has the patience that Slack asked for, for this rig and no other', async () => {
    const { drainer, add, slack, said, time } = await withDrainer('r1', 'r2');
    await add('r1', ready);
    slack.answer = async () => ({ kind: 'later', after: 5 * second });
    await drainer.wake('r1');
    slack.answer = async () => told;
    await add('r2', card);
    time.now = 4_999;
    await drainer.wake('r1');
    await drainer.sweep();
    expect(said()).toEqual(['ready', 'card']);
    time.now = 5_000;
    await drainer.sweep();
    expect(said()).toEqual(['ready', 'card', 'ready']);
  });

  it('woken while it is at it looks once more, so that nothing waits for the sweep', async () => {
    const { ports, add, said } = await withDrainer('r1');
    await add('r1', card);
    // News that come after the list was found empty, and before it is given back.
    let late = [ready];
    const outbox: DrainPorts['outbox'] = {
      ...ports.outbox,
      lease: async (id, length) => {
        const lease = await ports.outbox.lease(id, length);
        const giveBack = async (): Promise<void> => {
          for (const news of late.splice(0)) await add('r1', news);
          void drainer.wake('r1');
          late = [];
          await lease?.giveBack();
        };
        return lease && { ...lease, giveBack: wakes-- > 0 ? giveBack : lease.giveBack };
      },
    };
    let wakes = 1;
    const drainer = createDrainer({ ...ports, outbox });
    await drainer.wake('r1');
    expect(said()).toEqual(['card', 'ready']);
  });

  it('does the others though one fails, says how many did, and tries that one again a while later', async () => {
    const { drainer, add, slack, pieces, time } = await withDrainer('r1', 'r2');
    await add('r1', card);
    await add('r2', card);
    slack.answer = async ({ rig }) => {
      if (rig.id === 'r1') throw new Error('cannot be drawn');
      return told;
    };
    const whose = (): string[] => pieces.map(({ rig }) => rig.id).sort();
    await expect(drainer.sweep()).rejects.toThrow('1 outboxes could not be drained: Error: cannot be drawn');
    // A fault that comes after a message was posted would otherwise post it once a second.
    time.now = 9_999;
    await drainer.sweep();
    expect(whose()).toEqual(['r1', 'r2']);
    time.now = 10_000;
    slack.answer = async () => told;
    await drainer.sweep();
    expect(whose()).toEqual(['r1', 'r1', 'r2']);
  });

  it('does not wait after an outage of Redis', async () => {
    const { ports, add, said } = await withDrainer('r1');
    await add('r1', card);
    let isAway = true;
    const cards = {
      ...ports.cards,
      get: async (id: string) => {
        if (isAway) throw new QueueDown('Redis does not answer');
        return ports.cards.get(id);
      },
    };
    const drainer = createDrainer({ ...ports, cards }, () => 0);
    await expect(drainer.sweep()).rejects.toThrow('does not answer');
    isAway = false;
    await drainer.sweep();
    expect(said()).toEqual(['card']);
  });

  it('throws while Redis is away, so that its loop says so', async () => {
    const { ports } = await withDrainer('r1');
    const outbox = {
      ...ports.outbox,
      waiting: async (): Promise<never> => {
        throw new QueueDown('Redis does not answer');
      },
    };
    await expect(createDrainer({ ...ports, outbox }).sweep()).rejects.toThrow(QueueDown);
  });

  it('of two bots one tells each piece', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `r${n}`);
    const { ports, add, pieces, drainer, registry } = await withDrainer(...ids);
    for (const id of ids) await add(id, card, ready);
    const other = createDrainer(ports);
    while ((await registry.outbox.waiting()).length > 0) await Promise.all([drainer.sweep(), other.sweep()]);
    expect(pieces).toHaveLength(40);
    for (const id of ids) {
      expect(pieces.filter(({ rig }) => rig.id === id).map(({ news }) => news.kind)).toEqual([
        'card',
        'ready',
      ]);
    }
  });
});

describe('what nobody can be told any more', () => {
  const anna = { id: 'U0ANNA', name: 'anna' };
  const ended: News = { kind: 'ended', reason: { kind: 'expired' } };
  const closed = async (telling: Telling, ...news: News[]) => {
    const box = await open('r1');
    const { ports, add, slack, registry } = box;
    await add('r1', ...news);
    slack.answer = async () => telling;
    await drainOutbox(ports, 'r1');
    const notices = [];
    for (let taken = await registry.notices.take(1); taken; taken = await registry.notices.take(1)) {
      notices.push(taken);
      await registry.notices.told(taken);
    }
    const { entries } = await registry.audit.page(undefined, 100);
    return { ...box, notices, audit: entries.filter(({ what }) => what === 'tell') };
  };
  const refused: Telling = { kind: 'impossible', why: 'Slack says no' };
  const gone: Telling = { kind: 'impossible', why: 'the account of anna is closed', gone: [anna] };

  it('is a line in the audit, and a word to those who run the bot', async () => {
    const { audit, notices } = await closed(refused, ended);
    expect(audit).toMatchObject([
      { by: { kind: 'bot' }, outcome: 'failed', why: 'ended: Slack says no', rig: { id: 'r1' } },
    ]);
    expect(notices).toMatchObject([{ kind: 'untold', id: 'r1', why: 'Slack says no' }]);
  });

  it('is no matter where nobody would have been told anything: an edit', async () => {
    const { audit, notices } = await closed(refused, card, {
      kind: 'answered',
      answer: { kind: 'stopped', by: anna },
    });
    expect({ audit, notices }).toEqual({ audit: [], notices: [] });
  });

  it('since their account is closed is noted each time, and said to those who run the bot once', async () => {
    const { audit, notices, ports, add, registry } = await closed(gone, ready, ended);
    expect(audit.map(({ why }) => why)).toEqual([
      'ready: the account of anna is closed',
      'ended: the account of anna is closed',
    ]);
    expect(notices).toMatchObject([{ kind: 'gone-person', person: anna }]);
    await add('r1', ended);
    await drainOutbox(ports, 'r1');
    expect(await registry.notices.take(1)).toBeUndefined();
  });

  it('stays first in the list until that is noted', async () => {
    const { ports, add, slack, waiting } = await open('r1');
    await add('r1', ended);
    slack.answer = async () => gone;
    const append = async (): Promise<never> => {
      throw new QueueDown('Redis does not answer');
    };
    await expect(drainOutbox({ ...ports, audit: { ...ports.audit, append } }, 'r1')).rejects.toThrow(
      QueueDown,
    );
    expect(await waiting('r1')).toBe(1);
  });
});
