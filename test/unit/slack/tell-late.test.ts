// A word about an end that has passed: left out, unless an earlier attempt may have brought it to Slack with its buttons.

import { describe, expect, it } from 'vitest';
import { minute } from '../../../src/rig/duration.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import type { Sending } from '../../../src/slack/tell/send.ts';
import { createTeller } from '../../../src/slack/tell/tell.ts';
import { aRig, noon } from '../../support/a-rig.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { silent } from '../../support/registry-address.ts';

const card = { channel: 'C0RIGS', ts: '1.0' };
const end = noon + 30 * minute;
const ended: Partial<Rig> = { state: { kind: 'stopping', since: end, reason: { kind: 'expired' } } };

/** Slack has this reminder already, if it is looked for. */
const open = () => {
  const posts: Sending[] = [];
  const noWait = () => ({ kind: 'in', wait: 0 }) as const;
  const teller = createTeller({
    sender: {
      post: async (sending) => {
        posts.push(sending);
        return { kind: 'sent', channel: card.channel, ts: '2.0', before: true };
      },
      edit: async () => 'done',
      editNow: async () => undefined,
      remove: async () => undefined,
      openDirect: async () => ({ kind: 'gone' }),
    },
    destinations: {
      of: async ({ asked }) => ({ kind: 'channel', channel: asked.channel }),
      forget: () => undefined,
      present: async () => undefined,
    },
    pacing: { post: noWait, update: noWait, progress: () => true },
    cards: createMemoryRegistry().cards,
    view: () => ({ bot: 'wcs', ssh: 'ssh root@{ip}' }),
    note: undefined,
    eveningOf: async () => undefined,
    sendLog: async () => ({ kind: 'told' }),
    clock: { now: () => end },
    log: silent,
  });
  const news = { kind: 'reminder', end, left: 5 * minute, late: false } as const;
  const tell = (uncertain: boolean) =>
    teller.tell({ rig: aRig(ended), news, id: 'k3f9ab.2.0', card, uncertain });
  return { tell, posts };
};

describe('a reminder of an end that has passed', () => {
  it('calls nobody any more', async () => {
    const { tell, posts } = open();
    expect(await tell(false)).toEqual({ kind: 'told' });
    expect(posts).toEqual([]);
  });

  it('that may have arrived is looked for, so that its buttons go when the end is told', async () => {
    const { tell, posts } = open();
    expect(await tell(true)).toMatchObject({ kind: 'told', card: { open: { ts: '2.0' } } });
    expect(posts).toMatchObject([{ uncertain: true }]);
  });
});
