// Leases on real processes, with seconds for what is usually hours: reminded, extended, kept while it is in use, ended, by one
// of two bots, and after an outage not without a word. And what can be done with a rig meanwhile.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import type { RigContainer } from '../../src/ports/engine.ts';
import { fetchFrom } from '../support/colleague.ts';
import { type Fleet, fleetImage, startFleet } from '../support/fleet.ts';
import { insideStandIn } from '../support/inside-stand-in.ts';
import type { Process } from '../support/process.ts';
import { mustRun } from '../support/run.ts';

describe('leases', () => {
  let fleet: Fleet;
  let bots: readonly Process[];

  beforeAll(async () => {
    const environment = {
      WCS_REMIND: '5s',
      WCS_GRACE: '4s',
      WCS_SWEEP: '100ms',
      WCS_WATCH: '500ms',
      WCS_KEEP_BY: '2s',
      WCS_USE_EVERY: '300ms',
      WCS_USE_FRESH: '3s',
    };
    fleet = await startFleet({ hosts: ['h1'], environment });
    const { dockerHost } = fleet.host('h1').engine;
    await buildStandIn({ dockerHost, reference: `${fleetImage}:other`, env: { STAND_IN_OTHER: 'yes' } });
    await fleet.startWorker('h1');
    bots = await Promise.all([fleet.startBot(), fleet.startBot()]);
  });
  afterAll(async () => {
    await fleet?.stop();
  });

  const reply = (name: string, what: RegExp): Promise<string> =>
    fleet.slack.until(
      () => fleet.replies(name).find((text) => what.test(text)),
      30_000,
      `a reply about ${name}: ${what}`,
    );
  const endings = (name: string): number =>
    fleet.replies(name).filter((text) => /has ended/.test(text)).length;
  const containerOf = async (name: string): Promise<RigContainer> => {
    const address = /10\.77\.0\.\d+/.exec(fleet.card(name)?.text ?? '')?.[0];
    const found = (await fleet.containers('h1')).find((one) => one.address === address);
    if (!found) throw new Error(`${name} has no container at ${address}`);
    return found;
  };
  const docker = (...words: readonly string[]): Promise<string> =>
    mustRun(['docker', '--host', fleet.host('h1').engine.dockerHost, ...words]);
  const environmentOf = ({ container }: RigContainer): Promise<string> =>
    docker('inspect', '-f', '{{json .Config.Env}}', container);
  /** What its container knows as its password. */
  const passwordOf = async (one: RigContainer): Promise<string> =>
    /"PASSWORD=([^"]+)"/.exec(await environmentOf(one))?.[1] ?? 'none';
  /** Waits for what only this person sees. */
  const answer = (user: string, what: RegExp) =>
    fleet.slack.until(
      () => fleet.slack.ephemerals(user, '#rigs').findLast(({ text }) => what.test(text)),
      10_000,
      `an answer to ${user}: ${what}`,
    );
  const clickReply = async (name: string, what: RegExp, actionId: string, user = 'anna'): Promise<void> => {
    await reply(name, what);
    const card = fleet.card(name);
    const found = card && fleet.slack.replies('#rigs', card.ts).findLast(({ text }) => what.test(text));
    if (!found) throw new Error(`the reply is gone: ${what}`);
    await fleet.slack.click({ user, on: found, actionId });
  };
  const down = async (name: string, user = 'anna'): Promise<void> => {
    await fleet.type(`down ${name}`, user);
    await fleet.cardSays(name, / · ended/);
  };

  it('reminds, and the rig stays when its owner extends it at a click', async () => {
    await fleet.type('up kept for 14s');
    const card = await fleet.cardSays('kept', / is ready/);
    await reply('kept', /Do you need it for longer/);
    const reminder = fleet.slack.replies('#rigs', card.ts).find(({ text }) => /longer/.test(text));
    if (!reminder) throw new Error('the reminder is gone');
    await fleet.slack.click({ user: 'anna', on: reminder, actionId: 'extend-1h' });
    await reply('kept', /was extended by/);
    await delay(8000);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await down('kept');
  });

  it('keeps one that is in use past its end, says so in one message, and ends it after its use', async () => {
    await fleet.type('up busy for 7s');
    await fleet.cardSays('busy', / is ready/);
    const { container } = await containerOf('busy');
    const inside = insideStandIn(fleet.host('h1').engine.dockerHost);
    await inside.openTab(container, '{"publish":true}');
    const first = await reply('busy', /in use: 2 streams.*kept until/);
    await fleet.slack.until(
      () =>
        fleet.replies('busy').some((text) => /in use: 2 streams.*kept until/.test(text) && text !== first),
      10_000,
      'that it is kept again, in the same message',
    );
    expect(fleet.replies('busy').filter((text) => /kept until/.test(text))).toHaveLength(1);
    expect(fleet.card('busy')?.text).toMatch(/ is ready/);
    const begun = performance.now();
    await inside.killTabs(container);
    await fleet.cardSays('busy', / · ended/);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await reply('busy', /time was up: its container is gone/);
    expect(fleet.replies('busy').filter((text) => /kept until/.test(text))).toEqual([]);
  });

  it('ends a rig within seconds of its end, once, though two bots look', async () => {
    const begun = Date.now();
    await fleet.type('up brief for 8s');
    await fleet.cardSays('brief', / is ready/);
    await fleet.cardSays('brief', / · ended/);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(8000);
    await reply('brief', /time was up: its container is gone/);
    expect(await fleet.containers('h1')).toEqual([]);
    await delay(2500);
    expect(endings('brief')).toBe(1);
  });

  it('gives what ended during an outage a reminder and a grace, and then ends it', async () => {
    await fleet.type('up sleeper for 7s');
    await fleet.cardSays('sleeper', / is ready/);
    await Promise.all(bots.map((bot) => bot.end('SIGKILL')));
    await delay(9000);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await fleet.startBot();
    await reply('sleeper', /away when you should have been reminded/);
    expect(await fleet.containers('h1')).toHaveLength(1);
    await reply('sleeper', /time was up: its container is gone/);
    expect(await fleet.containers('h1')).toEqual([]);
  });

  it('tells the thread of a rig that was removed by hand, within ten seconds', async () => {
    await fleet.type('up lost for 1h');
    await fleet.cardSays('lost', / is ready/);
    await delay(1500);
    const [container] = await fleet.containers('h1');
    await docker('rm', '-f', container?.container ?? '');
    await fleet.cardSays('lost', / · failed/, 10_000);
    await clickReply('lost', /removed on the host, and not by me/, 'stop');
    await fleet.cardSays('lost', / · ended/);
    // Nobody wanted it back, so that all that it held is free again.
    await fleet.type('up lost for 1h');
    await fleet.slack.until(
      () => / is ready/.test(fleet.card('lost')?.text ?? ''),
      30_000,
      'another rig of this name',
    );
    await down('lost');
  });

  it('brings one that died back from its thread: the same address, another password', async () => {
    await fleet.type('up phoenix for 1h');
    await fleet.cardSays('phoenix', / is ready/);
    const before = await containerOf('phoenix');
    const password = await passwordOf(before);
    await docker('kill', before.container);
    await clickReply('phoenix', /ended by itself \(exit code 137\)/, 'restart');
    await answer('anna', /is being restarted/);
    await fleet.cardSays('phoenix', / is ready/);
    const after = await containerOf('phoenix');
    expect(after).toMatchObject({ rig: before.rig, address: before.address, generation: 2 });
    expect(await passwordOf(after)).not.toBe(password);
    const page = await fetchFrom(fleet.lan, 'colleague', `https://${after.address}:8444/`);
    expect(page).toMatchObject({ status: 200 });
    await fleet.type('password phoenix');
    expect((await answer('anna', /password of .*phoenix/i)).text).toContain(await passwordOf(after));
  });

  it('restarts with another build, shares, and gives: each may do what they may, and no more', async () => {
    await fleet.type('restart phoenix tag other');
    await fleet.slack.until(
      () => fleet.replies('phoenix').filter((text) => /is ready/.test(text)).length === 3,
      30_000,
      'that it is ready for the third time',
    );
    expect(await environmentOf(await containerOf('phoenix'))).toContain('STAND_IN_OTHER=yes');

    await fleet.type('extend phoenix 1h', 'ben');
    await answer('ben', /anna/);
    const ben = fleet.slack.person('ben').id;
    await fleet.type('share phoenix @ben');
    await reply('phoenix', new RegExp(`<@${ben}>.* shares `));
    await fleet.type('extend phoenix 1h', 'ben');
    await answer('ben', /phoenix.* ends .* now/);

    await fleet.type('give phoenix @ben');
    await reply('phoenix', /is yours now/);
    await fleet.type('down phoenix');
    await answer('anna', /phoenix.*ben/);
    expect(fleet.card('phoenix')?.text).toMatch(/ is ready/);
    await down('phoenix', 'ben');
  });

  it('gave Slack no cause to object', () => {
    // Two bots post side by side, and one that was killed takes along when it posted last.
    expect(fleet.slack.violations.filter(({ rule }) => rule !== 'too-fast')).toEqual([]);
  });
});
