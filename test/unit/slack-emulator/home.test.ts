import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import type { SlackEmulator } from '../../../src/demo/slack/surface.ts';
import { button, call, httpApp, must, rules, section, socketApp, start } from './bolt.ts';

const manifest = (homeTab: boolean, events: readonly string[]) => `
features:
  app_home: { home_tab_enabled: ${homeTab}, messages_tab_enabled: true }
oauth_config: { scopes: { bot: [commands, 'chat:write'] } }
settings:
  interactivity: { is_enabled: true }
  event_subscriptions: { bot_events: [${events.join(', ')}] }
`;

/** Publishes a counted view at each opening and after each click. */
const homeBot = (heard: Record<string, unknown>[]) => (app: App) => {
  let count = 0;
  const view = () => {
    count += 1;
    const more = button('More', 'more', { value: 'r1' });
    return {
      type: 'home' as const,
      blocks: [section(`view ${count}`), { type: 'actions' as const, elements: [more] }],
    };
  };
  app.event('app_home_opened', async ({ event, client, body }) => {
    heard.push({ ...body });
    await client.views.publish({ user_id: event.user, view: view() });
  });
  app.action('more', async ({ ack, body, client }) => {
    heard.push({ ...body });
    await ack();
    await client.views.publish({ user_id: body.user.id, view: view() });
  });
};

const saying = (emulator: SlackEmulator, text: string) =>
  emulator.until(() => {
    const home = emulator.home('anna');
    return JSON.stringify(home?.blocks ?? []).includes(text) ? home : undefined;
  });

describe.each([
  ['Socket Mode', socketApp],
  ['signed HTTP', httpApp],
])('the Home tab over %s', (_, connect) => {
  it('is opened, published, clicked and published again', async () => {
    const emulator = await start({ manifest: manifest(true, ['app_home_opened']) });
    const heard: Record<string, unknown>[] = [];
    await connect(emulator, homeBot(heard));

    expect(await emulator.openHome('anna')).toMatchObject({ kind: 'acknowledged' });
    const home = await saying(emulator, 'view 1');
    const direct = must(emulator.directMessage('anna'));
    expect(heard[0]).toMatchObject({
      type: 'event_callback',
      team_id: emulator.teamId,
      api_app_id: emulator.appId,
      event_id: expect.stringMatching(/^Ev[0-9A-F]{10}$/),
      event_time: expect.any(Number),
      authorizations: [{ team_id: emulator.teamId, user_id: emulator.botUser, is_bot: true }],
      event: { type: 'app_home_opened', user: 'U0ANNA0001', channel: direct.id, tab: 'home' },
    });
    expect(JSON.stringify(heard[0])).not.toContain('"view"');

    expect(await emulator.click({ user: 'anna', on: home, actionId: 'more' })).toMatchObject({
      kind: 'acknowledged',
      responseUrl: undefined,
    });
    const after = await saying(emulator, 'view 2');
    expect(after.id).toBe(home.id);
    expect(after.hash).not.toBe(home.hash);
    expect(heard[1]).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: home.id },
      view: { id: home.id, type: 'home', hash: home.hash },
      actions: [{ action_id: 'more', value: 'r1' }],
    });
    expect(heard[1]).not.toHaveProperty('response_url');
    expect(heard[1]).not.toHaveProperty('channel');

    await emulator.openHome('anna');
    expect(heard[2]).toMatchObject({ event: { view: { id: home.id, hash: after.hash } } });
    expect(emulator.home('ben')).toBeUndefined();
    expect(rules(emulator)).toEqual([]);
  });
});

describe('opening it', () => {
  it.each([
    ['without a Home tab', manifest(false, ['app_home_opened'])],
    ['without the event', manifest(true, [])],
  ])('%s is told to nobody', async (_, text) => {
    const emulator = await start({ manifest: text });
    expect(await emulator.openHome('anna')).toMatchObject({ kind: 'refused' });
    expect(emulator.journal()).toEqual([]);
  });

  it('must be acknowledged, and can be delivered again', async () => {
    const emulator = await start({ limits: { ackMs: 100 } });
    const none = await emulator.openHome('anna');
    expect(none.kind).toBe('undeliverable');
    const heard: Record<string, unknown>[] = [];
    await socketApp(emulator, homeBot(heard));
    const came = await emulator.openHome('anna');
    await emulator.redeliver(came.kind === 'acknowledged' ? came.triggerId : '');
    expect(heard).toHaveLength(2);
    expect(heard[1]?.event_id).toBe(heard[0]?.event_id);
    expect(rules(emulator)).toEqual([]);
  });
});

describe('views.publish', () => {
  it('minds the hash, and takes inputs', async () => {
    const emulator = await start();
    const view = {
      type: 'home',
      blocks: [
        {
          type: 'input',
          block_id: 'filter',
          dispatch_action: true,
          label: { type: 'plain_text', text: 'Host' },
          element: { type: 'plain_text_input', action_id: 'filter' },
        },
      ],
    };
    const publish = (more: object) =>
      call(emulator, 'views.publish', { user_id: 'U0ANNA0001', view, ...more });
    expect(await publish({ hash: 'none' })).toMatchObject({ error: 'hash_conflict' });
    expect(await publish({})).toMatchObject({ ok: true });
    expect(await publish({ hash: 'old' })).toMatchObject({ error: 'hash_conflict' });
    expect(await publish({ hash: must(emulator.home('anna')).hash })).toMatchObject({ ok: true });
    expect(rules(emulator)).toEqual([]);
  });
});
