// What a submitted form is, and what comes of it.

import type { Person } from '../../rig/rig.ts';
import type { Answer } from '../act/answering.ts';
import type { Fields } from './fields.ts';

export type Submission = {
  /** Slack's id of the form that was opened: the same again is the same rig. */
  readonly view: string;
  readonly by: Person;
  /** What the form was opened with. */
  readonly metadata: string;
  readonly fields: Fields;
};

export type Verdict =
  /** The form closes, or shows the answer in its place. */
  | { readonly kind: 'done'; readonly answer: Answer | undefined }
  /** It stays, with a sentence under each of these fields. */
  | { readonly kind: 'wrong'; readonly errors: Readonly<Record<string, string>> };

export const done = (answer?: Answer): Verdict => ({ kind: 'done', answer });

export const wrong = (field: string, sentence: string): Verdict => ({
  kind: 'wrong',
  errors: { [field]: sentence },
});
