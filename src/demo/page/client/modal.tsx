// The modal that a person has open: fields, what is wrong with them, submit and close.

import { useState } from 'preact/hooks';
import type { View } from '../../slack/state.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import type { Value } from './element-values.ts';
import { FormContext } from './form.ts';
import { useWorld } from './world.ts';

export const Modal = ({ view }: { readonly view: View }) => {
  const { act } = useWorld();
  const [touched, setTouched] = useState<Readonly<Record<string, Value>>>({});
  const [busy, setBusy] = useState(false);
  const set = (actionId: string, value: Value) => setTouched((before) => ({ ...before, [actionId]: value }));
  const submit = async (): Promise<void> => {
    setBusy(true);
    const values = Object.entries(touched).map(
      ([id, value]) => [id, typeof value === 'string' ? value : [...value]] as const,
    );
    await act({ act: 'submit', values: Object.fromEntries(values) });
    setBusy(false);
  };
  const close = () => void act({ act: 'close' });
  return (
    <Dialog title={view.title} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="body">
          <FormContext.Provider value={{ touched, set, errors: view.errors }}>
            <Blocks blocks={view.blocks} on={{ kind: 'modal' }} />
          </FormContext.Provider>
        </div>
        <footer>
          <button type="button" class="button plain" onClick={close}>
            {view.closeLabel ?? 'Close'}
          </button>
          {view.submitLabel !== undefined && (
            <button type="submit" class="button filled primary" aria-busy={busy} disabled={busy}>
              {view.submitLabel}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
};
