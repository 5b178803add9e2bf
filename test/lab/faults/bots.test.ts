// Two bots, and one of them killed at the moment that counts.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Post } from '../../support/crew.ts';
import { type Fault, openGround } from '../../support/fault.ts';
import type { Way } from '../../support/gate.ts';
import { paced } from '../../support/pace.ts';

const { fault } = openGround({
  hosts: ['h1'],
  environment: { WCS_REMIND: '2s', WCS_KEEP_BY: '1s' },
  crew: { bots: 2, workers: ['h1'] },
});

/** Kills whichever bot asks Redis (or Slack) for this, before it gets there, or before it is answered. */
const killWhoever = (
  it: Fault,
  gateOf: (post: Post) => Post['redis'],
  asks: (piece: string) => boolean,
  when: 'before it is done' | 'before it knows',
): Promise<Post> => {
  const { promise, resolve } = Promise.withResolvers<Post>();
  const ends: (() => void)[] = [];
  let isDone = false;
  for (const post of [it.crew.bot(0), it.crew.bot(1)]) {
    let hasAsked = false;
    const strike = () => {
      isDone = true;
      it.strikes();
      void post.kill().then(() => {
        for (const end of ends) end();
        resolve(post);
      });
      return 'cut' as const;
    };
    const watch = (piece: string, way: Way) => {
      if (isDone) return hasAsked ? ('cut' as const) : undefined;
      if (way === 'there' && asks(piece)) {
        if (when === 'before it is done') return strike();
        hasAsked = true;
        return undefined;
      }
      return way === 'back' && hasAsked ? strike() : undefined;
    };
    ends.push(gateOf(post).watch(watch));
  }
  return promise;
};
const toRedis = (post: Post) => post.redis;
const toSlack = (post: Post) => post.other;

const endings = (it: Fault, name: string): number =>
  it.fleet.replies(name).filter((text) => /has ended/.test(text)).length;

for (const when of ['before it is done', 'before it knows'] as const) {
  const name = when === 'before it is done' ? 'brief' : 'short';
  fault('F18', `a bot killed in the middle of an expiry, ${when}`, async (it) => {
    await it.fleet.type(`up ${name} for 6s`);
    await it.fleet.cardSays(name, / is ready/);
    const killed = killWhoever(
      it,
      toRedis,
      (piece) => /"kind":"stopping"[^}]*"kind":"expired"/.test(piece),
      when,
    );
    const post = await killed;
    await it.fleet.cardSays(name, / · ended/);
    it.recovered();
    await it.reads(/time was up: its container is gone/);
    await post.replace();
    await delay(paced(20));
    expect(endings(it, name)).toBe(1);
  });
}

for (const when of ['before it is done', 'before it knows'] as const) {
  const name = when === 'before it is done' ? 'longer' : 'longest';
  fault('F18', `a bot killed in the middle of an extension, ${when}`, async (it) => {
    const { fleet } = it;
    await fleet.type(`up ${name} for 9s`);
    await fleet.cardSays(name, / is ready/);
    const before = await it.endOf(name);
    const killed = killWhoever(it, toRedis, (piece) => /EVALSHA[\s\S]*"what":"extend"/i.test(piece), when);
    const typed = fleet.slack.command({ user: 'anna', channel: '#rigs', text: `extend ${name} 1h` });
    const post = await killed;
    // It had not acknowledged, so that Slack itself says that nothing came of it; and that is no promise.
    expect((await typed).kind).not.toBe('acknowledged');
    const after = await it.endOf(name);
    expect(after - before).toBe(when === 'before it is done' ? 0 : 3_600_000);
    if (when === 'before it is done') await fleet.type(`extend ${name} 1h`);
    // The one that lives tells it: as an answer, or where nobody answers any more by the card's new end.
    if (when === 'before it is done') await it.reads(new RegExp(`\`${name}\` ends .* now`));
    it.recovered();
    await post.replace();
    while (Date.now() < before + 2000) await delay(200);
    expect(fleet.card(name)?.text).toMatch(/ is ready/);
    expect(await fleet.containers('h1')).toMatchObject([{ state: 'running' }]);
  });
}

for (const when of ['before it is done', 'before it knows'] as const) {
  const name = when === 'before it is done' ? 'told' : 'retold';
  fault('F18', `a bot killed in the middle of its news, ${when}`, async (it) => {
    const { fleet } = it;
    // Where the bot is not a member it may not look for what it sent, and would rather say it twice than never.
    fleet.slack.invite('#rigs');
    // By now Slack takes the next message in that conversation: what is killed here is no refusal of it.
    await delay(1500);
    const killed = killWhoever(it, toSlack, (piece) => /^POST \S*chat\.postMessage/.test(piece), when);
    await fleet.type(`up ${name} for 1h`);
    const post = await killed;
    await fleet.cardSays(name, / is ready/, 60_000);
    await it.reads(new RegExp(`\\*${name}\\* is ready`), 60_000);
    it.recovered();
    await post.replace();
    // What may have arrived was looked for before it was sent again.
    const cards = fleet.slack.messages('#rigs').filter(({ text }) => text.split(' ').includes(name));
    expect(cards).toHaveLength(1);
  });
}
