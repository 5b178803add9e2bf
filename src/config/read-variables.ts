// Reads variables one by one and keeps every fault, so that all of them can be said at once.

import { closest, distance } from 'fastest-levenshtein';
import type { Form } from './forms.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What is read and what was wrong. After a fault a reader answers what it answers for an absent variable, so that the
 * others are still looked at; a caller that finds `faults` not empty uses nothing of what it read.
 */
export type Reading = {
  readonly optional: <T>(name: string, form: Form<T>) => T | undefined;
  readonly withDefault: <T>(name: string, form: Form<T>, fallback: T) => T;
  /** `how`: the rest of "NAME is missing; …". */
  readonly required: <T>(name: string, form: Form<T>, how: string) => T | undefined;
  readonly text: (name: string) => string | undefined;
  readonly fault: (sentence: string) => void;
  readonly faults: readonly string[];
};

/** Their text is never repeated, in no fault. */
const secrets = new Set([
  'REDIS_URL',
  'SLACK_APP_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'WCS_CONF',
  'WCS_LICENSE',
  'WCS_LICENSES',
  'WCS_SECRET',
  'WCS_SECRET_PREVIOUS',
]);

const shown = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return `\`${line.length > 60 ? `${line.slice(0, 60)}…` : line}\``;
};

const complain = (name: string, text: string, message: string): string => {
  if (!secrets.has(name)) return `${name} is ${shown(text)}; ${message}`;
  return /^(has|holds) /.test(message) ? `${name} ${message}` : `${name} is not right; ${message}`;
};

export const readVariables = (environment: Environment): Reading => {
  const faults: string[] = [];
  // Compose passes variables that are not set as empty ones.
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const optional = <T>(name: string, form: Form<T>): T | undefined => {
    const written = text(name);
    if (written === undefined) return undefined;
    const result = form.safeParse(written);
    if (result.success) return result.data;
    faults.push(complain(name, written, result.error.issues[0]?.message ?? 'it cannot be read'));
    return undefined;
  };
  return {
    text,
    optional,
    withDefault: (name, form, fallback) => optional(name, form) ?? fallback,
    required: (name, form, how) => {
      if (text(name) === undefined) faults.push(`${name} is missing; ${how}`);
      return optional(name, form);
    },
    fault: (sentence) => {
      faults.push(sentence);
    },
    faults,
  };
};

/** A sentence for each variable that begins as ours do and that nobody reads. */
export const unknownVariables = (environment: Environment, known: readonly string[]): readonly string[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith('WCS_') && !known.includes(name))
    .sort()
    .map((name) => {
      const near = closest(name, [...known]);
      const isNear = distance(name, near) <= Math.max(2, Math.floor((name.length - 4) / 3));
      return `${name} is not a variable that is known${isNear ? `; did you mean ${near}?` : ''}`;
    });
