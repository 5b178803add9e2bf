// A bot that is killed while it tells, after each of its calls in turn: another one goes on, and people see what they would
// have seen without it. For each kind of news, and each place where a card can be or be lost.

import { describe, expect, onTestFinished, test } from 'vitest';
import { hour, minute } from '../../src/rig/duration.ts';
import { card, type News } from '../../src/rig/news.ts';
import type { Person, Rig } from '../../src/rig/rig.ts';
import { noon } from '../support/a-rig.ts';
import { type KillGround, openKillGround, seenIn } from '../support/killed-teller.ts';

const anna: Person = { id: 'U0ANNA0001', name: 'anna' };
const ben: Person = { id: 'U0BEN00001', name: 'ben' };
const crash = { reason: { kind: 'died', exitCode: 1, outOfMemory: false }, tail: ['its last line'] } as const;
const end = noon + 30 * minute;
const lease = { end, cap: noon + 24 * hour, rev: 1 };
const running: Partial<Rig> = { state: { kind: 'running', since: noon + 4000 }, lease };

type Change = { readonly rig?: Partial<Rig>; readonly news: readonly News[] };

const reminder: News = { kind: 'reminder', end, left: 30 * minute, late: false };
const reminded: Change = { news: [reminder] };
const inUse: News = { kind: 'kept', use: { kind: 'streams', count: 2 }, end, cap: undefined };

/** What happened before, told in peace; and what is told by a bot that dies. */
const kinds: Readonly<Record<string, { readonly before?: Change; readonly next: Change }>> = {
  card: { next: { news: [card] } },
  ready: { next: { news: [card, { kind: 'ready', took: 50_000 }] } },
  failed: {
    next: {
      rig: { state: { kind: 'failed', since: noon, reason: crash.reason } },
      news: [card, { kind: 'failed', ...crash }],
    },
  },
  crashed: {
    before: reminded,
    next: {
      rig: { state: { kind: 'crashed', since: noon, crash, until: end } },
      news: [card, { kind: 'answered', answer: { kind: 'failed' } }, { kind: 'crashed', crash, until: end }],
    },
  },
  ended: {
    before: reminded,
    next: {
      rig: { state: { kind: 'stopped', since: noon, reason: { kind: 'expired' } } },
      news: [
        card,
        { kind: 'answered', answer: { kind: 'expired' } },
        { kind: 'ended', reason: { kind: 'expired' } },
      ],
    },
  },
  reminder: { before: reminded, next: { news: [{ ...reminder, left: 5 * minute }] } },
  kept: { next: { news: [card, inUse] } },
  'kept again': {
    before: {
      rig: { lease: { ...lease, end: noon } },
      news: [{ ...inUse, use: { kind: 'unknown' }, end: noon }],
    },
    next: { news: [card, inUse] },
  },
  idle: {
    next: {
      rig: { lease: { ...lease, idleStop: end } },
      news: [{ kind: 'idle', unused: 10 * minute, stop: end }],
    },
  },
  answered: {
    before: reminded,
    next: { news: [card, { kind: 'answered', answer: { kind: 'extended', by: ben, end, most: false } }] },
  },
  shared: {
    next: { rig: { shared: [ben] }, news: [card, { kind: 'shared', by: anna, with: [ben] }] },
  },
  given: {
    before: reminded,
    next: { rig: { owner: ben }, news: [card, { kind: 'given', by: anna, from: anna }] },
  },
  log: { next: { news: [{ kind: 'log', to: anna, lines: ['a line', 'another'], host: 'h1' }] } },
};

/** By which it is known that somebody was told. */
const tellingWords: Readonly<Record<string, RegExp>> = {
  card: /r1 is ready/,
  ready: /warn twice/,
  failed: /Nothing of it is left/,
  crashed: /brings it back/,
  ended: /its container is gone/,
  reminder: /in 5 m/,
  kept: /in use: 2 streams/,
  'kept again': /in use: 2 streams/,
  idle: /Nobody has used/,
  shared: /<@U0BEN00001> anna shares/,
  given: /<@U0BEN00001> \*r1\* is yours now/,
  log: /another/,
};

type Place = {
  readonly asked: Partial<Rig['asked']>;
  /** What becomes of the place before the bot tells and dies. */
  readonly spoil?: (ground: KillGround) => void;
  readonly mayDouble?: boolean;
};

const wipe = ({ slack }: KillGround) => {
  for (const { id } of slack.channels()) {
    for (const { ts } of slack.messages(id)) {
      for (const reply of slack.replies(id, ts)) slack.deleteMessage(id, reply.ts);
      slack.deleteMessage(id, ts);
    }
  }
};

const places: Readonly<Record<string, Place>> = {
  'in a channel': { asked: {} },
  // Nothing can be looked for where the bot is no member.
  'in a channel that we may not read': { asked: { channel: 'C0RIGS0001' }, mayDouble: true },
  'in a direct message': { asked: { quietly: true } },
  'where all was deleted': { asked: {}, spoil: wipe },
  'in a direct message where all was deleted': { asked: { quietly: true }, spoil: wipe },
  'in a channel that was archived': {
    asked: {},
    spoil: ({ slack }) => slack.putChannel({ ...slack.channel('#lab'), isArchived: true }),
  },
  'whose owner is gone': {
    asked: { quietly: true },
    spoil: ({ slack }) => slack.putPerson({ ...slack.person('@anna'), isDeleted: true }),
  },
};

/** As it is told when the bot dies after `kill` calls, or not at all. */
const tellIt = async (place: Place, kind: string, kill?: number) => {
  const story = kinds[kind];
  if (!story) throw new Error(`no story of ${kind}`);
  const ground = await openKillGround(place.asked);
  try {
    await ground.happens({}, card);
    await ground.tell();
    if (story.before) {
      await ground.happens({ ...running, ...story.before.rig }, ...story.before.news);
      await ground.tell();
    }
    place.spoil?.(ground);
    await ground.happens({ ...running, ...story.next.rig }, ...story.next.news);
    const calls = await ground.tell(kill);
    const { entries } = await ground.registry.audit.page(undefined, 100);
    return {
      calls,
      seen: seenIn(ground.slack),
      untold: new Set(entries.flatMap(({ what, why }) => (what === 'tell' ? [why] : []))),
      waiting: await ground.registry.outbox.waiting(),
      violations: ground.slack.violations,
    };
  } finally {
    await ground.close();
  }
};

describe.each(Object.keys(places))('a card %s', (where) => {
  test.each(Object.keys(kinds))('%s', async (kind) => {
    const place = places[where];
    if (!place) throw new Error(`no such place: ${where}`);
    const { calls, seen, untold } = await tellIt(place, kind);
    onTestFinished(({ task }) => {
      if (task.result?.state === 'fail') console.log(`without a kill:\n${seen.join('\n')}`);
    });
    expect(calls).toBeGreaterThan(5);
    if (untold.size === 0) expect(seen.join('\n')).toMatch(tellingWords[kind] ?? /./);
    for (let kill = 0; kill < calls; kill += 1) {
      const after = await tellIt(place, kind, kill);
      expect(after.waiting, `killed after call ${kill}`).toEqual([]);
      expect(after.violations).toEqual([]);
      // A file cannot be looked for either.
      const once = place.mayDouble || kind === 'log' ? [...new Set(after.seen)] : after.seen;
      expect(after.seen.length - once.length).toBeLessThanOrEqual(1);
      expect(once, `killed after call ${kill}`).toEqual(seen);
      expect(after.untold).toEqual(untold);
    }
  });
});

test('words about an end that waited until it was over call nobody', async () => {
  const ground = await openKillGround({});
  onTestFinished(ground.close);
  await ground.happens(running, card);
  await ground.happens({}, reminder, { ...reminder, left: 5 * minute }, inUse);
  const stopping: Rig['state'] = { kind: 'stopping', since: noon, reason: { kind: 'expired' } };
  await ground.happens({ state: stopping }, card, { kind: 'answered', answer: { kind: 'expired' } });
  await ground.happens({}, { kind: 'ended', reason: { kind: 'expired' } });
  await ground.tell();
  const replies = seenIn(ground.slack).filter((line) => line.includes('↳'));
  expect(replies).toEqual([expect.stringContaining('its container is gone')]);
});
