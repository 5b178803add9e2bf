// What Slack delivers: commands as they are typed and buttons as they are pressed, in the form in which Bolt hands them on.

import type {
  BlockAction,
  ButtonAction,
  SlackActionMiddlewareArgs,
  SlackCommandMiddlewareArgs,
} from '@slack/bolt';
import type { Asker } from '../../src/rig/access.ts';
import type { Turn } from '../../src/slack/act/answering.ts';
import { actionTurn } from '../../src/slack/act/handle-action.ts';
import { commandTurn } from '../../src/slack/act/handle-command.ts';
import type { StoryBot } from './story-bot.ts';
import type { Button } from './story-slack.ts';

/** A delivery that Slack may make again. */
export type Delivery = {
  readonly trigger: string;
  readonly by: Asker;
  readonly at: number;
} & (
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'pressed'; readonly button: Button }
);

export const describeDelivery = (delivery: Delivery): string =>
  delivery.kind === 'typed'
    ? `@${delivery.by.name} /wcs ${delivery.text}`
    : `@${delivery.by.name} presses ${delivery.button.action} ${delivery.button.value}`;

const nothing = async (): Promise<void> => undefined;
const say = async () => ({ ok: true });
const respond = async (): Promise<Response> => new Response();

const commandArguments = ({ by, trigger }: Delivery, text: string): SlackCommandMiddlewareArgs => {
  const payload = {
    token: '',
    command: '/wcs',
    text,
    response_url: '',
    trigger_id: trigger,
    user_id: by.id,
    user_name: by.name,
    team_id: 'T1',
    team_domain: 'office',
    channel_id: 'C0RIGS',
    channel_name: 'rigs',
    api_app_id: 'A1',
  };
  return { payload, command: payload, body: payload, say, respond, ack: nothing };
};

const actionArguments = (
  { by, trigger }: Delivery,
  { action, value, kind }: Button,
): SlackActionMiddlewareArgs<BlockAction> => {
  const text = { type: 'plain_text', text: action } as const;
  const base = { block_id: 'b', action_id: action, action_ts: '1' };
  const payload: BlockAction['actions'][number] =
    kind === 'button'
      ? ({ ...base, type: kind, text, value } satisfies ButtonAction)
      : { ...base, type: kind, selected_option: { text, value } };
  const body: BlockAction = {
    type: 'block_actions',
    actions: [payload],
    team: null,
    user: { id: by.id, username: by.name, name: by.name },
    token: '',
    response_url: '',
    trigger_id: trigger,
    api_app_id: 'A1',
    container: {},
  };
  return { payload, action: payload, body, respond, ack: nothing, say };
};

/** The turn that the bot's own handler makes of it, its answers going to the story. */
export const turnOf = ({ world }: StoryBot, delivery: Delivery, answer: Turn['respond']): Turn => {
  const turn =
    delivery.kind === 'typed'
      ? commandTurn(world, commandArguments(delivery, delivery.text))
      : actionTurn(world, actionArguments(delivery, delivery.button));
  return { ...turn, ack: nothing, respond: answer };
};
