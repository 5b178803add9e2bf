// The try-out's prompt: what is typed goes to the emulated Slack as a command or a click.

import { createInterface, type Interface } from 'node:readline/promises';
import { assertNever } from '../rig/assert-never.ts';
import { type Duration, second } from '../rig/duration.ts';
import { invite } from './invite.ts';
import { createScreen, type Screen } from './terminal.ts';
import type { TryOut } from './try-out.ts';
import { movingSentence, readTyped, skippedSentence } from './typed.ts';

const user = 'anna';
const channel = '#rigs';

/** Until `exit`, the end of the input, or Ctrl-C. */
export const prompt = async (tryOut: TryOut, signal: AbortSignal): Promise<number> => {
  const { slack, clock } = tryOut;
  console.log(
    `\nYou are @${user} in ${channel}. Try:  /wcs up demo for 1h    (a number clicks a button, /skip 30m moves the time on: half an hour before its end a rig asks whether to go on, exit ends)`,
  );
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: `${user} > ` });
  // Above the line that is being typed, which is drawn again with what it held.
  const print = (line: string): void => {
    process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${line}\n` : `${line}\n`);
    if (process.stdout.isTTY) input.prompt(true);
  };
  const screen = createScreen({
    slack,
    user,
    colour: process.stdout.isTTY,
    now: clock.now,
    columns: () => process.stdout.columns,
    print,
  });
  signal.addEventListener('abort', () => input.close(), { once: true });
  input.on('SIGINT', () => input.close());
  input.prompt();
  for await (const line of input) {
    const typed = line.trim();
    if (typed === 'exit' || typed === 'quit') break;
    if (typed !== '') await obey(tryOut, typed, { screen, input, print });
    input.prompt();
  }
  screen.stop();
  input.close();
  console.log('');
  return 0;
};

type Terminal = {
  readonly screen: Screen;
  readonly input: Interface;
  readonly print: (line: string) => void;
};

const obey = async (tryOut: TryOut, line: string, { screen, input, print }: Terminal): Promise<void> => {
  const { slack } = tryOut;
  if (/^\d+$/.test(line)) return click(slack, screen, Number(line), input);
  const typed = readTyped(line);
  switch (typed.kind) {
    case 'explain':
      return console.log(typed.text);
    case 'skip':
      return skipAhead(tryOut, typed.length, print);
    case 'invite':
      return console.log(`Slack ┃ ${invite(slack, channel, typed.who)}`);
    case 'command': {
      const { command, text } = typed;
      const interaction = await slack.command({ user, channel, command, text });
      if (interaction.kind !== 'acknowledged') console.log(`Slack ┃ ${interaction.shown}`);
      return;
    }
    default:
      assertNever(typed);
  }
};

/** How often one hears of a skip under way: those that are over soon say nothing. */
const progressEvery: Duration = 3 * second;

const skipAhead = async (
  { slack, clock, skip }: TryOut,
  length: Duration,
  print: Terminal['print'],
): Promise<void> => {
  const { tz } = slack.person(user);
  const timer = setInterval(() => {
    const movingTo = clock.movingTo();
    if (movingTo !== undefined) print(movingSentence(clock.now(), movingTo, tz));
  }, progressEvery);
  try {
    console.log(skippedSentence(await skip(length), tz));
  } finally {
    clearInterval(timer);
  }
};

const click = async (
  slack: TryOut['slack'],
  screen: Screen,
  number: number,
  input: Interface,
): Promise<void> => {
  const found = screen.choice(number);
  if (!found) {
    console.log(`There is no button ${number} now; the numbers stand before the buttons.`);
    return;
  }
  const { on, choice } = found;
  const { actionId, blockId, value, url, confirm } = choice;
  if (url !== undefined) console.log(`Slack ┃ a browser would open ${url}`);
  if (confirm !== undefined && !/^y/i.test(await input.question(`Slack ┃ ${confirm} (y/n) `))) return;
  const interaction = await slack.click({
    user,
    on,
    actionId,
    blockId,
    ...(value === undefined ? {} : { value }),
  });
  if (interaction.kind !== 'acknowledged') console.log(`Slack ┃ ${interaction.shown}`);
};
