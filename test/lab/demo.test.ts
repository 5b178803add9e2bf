// The try-out, as a newcomer runs it, inside a namespace of its own from which no packet can leave the machine.

import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askEngine } from '../../src/demo/find-engine.ts';
import { startPrivateEngine } from '../../src/demo/private-engine.ts';
import { fetchFrom } from '../support/colleague.ts';
import { type Demo, startDemo } from '../support/demo.ts';
import { createLan, type Lan } from '../support/lan.ts';

describe('npm run demo', () => {
  let lan: Lan;
  beforeAll(async () => {
    lan = await createLan({ hosts: ['laptop'] });
  });
  afterAll(async () => {
    await lan?.stop();
  });

  const start = (args: readonly string[], engine?: { readonly dockerHost: string }): Demo =>
    startDemo(lan, args, engine);

  const leftovers = async (): Promise<readonly string[]> => {
    const mine = await readdir(tmpdir());
    return mine.filter((name) => name.startsWith('wcs-rigs-demo-'));
  };

  it('runs a script and ends with 0 when each command worked', async () => {
    const before = await leftovers();
    const demo = start(['--script', 'up demo for 1h; list; share demo @ben; down demo']);
    expect(await demo.ended, demo.output()).toBe(0);
    const said = demo.output();
    expect(said).toMatch(/#rigs ┃ 🟢 demo is ready · https:\/\/172\.31\.\d+\.10:8444/);
    expect(said).toMatch(/your browser will warn twice/i);
    expect(said).toMatch(/1 rig\n.*demo · you · /);
    expect(said).toMatch(/⚫ demo · ended/);
    expect(await leftovers()).toEqual(before);
  });

  it.each([
    ['up demo; down other', 'down other'],
    ['up demo on nowhere', 'up demo on nowhere'],
    ['upp demo', 'upp demo'],
  ])('ends with 1 and says which command did not work: %s', async (script, culprit) => {
    const demo = start(['--script', script]);
    expect(await demo.ended, demo.output()).toBe(1);
    expect(demo.output()).toContain(`✘ /wcs ${culprit}: `);
  });

  it('takes commands and clicks at its prompt; the link opens; Ctrl-C removes all of it', async () => {
    const before = await leftovers();
    const demo = start([]);
    await demo.says(/You are @anna in #rigs/);
    demo.type('/wcs up demo for 1h');
    const [, address = ''] = await demo.says(/🟢 demo is ready · https:\/\/(172\.31\.\d+\.\d+):8444/);
    expect(await fetchFrom(lan, 'laptop', `https://${address}:8444/`)).toMatchObject({ status: 200 });
    const [, password = ''] = await demo.says(/\[(\d+)\] Password/);
    demo.type(password);
    await demo.says(/\(only you\) ┃ .*ssh root@172\.31/s);
    const [, stop = ''] = await demo.says(/\[(\d+)\] Stop/);
    demo.type(stop);
    await demo.says(/Stop demo\?.*\(y\/n\)/);
    demo.type('n');
    demo.type('dwon demo');
    await demo.says(/did you mean/i);
    demo.child.kill('SIGINT');
    expect(await demo.ended, demo.output()).toBe(0);
    expect(demo.output()).toMatch(/✔ nothing is left/);
    expect((await fetchFrom(lan, 'laptop', `https://${address}:8444/`)).status).toBe(0);
    expect(await leftovers()).toEqual(before);
    const links = await lan.run('laptop', ['ip', '-brief', 'link']);
    expect(links.stdout).not.toMatch(/br-/);
  });

  it('moves the time of its rigs on: a reminder, an extension, an end', async () => {
    const demo = start([]);
    await demo.says(/You are @anna in #rigs/);
    demo.type('/skip');
    await demo.says(/\/skip 1h moves the time of the rigs on/);
    demo.type('/wcs up demo for 1h');
    await demo.says(/🟢 demo is ready/);
    demo.type('/skip 30m');
    const [, longer = ''] = await demo.says(/longer\?\s.*\[(\d+)\] \+1 h/s);
    await demo.says(/For the rigs it is 30 m later/);
    demo.type(longer);
    await demo.says(/demo was extended by anna/);
    demo.type('/skip 2h');
    await demo.says(/demo has ended, since its time was up/);
    await demo.says(/For the rigs it is 2 h later/);
    // Both reminders of the new end came before it.
    expect(demo.output().match(/its time is up then/g)).toHaveLength(3);
    expect(demo.output()).not.toMatch(/while I was away/);
    demo.child.kill('SIGINT');
    expect(await demo.ended, demo.output()).toBe(0);
  });

  it('takes Ctrl-C at any moment of its start', async () => {
    const before = await leftovers();
    for (const moment of [/redis-server 7/, /Docker 2/, /cannot be pulled/, /→ stand-in/, /✔ bridge/]) {
      const demo = start([]);
      await demo.says(moment);
      demo.child.kill('SIGINT');
      const code = await demo.ended;
      // Once all is up, it has ended as it would at the prompt.
      expect(code, `${moment}: ${demo.output()}`).toBe(/You are/.test(demo.output()) ? 0 : 130);
      expect(demo.output()).toMatch(/Interrupted: what was begun is removed|nothing is left/);
      expect(await leftovers()).toEqual(before);
    }
  });

  it('leaves nothing on an engine that is not its own, even if it is killed', async () => {
    const before = await leftovers();
    const engine = await startPrivateEngine({ namespace: lan.host('laptop').namespace });
    onTestFinished(engine.stop);
    const things = async (): Promise<string> => {
      const paths = ['/containers/json?all=1', '/images/json', '/networks'];
      const answers = await Promise.all(paths.map((path) => askEngine(engine.dockerHost, 'GET', path)));
      return answers.map(({ body }) => body).join('\n');
    };
    const untouched = await things();
    const demo = start([], engine);
    await demo.says(/found at .*left as it is/);
    await demo.says(/You are @anna in #rigs/);
    demo.type('/wcs up demo for 1h');
    await demo.says(/🟢 demo is ready/);
    expect(await things()).toMatch(/stand-in:latest/);
    demo.child.kill('SIGKILL');
    await expect.poll(things, { timeout: 30_000 }).toBe(untouched);
    await expect.poll(leftovers, { timeout: 30_000 }).toEqual(before);
  });

  it('removes all of it when nobody reads on', async () => {
    const before = await leftovers();
    const demo = start([]);
    await demo.says(/redis-server 7/);
    demo.child.stdout?.destroy();
    expect(await demo.ended).toBe(130);
    expect(demo.output()).not.toMatch(/EPIPE/);
    expect(await leftovers()).toEqual(before);
  });

  it.each([
    [['--scirpt', 'up'], /--scirpt/],
    [['--script', ' ; '], /--script holds no command/],
  ])('says at once what it does not understand, and ends with 2: %j', async (args, why) => {
    const demo = start(args);
    expect(await demo.ended).toBe(2);
    expect(demo.output()).toMatch(why);
    expect(demo.output()).not.toMatch(/redis-server/);
  });
});
