// A window over the page, and the question that Slack asks before a click that cannot be taken back.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Text } from './mrkdwn.tsx';
import type { Confirm } from './world.ts';

type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly small?: boolean;
};

/** The browser keeps the keyboard inside of it, and closes it with Escape. */
export const Dialog = ({ title, onClose, children, small = false }: DialogProps) => {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
    // The browser would take the cross, which stands first.
    element.current
      ?.querySelector<HTMLElement>('.body :is(input, select, textarea), footer .filled')
      ?.focus();
  }, []);
  return (
    <dialog
      ref={element}
      class={small ? 'small' : ''}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" class="cross" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
};

type ConfirmProps = { readonly confirm: Confirm; readonly onAnswer: (goesOn: boolean) => void };

export const ConfirmDialog = ({ confirm, onAnswer }: ConfirmProps) => (
  <Dialog small title={confirm.title?.text ?? 'Are you sure?'} onClose={() => onAnswer(false)}>
    <div class="body">
      <Text text={confirm.text} />
    </div>
    <footer>
      <button type="button" class="button plain" onClick={() => onAnswer(false)}>
        {confirm.deny?.text ?? 'Cancel'}
      </button>
      <button
        type="button"
        class={`button filled ${confirm.style ?? 'primary'}`}
        onClick={() => onAnswer(true)}
      >
        {confirm.confirm?.text ?? 'Yes'}
      </button>
    </footer>
  </Dialog>
);
