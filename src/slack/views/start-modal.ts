// The form for a new rig: the words of `up`, each as a field. Pure.

import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import type { LaunchPolicy } from '../../control/launch-rig.ts';
import type { Host } from '../../rig/host.ts';
import type { PoolId, PoolSize } from '../../rig/licence.ts';
import { formTitle, plainText } from '../draw/message.ts';
import { type StartOrigin, writeStartOrigin } from '../draw/values.ts';
import { bounded, oneLine } from '../words/escape.ts';
import { formatLimit } from '../words/help.ts';

export const startForm = 'start-rig';

/** A field's block and its element have the same id, this one. */
export type StartField = 'name' | 'lease' | 'host' | 'tag' | 'where' | 'quietly';

/** Of the menu of hosts: whichever is best. No host can be called that. */
export const anyHost = '*';

export type StartFormView = {
  readonly origin: StartOrigin;
  readonly hosts: readonly Host[];
  /** Of licences, where hosts have some. */
  readonly pools: ReadonlyMap<PoolId, PoolSize>;
  readonly policy: Pick<LaunchPolicy, 'lease' | 'tags'>;
};

/** Slack takes so many in a menu. */
const mostOptions = 100;

export const drawStartForm = ({ origin, hosts, pools, policy }: StartFormView): ModalView => ({
  type: 'modal',
  callback_id: startForm,
  private_metadata: writeStartOrigin(origin),
  title: formTitle('Start a rig'),
  submit: formTitle('Start'),
  close: formTitle('Cancel'),
  blocks: [
    nameInput,
    leaseInput(policy.lease),
    hostInput(hosts, pools),
    ...tagInput(policy.tags),
    // In a channel the card is the answer; from the Home tab there is no channel yet.
    origin.channel === undefined ? whereInput : quietlyInput,
  ],
});

const input = (
  id: StartField,
  label: string,
  element: InputBlock['element'],
  more: { readonly hint?: string } = {},
): InputBlock => ({
  type: 'input',
  block_id: id,
  label: plainText(label),
  element,
  optional: true,
  ...(more.hint === undefined ? {} : { hint: plainText(more.hint, 150) }),
});

const text = (id: StartField, placeholder: string): InputBlock['element'] => ({
  type: 'plain_text_input',
  action_id: id,
  max_length: 150,
  placeholder: plainText(placeholder, 150),
});

const option = (label: string, value: string): PlainTextOption => ({
  text: plainText(label),
  value,
});

const nameInput = input('name', 'Name', text('name', 'demo, say; without one I make one up'));

const leaseInput = ({ usual, most }: LaunchPolicy['lease']): InputBlock =>
  input(
    'lease',
    'For how long',
    text(
      'lease',
      `4h, or until 18:00 (usually ${formatLimit(usual)}${most === undefined ? '' : `, at most ${formatLimit(most)}`})`,
    ),
  );

const freest = (one: Host, other: Host): number =>
  other.freeSlots - one.freeSlots || one.name.localeCompare(other.name, 'en');

const roomOn = ({ slots, freeSlots, pool }: Host, pools: StartFormView['pools']): string => {
  if (freeSlots <= 0) return 'full';
  const licences = pool === undefined ? undefined : pools.get(pool);
  return licences?.free === 0 ? 'no free licence' : `${freeSlots} of ${slots} free`;
};

const hostInput = (hosts: readonly Host[], pools: StartFormView['pools']): InputBlock => {
  const best = option('whichever is best', anyHost);
  const hostOption = (host: Host): PlainTextOption =>
    option(`${bounded(oneLine(host.name), 50)} · ${roomOn(host, pools)}`, host.name);
  const ready = hosts.filter(({ state, name }) => state === 'ready' && name.length <= 150).sort(freest);
  return input('host', 'Host', {
    type: 'static_select',
    action_id: 'host',
    initial_option: best,
    options: [best, ...ready.slice(0, mostOptions - 1).map(hostOption)],
  });
};

/** None where none may be chosen. */
const tagInput = (tags: LaunchPolicy['tags']): InputBlock[] => {
  if (tags === undefined)
    return [input('tag', 'Tag of the image', text('tag', 'without one the usual build'))];
  if (tags.length === 0) return [];
  return [
    input('tag', 'Tag of the image', {
      type: 'static_select',
      action_id: 'tag',
      placeholder: plainText('the usual build', 150),
      options: tags.slice(0, mostOptions).map((tag) => option(tag, tag)),
    }),
  ];
};

const quietlyInput = input('quietly', 'Card', {
  type: 'checkboxes',
  action_id: 'quietly',
  options: [option('quietly: in a direct message with me, not in the channel', 'quietly')],
});

const whereInput = input(
  'where',
  'Where its card goes',
  {
    type: 'conversations_select',
    action_id: 'where',
    placeholder: plainText('a direct message with me', 150),
    filter: { include: ['public', 'private'], exclude_external_shared_channels: true },
  },
  { hint: 'In a channel your colleagues see it, too.' },
);
