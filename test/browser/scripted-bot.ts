// A bot that shows everything the page can draw and tells what it hears of it, with an emulated Slack and its page. Run by
// elements.test.ts in a namespace; ends when its standard input closes.

import { App, SocketModeReceiver } from '@slack/bolt';
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { createDemoClock } from '../../src/demo/demo-clock.ts';
import { servePage } from '../../src/demo/page/page.ts';
import { startSlackEmulator } from '../../src/demo/slack/emulator.ts';
import type { SlackEmulator } from '../../src/demo/slack/surface.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (value: string) => ({ text: plain(value), value });

const link = '<https://127.0.0.1:1/?a=1&amp;b=2>';
const [anna, lab] = ['U0ANNA0001', 'C0LAB00001'];

const everything: KnownBlock[] = [
  { type: 'header', text: plain('Everything') },
  {
    type: 'section',
    text: mrkdwn(
      `*bold* _italic_ ~struck~ \`code &lt;b&gt;\`; ${link} <https://127.0.0.1:1|a name> <@${anna}> <#${lab}> a_b_c 10:30:45`,
    ),
    accessory: { type: 'overflow', action_id: 'more', options: [option('Logs'), option('Restart')] },
  },
  { type: 'section', text: mrkdwn('```10:30:45 *line* &lt;1&gt;\n  second```') },
  {
    type: 'context',
    elements: [mrkdwn('<!date^1760000000^{date_num} at {time}|no date>'), plain('*plain*')],
  },
  { type: 'divider' },
  { type: 'section', fields: [mrkdwn('*one*'), mrkdwn('two')] },
  {
    type: 'actions',
    block_id: 'menus',
    elements: [
      {
        type: 'static_select',
        action_id: 'extend',
        placeholder: plain('Extend …'),
        options: [option('1 hour'), option('4 hours')],
      },
      { type: 'users_select', action_id: 'person', placeholder: plain('Share with …') },
      { type: 'conversations_select', action_id: 'place', placeholder: plain('Where …') },
      { type: 'button', action_id: 'modal', text: plain('Ask me'), style: 'primary' },
    ],
  },
];

const form: ModalView = {
  type: 'modal',
  callback_id: 'form',
  title: plain('Start a rig'),
  submit: plain('Start'),
  close: plain('Not now'),
  blocks: [
    {
      type: 'input',
      block_id: 'name',
      label: plain('Name'),
      hint: plain('Letters and digits'),
      element: { type: 'plain_text_input', action_id: 'name', placeholder: plain('demo') },
    },
    {
      type: 'input',
      block_id: 'length',
      label: plain('For how long'),
      element: {
        type: 'static_select',
        action_id: 'length',
        options: [option('1 hour'), option('4 hours')],
        initial_option: option('4 hours'),
      },
    },
    {
      type: 'input',
      block_id: 'with',
      label: plain('Share with'),
      optional: true,
      element: { type: 'users_select', action_id: 'with' },
    },
    {
      type: 'input',
      block_id: 'where',
      label: plain('Where'),
      optional: true,
      element: {
        type: 'conversations_select',
        action_id: 'where',
        filter: { include: ['public', 'private'], exclude_external_shared_channels: true },
      },
    },
    {
      type: 'input',
      block_id: 'how',
      label: plain('How'),
      optional: true,
      element: { type: 'checkboxes', action_id: 'how', options: [option('quietly'), option('licensed')] },
    },
    {
      type: 'input',
      block_id: 'tag',
      label: plain('Build'),
      optional: true,
      element: { type: 'radio_buttons', action_id: 'tag', options: [option('latest'), option('5.2')] },
    },
  ],
};

const home: HomeView = {
  type: 'home',
  blocks: [
    { type: 'header', text: plain('Your rigs') },
    { type: 'section', text: mrkdwn('None yet.') },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'modal', text: plain('Start a rig'), style: 'primary' }],
    },
  ],
};

const prepare = (app: App): void => {
  const tell = (text: string) => app.client.chat.postMessage({ channel: lab, text });
  app.command('/wcs', async ({ ack, client, command, respond }) => {
    await ack();
    if (command.text === 'everything') {
      await client.chat.postMessage({ channel: lab, text: 'everything', blocks: everything });
    }
    if (command.text === 'chips') {
      const short = Array.from({ length: 60 }, () => '`ssh root@172.31.0.10`').join(' ');
      await tell(`chips: ${short} \`${'long '.repeat(60)}\``);
    }
    if (command.text === 'link') {
      const { ts = '' } = await client.chat.postMessage({ channel: lab, text: 'what was linked' });
      const { permalink } = await client.chat.getPermalink({ channel: lab, message_ts: ts });
      await respond({ text: `The card is <${permalink}|over there>.` });
    }
    if (command.text === 'file') {
      const content = Array.from({ length: 20 }, (_, line) => `line ${line + 1}`).join('\n');
      await client.filesUploadV2({ channel_id: lab, filename: 'demo.txt', title: 'Logs of demo', content });
    }
  });
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({ user_id: event.user, view: home });
  });
  app.action('modal', async ({ ack, client, body }) => {
    await ack();
    if ('trigger_id' in body) await client.views.open({ trigger_id: body.trigger_id, view: form });
  });
  app.action(/^(more|extend|person|place)$/, async ({ ack, action, body }) => {
    await ack();
    const said = ['selected_option', 'selected_user', 'selected_conversation'].flatMap((key) =>
      key in action ? [JSON.stringify(Reflect.get(action, key))] : [],
    );
    await tell(`heard ${said.join('')} from <@${body.user.id}>`);
  });
  app.view('form', async ({ ack, view }) => {
    const values = Object.values(view.state.values).flatMap((block) => Object.values(block));
    if (values.some(({ value }) => value === 'taken')) {
      await ack({ response_action: 'errors', errors: { name: 'There is a rig of this name already.' } });
      return;
    }
    await ack();
    const said = values.map((each) =>
      [
        each.value,
        each.selected_option?.value,
        each.selected_user,
        each.selected_conversation,
        ...(each.selected_options ?? []).map(({ value }) => value),
      ]
        .filter(Boolean)
        .join('+'),
    );
    await tell(`submitted ${said.join(' · ')}`);
  });
};

const connect = async (slack: SlackEmulator): Promise<App> => {
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const receiver = new SocketModeReceiver({ appToken: slack.appToken, installerOptions: { clientOptions } });
  const app = new App({ token: slack.botToken, receiver, clientOptions });
  prepare(app);
  await app.start();
  return app;
};

const clock = createDemoClock();
const slack = await startSlackEmulator({
  clock: clock.now,
  scopes: ['commands', 'chat:write', 'files:write'],
  limits: { postEveryMs: 0 },
});
await connect(slack);
const skip = (length: number) => clock.skip(length, async () => undefined);
const page = await servePage({ slack, clock, skip }, 0);
console.log(`page ${page.url}`);
process.stdin.on('close', () => process.exit(0)).resume();
