// Nonsense where data should be: it is put aside with a line in the log, and all else goes on.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { fleetImage } from '../../support/fleet.ts';
import { readRedis } from '../../support/registry-dump.ts';
import { mustRun } from '../../support/run.ts';

const { fault } = openGround({
  hosts: ['h1'],
  environment: { WCS_ORPHAN_GRACE: '2s' },
  crew: { bots: 1, workers: ['h1'] },
});

const add = async ({ fleet }: Fault, queue: string, data: unknown): Promise<void> => {
  const connection = new Redis(fleet.redis.url, { maxRetriesPerRequest: null });
  const opened = new Queue(queue, { connection, prefix: `{${fleet.installation}}:queue` });
  await opened.add('odd', data);
  await opened.close();
  connection.disconnect();
};

const goesOn = async ({ fleet }: Fault, name: string): Promise<void> => {
  await fleet.type(`up ${name} for 1h`);
  await fleet.cardSays(name, / is ready/);
  await fleet.slack.until(
    () => fleet.replies(name).some((text) => / is ready/.test(text)),
    10_000,
    'its reply',
  );
};

const nonsense = [
  {},
  'text',
  { v: 1, kind: 'launch' },
  { v: 99, kind: 'stop', rig: 'x', generation: 1, attempt: 1 },
  { v: 1, kind: 'stop', rig: '../../etc', generation: -1, attempt: 1 },
];

fault('F24', 'malformed jobs', async (it) => {
  it.strikes();
  for (const data of nonsense) await add(it, 'host-h1', data);
  await it.crew.worker('h1').process().says('a malformed job was put aside');
  await goesOn(it, 'sound');
});

fault('F24', 'malformed reports and wakes', async (it) => {
  it.strikes();
  for (const data of nonsense) {
    await add(it, 'reports', data);
    await add(it, 'outbox', data);
  }
  await it.crew.bot().process().says('a malformed job was put aside');
  await goesOn(it, 'heard');
});

fault('F24', 'a rig file that is not whole, and one that was written by somebody else', async (it) => {
  const { fleet } = it;
  await goesOn(it, 'noted');
  await goesOn(it, 'forged');
  const { rigs } = await it.look();
  const path = (name: string) =>
    join(fleet.host('h1').stateDir, fleet.installation, `${rigs.find((rig) => rig.name === name)?.id}.json`);
  const worker = it.crew.worker('h1');
  await worker.kill();
  it.strikes();
  await writeFile(path('noted'), (await readFile(path('noted'), 'utf8')).slice(0, 50));
  const forged = (await readFile(path('forged'), 'utf8')).replaceAll('anna', 'eve1');
  await writeFile(path('forged'), forged);
  await worker.replace();
  await goesOn(it, 'third');
  for (const name of ['noted', 'forged']) {
    expect(fleet.card(name)?.text).toMatch(/ is ready/);
    await fleet.type(`down ${name}`);
    await fleet.cardSays(name, / · ended/);
  }
  it.recovered();
  expect(worker.process().output()).toMatch(/a rig file that is not ours or not whole/);
});

fault('F24', 'labels that are ours in name only', async (it) => {
  const { fleet } = it;
  const docker = (...words: readonly string[]) =>
    mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);
  it.strikes();
  const label = ['--label', `wcs-rigs.installation=${fleet.installation}`, '--label', 'wcs-rigs.rig=nobody'];
  const odd = ['--label', 'wcs-rigs.generation=many', '--label', 'wcs-rigs.address=here'];
  const id = (
    await docker('run', '--detach', '--network', 'none', ...label, ...odd, `${fleetImage}:latest`)
  ).trim();
  await it.crew.worker('h1').process().says('a container has our label and not our facts: left alone');
  await goesOn(it, 'labelled');
  it.recovered();
  // Whoever made it has to remove it.
  expect(await docker('ps', '--quiet', '--no-trunc')).toContain(id);
  await docker('rm', '--force', id);
});

/** What anna reads when she asks for this. */
const answerTo = async ({ fleet }: Fault, text: string): Promise<string> => {
  const heard = () => fleet.slack.ephemerals('anna', '#rigs');
  const before = heard().length;
  await fleet.type(text);
  return JSON.stringify(await fleet.slack.until(() => heard()[before], 10_000, `an answer to ${text}`));
};

/** Surveys still count: what nobody knows is found by one, and removed. */
const surveysCount = async ({ fleet }: Fault): Promise<void> => {
  const docker = (...words: readonly string[]) =>
    mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);
  const labels = {
    installation: fleet.installation,
    // Each another one: the removal of the same is asked for again only after a while.
    ...{
      rig: `nobody${Date.now() % 100_000}`,
      generation: '1',
      name: 'odd',
      owner: 'U0ANNA0001',
      'owner-name': 'anna',
    },
    ...{ address: '10.77.0.200', lan: '10.77.0.0/24@10.77.0.1', created: new Date().toISOString() },
    ...{ cap: 'none', 'key-id': 'unknown' },
  };
  const words = Object.entries(labels).flatMap(([key, value]) => ['--label', `wcs-rigs.${key}=${value}`]);
  const id = (await docker('run', '--detach', '--network', 'none', ...words, `${fleetImage}:latest`)).trim();
  for (let look = 0; (await docker('ps', '--all', '--quiet', '--no-trunc')).includes(id); look += 1) {
    expect(look, 'looks at what nobody knows').toBeLessThan(150);
    await delay(200);
  }
};

fault('F24', 'malformed surveys', async (it) => {
  const { fleet } = it;
  const key = (name: string) => `{${fleet.installation}}:${name}`;
  const log = () => it.crew.bot().process().output();
  it.strikes();
  await readRedis(fleet.redis.url, async (redis) => {
    const [seconds = '0'] = await redis.time();
    // One that its worker overwrites with its next, and those of hosts that nobody serves.
    const texts = { h1: '{"v":1,', odd: '{"v":99}', none: 'null', gone: undefined };
    // At once: a bot that has read one of this very moment does not look for others of it.
    const all = redis.multi();
    for (const [host, text] of Object.entries(texts)) {
      if (text !== undefined) all.set(key(`survey:${host}`), text);
      all.zadd(key('surveys'), String(Number(seconds) * 1000 + 999), host);
    }
    await all.exec();
  });
  await it.crew.bot().process().says('a survey that cannot be read was left out');
  await surveysCount(it);
  await goesOn(it, 'surveyed');
  expect(await answerTo(it, 'list')).toContain('surveyed');
  it.recovered();
  for (const host of ['odd', 'none', 'gone']) expect(log()).toContain(`"host":"${host}"`);
  await readRedis(fleet.redis.url, async (redis) => {
    await redis.del(key('survey:odd'), key('survey:none'));
    await redis.zrem(key('surveys'), 'odd', 'none', 'gone');
  });
});

fault('F24', 'malformed registrations of hosts', async (it) => {
  const { fleet } = it;
  const hosts = `{${fleet.installation}}:hosts`;
  it.strikes();
  await readRedis(fleet.redis.url, (redis) => redis.hset(hosts, { odd: '{"v":1,', none: '{}' }));
  // The bot before has read the hosts, and would look at the others again only later.
  await it.crew.bot().replace();
  await goesOn(it, 'registered');
  expect(await answerTo(it, 'hosts')).toMatch(/h1/);
  expect(await answerTo(it, 'list')).toContain('registered');
  await surveysCount(it);
  await it.crew.worker('h1').replace();
  await fleet.type('restart registered');
  await it.reads(/registered\* is ready again/);
  it.recovered();
  await it.crew.bot().process().says('a registration that cannot be read was left out');
  await readRedis(fleet.redis.url, (redis) => redis.hdel(hosts, 'odd', 'none'));
});

fault('F24', 'a malformed claim: its rig alone is not started', async (it) => {
  const { fleet } = it;
  await goesOn(it, 'claimed');
  const [rig] = (await it.look()).rigs;
  const claim = `{${fleet.installation}}:claim:${rig?.id}`;
  const before = await readRedis(fleet.redis.url, (redis) => redis.hgetall(claim));
  it.strikes();
  await readRedis(fleet.redis.url, (redis) => redis.hset(claim, { generation: 'many', stopping: 'perhaps' }));
  await goesOn(it, 'other');
  expect(await answerTo(it, 'list')).toMatch(/claimed.*other|other.*claimed/s);
  expect(fleet.card('claimed')?.text).toMatch(/ is ready/);
  await readRedis(fleet.redis.url, (redis) => redis.hset(claim, before));
});
