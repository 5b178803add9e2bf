// The fleet's secret is changed while rigs live, step by step as docs/operations.md says: each rig keeps its password, a new
// one gets the new key, and what the earlier secret signed is signed anew.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { deriveSecrets } from '../../src/secrets.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';
import type { Process } from '../support/process.ts';
import { mustRun } from '../support/run.ts';

const later = 'the secret after that, of at least thirty-two characters';

describe('the secret is changed', () => {
  let fleet: Fleet;
  let stateDir: string;
  let bot: Process;
  let worker: Process;

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-rotation-'));
    fleet = await startFleet({ hosts: ['h1'] });
    bot = await fleet.startBot();
    worker = await fleet.startWorker('h1', { WCS_STATE_DIR: stateDir });
  });
  afterAll(async () => {
    await fleet?.stop();
    await rm(stateDir, { recursive: true, force: true });
  });

  const docker = (...words: readonly string[]): Promise<string> =>
    mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);
  /** What its container says of itself. */
  const inside = async (name: string) => {
    const address = /10\.77\.0\.\d+/.exec(fleet.card(name)?.text ?? '')?.[0];
    const found = (await fleet.containers('h1')).find((one) => one.address === address);
    if (!found) throw new Error(`${name} has no container at ${address}`);
    const { container, rig } = found;
    const seen = await docker('inspect', '-f', '{{json .Config}}', container);
    const { Env, Labels } = z
      .object({ Env: z.array(z.string()), Labels: z.record(z.string(), z.string()) })
      .parse(JSON.parse(seen));
    const password = Env.find((one) => one.startsWith('PASSWORD='))?.slice('PASSWORD='.length) ?? '';
    return { container, rig, password, keyId: Labels['wcs-rigs.key-id'] };
  };
  const answers = () => fleet.slack.ephemerals('anna', '#rigs');
  /** Of several equal questions the answer to this one. */
  const ask = async (command: string, what: RegExp): Promise<string> => {
    const before = answers().length;
    await fleet.type(command);
    const found = () =>
      answers()
        .slice(before)
        .find(({ text }) => what.test(text));
    return (await fleet.slack.until(found, 10_000, `an answer: ${what}`)).text;
  };
  const toldPassword = async (name: string): Promise<string> => {
    const text = await ask(`password ${name}`, new RegExp(`password of \`${name}\``));
    return /is `([^`]+)`/.exec(text)?.[1] ?? 'none';
  };
  const up = async (name: string) => {
    await fleet.type(`up ${name} for 1h`);
    await fleet.cardSays(name, / is ready/);
    return inside(name);
  };
  const filesToAnna = () => {
    const direct = fleet.slack.directMessage('anna');
    return direct ? fleet.slack.messages(direct.id).flatMap(({ files }) => files ?? []) : [];
  };
  const keyOf = (secret: string): string => deriveSecrets(secret, fleet.installation).keyId;
  /** Who of the two secrets signed the notes of these rigs. */
  const signers = async (): Promise<readonly string[]> => {
    const directory = join(stateDir, fleet.installation);
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
    return texts.map((text) => {
      const { note, signature } = z
        .object({ note: z.string(), signature: z.string() })
        .parse(JSON.parse(text));
      const isBy = (secret: string) => deriveSecrets(secret, fleet.installation).isSigned(note, signature);
      return isBy(later) ? 'later' : isBy(fleetSecret) ? 'earlier' : 'nobody';
    });
  };

  it('with the earlier one a rig has its key and its password', async () => {
    const one = await up('one');
    expect(one.keyId).toBe(keyOf(fleetSecret));
    expect(await toldPassword('one')).toBe(one.password);
    expect(await signers()).toEqual(['earlier']);
  });

  it('first the bot knows both, while the host still makes rigs with the earlier one', async () => {
    await bot.end('SIGTERM');
    bot = await fleet.startBot({ WCS_SECRET: later, WCS_SECRET_PREVIOUS: fleetSecret });
    const [one, two] = [await inside('one'), await up('two')];
    expect(two.keyId).toBe(keyOf(fleetSecret));
    expect(await toldPassword('one')).toBe(one.password);
    expect(await toldPassword('two')).toBe(two.password);
  });

  it('then the host knows both: a rig that lives keeps its password, a new one has the new key', async () => {
    await worker.end('SIGTERM');
    const change = { WCS_SECRET: later, WCS_SECRET_PREVIOUS: fleetSecret, WCS_STATE_DIR: stateDir };
    worker = await fleet.startWorker('h1', change);
    expect(await signers()).toEqual(['later', 'later']);
    const [one, three] = [await inside('one'), await up('three')];
    expect([one.keyId, three.keyId]).toEqual([keyOf(fleetSecret), keyOf(later)]);
    expect(await toldPassword('one')).toBe(one.password);
    expect(await toldPassword('three')).toBe(three.password);
  });

  it('cuts the password of either out of a log', async () => {
    for (const name of ['one', 'three']) {
      const { container, password } = await inside(name);
      await docker('exec', container, 'sh', '-c', 'echo "login with $PASSWORD, they said" > /proc/1/fd/1');
      expect(await docker('logs', container)).toContain(password);
      await fleet.type(`logs ${name} 5`);
      const file = await fleet.slack.until(
        () => filesToAnna().find((one) => one.name === `${name}.log`),
        10_000,
        `the log of ${name}`,
      );
      expect(file.content).toContain('login with (secret), they said');
      expect(file.content).not.toContain(password);
    }
  });

  it('a restart gives a rig the new key', async () => {
    await fleet.type('restart two');
    await fleet.slack.until(
      () => fleet.replies('two').filter((text) => /is ready/.test(text)).length === 2,
      30_000,
      'that it is ready again',
    );
    const two = await inside('two');
    expect(two.keyId).toBe(keyOf(later));
    expect(await toldPassword('two')).toBe(two.password);
  });

  it('without the earlier one its rigs live on, and a sentence says what became of their passwords', async () => {
    await Promise.all([bot, worker].map((one) => one.end('SIGTERM')));
    bot = await fleet.startBot({ WCS_SECRET: later });
    worker = await fleet.startWorker('h1', { WCS_SECRET: later, WCS_STATE_DIR: stateDir });
    await ask(
      'password one',
      /`one` was made with an earlier secret of mine.*`\/wcs restart one` gives it a new one/,
    );
    expect(await toldPassword('three')).toBe((await inside('three')).password);
    expect(fleet.card('one')?.text).toMatch(/ is ready/);
    await fleet.type('down one two three');
    for (const name of ['one', 'two', 'three']) await fleet.cardSays(name, / · ended/);
    expect(await fleet.containers('h1')).toEqual([]);
    expect(await signers()).toEqual([]);
  });

  it('never showed either of them', () => {
    const shown = [bot.output(), worker.output(), JSON.stringify(fleet.slack.messages('#rigs'))].join('\n');
    expect(shown).not.toContain(later);
    expect(shown).not.toContain(fleetSecret);
  });
});
