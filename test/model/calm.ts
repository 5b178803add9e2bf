// The end of a story: everybody comes back, nothing fails any more, and time passes until nothing moves. Then nobody is
// owed anything, and when the last lease has ended nothing is left of any rig.

import { hour, minute, second } from '../../src/rig/duration.ts';
import { isTerminal } from '../../src/rig/rig.ts';
import { fleetSecret } from '../support/a-worker.ts';
import { checkInvariants } from './invariants.ts';
import { licenceTexts } from './licences.ts';
import { wakeUp } from './lives.ts';
import { finishBoot } from './moves.ts';
import { everybodyLooks, passTime } from './pass-time.ts';
import { createRandom, type Random } from './random.ts';
import { presence, stride } from './setting.ts';
import { clearOrphans, livingRigs, type Story } from './story.ts';
import { buttonsIn } from './story-slack.ts';

const mostTurns = 3000;
const rounds = 60;

export const calmDown = async (story: Story, seed: number): Promise<void> => {
  const random = createRandom(seed);
  await bringBack(story, random);
  story.lines.push('— everybody is back, and it becomes quiet');
  await untilQuiet(story, random, minute);
  await atRest(story);
  story.lines.push('— the leases end');
  await endAll(story, random);
  await atRest(story);
  await nothingLeft(story);
};

const bringBack = async (story: Story, random: Random): Promise<void> => {
  const { bots, workers, hosts } = story;
  while (story.frozen.length > 0) wakeUp(story, random);
  story.reports.areHeldUp = false;
  for (const { process } of [...bots.values(), ...workers.values()]) process.trouble = undefined;
  for (const host of hosts) {
    host.trouble.addressInUse = false;
    for (const boot of host.boots.values()) boot.isStuck = false;
  }
  for (const place of [0, 1]) if (!bots.has(place)) story.startBot(place);
  await story.turns.go(mostTurns, random);
  if (workers.size < hosts.length) {
    // A worker that was killed leaves its lock behind for so long.
    await passTime(story, presence);
  }
  for (const place of hosts.keys()) if (!workers.has(place)) story.startWorker(place);
  await story.turns.go(mostTurns, random);
  for (const process of story.late.values()) clearOrphans(story, process);
  story.late.clear();
  if (workers.size < hosts.length) story.violate('11: one worker per host', 'a host name stays taken');
};

const oneRound = async (story: Story, random: Random, length: number): Promise<void> => {
  await passTime(story, length);
  everybodyLooks(story);
  for (const host of story.hosts) for (const id of host.boots.keys()) finishBoot(host, id);
  await story.turns.go(mostTurns, random);
};

const isQuiet = async (story: Story): Promise<boolean> => {
  const { newsOf } = await checkInvariants(story);
  const moving = livingRigs(story).some(({ state }) => state.kind !== 'running');
  return newsOf.length === 0 && story.queue.isEmpty() && !moving;
};

const untilQuiet = async (story: Story, random: Random, length: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    await oneRound(story, random, length);
    if (story.violations.length > 0 || (await isQuiet(story))) return;
  }
  const left = livingRigs(story).map(({ id, name, state }) => `${name} (${id}) ${state.kind}`);
  const { newsOf } = await story.ground.view.look();
  const waits = `queue ${story.queue.isEmpty() ? 'empty' : 'not empty'}, news of ${newsOf.join(' ')}`;
  story.violate('7: every job comes to its end', `${waits}; ${left.join(', ')}`);
};

/** Whatever has an end comes to it while nobody looks; the rest is stopped by those who run the bot. */
const endAll = async (story: Story, random: Random): Promise<void> => {
  const ends = livingRigs(story).flatMap(({ lease }) => lease.end ?? []);
  for (const rig of livingRigs(story).filter(({ lease }) => lease.end === undefined))
    stopByAdmin(story, rig.name);
  for (const host of story.hosts)
    for (const { id, spec, state } of host.containers())
      if (spec && state === 'running') host.docker.showStatistics(id, new Map([['streams_webrtc_in', 0]]));
  await passTime(story, Math.max(0, ...ends.map((end) => end - story.clock.now)) + hour);
  for (let round = 0; round < rounds && livingRigs(story).length > 0; round += 1)
    await oneRound(story, random, round < 6 ? 10 * second : stride);
  await untilQuiet(story, random, minute);
};

const stopByAdmin = (story: Story, name: string): void => {
  const [bot] = story.bots.values();
  if (!bot) return;
  const by = { id: 'U0OLGA', name: 'olga', isAdmin: true };
  story.turns.start(bot.process, 'the end', () => bot.stop(name, by));
};

/** Everything that was written was told, and nothing that ended still has buttons. */
const atRest = async ({ ledger, slack, owed, hosts, unseen, violate, violations }: Story): Promise<void> => {
  if (violations.length > 0) return;
  for (const { rig, news } of ledger.pages()) {
    if (slack.refused.has(rig.id)) continue;
    const messages = slack.posted.filter((one) => one.rig === rig.id);
    for (const { id, news: one } of news) {
      const isPosted = ['ready', 'failed', 'crashed', 'ended', 'shared', 'given'].includes(one.kind);
      // To each of several people in a direct message of their own, with an id of its own.
      if (isPosted && !messages.some((message) => message.id === id || message.id.startsWith(`${id}.`)))
        violate('4: nobody is told less than once', `${id} ${one.kind} is in no conversation`);
    }
    if (!isTerminal(rig.state)) {
      const runs = hosts.some(({ containers }) => containers().some(({ spec }) => spec?.job.rig === rig.id));
      if (!runs && !unseen.has(rig.id))
        violate('what is told to run runs', `${rig.name} (${rig.id}) has no container`);
      continue;
    }
    for (const { id, message } of messages) {
      const open = buttonsIn(message.blocks).filter(({ action }) =>
        /^(stop|extend|want|restart|password|more)/.test(action),
      );
      if (open.length > 0)
        violate(
          '4: no dead button stays',
          `${rig.name} (${rig.id}) ended; ${id} has ${open.map(({ action }) => action).join(' ')}`,
        );
    }
  }
  const silent = [...owed.values()].filter(({ isAlive }) => isAlive).length;
  if (silent > 0) violate('9: the user always gets a sentence', `${silent} turns never ended`);
};

const nothingLeft = async (story: Story): Promise<void> => {
  const { ground, violate, violations, ledger, hosts, queue, secrets, slack } = story;
  if (violations.length > 0) return;
  const view = await checkInvariants(story);
  if (view.claims.size > 0) violate('2: nothing is left', [...view.claims.keys()].join(' '));
  for (const { containers, files, registration } of hosts) {
    const ours = containers().filter(({ spec }) => spec !== undefined);
    if (ours.length > 0)
      violate('2: nothing is left', `${ours.map(({ name }) => name).join(' ')} on ${registration.name}`);
    // Why a rig ended is noted until hosts are reconciled, which no story does.
    const notes = [...files.values()].filter(({ ended }) => ended === undefined).map(({ rig }) => rig);
    if (notes.length > 0)
      violate('2: nothing is left', `notes about ${notes.join(' ')} on ${registration.name}`);
  }
  const passwords = ledger
    .pages()
    .flatMap(({ rig }) => Array.from({ length: rig.generation }, (_, n) => secrets.password(rig.id, n + 1)));
  const texts = { Redis: view.text(), audit: await ground.view.auditText(), queue: queue.text() };
  const shown = JSON.stringify(slack.posted);
  for (const secret of [fleetSecret, ...licenceTexts, ...passwords])
    for (const [where, text] of Object.entries({ ...texts, Slack: shown }))
      if (text.includes(secret)) violate('secrets are not stored', `one is in ${where}`);
};
