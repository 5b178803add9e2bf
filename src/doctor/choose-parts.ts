// What is looked at on this machine, and what is not and why: by the word that was typed, or by what the environment speaks of.

import { workerVariables } from '../config/variables.ts';
import type { Environment } from '../config.ts';
import type { DoctorWish, Subject } from './read-words.ts';

export const parts = ['redis', 'host', 'fleet', 'slack', 'probe'] as const;
export type Part = (typeof parts)[number];

export type NotLooked = { readonly part: Part; readonly why: string };

export type Choice = {
  readonly looked: ReadonlySet<Part>;
  readonly notLooked: readonly NotLooked[];
};

/** What each word is about. A host is looked at among the others, which takes Redis. */
const about: Readonly<Record<Subject, readonly Part[]>> = {
  host: ['redis', 'host', 'fleet', 'probe'],
  redis: ['redis', 'fleet'],
  slack: ['slack'],
  all: parts,
};

const isSet = (environment: Environment, name: string): boolean => (environment[name] ?? '').trim() !== '';

/** On every machine with Docker somebody may have set it, and the compose file sets these two for itself. */
const saysNothing: ReadonlySet<string> = new Set(['DOCKER_HOST', 'WCS_STATE_DIR']);

const speaksOfHost = (environment: Environment): boolean =>
  workerVariables.some((name) => !saysNothing.has(name) && isSet(environment, name));

const speaksOfSlack = (environment: Environment): boolean =>
  Object.keys(environment).some((name) => name.startsWith('SLACK_') && isSet(environment, name));

const unsaid = {
  host: 'no WCS_RANGE here, or anything else that a host is told: `doctor host` looks all the same',
  slack: 'no SLACK_… here: only bots have tokens',
  redis: 'no REDIS_URL here: `doctor redis` looks at redis://127.0.0.1:6379',
} as const;

export const chooseParts = (
  { subject, probe }: Pick<DoctorWish, 'subject' | 'probe'>,
  environment: Environment,
): Choice => {
  const chosen = subject === undefined ? byEnvironment(environment) : byWord(subject);
  if (probe || !chosen.looked.has('probe')) return chosen;
  const looked = new Set([...chosen.looked].filter((part) => part !== 'probe'));
  return { looked, notLooked: [...chosen.notLooked, { part: 'probe', why: '--no-probe' }] };
};

const byWord = (subject: Subject): Choice => ({ looked: new Set(about[subject]), notLooked: [] });

const byEnvironment = (environment: Environment): Choice => {
  const looked = new Set<Part>();
  const notLooked: NotLooked[] = [];
  const add = (isSaid: boolean, subject: 'host' | 'slack' | 'redis'): void => {
    if (isSaid) for (const part of about[subject]) looked.add(part);
    else notLooked.push({ part: subject, why: unsaid[subject] });
  };
  const isHost = speaksOfHost(environment);
  const isBot = speaksOfSlack(environment);
  // A bot and a worker without REDIS_URL use the usual one.
  add(isHost || isBot || isSet(environment, 'REDIS_URL'), 'redis');
  add(isHost, 'host');
  add(isBot, 'slack');
  return { looked, notLooked };
};
