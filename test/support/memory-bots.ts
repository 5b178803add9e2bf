// The bots that there are, and what hosts answered the doctor, of the registry in memory.

import type { BotNote, Bots } from '../../src/ports/bots.ts';
import type { Reaches } from '../../src/ports/reaches.ts';
import type { Instant } from '../../src/rig/duration.ts';
import type { ReachAnswer } from '../../src/rig/reach.ts';

export const createMemoryBots = (now: () => Instant): Bots => {
  const notes = new Map<string, { readonly note: BotNote; readonly until: Instant }>();
  return {
    note: async (note, length) =>
      void notes.set(note.session, { note: structuredClone(note), until: now() + length }),
    leave: async (session) => void notes.delete(session),
    list: async () =>
      [...notes.values()]
        .filter(({ until }) => until > now())
        .map(({ note }) => structuredClone(note))
        .sort((one, other) => one.session.localeCompare(other.session, 'en')),
  };
};

export const createMemoryReaches = (): Reaches => {
  const answers = new Map<string, ReachAnswer>();
  return {
    answer: async (request, answer) => void answers.set(request, structuredClone(answer)),
    of: async (request) => structuredClone(answers.get(request)),
  };
};
