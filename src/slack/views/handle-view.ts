// Submitted forms: worked on before they are acknowledged, since the acknowledgement closes the form or says what is wrong.
//
// INVARIANTS
// - Slack waits for three seconds. What takes longer is acknowledged, so that the form closes, and told in a direct message.
// - The same delivery again gets the verdict of the first; a form that is sent a second time starts no second rig.

import { setTimeout as delay } from 'node:timers/promises';
import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { type Duration, second } from '../../rig/duration.ts';
import { type Answer, explain, type Turn } from '../act/answering.ts';
import { sentence } from '../draw/message.ts';
import { commandIn } from '../draw/values.ts';
import { queueDown, queueDownUp } from '../words/answers.ts';
import { escapeText } from '../words/escape.ts';
import { oldForm } from '../words/modal.ts';
import type { World } from '../world.ts';
import { answerModal } from './answer-modal.ts';
import { formState, readFields } from './fields.ts';
import { plainOf } from './inline.ts';
import { shareForm, sharePeople, submitShare } from './share-form.ts';
import { submitStart } from './start-form.ts';
import { startForm } from './start-modal.ts';
import { done, type Submission, type Verdict, wrong } from './submission.ts';

const payload = z.object({
  user: z.object({
    id: z.string().min(1).max(64),
    username: z.string().optional(),
    name: z.string().optional(),
  }),
  trigger_id: z.string().min(1).max(255),
  view: z.object({
    id: z.string().min(1).max(255),
    callback_id: z.string(),
    private_metadata: z.string().max(3000).default(''),
    state: formState,
  }),
});

/** Of Slack's three seconds the rest is the way to and fro. */
const patience: Duration = 2.2 * second;
const mostKept = 1000;

type Form = {
  /** Under this field stands what concerns the whole form. */
  readonly first: string;
  readonly submit: (world: World, submission: Submission) => Promise<Verdict>;
  readonly whenQueueDown: () => string;
};

const forms: ReadonlyMap<string, Form> = new Map([
  [startForm, { first: 'name', submit: submitStart, whenQueueDown: queueDownUp }],
  [
    shareForm,
    { first: sharePeople, submit: submitShare, whenQueueDown: () => queueDown('it was not shared') },
  ],
]);

type ViewArgs = SlackViewMiddlewareArgs<ViewSubmitAction>;

/** One for each bot: it remembers the verdicts. */
export const createSubmissionTurn = (world: World): ((args: ViewArgs) => Turn) => {
  const verdicts = new Map<string, Promise<Verdict>>();
  const once = (trigger: string, judge: () => Promise<Verdict>): Promise<Verdict> => {
    const before = verdicts.get(trigger);
    if (before !== undefined) return before;
    if (verdicts.size >= mostKept) verdicts.clear();
    const verdict = judge();
    verdicts.set(trigger, verdict);
    return verdict;
  };
  return ({ body, ack }) => {
    const { user, trigger_id: trigger, view } = payload.parse(body);
    const form = forms.get(view.callback_id);
    const command = commandIn(view.private_metadata);
    const facts = { what: `form ${view.callback_id}`, user: user.id, command };
    const submission: Submission = {
      view: view.id,
      by: { id: user.id, name: user.name ?? user.username ?? user.id },
      metadata: view.private_metadata,
      fields: readFields(view.state),
    };
    const judge = async (): Promise<Verdict> => {
      if (form === undefined) return done(sentence(oldForm(command)));
      try {
        return await form.submit(world, submission);
      } catch (error) {
        return wrong(form.first, plainOf(explain(world.log, { ...facts, ...form }, error).text));
      }
    };
    return { ...facts, trigger, ...answered(world, user.id, once(trigger, judge), ack) };
  };
};

const answered = (
  { client }: World,
  user: string,
  verdict: Promise<Verdict>,
  ack: ViewArgs['ack'],
): Pick<Turn, 'ack' | 'respond' | 'work'> => {
  const inTime = Promise.race([verdict, delay(patience, undefined, { ref: false })]);
  return {
    ack: async () => acknowledge(await inTime, ack),
    work: async () => ((await inTime) === undefined ? lateAnswer(await verdict) : undefined),
    respond: ({ text, blocks }) => client.chat.postMessage({ channel: user, text, blocks }),
  };
};

const acknowledge = (verdict: Verdict | undefined, ack: ViewArgs['ack']): Promise<void> => {
  if (verdict?.kind === 'wrong') return ack({ response_action: 'errors', errors: { ...verdict.errors } });
  const answer = verdict?.answer;
  return answer === undefined ? ack() : ack({ response_action: 'update', view: answerModal(answer) });
};

/** A rig that was started has a card that says so. */
const lateAnswer = (verdict: Verdict): Answer | undefined =>
  verdict.kind === 'done' ? verdict.answer : sentence(escapeText(Object.values(verdict.errors).join('\n')));
