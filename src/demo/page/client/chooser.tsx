// Menus and fields of every kind, drawn with the browser's own: what is chosen is told, what stands there is given.

import type { ComponentChildren } from 'preact';
import { assertNever } from '../../../rig/assert-never.ts';
import type { StatefulElement } from '../../slack/block-schemas.ts';
import { type ConversationMenu, offers } from '../../slack/offers.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Value } from './element-values.ts';
import { Text } from './mrkdwn.tsx';
import { titleOf } from './sidebar.tsx';
import { useWorld } from './world.ts';

export type ChooserProps<E = StatefulElement> = {
  readonly element: E;
  readonly value: Value;
  /** What it is called where it has a label; else its placeholder. */
  readonly label?: string;
  readonly onChange: (value: Value) => void;
};

export const Chooser = (props: ChooserProps): ComponentChildren => {
  const { element, value, onChange } = props;
  const { snapshot } = useWorld();
  switch (element.type) {
    case 'plain_text_input':
      return <TextField {...props} element={element} />;
    case 'number_input':
      return <TextField {...props} element={element} />;
    case 'timepicker':
      return (
        <input
          type="time"
          aria-label={props.label ?? 'Time'}
          value={one(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'static_select':
      return <Menu {...props} options={element.options.map(({ text, value: id }) => [id, text.text])} />;
    case 'users_select':
    case 'multi_users_select':
      return <Menu {...props} options={peopleIn(snapshot)} />;
    case 'conversations_select':
    case 'channels_select':
      return <Menu {...props} options={conversationsIn(snapshot, element)} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <Boxes {...props} element={element} />;
    default:
      return assertNever(element);
  }
};

const one = (value: Value): string => (typeof value === 'string' ? value : (value[0] ?? ''));
const many = (value: Value): readonly string[] => (typeof value === 'string' ? [value] : value);

type Options = readonly (readonly [value: string, label: string])[];

const peopleIn = ({ people }: Snapshot): Options =>
  people.filter(({ isBot }) => !isBot).map(({ id, name, realName }) => [id, `${realName} (${name})`]);

const conversationsIn = (snapshot: Snapshot, menu: ConversationMenu): Options =>
  snapshot.channels
    .filter((channel) => offers(menu, channel, { user: snapshot.me.id, bot: snapshot.bot }))
    .map((channel) => [
      channel.id,
      channel.kind === 'direct' ? titleOf(channel, snapshot) : `#${channel.name}`,
    ]);

type MenuElement = { readonly placeholder?: { readonly text: string } | undefined };

const Menu = ({ element, value, label, onChange, options }: ChooserProps & { readonly options: Options }) => {
  const placeholder = 'placeholder' in element ? placeholderOf(element) : 'Choose …';
  const several = element.type === 'multi_users_select';
  return (
    <select
      aria-label={label ?? placeholder}
      multiple={several}
      value={several ? undefined : one(value)}
      onChange={({ currentTarget }) =>
        onChange(
          several ? [...currentTarget.selectedOptions].map((option) => option.value) : currentTarget.value,
        )
      }
    >
      {!several && <option value="">{placeholder}</option>}
      {options.map(([id, text]) => (
        <option key={id} value={id} selected={many(value).includes(id)}>
          {text}
        </option>
      ))}
    </select>
  );
};

const placeholderOf = ({ placeholder }: MenuElement): string => placeholder?.text ?? 'Choose …';

type TextElement = Extract<StatefulElement, { type: 'plain_text_input' | 'number_input' }>;

const TextField = ({ element, value, label, onChange }: ChooserProps<TextElement>) => {
  const common = {
    value: one(value),
    'aria-label': label ?? element.placeholder?.text ?? '',
    placeholder: element.placeholder?.text ?? '',
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      onChange(currentTarget.value),
  };
  return element.type === 'plain_text_input' && element.multiline === true ? (
    <textarea rows={4} {...common} />
  ) : (
    <input type="text" inputMode={element.type === 'number_input' ? 'decimal' : 'text'} {...common} />
  );
};

type BoxElement = Extract<StatefulElement, { type: 'radio_buttons' | 'checkboxes' }>;

const Boxes = ({ element, value, onChange }: ChooserProps<BoxElement>) => {
  const single = element.type === 'radio_buttons';
  const chosen = many(value);
  const toggle = (id: string): Value => {
    if (single) return id;
    return chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
  };
  return (
    <div class="boxes">
      {element.options.map(({ text, description, value: id }) => (
        <label key={id}>
          <input
            type={single ? 'radio' : 'checkbox'}
            name={element.action_id ?? ''}
            checked={chosen.includes(id)}
            onChange={() => onChange(toggle(id))}
          />
          <span>
            <Text text={text} />
            {description && (
              <small>
                <Text text={description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
};
