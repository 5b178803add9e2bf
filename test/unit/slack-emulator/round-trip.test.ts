import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import type { SlackEmulator } from '../../../src/demo/slack/surface.ts';
import { button, httpApp, must, rules, section, socketApp, start } from './bolt.ts';

/** A small bot: a card with a button, updated in place, and what was heard. */
const smallBot = (heard: Record<string, unknown>[]) => (app: App) => {
  app.command('/wcs', async ({ ack, command, respond, client }) => {
    await ack();
    heard.push({ ...command });
    await respond({ text: `on it, <@${command.user_id}>` });
    const posted = await client.chat.postMessage({
      channel: command.channel_id,
      text: 'waiting',
      blocks: [section('waiting')],
      metadata: { event_type: 'rig', event_payload: { rig: 'r1' } },
    });
    await client.chat.update({
      channel: command.channel_id,
      ts: must(posted.ts),
      text: 'ready',
      blocks: [
        section('ready'),
        { type: 'actions', elements: [button('Password', 'password', { value: 'r1' })] },
      ],
    });
  });
  app.action('password', async ({ ack, body, respond }) => {
    await ack();
    heard.push({ ...body });
    await respond({ text: 'the password', response_type: 'ephemeral', replace_original: false });
  });
};

const modes: readonly [string, (emulator: SlackEmulator, prepare: (app: App) => void) => Promise<App>][] = [
  ['Socket Mode', socketApp],
  ['signed HTTP', httpApp],
];

describe.each(modes)('the real Bolt over %s', (mode, connect) => {
  it('goes from command to ack, respond, post, update, click and back', async () => {
    const emulator = await start();
    const heard: Record<string, unknown>[] = [];
    await connect(emulator, smallBot(heard));

    const came = await emulator.command({ user: '@anna', channel: '#lab', text: 'up for @ben & co' });
    expect(came).toMatchObject({ kind: 'acknowledged' });
    if (came.kind !== 'acknowledged') return;
    expect(came.tookMs).toBeGreaterThan(0);
    expect(came.tookMs).toBeLessThan(3000);

    const card = await emulator.until(() =>
      emulator.messages('#lab').find((message) => message.text === 'ready'),
    );
    expect(card.history).toMatchObject([{ text: 'waiting' }]);
    expect(card.metadata).toEqual({ event_type: 'rig', event_payload: { rig: 'r1' } });
    expect(emulator.ephemerals('@anna', '#lab').map((message) => message.text)).toEqual([
      'on it, <@U0ANNA0001>',
    ]);
    expect(emulator.ephemerals('@ben', '#lab')).toEqual([]);

    const clicked = await emulator.click({ user: '@ben', on: card, actionId: 'password' });
    expect(clicked).toMatchObject({ kind: 'acknowledged' });
    await emulator.until(() =>
      emulator.ephemerals('@ben', '#lab').some(({ text }) => text === 'the password'),
    );

    expect(heard[0]).toMatchObject({
      command: '/wcs',
      text: 'up for <@U0BEN00001|ben> &amp; co',
      user_id: 'U0ANNA0001',
      user_name: 'anna',
      channel_id: 'C0LAB00001',
      channel_name: 'lab',
      team_id: emulator.teamId,
      team_domain: 'acme',
      api_app_id: emulator.appId,
      is_enterprise_install: 'false',
      trigger_id: came.triggerId,
      response_url: came.responseUrl,
    });
    expect(heard[1]).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0BEN00001', username: 'ben' },
      channel: { id: 'C0LAB00001', name: 'lab' },
      container: { type: 'message', message_ts: card.ts, channel_id: 'C0LAB00001', is_ephemeral: false },
      message: { ts: card.ts, text: 'ready', bot_id: expect.any(String), blocks: expect.any(Array) },
      actions: [{ type: 'button', action_id: 'password', value: 'r1', block_id: expect.any(String) }],
    });
    expect(rules(emulator)).toEqual([]);
    const kinds = new Set(emulator.journal().map((entry) => entry.kind));
    for (const kind of ['api-call', 'api-answer', 'respond', 'respond-answer'] as const)
      expect(kinds).toContain(kind);
    expect(kinds).toContain(mode === 'Socket Mode' ? 'envelope' : 'request');
    expect(JSON.stringify(emulator.journal())).not.toContain(emulator.botToken);
  });

  it('shows what an acknowledgement itself says', async () => {
    const emulator = await start();
    await connect(emulator, (app) => {
      app.command('/wcs', async ({ ack, command }) => {
        if (command.text === 'text') await ack('only you see this');
        else await ack({ response_type: 'in_channel', text: 'all see this' });
      });
    });
    await emulator.command({ user: 'anna', channel: 'rigs', text: 'text' });
    await emulator.command({ user: 'anna', channel: 'rigs', text: 'object' });
    expect(emulator.ephemerals('anna', 'rigs')).toMatchObject([{ text: 'only you see this' }]);
    expect(emulator.messages('rigs')).toMatchObject([{ text: 'all see this' }]);
  });

  it('delivers one command several times with one trigger', async () => {
    const emulator = await start();
    const triggers: string[] = [];
    const retries: (number | undefined)[] = [];
    await connect(emulator, (app) => {
      app.command('/wcs', async ({ ack, command, context }) => {
        triggers.push(command.trigger_id);
        retries.push(context.retryNum);
        await ack();
      });
    });
    const came = await emulator.command({ user: 'anna', channel: 'rigs', text: 'up', deliveries: 3 });
    expect(triggers).toHaveLength(3);
    expect(new Set(triggers)).toEqual(new Set([came.kind === 'acknowledged' ? came.triggerId : '']));
    expect(retries.toSorted()).toEqual([1, 2, undefined]);
    await emulator.redeliver(must(triggers[0]));
    expect(triggers[3]).toBe(triggers[0]);
    expect(retries[3]).toBe(3);
    expect(rules(emulator)).toEqual([]);
  });

  it('notes a command and a URL button that nobody acknowledges in time', async () => {
    const emulator = await start({ limits: { ackMs: 120 } });
    await connect(emulator, (app) => {
      app.command('/wcs', async ({ ack, client, command }) => {
        await client.chat.postMessage({
          channel: command.channel_id,
          text: 'link',
          blocks: [
            { type: 'actions', elements: [button('Open', 'open', { url: 'https://10.0.0.1:8444/' })] },
          ],
        });
        if (command.text === 'late') await new Promise((resolve) => setTimeout(resolve, 200));
        if (command.text !== 'never') await ack();
      });
      app.action('open', async () => undefined);
    });
    const never = await emulator.command({ user: 'anna', channel: '#lab', text: 'never' });
    expect(never).toMatchObject({
      kind: 'timed-out',
      shown: '/wcs failed with the error "operation_timeout"',
    });
    expect(rules(emulator)).toEqual(['late-ack']);

    const [message] = emulator.messages('#lab');
    const opened = await emulator.click({ user: 'anna', on: must(message), actionId: 'open' });
    expect(opened.kind).toBe('timed-out');
    expect(rules(emulator)).toEqual(['late-ack', 'late-ack']);
  });
});

describe('signed HTTP', () => {
  it('is refused by Bolt under another secret, and that is noted', async () => {
    const emulator = await start();
    await httpApp({ ...emulator, signingSecret: 'another' }, (app) => {
      app.command('/wcs', async ({ ack }) => ack());
    });
    const came = await emulator.command({ user: 'anna', channel: 'rigs', text: 'up' });
    expect(came).toMatchObject({
      kind: 'undeliverable',
      shown: '/wcs failed with the error "dispatch_failed"',
    });
    expect(rules(emulator)).toEqual(['bad-ack']);
  });

  it('says so when nobody listens there', async () => {
    const emulator = await start({
      delivery: { kind: 'http', requestUrl: 'http://127.0.0.1:9/slack/events' },
    });
    const came = await emulator.command({ user: 'anna', channel: 'rigs', text: 'up' });
    expect(came.kind).toBe('undeliverable');
    expect(rules(emulator)).toEqual([]);
  });
});
