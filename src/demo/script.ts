// `--script`: commands one after the other, each awaited until it has had its effect. Worked means: seen to work.

import { second } from '../rig/duration.ts';
import { parseCommand } from '../slack/parse/parse.ts';
import type { Message } from './slack/state.ts';
import type { SlackEmulator } from './slack/surface.ts';
import { escapeTyped } from './slack/typed-text.ts';
import { createScreen } from './terminal.ts';
import type { TryOut } from './try-out.ts';

const user = 'anna';
const channel = '#rigs';

/** How long one command may take: an image may have to be pulled for it. */
const patience = 600 * second;

/** The commands between the semicolons, without `/wcs`. */
export const commandsOf = (script: string): readonly string[] =>
  script
    .split(';')
    .map((text) => text.trim().replace(/^\/wcs\s+/, ''))
    .filter((text) => text !== '');

/** 0 if each command worked, else 1 with a sentence; the later ones are not tried then. */
export const runScript = async (tryOut: TryOut, script: string, signal: AbortSignal): Promise<number> => {
  const { slack } = tryOut;
  const columns = () => process.stdout.columns;
  const print = (line: string): void => console.log(line);
  const screen = createScreen({ slack, user, colour: false, columns, print });
  try {
    for (const text of commandsOf(script)) {
      signal.throwIfAborted();
      console.log(`${user} > /wcs ${text}`);
      const fault = await runCommand(slack, text, signal);
      if (fault !== undefined) {
        console.error(`✘ /wcs ${text}: ${fault}`);
        return 1;
      }
    }
  } finally {
    screen.stop();
  }
  for (const { rule, where, detail } of slack.violations)
    console.error(`✘ Slack would object: ${rule} in ${where}: ${detail}`);
  return slack.violations.length === 0 ? 0 : 1;
};

/** What did not work, or `undefined`. */
const runCommand = async (
  slack: SlackEmulator,
  text: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const before = { ephemerals: slack.ephemerals(user, channel).length, cards: cardsOf(slack).length };
  // As Slack hands it to the bot: a person's name is an id.
  const parsed = parseCommand(escapeTyped(text, slack));
  const interaction = await slack.command({ user, channel, text });
  if (interaction.kind !== 'acknowledged') return interaction.shown;
  const answered = () => slack.ephemerals(user, channel).slice(before.ephemerals);
  const outcome = await Promise.race([
    slack.until(
      () => effectOf(slack, parsed, before.cards, answered()),
      patience,
      `the effect of /wcs ${text}`,
    ),
    aborted(signal),
  ]);
  return outcome === 'worked' ? undefined : outcome;
};

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('interrupted'), { once: true }));

const cardsOf = (slack: SlackEmulator): readonly Message[] => slack.messages(channel);

type Parsed = ReturnType<typeof parseCommand>;

/** `worked`, what was said instead, or nothing yet. */
const effectOf = (
  slack: SlackEmulator,
  parsed: Parsed,
  cards: number,
  answers: readonly Message[],
): string | undefined => {
  const [answer] = answers;
  if (parsed.kind === 'mistake') return answer?.text;
  const { command } = parsed;
  switch (command.kind) {
    case 'up': {
      const card = cardsOf(slack)[cards];
      if (!card) return answer?.text;
      if (/ · (failed|ended)/.test(card.text)) return card.text;
      // Ready is told twice: on the card, and in its thread, where the links are explained.
      return / is ready/.test(card.text) && slack.replies(channel, card.ts).length > 0 ? 'worked' : undefined;
    }
    case 'down': {
      const newest = command.names.map((name) => cardsOf(slack).findLast((card) => namesRig(card, name)));
      if (newest.every((card) => card && hasEnded(slack, card))) return 'worked';
      return newest.some((card) => !card || hasEnded(slack, card)) ? answer?.text : undefined;
    }
    default:
      return answer && 'worked';
  }
};

const namesRig = ({ text }: Message, name: string): boolean => text.split(' ').includes(name);

/** Told twice, too: the container is gone when both say so. */
const hasEnded = (slack: SlackEmulator, card: Message): boolean =>
  / · ended/.test(card.text) && slack.replies(channel, card.ts).length > 1;
