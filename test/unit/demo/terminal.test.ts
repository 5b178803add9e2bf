// What the try-out prints: lines that fit the terminal, and numbers that stand for buttons as long as these are there.

import { describe, expect, it, onTestFinished } from 'vitest';
import { createScreen } from '../../../src/demo/terminal.ts';
import { button, must, section, socketApp, start } from '../slack-emulator/bolt.ts';

const words =
  'This line is far too long for a narrow terminal and has to be broken somewhere between two words.';

describe('the screen of the try-out', () => {
  const world = async (columns: number | undefined) => {
    const slack = await start({ limits: { postEveryMs: 0 } });
    const { client } = await socketApp(slack, () => undefined);
    const lines: string[] = [];
    const screen = createScreen({
      slack,
      user: 'anna',
      colour: false,
      columns: () => columns,
      print: (line) => lines.push(line),
    });
    onTestFinished(screen.stop);
    const { id } = slack.channel('#lab');
    return { client, lines, screen, channel: id };
  };

  it.each([
    [80, 80],
    [50, 50],
    [300, 110],
    [undefined, 110],
  ])('keeps to the width of a terminal of %s columns, and to %i', async (columns, most) => {
    const { client, lines, channel } = await world(columns);
    await client.chat.postMessage({ channel, text: 'x', blocks: [section(`${words} ${words}`)] });
    const longest = Math.max(...lines.map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(most);
    expect(longest).toBeGreaterThan(most - 12);
    expect(lines.map((line) => line.replace(/^.* ┃ /, '')).join(' ')).toBe(`${words} ${words}`);
  });

  it('tells times in the zone of the person, wherever the machine stands', async () => {
    const { client, lines, channel } = await world(80);
    const at = Date.UTC(2026, 10, 24, 22, 45) / 1000;
    await client.chat.postMessage({ channel, text: `ends at <!date^${at}^{time}|some time>` });
    expect(lines.at(-1)).toContain('ends at 23:45');
  });

  it('keeps the number of a button that an edit leaves as it is, and never gives it to another', async () => {
    const { client, lines, screen, channel } = await world(80);
    const actions = (...labels: readonly string[]) => [
      { type: 'actions' as const, elements: labels.map((label) => button(label, label.toLowerCase())) },
    ];
    const post = (blocks: ReturnType<typeof actions>) =>
      client.chat.postMessage({ channel, text: 'x', blocks });
    const { ts } = await post(actions('Stop', 'Logs', 'Share'));
    await post(actions('Stop'));
    await client.chat.update({ channel, ts: must(ts), text: 'x', blocks: actions('More', 'Share', 'Stop') });
    expect(lines.at(-1)).toContain('[5] More  [3] Share  [1] Stop');
    expect(screen.choice(1)).toMatchObject({ on: { ts }, choice: { actionId: 'stop' } });
    expect(screen.choice(2)).toBeUndefined();
    // It is pressed where it stands now.
    const { on, choice } = must(screen.choice(1));
    expect(on.blocks.map(({ block_id }) => block_id)).toContain(choice.blockId);
  });

  it('takes a number back when its message shows other buttons', async () => {
    const { client, lines, screen, channel } = await world(80);
    const actions = (...labels: readonly string[]) => [
      { type: 'actions' as const, elements: labels.map((label) => button(label, label.toLowerCase())) },
    ];
    const { ts } = await client.chat.postMessage({
      channel,
      text: 'x',
      blocks: actions('Password', 'Stop'),
    });
    expect(lines.at(-1)).toContain('[1] Password  [2] Stop');
    expect(screen.choice(2)?.choice.actionId).toBe('stop');
    await client.chat.update({ channel, ts: must(ts), text: 'x', blocks: actions('Again') });
    expect(lines.at(-1)).toContain('[3] Again');
    expect(screen.choice(2)).toBeUndefined();
    expect(screen.choice(3)?.choice.actionId).toBe('again');
  });
});
