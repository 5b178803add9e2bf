// Keeps Home tabs fresh: published when somebody opens theirs, and again when something of theirs has changed.
//
// INVARIANTS
// - Nothing waits for it: what Slack or Redis does not take is logged, and the next change or opening mends it.
// - Each person's is published at once when they open it, and else at most once in a while, one after the other: an older
//   state does not come last.

import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { lookHome } from '../../control/look-home.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Hosts } from '../../ports/hosts.ts';
import type { Log } from '../../ports/log.ts';
import type { Teller } from '../../ports/outbox.ts';
import type { Homes, Rigs } from '../../ports/registry.ts';
import { type Duration, day, type Instant, second } from '../../rig/duration.ts';
import type { News } from '../../rig/news.ts';
import type { UserId } from '../../rig/rig.ts';
import type { Access } from '../access.ts';
import type { Turn } from '../act/answering.ts';
import { type Message, sentence } from '../draw/message.ts';
import type { EveningOf } from '../evening.ts';
import { notWelcome } from '../words/access.ts';
import { queueDown } from '../words/answers.ts';
import { drawHome } from './home.ts';
import { createRefresher } from './refresher.ts';

export type HomeTab = {
  /** Somebody opened theirs. */
  readonly opened: (user: UserId) => Turn;
  /** Something may have changed that stands in theirs; never throws, and nothing is published to who has none. */
  readonly refresh: (user: UserId) => void;
  /** A command was typed like this. */
  readonly heard: (command: string) => void;
  readonly stop: () => void;
};

export type HomeTabParts = {
  readonly ports: {
    readonly rigs: Rigs;
    readonly hosts: Hosts;
    readonly clock: Clock;
    readonly homes: Homes;
  };
  readonly client: WebClient;
  readonly access: Access;
  readonly eveningOf: EveningOf;
  readonly log: Log;
  /** Between two refreshes of one person's; 3 s. */
  readonly every?: Duration | undefined;
  readonly now: () => Instant;
};

const usualEvery: Duration = 3 * second;
/** Whoever opened it earlier sees a fresh one when they open it again. */
const interest: Duration = day;

export const createHomeTab = (parts: HomeTabParts): HomeTab => {
  const { ports, client, log, now, every = usualEvery } = parts;
  const typed: { command: string | undefined } = { command: undefined };

  const publish = async (user: UserId, blocks: KnownBlock[]): Promise<void> => {
    await client.views.publish({ user_id: user, view: { type: 'home', blocks } });
  };

  const refresher = createRefresher(every, now, async (user) => {
    try {
      if (!(await ports.homes.isOpenSince(user, ports.clock.now() - interest))) return;
      await publish(user, (await draw(parts, user, typed.command)).blocks);
    } catch (err) {
      log.warn({ user, err }, 'a Home tab could not be kept fresh');
    }
  });

  return {
    opened: (user) => ({
      what: 'home opened',
      user,
      command: typed.command ?? '/wcs',
      trigger: undefined,
      ack: async () => undefined,
      work: async () => {
        await refresher.instead(user);
        await ports.homes.opened(user, ports.clock.now());
        return draw(parts, user, typed.command);
      },
      respond: ({ blocks }) => publish(user, blocks),
      whenQueueDown: () => queueDown('I cannot look up your rigs'),
    }),
    refresh: refresher.want,
    heard: (command) => void Object.assign(typed, { command }),
    stop: refresher.stop,
  };
};

/** What stands there for somebody who may not use us is the sentence why. */
const draw = async (
  { ports, access, eveningOf }: HomeTabParts,
  user: UserId,
  command: string | undefined,
): Promise<Message> => {
  const admission = await access.admit({ id: user, name: user }, undefined);
  if (admission.kind !== 'welcome') return sentence(notWelcome(admission));
  const [seen, evening] = await Promise.all([lookHome(ports, admission.asker), eveningOf(user)]);
  return drawHome({ ...seen, evening, command: command ?? seen.command ?? '/wcs' });
};

/** What is told of a rig stands also at home with its people. A figure of a pull is not worth it. */
export const keepHomesFresh = (teller: Teller, { refresh }: Pick<HomeTab, 'refresh'>): Teller => ({
  tell: async (piece) => {
    const telling = await teller.tell(piece);
    const { rig, news } = piece;
    if (telling.kind !== 'later' && !isFigure(news)) {
      for (const { id } of [rig.owner, ...rig.shared, ...(news.kind === 'given' ? [news.from] : [])])
        refresh(id);
    }
    return telling;
  },
});

const isFigure = (news: News): boolean => news.kind === 'card' && news.progress;
