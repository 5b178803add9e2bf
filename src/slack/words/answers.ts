// What is said in answer to commands and clicks: every refusal with its way out, and the short confirmations.

import type { WhyDirect } from '../../ports/outbox.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { RigName } from '../../rig/name.ts';
import { shownAddress } from '../../rig/outside.ts';
import { isForWantOfLicence, isForWantOfRoom, type Reason } from '../../rig/placement.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { HostName, Rig } from '../../rig/rig.ts';
import { bounded, code, escapeText, hostOf, nameOf, oneLine } from './escape.ts';
import { hostRefusal } from './hosts.ts';
import { licencesTaken } from './licences.ts';
import { timeOf } from './rig.ts';

/** `a`, `b` and 3 more: at most `most` of them by name. */
const some = (names: readonly string[], most = 10): string => {
  const shown = names.slice(0, most).map((name) => code(name));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
};

const say = (command: string, text: string): string => code(`${command} ${text}`, 120);

/** `command` is the slash command as it was typed. */
export const refusalSentence = (refusal: Refusal, command: string): string => {
  switch (refusal.kind) {
    case 'name-taken':
      return `The name ${code(refusal.name)} is taken: that rig is ${nameOf(refusal.holder)}'s. Choose another name, or none (${say(command, 'up')}) and I make one up.`;
    case 'user-quota':
      return `You have ${count(refusal.mine.length)} already, and ${refusal.limit} is the most for one person, so nothing was started. Stop one that you do not need:`;
    case 'fleet-quota':
      return `All ${refusal.limit} rigs that may run at once are running, so nothing was started. ${say(command, 'list')} shows whose they are and which ends next; ask its owner, or try again then.`;
    case 'nowhere':
      return nowhere(refusal, command);
    case 'no-host':
      return `No Docker host has joined yet, so there is nothing to start a rig on. Whoever runs this bot has to start a worker on a host first; then try again.`;
    case 'unknown-host':
      return unknownHost(refusal.asked, refusal.known, command);
    case 'no-such-host':
    case 'only-admins':
    case 'host-present':
      return hostRefusal(refusal, command);
    case 'unknown-tag':
      return refusal.known.length === 0
        ? `No tag may be chosen here, so nothing was started. Leave ${code(`tag ${refusal.tag}`)} out and you get the usual image.`
        : `There is no tag ${code(refusal.tag)} to choose here, so nothing was started. Tags to choose from: ${some(refusal.known, 15)}.`;
    case 'no-such-rig':
      return noneCalled([refusal.name], refusal.mine, command);
    case 'not-owner':
      if (refusal.handOver)
        return `${code(refusal.name)} is ${nameOf(refusal.owner)}'s rig: only its owner can share it or give it away. Ask ${nameOf(refusal.owner)}.`;
      return `${code(refusal.name)} is ${nameOf(refusal.owner)}'s rig, and only its owner, and those it is shared with, can do that. Ask ${nameOf(refusal.owner)} for ${say(command, `share ${refusal.name}`)}, or get one of your own with ${say(command, 'up')}.`;
    case 'already-stopping':
      return `${code(refusal.name)} is being stopped already, or has ended; there is nothing left to do. Its card says when it is gone.`;
    case 'at-cap':
      return `${code(refusal.name)} ends ${timeOf(refusal.end)}, and that is the most: it cannot be extended. When it has ended, ${say(command, `up ${refusal.name}`)} starts a new one.`;
    case 'no-longer':
      return `${code(refusal.name)} ends ${timeOf(refusal.end)} already, so nothing was changed. For less time there is ${say(command, `down ${refusal.name}`)}, when you are done.`;
    case 'endless':
      return `${code(refusal.name)} has no end, so there is nothing to extend. ${say(command, `down ${refusal.name}`)} when you are done with it.`;
    case 'for-admins':
      return `${code(refusal.what)} is for those who run this bot: a rig without an end is easily forgotten. Ask them; or extend it as far as it goes with ${say(command, `extend ${refusal.name} 24h`)}.`;
    case 'not-running':
      return notRunning(refusal.rig, command);
    case 'earlier-secret':
      return `${code(refusal.name)} was made with an earlier secret of mine, so I can no longer say its password. ${say(command, `restart ${refusal.name}`)} gives it a new one, on the same address; what runs in it ends with that.`;
    case 'host-away':
      return `Host ${code(refusal.host)}, where ${code(refusal.name)} is, does not answer at the moment. Try again in a minute; if it stays like this, tell whoever runs it.`;
    case 'shared-already':
      return sharedAlready(refusal);
    case 'shared-with-many':
      return `${code(refusal.name)} can be shared with ${refusal.limit} people at most, so nothing was changed. Others can have a rig of their own with ${say(command, 'up')}.`;
    case 'theirs-already':
      return `${code(refusal.name)} is ${nameOf(refusal.owner)}'s already, so nothing was changed.`;
    case 'receiver-quota':
      return `${nameOf(refusal.to)} has ${refusal.limit} rigs already, the most for one person, so it was not given. Share it instead, or let them stop one first.`;
    case 'not-set-aside':
      return `${code(refusal.address)} is not set aside, so there is nothing to release. ${say(command, 'addresses')} shows which are.`;
    case 'which-lan':
      return `${code(refusal.address)} is set aside on several LANs, so nothing was done. Which one? ${refusal.lans.map((lan) => say(command, `addresses release ${refusal.address} ${lan}`)).join(', ')}.`;
    case 'no-such-lan':
      return refusal.known.length === 0
        ? 'No Docker host has joined yet, so there are no addresses to show.'
        : `There is no LAN and no host ${code(refusal.asked)}. The LANs: ${some(refusal.known, 15)}.`;
    default:
      return assertNever(refusal);
  }
};

const sharedAlready = ({ name, owner, people }: Refusal & { kind: 'shared-already' }): string => {
  const others = people.filter(({ id }) => id !== owner.id);
  return others.length === 0
    ? `${code(name)} is ${nameOf(owner)}'s own rig already, so nothing was changed. Share it with somebody else.`
    : `${code(name)} is shared with ${others.map(nameOf).join(', ')} already, so nothing was changed.`;
};

const notRunning = ({ name, state }: Rig, command: string): string =>
  state.kind === 'crashed'
    ? `${code(name)} has failed and is not running. ${say(command, `restart ${name}`)} brings it back with the same address; ${say(command, `down ${name}`)} gives it up.`
    : `${code(name)} is still starting. Its card says when it is ready; try again then.`;

const count = (rigs: number): string => (rigs === 1 ? '1 rig' : `${rigs} rigs`);

/** A person reads so many at most. */
const mostReasons = 15;

const nowhere = (refusal: Refusal & { kind: 'nowhere' }, command: string): string => {
  const { reasons, asked, licences } = refusal;
  const whose = licences === undefined ? [] : [licencesTaken(licences, asked !== undefined)];
  const end = `Nothing was started. ${wayOutOf(reasons, asked, command)}`;
  // The same of each host says nothing more.
  const isAll = whose.length > 0 && reasons.every(isForWantOfLicence);
  return [...(isAll ? [] : [whyNowhere(refusal)]), ...whose, end].join('\n');
};

const whyNowhere = ({ reasons, asked }: Refusal & { kind: 'nowhere' }): string => {
  const said = reasons
    .slice(0, mostReasons)
    .map(({ host, why }) => `${hostOf(host)} ${escapeText(bounded(oneLine(why), 120))}`);
  const more = reasons.length - mostReasons;
  const rest = more > 0 ? [`and ${more} more hosts likewise`] : [];
  const taker = asked === undefined ? 'No host can' : 'That host cannot';
  return `${taker} take it: ${[...said, ...rest].join('; ')}.`;
};

const wayOutOf = (reasons: readonly Reason[], asked: HostName | undefined, command: string): string => {
  if (asked !== undefined)
    return `Leave ${code('on')} out (${say(command, 'up')}) and I look for another host; or try again later.`;
  return reasons.some(isForWantOfRoom)
    ? `${say(command, 'list')} shows which rig ends next; stop one that you do not need with ${say(command, 'down')}, or try again later.`
    : `Try again in a minute; if it stays like this, tell whoever runs this bot: ${say(command, 'hosts')} shows all of them.`;
};

const unknownHost = (asked: string, known: readonly string[], command: string): string =>
  known.length === 0
    ? `There is no host ${code(asked)}, and no other has joined yet. Whoever runs this bot has to start a worker on a host first; then try again.`
    : `There is no host ${code(asked)}, so nothing was started. Known: ${some(known, 15)}; or leave ${code('on')} out (${say(command, 'up')}) and I choose.`;

/** For `list on HOST`. */
export const noSuchHost = (asked: string, known: readonly string[], command: string): string =>
  known.length === 0
    ? `There is no host ${code(asked)}, and no other has joined yet.`
    : `There is no host ${code(asked)}. Known: ${some(known, 15)}; ${say(command, 'list')} shows the rigs on all of them.`;

/** `mine`: what the asker may have meant. */
export const noneCalled = (names: readonly RigName[], mine: readonly RigName[], command: string): string => {
  const none =
    names.length === 1
      ? `No rig is called ${some(names)} (it may have ended)`
      : `No rigs are called ${some(names, 25)} (they may have ended)`;
  return mine.length === 0
    ? `${none}, and you have none at the moment. All rigs: ${say(command, 'list')}.`
    : `${none}. Yours: ${some(mine)}.`;
};

/** `consequence`: what did not happen, `nothing was started`. */
export const queueDown = (consequence: string): string =>
  `The queue is down (its Redis does not answer me), so ${consequence}. Try again in a minute; if it stays like this, tell whoever runs this bot.`;

/** Only where Slack was asked before anything was done. */
export const slackSilent = (): string =>
  'Slack does not answer me at the moment, so nothing was done; try again in a minute.';

export const queueDownUp = (): string =>
  `${queueDown('nothing was started')} Should a card turn up meanwhile, your command got through after all.`;

/** `reference` stands in the log line too. */
export const queueDownStop = (): string =>
  `${queueDown('nothing was stopped')} Should a card say *stopping* meanwhile, it got through after all.`;

export const faultSentence = (reference: string, command: string): string =>
  `Something went wrong on my side, and I cannot say what became of it. ${say(command, 'list')} shows how things stand; if it happens again, tell whoever runs this bot and give them the reference ${code(reference)}.`;

export const stoppingSentence = (rig: Pick<Rig, 'name'>): string =>
  `${code(rig.name)} is being stopped; its card and its thread say when it is gone.`;

export const stoppingAllSentence = (rigs: readonly Pick<Rig, 'name'>[], command: string): string =>
  rigs.length === 0
    ? `You have no rig that could be stopped. All rigs: ${say(command, 'list')}.`
    : `${some(
        rigs.map(({ name }) => name),
        25,
      )}: being stopped. Each card says when its rig is gone.`;

export const queueDownHost = (command: string): string =>
  `${queueDown('that was not done, or not all of it')} ${say(command, 'hosts')} will show how things stand; type it once more then.`;

export const queueDownExtend = (): string =>
  `${queueDown('nothing was extended')} Should its card show a later end meanwhile, it got through after all.`;

/** `link`: to the card, where there is one to link to. */
export const alreadyYours = (rig: Rig, state: string, link: string | undefined, command: string): string => {
  const card = link === undefined ? 'its card is on its way' : `<${link}|here is its card>`;
  return `${code(rig.name)} is yours already and is ${state}: ${card}. For a second one take another name; to start it anew, first ${say(command, `down ${rig.name}`)}.`;
};

/** `sshCommand`: none where its address is one of its host's, who answers SSH there itself. */
export const passwordSentence = (rig: Rig, password: string, sshCommand: string | undefined): string =>
  sshCommand === undefined
    ? `${code(rig.name)} has no SSH of its own: ${code(shownAddress(rig))} is an address of its host ${code(rig.host)}, whose own SSH answers there. ${say(rig.asked.command, `logs ${rig.name}`)} shows its log; whoever runs the host can look inside.`
    : `The SSH password of ${code(rig.name)} is \`${escapeText(password)}\`\n${code(sshCommand, 120)}\nOnly you see this; ask for it as often as you like.`;

export const noneToStop = (command: string): string =>
  `You have no rigs, so there is nothing to stop. ${say(command, 'up')} starts one, ${say(command, 'list')} shows everybody's.`;

/** Some of them may be stopping already; not all. */
export const chooseToStop = (names: readonly RigName[], command: string): string =>
  names.length === 1
    ? `This is your only rig. Shall I stop it? (${say(command, `down ${names[0]}`)} does the same.)`
    : `These are your ${names.length} rigs. Which one shall I stop? (${say(command, 'down NAME')} does the same.)`;

export const allStopping = (names: readonly RigName[]): string =>
  `${some(names, 25)}: being stopped already, so there is nothing left to stop. Each card says when its rig is gone.`;

export const askAll = (names: readonly RigName[]): string =>
  `Stop ${names.length === 1 ? 'your rig' : `all ${names.length} of your rigs`}: ${some(names, 25)}? Nothing has been stopped yet.`;

/** Where a card went that did not go to the channel. */
export const cardInDirectMessage = (rig: Pick<Rig, 'name'>, because: WhyDirect): string => {
  const why = {
    quietly: 'as you asked',
    'cannot-post': 'since I cannot post in this conversation',
    'shared-channel':
      'since this channel is shared with another organisation and the card shows LAN addresses',
    'lost-place': 'since I can no longer post in this conversation',
    deleted: 'since it was deleted in this conversation',
    'cannot-see': 'since you are not in this conversation',
  }[because];
  return `${code(rig.name)} is on its way. Its card is in your direct messages with me, ${why}.`;
};

/** A rig that ended is remembered for a week. */
export const forgotten = (name: RigName, command: string): string =>
  `That was so long ago that I no longer know how ${code(name)} was started. ${say(command, `up ${name}`)} starts a new one.`;

export const oldButton = (command: string): string =>
  `That button is from an older version of me, and I no longer know it. ${say(command, 'help')} has what I can do.`;
