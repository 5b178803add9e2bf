import { describe, expect, it } from 'vitest';
import type { SlackEmulator } from '../../../src/demo/slack/surface.ts';
import { button, call, handClock, must, respond, rules, section, socketApp, start } from './bolt.ts';

const LAB = 'C0LAB00001';

/** Acknowledges everything. */
const quiet = (emulator: SlackEmulator) =>
  socketApp(emulator, (app) => {
    app.command(/.*/, async ({ ack }) => ack());
    app.action(/.*/, async ({ ack }) => ack());
  });

const commandUrl = async (emulator: SlackEmulator) => {
  const came = await emulator.command({ user: 'anna', channel: '#secret', text: 'up' });
  return came.kind === 'acknowledged' ? came.responseUrl : undefined;
};

describe('response_url', () => {
  it('reaches a private channel, five times, each time as asked', async () => {
    const emulator = await start();
    await quiet(emulator);
    const url = await commandUrl(emulator);
    expect(await respond(url, { text: 'one' })).toEqual({ status: 200, text: 'ok' });
    expect(await respond(url, { text: 'two', replace_original: true })).toMatchObject({ status: 200 });
    expect(emulator.ephemerals('anna', '#secret')).toMatchObject([
      { text: 'two', history: [{ text: 'one' }] },
    ]);
    await respond(url, { delete_original: true });
    expect(emulator.ephemerals('anna', '#secret')).toEqual([]);
    await respond(url, { text: 'for all', response_type: 'in_channel', blocks: [section('for all')] });
    expect(emulator.messages('#secret')).toMatchObject([{ text: 'for all', user: emulator.botUser }]);
    await respond(url, { text: 'five' });
    expect(rules(emulator)).toEqual([]);
    expect(await respond(url, { text: 'six' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('used_url'),
    });
    expect(rules(emulator)).toEqual(['response-url-overused']);
    expect(emulator.ephemerals('anna', '#secret').map(({ text }) => text)).toEqual(['five']);
  });

  it('ends after thirty minutes', async () => {
    const { clock, pass } = handClock();
    const emulator = await start({ clock });
    await quiet(emulator);
    const url = await commandUrl(emulator);
    pass(30 * 60_000);
    expect(await respond(url, { text: 'in time' })).toMatchObject({ status: 200 });
    pass(1);
    expect(await respond(url, { text: 'late' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('expired_url'),
    });
    expect(rules(emulator)).toEqual(['response-url-expired']);
  });

  it('is as strict about what is said as chat.postMessage', async () => {
    const emulator = await start();
    await quiet(emulator);
    const url = await commandUrl(emulator);
    expect(await respond(url, {})).toMatchObject({ status: 500, text: expect.stringContaining('no_text') });
    expect(await respond(url, { blocks: [{ type: 'card' }] })).toMatchObject({ status: 400 });
    expect(await respond(url, { text: 'x', colour: 'red' })).toMatchObject({ status: 200 });
    expect(await respond(url, { text: 'x', response_type: 'loud' })).toMatchObject({ status: 400 });
    expect(rules(emulator)).toEqual(['no-text', 'invalid-blocks', 'unknown-field', 'bad-argument']);
    expect(await respond(`${emulator.url}/commands/T/1/none`, { text: 'x' })).toMatchObject({ status: 404 });
  });
});

describe('clicks', () => {
  const withButtons = async (emulator: SlackEmulator) => {
    await call(emulator, 'chat.postMessage', {
      channel: LAB,
      text: 'card',
      blocks: [
        section('card', {
          block_id: 'top',
          accessory: button('Stop', 'stop', {
            value: 'r1',
            confirm: { text: { type: 'plain_text', text: 'Sure?' } },
          }),
        }),
        section('two', { block_id: 'second', accessory: button('Stop', 'stop', { value: 'r2' }) }),
        {
          type: 'actions',
          elements: [
            {
              type: 'overflow',
              action_id: 'more',
              options: [{ text: { type: 'plain_text', text: 'Log' }, value: 'log' }],
            },
          ],
        },
      ],
    });
    return must(emulator.messages(LAB)[0]);
  };
  const sent = (emulator: SlackEmulator) =>
    emulator
      .journal()
      .filter((entry) => entry.kind === 'envelope')
      .map((entry) => entry.body);

  it('go to the element meant, and after the confirmation only', async () => {
    const emulator = await start();
    await quiet(emulator);
    const card = await withButtons(emulator);
    expect(
      await emulator.click({ user: 'anna', on: card, actionId: 'stop', value: 'r1', confirm: 'decline' }),
    ).toMatchObject({
      kind: 'refused',
    });
    expect(sent(emulator)).toEqual([]);
    await emulator.click({ user: 'anna', on: card, actionId: 'stop', blockId: 'top' });
    await emulator.click({ user: 'anna', on: card, actionId: 'stop', value: 'r2' });
    await emulator.click({ user: 'anna', on: card, actionId: 'more', value: 'log' });
    expect(sent(emulator)).toMatchObject([
      { actions: [{ value: 'r1', block_id: 'top' }] },
      { actions: [{ value: 'r2', block_id: 'second' }] },
      { actions: [{ type: 'overflow', selected_option: { value: 'log' } }] },
    ]);
    await expect(emulator.click({ user: 'anna', on: card, actionId: 'stop' })).rejects.toThrow(
      '2 elements fit',
    );
    await expect(emulator.click({ user: 'anna', on: card, actionId: 'none' })).rejects.toThrow(
      '0 elements fit',
    );
  });

  it('on an ephemeral come without the message, and may replace or delete it', async () => {
    const emulator = await start();
    await quiet(emulator);
    const url = await commandUrl(emulator);
    await respond(url, { text: 'list', blocks: [{ type: 'actions', elements: [button('Next', 'next')] }] });
    const [list] = emulator.ephemerals('anna', '#secret');
    const click = () => emulator.click({ user: 'anna', on: must(list), actionId: 'next' });
    const clicked = await click();
    const payload = sent(emulator).at(-1);
    expect(payload).toMatchObject({
      container: { is_ephemeral: true, message_ts: must(list).ts },
      channel: { id: 'C0SECRET01', name: 'privategroup' },
    });
    expect(payload).not.toHaveProperty('message');
    await expect(emulator.click({ user: 'ben', on: must(list), actionId: 'next' })).rejects.toThrow(
      'does not see',
    );
    const answer = clicked.kind === 'acknowledged' ? clicked.responseUrl : undefined;
    await respond(answer, { text: 'page 2', replace_original: true });
    expect(emulator.ephemerals('anna', '#secret')).toMatchObject([{ ts: must(list).ts, text: 'page 2' }]);
    await respond(answer, { text: 'beside it' });
    await respond(answer, { delete_original: true });
    expect(emulator.ephemerals('anna', '#secret')).toMatchObject([{ text: 'beside it' }]);
    await expect(click()).rejects.toThrow('any more');
  });

  it('find nobody home in an app without interactivity', async () => {
    const manifest = `
features: { slash_commands: [{ command: /wcs-dev }] }
oauth_config: { scopes: { bot: [commands, chat:write] } }
settings: {}
`;
    const emulator = await start({ manifest });
    await quiet(emulator);
    const card = await withButtons(emulator);
    expect(await emulator.click({ user: 'anna', on: card, actionId: 'stop', value: 'r2' })).toMatchObject({
      kind: 'refused',
    });
    expect(await emulator.command({ user: 'anna', channel: 'lab', text: 'up' })).toMatchObject({
      kind: 'refused',
    });
    await emulator.command({ user: 'anna', channel: 'lab', command: '/wcs-dev', text: 'up @ben' });
    expect(sent(emulator)).toMatchObject([{ command: '/wcs-dev', text: 'up @ben' }]);
  });
});

describe('commands', () => {
  it('cannot be typed in threads', async () => {
    const emulator = await start();
    const { ts } = emulator.say({ user: 'anna', channel: 'lab', text: 'hello' });
    expect(await emulator.command({ user: 'anna', channel: 'lab', text: 'up', threadTs: ts })).toEqual({
      kind: 'refused',
      shown: '/wcs is not supported in threads. Sorry!',
    });
    expect(emulator.journal()).toEqual([]);
  });

  it('name private places as Slack does, and escape what is typed', async () => {
    const emulator = await start();
    await quiet(emulator);
    await emulator.command({
      user: 'anna',
      channel: '#secret',
      text: 'see #lab #secret #none @nobody https://a.b/c <!channel>',
    });
    await emulator.command({ user: 'ben', channel: 'D0ANNABEN1', text: 'up' });
    const bodies = emulator
      .journal()
      .filter((entry) => entry.kind === 'envelope')
      .map((entry) => entry.body);
    expect(bodies).toMatchObject([
      {
        channel_name: 'privategroup',
        text: 'see <#C0LAB00001|lab> <#C0SECRET01|> #none @nobody <https://a.b/c> &lt;!channel&gt;',
      },
      { channel_name: 'directmessage', text: 'up' },
    ]);
  });
});

describe('views', () => {
  const modal = {
    type: 'modal',
    title: { type: 'plain_text', text: 'Stop all?' },
    blocks: [section('Sure?')],
  };

  it('open once for each trigger, within three seconds', async () => {
    const { clock, pass } = handClock();
    const emulator = await start({ clock });
    await quiet(emulator);
    const trigger = async () => {
      const came = await emulator.command({ user: 'anna', channel: 'lab', text: 'down all' });
      return came.kind === 'acknowledged' ? came.triggerId : '';
    };
    const first = await trigger();
    expect(await call(emulator, 'views.open', { trigger_id: first, view: modal })).toMatchObject({
      ok: true,
    });
    expect(emulator.modal('anna')).toMatchObject({ title: 'Stop all?', type: 'modal' });
    expect(await call(emulator, 'views.open', { trigger_id: first, view: modal })).toMatchObject({
      error: 'exchanged_trigger_id',
    });
    const second = await trigger();
    pass(3001);
    expect(await call(emulator, 'views.open', { trigger_id: second, view: modal })).toMatchObject({
      error: 'expired_trigger_id',
    });
    expect(await call(emulator, 'views.open', { trigger_id: 'x', view: modal })).toMatchObject({
      error: 'invalid_trigger_id',
    });
    expect(rules(emulator)).toEqual(['trigger-reused', 'trigger-expired', 'bad-argument']);
  });

  it('are published to a home tab, and clicked there', async () => {
    const emulator = await start();
    await quiet(emulator);
    const view = { type: 'home', blocks: [{ type: 'actions', elements: [button('Up', 'up')] }] };
    await call(emulator, 'views.publish', { user_id: 'U0ANNA0001', view });
    const home = must(emulator.home('anna'));
    await call(emulator, 'views.update', {
      view_id: home.id,
      view: { ...view, blocks: [section('empty'), ...view.blocks] },
    });
    expect(must(emulator.home('anna')).blocks).toHaveLength(2);
    expect(await emulator.click({ user: 'anna', on: home, actionId: 'up' })).toMatchObject({
      kind: 'acknowledged',
      responseUrl: undefined,
    });
    const long = { ...view, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) };
    expect(await call(emulator, 'views.publish', { user_id: 'U0ANNA0001', view: long })).toMatchObject({
      ok: false,
    });
    expect(rules(emulator)).toEqual(['invalid-blocks']);
  });
});
