// Conversations for many cards: a message a second in a conversation is Slack's limit, and in one alone they would take minutes.

import type { SlackEmulator } from '../../src/demo/slack/surface.ts';

/** As #rigs is, so many of them; gives how they are called. Those that are there already stay. */
export const openRooms = (slack: SlackEmulator, count: number): readonly string[] => {
  const model = slack.channel('#rigs');
  return Array.from({ length: count }, (_, number) => {
    const name = `room-${number}`;
    if (!slack.channels().some((one) => one.name === name)) {
      slack.putChannel({ ...model, id: `C0ROOM${String(number).padStart(4, '0')}`, name });
    }
    return `#${name}`;
  });
};
