// What a person at the terminal sees of the emulated Slack: a channel's messages, its replies, and what only they see.

import { type Choice, renderMessage, type Unnumbered } from './slack/render.ts';
import type { Message } from './slack/state.ts';
import type { SlackEmulator } from './slack/surface.ts';

export type Choices = { readonly on: Message; readonly choice: Choice };

export type Screen = {
  /** The button with this number as it was last printed. */
  readonly choice: (number: number) => Choices | undefined;
  readonly stop: () => void;
};

export type ScreenOptions = {
  readonly slack: SlackEmulator;
  readonly user: string;
  readonly print: (line: string) => void;
  readonly colour: boolean;
  /** Decides what is today; the machine's time by default. */
  readonly now?: () => number;
  /** How wide the terminal is now; `undefined` where there is none. */
  readonly columns?: () => number | undefined;
};

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 110;

/** Prints each message as it comes and each time it changes. */
export const createScreen = (options: ScreenOptions): Screen => {
  const { slack, user, print, colour, now = Date.now, columns = () => undefined } = options;
  const shown = new Map<string, string>();
  const choices = new Map<number, Choices>();
  let next = 1;

  const show = (message: Message): void => {
    const key = `${message.channel} ${message.ts}`;
    const content = JSON.stringify([message.text, message.blocks]);
    if (shown.get(key) === content) return;
    shown.set(key, content);
    const where = placeOf(slack, message);
    // A button keeps its number as long as it is there; of the others none can be clicked any longer.
    const before = [...choices.values()]
      .filter(({ on }) => on.channel === message.channel && on.ts === message.ts)
      .map(({ choice }) => choice);
    for (const { number } of before) choices.delete(number);
    const margin = where.length + ' ┃ '.length;
    const rendered = renderMessage(message, {
      now: now(),
      // As Slack does, and as the bot reads what is typed: a person's own, wherever the machine stands.
      timeZone: slack.person(user).tz,
      colour,
      links: 'hidden',
      width: Math.min(widest, columns() ?? Number.POSITIVE_INFINITY) - margin,
      nameOf: (id) => slack.people().find((person) => person.id === id)?.name,
      numberOf: (choice) => {
        const index = before.findIndex((each) => isSame(each, choice));
        return before.splice(index, index < 0 ? 0 : 1)[0]?.number ?? next++;
      },
    });
    for (const choice of rendered.choices) choices.set(choice.number, { on: message, choice });
    rendered.lines.forEach((line, index) => {
      print(
        `${index === 0 ? where : ' '.repeat(where.length)} ${message.threadTs === undefined ? '┃' : '┗'} ${line}`,
      );
    });
  };

  const look = (): void => {
    for (const channel of slack.channels()) {
      for (const message of slack.messages(channel.id)) {
        show(message);
        for (const reply of slack.replies(channel.id, message.ts)) show(reply);
      }
      for (const message of slack.ephemerals(user, channel.id)) show(message);
    }
  };
  return { choice: (number) => choices.get(number), stop: slack.onChange(look) };
};

/** Blocks have other ids after each edit. */
const isSame = (one: Unnumbered, other: Unnumbered): boolean =>
  one.actionId === other.actionId &&
  one.label === other.label &&
  one.value === other.value &&
  one.url === other.url;

const placeOf = (slack: SlackEmulator, message: Message): string => {
  if (message.ephemeralTo !== undefined) return '(only you)';
  const channel = slack.channel(message.channel);
  return channel.kind === 'direct' ? '(direct)' : `#${channel.name}`;
};
