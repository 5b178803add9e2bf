// What is said in forms: under their fields, where the command's own sentence would not fit, and when one cannot be shown.

import { isForWantOfLicence, isForWantOfRoom } from '../../rig/placement.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { Admission } from '../access.ts';
import type { Mistake } from '../parse/command.ts';
import { repairName } from '../parse/parse-up.ts';
import { plainOf } from '../views/inline.ts';
import { notWelcome } from './access.ts';
import { refusalSentence } from './answers.ts';
import { bounded, code, nameOf, oneLine } from './escape.ts';
import { licencesTaken } from './licences.ts';
import { badName, badTag, mistakeSentence } from './mistakes.ts';

/** Plain text, as are all that stand under a field. */
export const mistakeInForm = (mistake: Mistake, command: string): string => {
  switch (mistake.kind) {
    case 'two-names':
      return plainOf(twoNames(mistake.first, mistake.second));
    case 'bad-name':
      return plainOf(badName(mistake, () => "If it is an image's tag, that has a field of its own."));
    case 'bad-tag':
      return plainOf(badTag(mistake.typed, '5.2.1945'));
    default:
      return plainOf(mistakeSentence(mistake, command));
  }
};

const twoNames = (first: string, second: string): string => {
  const joined = repairName(`${first}-${second}`);
  const example = joined === undefined ? '' : `, ${code(joined)} say`;
  return `One word only: a rig's name begins with a letter and has letters, digits and dashes${example}. Time and tag have fields of their own.`;
};

export const refusalInForm = (refusal: Refusal, command: string): string => {
  switch (refusal.kind) {
    case 'name-taken':
      return plainOf(
        `The name ${code(refusal.name)} is taken: that rig is ${nameOf(refusal.holder)}'s. Choose another one, or leave this empty and I make one up.`,
      );
    case 'user-quota': {
      const rigs = refusal.mine.length === 1 ? '1 rig' : `${refusal.mine.length} rigs`;
      const names = refusal.mine.map(({ name }) => code(name)).join(', ');
      return plainOf(
        `You have ${rigs} already, and ${refusal.limit} is the most for one person: ${names}. Stop one that you do not need (${code(`${command} down NAME`)}), then press Start again.`,
      );
    }
    case 'nowhere':
      return plainOf(nowhereInForm(refusal));
    case 'unknown-host':
      return plainOf(
        `There is no host ${code(refusal.asked)} any more. Choose another one, or whichever is best.`,
      );
    default:
      return plainOf(refusalSentence(refusal, command));
  }
};

const nowhereInForm = ({ reasons, asked, licences }: Refusal & { kind: 'nowhere' }): string => {
  const whose = licences === undefined ? undefined : licencesTaken(licences, asked !== undefined);
  const said = reasons.slice(0, 10).map(({ host, why }) => `${code(host)} ${bounded(oneLine(why), 120)}`);
  const more = reasons.length - said.length;
  const rest = more > 0 ? [`and ${more} more hosts likewise`] : [];
  const stopOne = reasons.some(isForWantOfRoom)
    ? 'Stop a rig that you do not need, or try again later.'
    : 'Try again in a minute; if it stays like this, tell whoever runs this bot.';
  const wayOut =
    asked === undefined ? stopOne : 'Choose another host, or whichever is best; or try again later.';
  // The same of each host says nothing more.
  const isAll = whose !== undefined && reasons.every(isForWantOfLicence);
  const head = isAll ? 'Nothing was started.' : `Nothing was started: ${[...said, ...rest].join('; ')}.`;
  return [head, ...(whose === undefined ? [] : [whose]), wayOut].join(' ');
};

/** Channels have no names under a field. */
export const notWelcomeInForm = (admission: Exclude<Admission, { kind: 'welcome' }>): string =>
  admission.kind === 'not-here'
    ? 'I take no commands for that channel, so nothing was started. Choose one where I do, or a direct message with me.'
    : plainOf(notWelcome(admission));

/** The trigger of a click lives for three seconds. */
export const formTooLate = (command: string): string =>
  `Slack did not let me open the form in time. Press the button again; or type ${code(`${command} up`)}.`;

export const shareTooLate = (name: string, command: string): string =>
  `Slack did not let me open the form in time. Press it again; or type ${code(`${command} share ${name} @somebody`, 120)}.`;

export const oldForm = (command: string): string =>
  `That form is from an older version of me, and nothing was done. Open it again; ${code(`${command} help`)} has what I can do.`;

/** In a direct message: nothing of the answer itself, since it may be a password. */
export const answerTooLate = (command: string): string =>
  `I could not show you the answer to your last click in time. Your Home tab shows how things stand; press again if need be, or type ${code(`${command} help`)}.`;
