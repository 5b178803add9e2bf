// A labelled field of a modal, with its hint and what is wrong with it.

import type { InputBlock } from '../../slack/block-schemas.ts';
import { Chooser } from './chooser.tsx';
import { valueShown } from './element-values.ts';
import { useForm } from './form.ts';
import { useWorld } from './world.ts';

export const InputField = ({ block }: { readonly block: InputBlock }) => {
  const form = useForm();
  const { snapshot } = useWorld();
  const { element, label, hint, optional, block_id = '' } = block;
  const actionId = element.action_id ?? '';
  const kept = snapshot.modal?.state[block_id]?.[actionId];
  const error = form?.errors[block_id];
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <span class="label">
        {label.text}
        {optional === true && <small> (optional)</small>}
      </span>
      <Chooser
        element={element}
        label={label.text}
        value={form?.touched[actionId] ?? valueShown(element, kept)}
        onChange={(value) => form?.set(actionId, value)}
      />
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {hint && <p class="hint">{hint.text}</p>}
    </div>
  );
};
