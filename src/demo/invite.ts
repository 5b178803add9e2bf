// Slack's own `/invite`: the one command besides the bot's that a person needs with it.

import type { SlackEmulator } from './slack/surface.ts';

/** What the person is told. */
export const invite = (slack: SlackEmulator, channel: string, who: string): string => {
  const known = slack.channel(channel);
  if (known.kind === 'direct') return 'Slack lets nobody invite into a direct message.';
  const name = who.replace(/^@/, '');
  const person = slack.people().find((each) => each.name === name);
  if (!person) return `Nobody is called @${name}; the bot is @${slack.person(slack.botUser).name}.`;
  slack.invite(channel, person.id);
  return `@${name} is in #${known.name} now.`;
};
