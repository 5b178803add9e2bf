// Two licences that two hosts know, and three who want a rig: each has one for itself, the third reads who has them, a lost
// registry takes them in again, and none of them is to be found anywhere but in its container.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { licenceIdOf } from '../../src/licence-id.ts';
import { lookAround } from '../support/aftermath.ts';
import { everythingIn } from '../support/everything-in-redis.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Environment, Process } from '../support/process.ts';
import { readRedis } from '../support/registry-dump.ts';
import { mustRun } from '../support/run.ts';

const licences = ['LICENCE-OF-THE-LAB-1', 'LICENCE-OF-THE-LAB-2'];
const other = 'LICENCE-OF-THE-LAB-3';

const quick: Environment = {
  WCS_ADOPTION: '2s',
  WCS_RECONCILE: '200ms',
  WCS_SURVEY: '500ms',
  WCS_MIRROR: '200ms',
};

const inspected = z.object({
  Config: z.object({ Env: z.array(z.string()), Labels: z.record(z.string(), z.string()) }),
});

describe('two licences for three rigs', () => {
  let fleet: Fleet;
  const processes: Process[] = [];
  /** What `docker inspect` said of containers, but for their environment. */
  const seenByDocker: string[] = [];
  /** What lay in state directories, notes about rigs with their licences among it. */
  const seenOnDisk: string[] = [];

  const startWorker = async (host: string, change: Environment): Promise<Process> => {
    const worker = await fleet.startWorker(host, change);
    processes.push(worker);
    return worker;
  };
  let first: Process;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: ['h1', 'h2'], environment: quick });
    // One host has them in a file, the other one in a list, in another order.
    const { stateDir } = fleet.host('h1');
    await mkdir(stateDir, { recursive: true });
    const file = join(stateDir, 'licences');
    await writeFile(file, `# of the lab\n${licences.join('\n')}\n`);
    processes.push(await fleet.startBot());
    first = await startWorker('h1', { WCS_LICENSES: file });
    await startWorker('h2', { WCS_LICENSES: licences.toReversed().join(', ') });
  });
  afterAll(async () => {
    await fleet?.stop();
  });

  const answers = () => fleet.slack.ephemerals('anna', '#rigs');
  const ask = async (command: string, what = /./): Promise<string> => {
    const before = answers().length;
    await fleet.type(command);
    const found = () =>
      answers()
        .slice(before)
        .find(({ text, blocks }) => what.test(text + JSON.stringify(blocks ?? [])));
    const { text, blocks } = await fleet.slack.until(found, 10_000, `an answer to ${command}: ${what}`);
    return `${text} ${JSON.stringify(blocks ?? [])}`;
  };
  const notesOn = async (host: string): Promise<readonly string[]> => {
    const directory = join(fleet.host(host).stateDir, fleet.installation);
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    return Promise.all(names.map((name) => readFile(join(directory, name), 'utf8').catch(() => '')));
  };
  /** Its container, and the licence that it has in its environment. */
  const inside = async (host: string, name: string) => {
    const address = /10\.77\.0\.\d+/.exec(fleet.card(name)?.text ?? '')?.[0];
    const found = (await fleet.containers(host)).find((one) => one.address === address);
    if (!found) throw new Error(`${name} has no container at ${address}`);
    const docker = ['docker', '--host', fleet.host(host).engine.dockerHost];
    const [seen] = z
      .array(z.unknown())
      .parse(JSON.parse(await mustRun([...docker, 'inspect', found.container])));
    const { Env, Labels } = inspected.parse(seen).Config;
    seenByDocker.push(JSON.stringify(seen).replaceAll(JSON.stringify(Env), '[]'));
    seenOnDisk.push(...(await notesOn(host)));
    const licence = Env.find((one) => one.startsWith('LICENSE='))?.slice('LICENSE='.length);
    return { docker, container: found.container, licence, labels: Labels };
  };
  const up = async (name: string, on: string) => {
    await fleet.type(`up ${name} on ${on} for 1h`);
    await fleet.cardSays(name, / is ready/);
    return inside(on, name);
  };
  const isRight = async () => {
    let faults: readonly string[] = ['not looked yet'];
    const end = performance.now() + 20_000;
    while (faults.length > 0 && performance.now() < end) ({ faults } = await lookAround(fleet));
    expect(faults).toEqual([]);
  };
  const taken = (...names: readonly string[]) =>
    new RegExp(
      `^All 2 licences are taken: ${names.map((name) => `\\*${name}\\* of anna until <!date[^>]*>`).join(', ')}\\.`,
    );

  it('two rigs have one each, on whatever host they are, and their labels say which', async () => {
    const found = [await up('one', 'h1'), await up('two', 'h2')];
    expect(found.map(({ licence }) => licence).sort()).toEqual(licences);
    for (const { licence = '', labels } of found)
      expect(labels).toMatchObject({
        'wcs-rigs.licence-id': licenceIdOf(licence, fleet.installation),
        'wcs-rigs.licence-claimed': 'yes',
      });
    await isRight();
  });

  it('the third reads who has them and until when, and both hosts say that they have none', async () => {
    expect(await ask('up three', /licences/)).toMatch(taken('one', 'two'));
    expect(await ask('up three on h1', /licences/)).toMatch(
      /^All 2 licences of that host are taken: \*one\* of anna until <!date[^>]*>, \*two\* of anna/,
    );
    const hosts = await ask('hosts', /licences/);
    expect(hosts.match(/0 of 2 licences free/g)).toHaveLength(2);
    expect(fleet.card('three')).toBeUndefined();
  });

  it('a restart keeps the rig’s own', async () => {
    const before = await inside('h1', 'one');
    await fleet.type('restart one');
    await fleet.slack.until(
      () => fleet.replies('one').filter((text) => /is ready/.test(text)).length === 2,
      30_000,
      'that it is ready again',
    );
    const after = await inside('h1', 'one');
    expect(after.container).not.toBe(before.container);
    expect(after.licence).toBe(before.licence);
  });

  it('one that says its licence in its log has it cut out', async () => {
    const { docker, container } = await inside('h1', 'one');
    await mustRun([...docker, 'exec', container, 'sh', '-c', 'echo "activated $LICENSE" > /proc/1/fd/1']);
    await fleet.type('logs one 5');
    const file = await fleet.slack.until(
      () => {
        const direct = fleet.slack.directMessage('anna');
        const files = direct ? fleet.slack.messages(direct.id).flatMap((message) => message.files ?? []) : [];
        return files.find(({ name }) => name === 'one.log');
      },
      10_000,
      'its log',
    );
    expect(file.content).toContain('activated (secret)');
  });

  it('a rig that is stopped gives its own back, and the third gets it', async () => {
    const { licence } = await inside('h2', 'two');
    await fleet.type('down two');
    await fleet.cardSays('two', / · ended/);
    expect((await up('three', 'h1')).licence).toBe(licence);
    expect(await ask('up four', /licences/)).toMatch(taken('one', 'three'));
    await isRight();
  });

  it('a registry that was lost takes them in again, and gives none out before', async () => {
    await readRedis(fleet.redis.url, (redis) => redis.flushall());
    const said: string[] = [];
    const end = performance.now() + 60_000;
    while (!said.some((text) => taken('one', 'three').test(text))) {
      if (performance.now() > end) throw new Error(said.join('\n'));
      said.push(await ask('up four').catch(String));
    }
    expect(said.join('\n')).toMatch(/is being asked what it has|gives out no licence|has joined yet/);
    // Nobody got one meanwhile.
    expect(fleet.card('four')).toBeUndefined();
    await isRight();
  });

  it('a host that does not know a rig’s licence any more says so, and starts nothing', async () => {
    await first.end('SIGTERM');
    await startWorker('h1', { WCS_LICENSES: other });
    await fleet.type('restart one');
    const reply = await fleet.slack.until(
      () => fleet.replies('one').find((text) => /does not know the licence/.test(text)),
      30_000,
      'why it failed',
    );
    expect(reply).toMatch(
      /its host could not start it: `this host does not know the licence that the rig has claimed \([0-9a-f]{12}\)/,
    );
    await fleet.type('down one three');
    for (const name of ['one', 'three']) await fleet.cardSays(name, / · (ended|failed)/);
    await isRight();
  });

  it('none of them stands anywhere but in its container', async () => {
    const places = {
      'what processes say': processes.map((one) => one.output()).join('\n'),
      Slack: JSON.stringify(fleet.slack.journal()),
      Redis: await everythingIn(fleet.redis.url),
      labels: seenByDocker.join('\n'),
      'state directories': seenOnDisk.join('\n'),
    };
    const found = Object.entries(places).flatMap(([place, text]) => {
      expect(text.length, place).toBeGreaterThan(100);
      return [...licences, other].some((licence) => text.includes(licence)) ? [place] : [];
    });
    expect(found).toEqual([]);
    expect(fleet.slack.violations).toEqual([]);
  });
});
