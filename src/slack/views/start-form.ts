// The form for a new rig: opened at a click, and started from when it is submitted.

import { z } from 'zod';
import { sizesFor } from '../../control/look-hosts.ts';
import { noteTurnedAway } from '../../control/note-act.ts';
import { assertNever } from '../../rig/assert-never.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { ChannelId, UserId } from '../../rig/rig.ts';
import type { Answer } from '../act/answering.ts';
import { launch } from '../act/handle-command.ts';
import { beforehand } from '../beforehand.ts';
import { linkTo } from '../draw/answers.ts';
import { readStartOrigin, type StartOrigin } from '../draw/values.ts';
import { alreadyYours } from '../words/answers.ts';
import { formTooLate, mistakeInForm, notWelcomeInForm, refusalInForm } from '../words/modal.ts';
import { stateWords } from '../words/rig.ts';
import type { World } from '../world.ts';
import { plainOf } from './inline.ts';
import { openForm } from './open-form.ts';
import { readStart } from './read-start.ts';
import { drawStartForm, type StartField } from './start-modal.ts';
import { done, type Submission, type Verdict, wrong } from './submission.ts';

export const openStart = async (
  world: World,
  origin: StartOrigin,
  trigger: string | undefined,
): Promise<Answer | undefined> => {
  const { ports, policy } = world;
  const hosts = await ports.hosts.current();
  const pools = await sizesFor(ports.licences, hosts);
  const form = drawStartForm({ origin, hosts, pools, policy });
  return openForm(world, trigger, form, formTooLate(origin.command));
};

/** Asked again whether they may, and there: meanwhile that may have changed. */
export const submitStart = async (world: World, submission: Submission): Promise<Verdict> => {
  const { fields, by, view } = submission;
  const { command, channel: origin } = readStartOrigin(submission.metadata);
  const where = origin ?? fields.one('where');
  const admission = await world.access.admit(by, where);
  if (admission.kind !== 'welcome') {
    await noteTurnedAway(world.ports, 'up', by, admission.kind);
    const field = admission.kind === 'not-here' && origin === undefined ? 'where' : 'name';
    return wrong(field, notWelcomeInForm(admission));
  }
  const read = readStart(fields);
  if (read.kind === 'mistakes') {
    const errors = [...read.mistakes].map(([field, mistake]) => [field, mistakeInForm(mistake, command)]);
    return { kind: 'wrong', errors: Object.fromEntries(errors) };
  }
  const channel = where ?? (await directMessage(world, by.id));
  const outcome = await launch(world, read.command, { command, by: admission.asker, channel, trigger: view });
  switch (outcome.kind) {
    case 'launched':
    case 'repeated':
      return done();
    case 'already-yours': {
      const link = await linkTo(world.client, outcome.card, world.log);
      return wrong('name', plainOf(alreadyYours(outcome.rig, stateWords(outcome.rig), link, command)));
    }
    case 'refused':
      return wrong(fieldOf(outcome.refusal, world), refusalInForm(outcome.refusal, command));
    default:
      return assertNever(outcome);
  }
};

const opened = z.object({ channel: z.object({ id: z.string() }) });

const directMessage = async ({ client }: World, user: UserId): Promise<ChannelId> =>
  opened.parse(await beforehand(client.conversations.open({ users: user }))).channel.id;

/** Where it is mended; what cannot be mended in the form stands under the first field. */
const fieldOf = ({ kind }: Refusal, { policy }: World): StartField => {
  switch (kind) {
    case 'nowhere':
    case 'no-host':
    case 'unknown-host':
      return 'host';
    case 'unknown-tag':
      return policy.tags?.length === 0 ? 'name' : 'tag';
    default:
      return 'name';
  }
};
