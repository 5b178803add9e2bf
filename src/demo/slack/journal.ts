// All that went over the wire in both directions, in order, and the way to wait for what comes next.

import type { JournalEntry } from './wire.ts';

export type Journal = {
  readonly entries: () => readonly JournalEntry[];
  readonly record: (entry: Omit<JournalEntry, 'seq' | 'at'>) => void;
  /** Tells the listeners that something else than the journal changed. */
  readonly changed: () => void;
  readonly onChange: (listener: () => void) => () => void;
};

export const createJournal = (clock: () => number): Journal => {
  const entries: JournalEntry[] = [];
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    entries: () => entries,
    record: (entry) => {
      entries.push({ seq: entries.length + 1, at: clock(), ...entry });
      changed();
    },
    changed,
    onChange: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
};

const line = (entry: JournalEntry): string => {
  const arrow = { 'from-bot': '→', 'to-bot': '←', none: '·' }[entry.direction];
  return `${arrow} ${entry.kind} ${entry.name} ${JSON.stringify(entry.body).slice(0, 200)}`;
};

/** See `SlackEmulator.until`. */
export const createUntil =
  (journal: Journal) =>
  <T>(condition: () => T | undefined | false | null, timeoutMs = 5000, what = 'a condition'): Promise<T> => {
    const waiting = Promise.withResolvers<T>();
    const look = () => {
      try {
        const found = condition();
        if (found !== undefined && found !== false && found !== null) waiting.resolve(found);
      } catch (fault) {
        waiting.reject(fault);
      }
    };
    const unsubscribe = journal.onChange(look);
    const timer = setTimeout(() => {
      const end = journal.entries().slice(-12).map(line).join('\n  ');
      waiting.reject(
        new Error(`waited ${timeoutMs} ms in vain for ${what}; the journal ends with\n  ${end}`),
      );
    }, timeoutMs);
    look();
    return waiting.promise.finally(() => {
      clearTimeout(timer);
      unsubscribe();
    });
  };
