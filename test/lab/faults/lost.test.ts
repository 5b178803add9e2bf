// The registry is lost, or an older one comes in its place: it is found out, nothing is removed, and the hosts say what there is.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { paced } from '../../support/pace.ts';
import { readRedis } from '../../support/registry-dump.ts';
import { openRooms } from '../../support/rooms.ts';

const { fault } = openGround({ hosts: ['h1', 'h2'], crew: { bots: 1, workers: ['h1', 'h2'] } });

const minute = 60_000;
const names = Array.from({ length: 10 }, (_, index) => `rig-${index}`);

/** All at once, asked for in several rooms; they run, whether or not Slack's pace has let everybody hear of it. */
const ready = async ({ fleet: { slack }, look }: Fault, wanted: readonly string[]): Promise<void> => {
  const rooms = openRooms(slack, 8);
  for (const [index, name] of wanted.entries()) {
    const channel = rooms[index % rooms.length] ?? '';
    const typed = await slack.command({ user: 'anna', channel, text: `up ${name} for 1h` });
    expect(typed.kind).toBe('acknowledged');
  }
  const begun = performance.now();
  for (;;) {
    const running = (await look()).rigs.filter(({ state }) => state === 'running').map(({ name }) => name);
    const missing = wanted.filter((name) => !running.includes(name));
    if (missing.length === 0) return;
    expect(performance.now() - begun, `since ${missing.join()} should start`).toBeLessThan(90_000);
    await delay(200);
  }
};
const containers = async ({ fleet }: Fault): Promise<readonly string[]> =>
  (await Promise.all(fleet.hosts.map((host) => fleet.containers(host))))
    .flat()
    .map(({ container }) => container)
    .toSorted();

/** All of them are in the registry again, and nobody is asked for what there is any more. */
const adopted = async (it: Fault, wanted: readonly string[]): Promise<void> => {
  const begun = performance.now();
  for (;;) {
    const { rigs, faults } = await it.look();
    if (wanted.every((name) => rigs.some((rig) => rig.name === name))) return;
    if (performance.now() - begun > 60_000) {
      throw new Error(
        `of ${wanted.join()} there are only ${rigs.map(({ name }) => name).join()}; ${faults.join('; ')}`,
      );
    }
    await delay(200);
  }
};

// First of all: those below use up the edits that Slack takes in a minute, and here a card is waited for.
fault('F05', 'Redis flushed in the middle of a launch', async (it) => {
  const { fleet } = it;
  await fleet.type('up there for 1h');
  await fleet.cardSays('there', / is ready/);
  const struck = Promise.withResolvers<void>();
  const ends = fleet.hosts.map((host) =>
    it.crew.worker(host).other.watch((piece, way) => {
      if (way === 'there' && /^POST \S*\/containers\/create/.test(piece)) {
        it.strikes();
        void readRedis(fleet.redis.url, (redis) => redis.flushall()).then(() => struck.resolve());
      }
      return undefined;
    }),
  );
  await fleet.type('up midway for 1h');
  await struck.promise;
  for (const end of ends) end();
  await adopted(it, ['there']);
  await it.reads(/\*midway\* failed on host/);
  it.recovered();
  // Its note may be from just before it was ready: then its launch finds the container and says so once more.
  await fleet.cardSays('there', / is ready/);
  expect(fleet.card('midway')?.text).toMatch(/ · failed/);
});

fault(
  'F05',
  'Redis flushed with 10 rigs up, 3 extended, 1 given away',
  async (it) => {
    const { fleet } = it;
    await ready(it, names);
    for (const name of names.slice(0, 3)) await fleet.type(`extend ${name} 3h`);
    await fleet.type(`give ${names[3]} @ben`);
    await it.reads(/is yours now/);
    await delay(paced(20) + 1500);
    const [before, was] = [await containers(it), (await it.look()).rigs];
    it.strikes();
    await readRedis(fleet.redis.url, (redis) => redis.flushall());
    await adopted(it, names);
    it.recovered();
    expect(await containers(it)).toEqual(before);
    const { rigs } = await it.look();
    for (const rig of was) {
      const again = rigs.find(({ id }) => id === rig.id);
      expect(again).toMatchObject({ name: rig.name, owner: rig.owner, address: rig.address, host: rig.host });
      // No earlier than in half an hour, and where the note was fresh just as it was.
      expect(again?.end).toBeGreaterThanOrEqual(Math.min(rig.end ?? 0, Date.now() + 29 * minute));
    }
    for (const name of names) await it.reads(new RegExp(`told me about \\*${name}\\* again`));
    await it.up('later');
  },
  // Slack takes 45 edits a minute: those of the end may wait.
  { mayBeUntold: true },
);

fault(
  'F07',
  'Redis restored from a copy ten minutes old',
  async (it) => {
    const { fleet } = it;
    await ready(it, ['extended', 'stopped', 'kept']);
    await delay(paced(20) + 1500);
    const directory = await readRedis(
      fleet.redis.url,
      async (redis) => (await redis.config('GET', 'dir'))[1] ?? '',
    );
    const copy = await mkdtemp('/tmp/wcs-copy-');
    await cp(directory, copy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    const old = (await it.look()).rigs;
    await fleet.type('extend extended 5h');
    await it.reads(/`extended` ends .* now/);
    await fleet.type('down stopped');
    for (let look = 0; (await it.look()).rigs.some(({ name }) => name === 'stopped'); look += 1) {
      expect(look, 'looks at what is to stop').toBeLessThan(100);
      await delay(200);
    }
    // Whoever comes gets the address that was free the longest: all of the others first, so that this one is used again.
    const others = Array.from({ length: 14 }, (_, index) => `filler-${index}`);
    await ready(it, others);
    await delay(paced(20) + 1500);
    const before = (await it.look()).rigs;
    const address = old.find(({ name }) => name === 'stopped')?.address;
    expect(before.map((rig) => rig.address)).toContain(address);
    const there = await containers(it);
    it.strikes();
    await fleet.redis.kill('SIGKILL');
    await cp(copy, directory, { recursive: true, force: true });
    await fleet.redis.restart();
    await adopted(it, ['extended', 'kept', ...others]);
    for (let look = 0; look < 100 && (await it.look()).rigs.some(({ name }) => name === 'stopped'); look += 1)
      await delay(300);
    it.recovered();
    const { rigs } = await it.look();
    expect(rigs.map(({ name }) => name).toSorted()).toEqual(before.map(({ name }) => name).toSorted());
    expect(rigs.find(({ name }) => name === 'extended')?.end).toBe(
      before.find(({ name }) => name === 'extended')?.end,
    );
    expect(await containers(it)).toEqual(there);
    await rm(copy, { recursive: true, force: true });
  },
  // Slack takes 45 edits a minute.
  { mayBeUntold: true },
);
