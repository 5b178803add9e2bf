// Everybody at once.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { openGround } from '../../support/fault.ts';
import { openRooms } from '../../support/rooms.ts';

const people = 200;
const hosts = ['h1', 'h2', 'h3'];
const addresses = [17, 17, 16];

const { fault } = openGround({
  hosts,
  addressesEach: addresses,
  // Not waited for: 50 rigs that boot at once on two cores take their time.
  environment: {
    WCS_READY_TIMEOUT: '3m',
    WCS_LAUNCH_DEADLINE: '10m',
    WCS_JOB_LOCK: '4s',
    WCS_PRESENCE: '6s',
  },
  crew: { bots: 1, workers: hosts },
});

fault(
  'F17',
  '200 `/wcs up` at once on 50 addresses and 3 hosts: 50 rigs, 150 clear refusals',
  async (it) => {
    const { slack } = it.fleet;
    const rooms = openRooms(slack, 40);
    it.strikes();
    const typed = await Promise.all(
      Array.from({ length: people }, (_, number) =>
        slack.command({ user: 'anna', channel: rooms[number % rooms.length] ?? '', text: 'up for 1h' }),
      ),
    );
    expect(typed.filter(({ kind }) => kind !== 'acknowledged')).toEqual([]);
    const answers = () => rooms.flatMap((room) => slack.ephemerals('anna', room));
    await slack.until(() => answers().length >= people - 50, 60_000, 'that 150 read an answer');
    expect(answers()).toHaveLength(people - 50);
    for (const { text } of answers()) {
      expect(text).toMatch(/^No host can take it: .*\nNothing was started/);
      for (const host of hosts) expect(text).toMatch(new RegExp(`${host} (is full|has no free address)`));
    }
    const cards = () => rooms.flatMap((room) => slack.messages(room));
    await slack.until(() => cards().length === 50, 60_000, '50 cards');
    for (;;) {
      const { rigs: rows } = await it.look();
      expect(rows).toHaveLength(50);
      if (rows.every(({ state }) => state === 'running')) break;
      expect(rows.map(({ state }) => state)).not.toContain('crashed');
      await delay(1000);
    }
    it.recovered();
    for (const [index, host] of hosts.entries()) {
      expect(await it.fleet.containers(host)).toHaveLength(addresses[index] ?? 0);
    }
  },
  // Slack takes 45 edits a minute.
  { mayBeUntold: true, milliseconds: 420_000 },
);
