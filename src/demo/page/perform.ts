// Does what the page asks for, by the means that the emulator gives a person.

import { assertNever } from '../../rig/assert-never.ts';
import type { Duration, Instant } from '../../rig/duration.ts';
import type { Skipped } from '../demo-clock.ts';
import { invite } from '../invite.ts';
import type { Interaction, Message, SlackEmulator, View } from '../slack/surface.ts';
import { meanwhileSentence, readTyped, skippedSentence } from '../typed.ts';
import type { Act, Performed, Place } from './acts.ts';
import { addresseeOf } from './addressee.ts';

export type PerformParts = {
  readonly slack: SlackEmulator;
  readonly clock: { readonly movingTo: () => Instant | undefined };
  readonly skip: (length: Duration) => Promise<Skipped>;
};

const done: Performed = { kind: 'done' };
const said = (text: string): Performed => ({ kind: 'said', text });

/** Of some failures Slack tells the person nothing. */
const outcome = (interaction: Interaction): Performed =>
  interaction.kind === 'acknowledged' || interaction.shown === '' ? done : said(interaction.shown);

/** What a page still shows may be gone by now. */
const gone = said('That is not there any more.');

export const perform = async (parts: PerformParts, act: Act): Promise<Performed> => {
  const { slack } = parts;
  switch (act.act) {
    case 'type':
      return type(parts, act);
    case 'click': {
      const on = find(slack, act.as, act.on);
      if (!on) return gone;
      const { as, actionId, blockId, value } = act;
      const click = { user: as, on, actionId, blockId, ...(value === undefined ? {} : { value }) };
      return outcome(await slack.click(click));
    }
    case 'submit':
      if (!slack.modal(act.as)) return gone;
      return outcome(await slack.submit({ user: act.as, values: act.values }));
    case 'close':
      if (slack.modal(act.as)) await slack.closeModal(act.as);
      return done;
    case 'open-home':
      return outcome(await slack.openHome(act.as));
    case 'skip':
      return skip(parts, act.as, act.length);
    default:
      return assertNever(act);
  }
};

const find = (slack: SlackEmulator, user: string, on: Place): Message | View | undefined => {
  switch (on.kind) {
    case 'message':
      return slack.message(on.channel, on.ts);
    case 'home':
      return slack.home(user);
    case 'modal':
      return slack.modal(user);
    default:
      return assertNever(on);
  }
};

type Type = Act & { act: 'type' };

const type = async (parts: PerformParts, typed: Type): Promise<Performed> => {
  const { slack } = parts;
  const { as, channel, threadTs, text } = typed;
  // What stands in a thread is meant for colleagues, unless it begins as a command does.
  if (threadTs !== undefined && !/^\s*\//.test(text)) {
    slack.say({ user: as, channel, text, threadTs });
    return done;
  }
  // Alone with the bot, there is nobody else to talk to.
  const { kind, members } = slack.channel(channel);
  if (kind === 'direct' && members.includes(slack.botUser)) return obey(parts, typed);
  const addressee = addresseeOf(text);
  if (addressee.kind === 'bot') return obey(parts, typed);
  slack.say({ user: as, channel, text });
  const { meant } = addressee;
  return meant === undefined
    ? done
    : said(`You said that to your colleagues. For the bot, did you mean /wcs ${meant}?`);
};

const obey = async (parts: PerformParts, { as, channel, threadTs, text }: Type): Promise<Performed> => {
  const { slack, clock } = parts;
  const typed = readTyped(text);
  switch (typed.kind) {
    case 'explain':
      return said(typed.text);
    case 'skip':
      return skip(parts, as, typed.length);
    case 'invite':
      return said(invite(slack, channel, typed.who));
    case 'command': {
      const thread = threadTs === undefined ? {} : { threadTs };
      const { command, text: words } = typed;
      const movingTo = clock.movingTo();
      const interaction = await slack.command({ user: as, channel, command, text: words, ...thread });
      if (interaction.kind !== 'acknowledged' || movingTo === undefined) return outcome(interaction);
      return said(meanwhileSentence(movingTo, slack.person(as).tz));
    }
    default:
      return assertNever(typed);
  }
};

/** By the person's own clock, as the page shows all times. */
const skip = async ({ slack, skip: move }: PerformParts, as: string, length: Duration): Promise<Performed> =>
  said(skippedSentence(await move(length), slack.person(as).tz));
