import type { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import type { SlackEmulator, SlackEmulatorOptions } from '../../../src/demo/slack/surface.ts';
import { button, call, httpApp, must, rules, section, silent, socketApp, start } from './bolt.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value), value });

const input = (blockId: string, element: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'input',
  block_id: blockId,
  label: plain(blockId),
  element,
  ...more,
});

const nameInput = input('name', { type: 'plain_text_input', action_id: 'name', max_length: 20 });
const hostInput = input(
  'host',
  {
    type: 'static_select',
    action_id: 'host',
    options: [option('laptop'), option('lab-1')],
    initial_option: option('laptop'),
  },
  { optional: true },
);

const modal = (blocks: readonly unknown[], more: Record<string, unknown> = {}) => ({
  type: 'modal',
  callback_id: 'up',
  title: plain('A rig'),
  submit: plain('Start'),
  close: plain('Not now'),
  private_metadata: 'C1',
  blocks,
  ...more,
});

type Ack = Record<string, unknown> | undefined;

/** Opens the modal for whoever types a command; `answer` says what each submission is told. */
const bot =
  (view: unknown, answer: (count: number) => Ack, heard: Record<string, unknown>[] = []) =>
  (app: App) => {
    app.command('/wcs', async ({ ack, client, command }) => {
      await ack();
      await client.apiCall('views.open', { trigger_id: command.trigger_id, view });
    });
    app.view('up', async ({ ack, body }) => {
      heard.push({ ...body });
      const said = answer(heard.length);
      if (said === undefined) await ack();
      // Bolt's types allow less than a test of nonsense needs.
      else await Reflect.apply(ack, undefined, [said]);
    });
    app.view({ callback_id: 'up', type: 'view_closed' }, async ({ ack, body }) => {
      heard.push({ ...body });
      await ack();
    });
    app.action(/.*/, async ({ ack, body }) => {
      heard.push({ ...body });
      await ack();
    });
  };

const opened = async (emulator: SlackEmulator) => {
  await emulator.command({ user: 'anna', channel: '#lab', text: '' });
  return emulator.until(() => emulator.modal('anna'), 3000, 'a modal');
};

const begin = async (
  view: unknown,
  answer: (count: number) => Ack = () => undefined,
  options?: SlackEmulatorOptions,
) => {
  const emulator = await start(options);
  const heard: Record<string, unknown>[] = [];
  await socketApp(emulator, bot(view, answer, heard));
  return { emulator, heard, shown: await opened(emulator) };
};

describe.each([
  ['Socket Mode', socketApp],
  ['signed HTTP', httpApp],
])('a submission over %s', (_, connect) => {
  it('is answered with errors, which stay until the next one succeeds', async () => {
    const emulator = await start();
    const heard: Record<string, unknown>[] = [];
    const errors = { name: 'There is a rig called demo already.' };
    const answer = (count: number) => (count === 1 ? { response_action: 'errors', errors } : undefined);
    await connect(emulator, bot(modal([nameInput, hostInput]), answer, heard));
    const shown = await opened(emulator);
    expect(shown).toMatchObject({ submitLabel: 'Start', closeLabel: 'Not now', title: 'A rig', errors: {} });

    const first = await emulator.submit({ user: 'anna', values: { name: 'demo' } });
    expect(first).toMatchObject({ kind: 'acknowledged', payload: { response_action: 'errors' } });
    expect(emulator.modal('anna')?.errors).toEqual(errors);
    expect(heard[0]).toMatchObject({
      type: 'view_submission',
      team: { id: emulator.teamId, domain: 'acme' },
      user: { id: 'U0ANNA0001', name: 'anna', team_id: emulator.teamId },
      trigger_id: expect.any(String),
      response_urls: [],
      view: {
        id: shown.id,
        callback_id: 'up',
        private_metadata: 'C1',
        state: {
          values: {
            name: { name: { type: 'plain_text_input', value: 'demo' } },
            host: { host: { type: 'static_select', selected_option: option('laptop') } },
          },
        },
      },
    });

    // What was chosen before stays.
    const second = await emulator.submit({ user: 'anna', values: { name: 'demo-2' } });
    expect(second.kind).toBe('acknowledged');
    expect(emulator.modal('anna')).toBeUndefined();
    expect(heard[1]).toMatchObject({ view: { state: { values: { name: { name: { value: 'demo-2' } } } } } });
    expect(rules(emulator)).toEqual([]);
  });

  it('that nobody acknowledges leaves the modal, and is noted', async () => {
    const emulator = await start({ limits: { ackMs: 120 } });
    await connect(emulator, (app) => {
      app.command('/wcs', async ({ ack, client, command }) => {
        await ack();
        await client.apiCall('views.open', { trigger_id: command.trigger_id, view: modal([hostInput]) });
      });
      app.view('up', async () => undefined);
    });
    await opened(emulator);
    expect(await emulator.submit({ user: 'anna', values: {} })).toMatchObject({
      kind: 'timed-out',
      shown: 'We had some trouble connecting. Try again?',
    });
    expect(emulator.modal('anna')).toBeDefined();
    expect(rules(emulator)).toEqual(['late-ack']);
  });
});

describe('what Slack itself refuses to submit', () => {
  const long = input('long', { type: 'plain_text_input', action_id: 'long', min_length: 3 });
  const hours = input('hours', {
    type: 'number_input',
    action_id: 'hours',
    is_decimal_allowed: false,
    min_value: '1',
    max_value: '12',
  });
  it.each([
    [[nameInput], {}, { name: 'Please complete this required field.' }],
    [[nameInput], { name: 'x'.repeat(21) }, { name: 'Must be at most 20 characters.' }],
    [[long], { long: 'ab' }, { long: 'Must be at least 3 characters.' }],
    [[hours], { hours: 'two' }, { hours: 'Must be a number.' }],
    [[hours], { hours: '1.5' }, { hours: 'Must be a number.' }],
    [[hours], { hours: '13' }, { hours: 'Must be at most 12.' }],
  ])('%#', async (blocks, values, errors) => {
    const { emulator, heard } = await begin(modal(blocks));
    expect(await emulator.submit({ user: 'anna', values })).toEqual({
      kind: 'refused',
      shown: Object.values(errors).join(' '),
    });
    expect(emulator.modal('anna')?.errors).toEqual(errors);
    expect(heard).toEqual([]);
    expect(rules(emulator)).toEqual([]);
  });

  it('lets an optional one be empty, and takes back what was chosen', async () => {
    const { emulator, heard } = await begin(modal([hostInput]));
    await emulator.submit({ user: 'anna', values: { host: '' } });
    expect(heard).toMatchObject([
      { view: { state: { values: { host: { host: { selected_option: null } } } } } },
    ]);
  });
});

describe('an answer that makes no sense', () => {
  const section1 = section('hello', { block_id: 'said' });
  it.each([
    ['an error at an unknown block', { response_action: 'errors', errors: { nobody: 'no' } }],
    ['an error at a block that is no input', { response_action: 'errors', errors: { said: 'no' } }],
    ['no error at all', { response_action: 'errors', errors: {} }],
    ['an unknown action', { response_action: 'dance' }],
    ['a view that is none', { response_action: 'update', view: { type: 'modal' } }],
    [
      'inputs without a submit',
      { response_action: 'update', view: modal([nameInput], { submit: undefined }) },
    ],
  ])('%s is noted, and the modal stays', async (_, answer) => {
    const { emulator } = await begin(modal([section1, hostInput]), () => answer);
    expect(await emulator.submit({ user: 'anna', values: {} })).toMatchObject({ kind: 'undeliverable' });
    expect(emulator.modal('anna')).toMatchObject({ title: 'A rig', errors: {} });
    expect(rules(emulator)).toEqual(['bad-response-action']);
  });
});

describe('other answers', () => {
  const second = modal([section('done')], { title: plain('Second'), submit: undefined, callback_id: 'two' });

  it('update puts another view in its place', async () => {
    const { emulator, shown } = await begin(modal([hostInput]), () => ({
      response_action: 'update',
      view: second,
    }));
    await emulator.submit({ user: 'anna', values: {} });
    const now = must(emulator.modal('anna'));
    expect(now).toMatchObject({ id: shown.id, title: 'Second' });
    expect(now.hash).not.toBe(shown.hash);
    expect(now.submitLabel).toBeUndefined();
    await expect(emulator.submit({ user: 'anna', values: {} })).rejects.toThrow('nothing to submit');
  });

  it('push lays another on it; closing that shows the first again', async () => {
    const { emulator, shown } = await begin(modal([hostInput]), () => ({
      response_action: 'push',
      view: second,
    }));
    await emulator.submit({ user: 'anna', values: {} });
    expect(emulator.modal('anna')).toMatchObject({ title: 'Second', previousId: shown.id, rootId: shown.id });
    await emulator.closeModal('anna');
    expect(emulator.modal('anna')?.id).toBe(shown.id);
  });

  it('push is no way to a fourth', async () => {
    const again = modal([hostInput]);
    const { emulator } = await begin(again, () => ({ response_action: 'push', view: again }));
    for (const kind of ['acknowledged', 'acknowledged', 'undeliverable'])
      expect(await emulator.submit({ user: 'anna', values: {} })).toMatchObject({ kind });
    expect(rules(emulator)).toEqual(['bad-response-action']);
  });

  it('a pushed one still knows where the person came from', async () => {
    const where = { type: 'conversations_select', action_id: 'w', default_to_current_conversation: true };
    const view = modal([input('w', where)]);
    const { emulator } = await begin(modal([hostInput]), () => ({ response_action: 'push', view }));
    await emulator.submit({ user: 'anna', values: {} });
    expect(emulator.modal('anna')?.state).toMatchObject({
      w: { w: { selected_conversation: 'C0LAB00001' } },
    });
  });

  it('clear closes all', async () => {
    const { emulator } = await begin(modal([hostInput]), () => ({ response_action: 'clear' }));
    await emulator.submit({ user: 'anna', values: {} });
    expect(emulator.modal('anna')).toBeUndefined();
  });
});

describe('closing', () => {
  it('is told only to who asked', async () => {
    const quiet = await begin(modal([hostInput]));
    await quiet.emulator.closeModal('anna');
    expect(quiet.emulator.modal('anna')).toBeUndefined();
    expect(quiet.heard).toEqual([]);

    const told = await begin(modal([hostInput], { notify_on_close: true }));
    await told.emulator.closeModal('anna');
    expect(told.heard).toMatchObject([
      { type: 'view_closed', is_cleared: false, view: { callback_id: 'up' } },
    ]);
    await expect(told.emulator.closeModal('anna')).rejects.toThrow('no modal open');
  });
});

describe('menus and fields', () => {
  const blocks = [
    input('who', { type: 'multi_users_select', action_id: 'who', max_selected_items: 2 }),
    input('owner', { type: 'users_select', action_id: 'owner', initial_user: 'U0ANNA0001' }),
    input('where', {
      type: 'conversations_select',
      action_id: 'where',
      default_to_current_conversation: true,
      response_url_enabled: true,
      filter: { include: ['public', 'private'], exclude_external_shared_channels: true },
    }),
    input('channel', { type: 'channels_select', action_id: 'channel' }, { optional: true }),
    input('wants', {
      type: 'checkboxes',
      action_id: 'wants',
      options: [option('mail'), option('log')],
      initial_options: [option('log')],
    }),
    input('tag', { type: 'radio_buttons', action_id: 'tag', options: [option('latest'), option('beta')] }),
    input('at', { type: 'timepicker', action_id: 'at', initial_time: '18:00' }),
  ];

  it('are sent as Slack sends them', async () => {
    const { emulator, heard } = await begin(modal(blocks));
    const values = { who: ['@ben', 'U0ANNA0001'], wants: ['mail', 'log'], tag: 'beta', at: '19:30' };
    await emulator.submit({ user: 'anna', values });
    expect(heard[0]).toMatchObject({
      view: {
        state: {
          values: {
            who: { who: { type: 'multi_users_select', selected_users: ['U0BEN00001', 'U0ANNA0001'] } },
            owner: { owner: { type: 'users_select', selected_user: 'U0ANNA0001' } },
            where: { where: { type: 'conversations_select', selected_conversation: 'C0LAB00001' } },
            channel: { channel: { type: 'channels_select', selected_channel: null } },
            wants: { wants: { type: 'checkboxes', selected_options: [option('mail'), option('log')] } },
            tag: { tag: { type: 'radio_buttons', selected_option: option('beta') } },
            at: { at: { type: 'timepicker', selected_time: '19:30' } },
          },
        },
      },
      response_urls: [{ block_id: 'where', action_id: 'where', channel_id: 'C0LAB00001' }],
    });
    expect(rules(emulator)).toEqual([]);
  });

  it.each([
    [{ tag: 'gamma' }, 'has no option gamma'],
    [{ who: ['anna', 'ben', '@rigs'] }, '2 people at most'],
    [{ where: '#partners' }, 'does not offer'],
    [{ where: '#old' }, 'does not offer'],
    [{ channel: '#secret' }, 'does not offer'],
    [{ owner: '@nobody' }, 'there is no @nobody'],
    [{ colour: 'red' }, 'there is no field colour here; there are: who, owner'],
    [{ at: 'noon' }, 'HH:mm'],
  ])('%j is a slip of the test', async (values, said) => {
    const { emulator } = await begin(modal(blocks));
    await expect(emulator.submit({ user: 'anna', values })).rejects.toThrow(said);
  });

  it('dispatch what is chosen, with the whole view', async () => {
    const view = modal([
      section('who', { accessory: { type: 'users_select', action_id: 'pick' } }),
      { type: 'actions', block_id: 'a', elements: [button('More', 'more')] },
      { ...hostInput, dispatch_action: true },
      nameInput,
    ]);
    const { emulator, heard, shown } = await begin(view);
    await emulator.click({ user: 'anna', on: shown, actionId: 'host', value: 'lab-1' });
    await emulator.click({ user: 'anna', on: shown, actionId: 'pick', value: '@ben' });
    await emulator.click({ user: 'anna', on: shown, actionId: 'more' });
    expect(heard).toMatchObject([
      { actions: [{ type: 'static_select', selected_option: option('lab-1') }] },
      { actions: [{ type: 'users_select', selected_user: 'U0BEN00001' }] },
      {
        container: { type: 'view', view_id: shown.id },
        view: {
          state: { values: { host: { host: { selected_option: option('lab-1') } } } },
        },
      },
    ]);
    expect(heard[2]).not.toHaveProperty('response_url');
    // This one does not dispatch.
    await expect(emulator.click({ user: 'anna', on: shown, actionId: 'name', value: 'x' })).rejects.toThrow(
      '0 elements fit',
    );
    await expect(emulator.click({ user: 'ben', on: shown, actionId: 'more' })).rejects.toThrow(
      'does not see',
    );
    expect(rules(emulator)).toEqual([]);
  });

  it('turn one person over, by name', async () => {
    const who = { type: 'multi_users_select', action_id: 'who' };
    const { emulator, heard, shown } = await begin(modal([section('who', { accessory: who })]));
    for (const value of ['@ben', '@anna', '@ben'])
      await emulator.click({ user: 'anna', on: shown, actionId: 'who', value });
    expect(heard).toMatchObject([
      { actions: [{ selected_users: ['U0BEN00001'] }] },
      { actions: [{ selected_users: ['U0BEN00001', 'U0ANNA0001'] }] },
      { actions: [{ selected_users: ['U0ANNA0001'] }] },
    ]);
  });

  it('turn one checkbox over in a message, and say so', async () => {
    const emulator = await start();
    const heard: Record<string, unknown>[] = [];
    await socketApp(
      emulator,
      bot(undefined, () => undefined, heard),
    );
    const element = {
      type: 'checkboxes',
      action_id: 'wants',
      options: [option('a'), option('b')],
      initial_options: [option('a')],
    };
    const blocks = [{ type: 'actions', block_id: 'x', elements: [element] }];
    await call(emulator, 'chat.postMessage', { channel: 'C0LAB00001', text: 'x', blocks });
    const on = must(emulator.messages('#lab')[0]);
    await emulator.click({ user: 'anna', on, actionId: 'wants', value: 'b' });
    expect(heard).toMatchObject([
      {
        actions: [{ selected_options: [option('a'), option('b')] }],
        state: { values: { x: { wants: { selected_options: [option('a'), option('b')] } } } },
      },
    ]);
  });
});

describe('views.open and views.update', () => {
  const broken: readonly [string, unknown, string][] = [
    [
      'inputs without a submit',
      modal([nameInput], { submit: undefined }),
      'must define `submit` to use `input`',
    ],
    ['a title of 25', modal([], { title: plain('x'.repeat(25)) }), 'title'],
    [
      'an initial option that is none',
      modal([input('h', { type: 'static_select', options: [option('a')], initial_option: option('b') })]),
      'initial options must be among',
    ],
    [
      '11 checkboxes',
      modal([
        input('c', { type: 'checkboxes', options: Array.from({ length: 11 }, (_, i) => option(`${i}`)) }),
      ]),
      'no more than 10 items',
    ],
    ['no such time', modal([input('t', { type: 'timepicker', initial_time: '25:00' })]), 'HH:mm'],
    [
      'mrkdwn in a menu',
      modal([
        input('m', {
          type: 'static_select',
          options: [{ text: { type: 'mrkdwn', text: '*a*' }, value: 'a' }],
        }),
      ]),
      '/options/0/text/type',
    ],
    [
      'an empty filter',
      modal([input('f', { type: 'conversations_select', filter: {} })]),
      'must provide at least 1',
    ],
    [
      'a text field in an actions block',
      modal([{ type: 'actions', elements: [{ type: 'plain_text_input' }] }]),
      'unsupported or missing type',
    ],
    [
      'a response_url outside of an input',
      modal([{ type: 'actions', elements: [{ type: 'conversations_select', response_url_enabled: true }] }]),
      '`response_url_enabled`',
    ],
    [
      'two in focus',
      modal([
        input('a', { type: 'plain_text_input', focus_on_load: true }),
        input('b', { type: 'plain_text_input', focus_on_load: true }),
      ]),
      '`focus_on_load`',
    ],
  ];
  it.each(broken)('%s is refused', async (_, view, said) => {
    const emulator = await start();
    await socketApp(emulator, (app) => app.command('/wcs', async ({ ack }) => ack()));
    const came = await emulator.command({ user: 'anna', channel: 'lab', text: '' });
    const trigger_id = came.kind === 'acknowledged' ? came.triggerId : '';
    const answer = await call(emulator, 'views.open', { trigger_id, view });
    expect(answer).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(JSON.stringify(answer.response_metadata)).toContain(said);
    expect(emulator.modal('anna')).toBeUndefined();
    expect(rules(emulator)).toHaveLength(1);
  });

  it('keep what was filled in where the ids stay, and mind the hash', async () => {
    const { emulator, heard, shown } = await begin(modal([nameInput, hostInput]), () => ({
      response_action: 'errors',
      errors: { name: 'no' },
    }));
    await emulator.submit({ user: 'anna', values: { name: 'mine' } });
    const client = new WebClient(emulator.botToken, { slackApiUrl: emulator.apiUrl, logger: silent });
    const renamed = input('name-2', { type: 'plain_text_input', action_id: 'name', initial_value: 'new' });
    const update = (view: unknown, hash: string) =>
      client.apiCall('views.update', { view_id: shown.id, hash, view });
    await expect(update(modal([nameInput]), 'old')).rejects.toThrow('hash_conflict');
    await update(modal([nameInput, hostInput]), shown.hash);
    expect(emulator.modal('anna')).toMatchObject({
      errors: {},
      state: { name: { name: { value: 'mine' } } },
    });
    await update(modal([renamed]), must(emulator.modal('anna')).hash);
    expect(emulator.modal('anna')?.state).toMatchObject({ 'name-2': { name: { value: 'new' } } });
    expect(heard).toHaveLength(1);
  });

  it('open one at a time', async () => {
    const { emulator, shown } = await begin(modal([hostInput]));
    await emulator.command({ user: 'anna', channel: '#lab', text: '' });
    await emulator.until(() => emulator.modal('anna')?.id !== shown.id);
    await emulator.closeModal('anna');
    expect(emulator.modal('anna')).toBeUndefined();
  });

  it('push at most three on each other', async () => {
    const { emulator } = await begin(modal([hostInput]));
    const again = async () => {
      const came = await emulator.click({ user: 'anna', on: must(emulator.modal('anna')), actionId: 'more' });
      return came.kind === 'acknowledged' ? came.triggerId : '';
    };
    const view = modal([{ type: 'actions', elements: [button('More', 'more')] }]);
    await call(emulator, 'views.update', { view_id: must(emulator.modal('anna')).id, view });
    for (const ok of [true, true, false])
      expect((await call(emulator, 'views.push', { trigger_id: await again(), view })).ok).toBe(ok);
    expect(rules(emulator)).toEqual([]);
  });
});
