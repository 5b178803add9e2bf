// What people read since a moment: every version of every message, in channels, threads and direct messages, and the answers
// that only one person saw.

import type { Message, SlackEmulator } from '../../src/demo/slack/surface.ts';

const sentencesOf = ({ text, editedAt, postedAt, history }: Message, since: number): [number, string][] => {
  const versions: [number, string][] = [
    ...history.map((one): [number, string] => [one.at, one.text]),
    [editedAt ?? postedAt, text],
  ];
  return versions.filter(([at, words]) => at >= since && words !== '');
};

/** Each sentence once, in the order of its first time. */
export const saidSince = (slack: SlackEmulator, since: number): readonly string[] => {
  const people = slack.people().filter(({ isBot, isDeleted }) => !isBot && isDeleted !== true);
  const messages = slack.channels().flatMap(({ id }) => {
    const own = slack.messages(id).flatMap((one) => [one, ...slack.replies(id, one.ts)]);
    return [...own, ...people.flatMap((person) => slack.ephemerals(person.id, id))];
  });
  const found = messages.filter(
    ({ user }) => user === slack.botUser || !people.some(({ id }) => id === user),
  );
  const told = found.flatMap((one) => sentencesOf(one, since)).sort(([one], [other]) => one - other);
  return [...new Set(told.map(([, words]) => words))];
};
