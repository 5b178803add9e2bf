// What stands in the fields of a submitted form: data from outside like any other.

import { z } from 'zod';
import type { UserId } from '../../rig/rig.ts';

const chosen = z.object({ value: z.string().max(150) });

const field = z.object({
  value: z.string().max(3000).nullish(),
  selected_option: chosen.nullish(),
  selected_options: z.array(chosen).nullish(),
  selected_users: z.array(z.string().min(1).max(64)).nullish(),
  selected_conversation: z.string().min(1).max(64).nullish(),
});

/** By block, then by element. */
export const formState = z.object({ values: z.record(z.string(), z.record(z.string(), field)) });

/** What was filled in, by field; a field's block and its element have the same id. */
export type Fields = {
  /** Typed, or the value of what was chosen; `undefined` where it was left empty, or is not there. */
  readonly one: (name: string) => string | undefined;
  readonly isChecked: (name: string) => boolean;
  readonly users: (name: string) => readonly UserId[];
};

export const readFields = ({ values }: z.infer<typeof formState>): Fields => {
  const at = (name: string) => values[name]?.[name];
  return {
    one: (name) => {
      const { value, selected_option, selected_conversation } = at(name) ?? {};
      return value ?? selected_option?.value ?? selected_conversation ?? undefined;
    },
    isChecked: (name) => (at(name)?.selected_options?.length ?? 0) > 0,
    users: (name) => at(name)?.selected_users ?? [],
  };
};
