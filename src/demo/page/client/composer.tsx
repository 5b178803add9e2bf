// Where one types: a command, or in a thread an answer.

import { useEffect, useRef, useState } from 'preact/hooks';
import { useWorld } from './world.ts';

type ComposerProps = {
  readonly channel: string;
  readonly threadTs?: string | undefined;
  readonly placeholder: string;
};

export const Composer = ({ channel, threadTs, placeholder }: ComposerProps) => {
  const { act } = useWorld();
  const [text, setText] = useState('');
  const [typed, setTyped] = useState<readonly string[]>([]);
  const field = useRef<HTMLInputElement>(null);
  // Whoever opens a channel means to type; a thread is opened to be read.
  useEffect(() => {
    if (threadTs === undefined) field.current?.focus();
  }, [threadTs]);
  const thread = threadTs === undefined ? {} : { threadTs };
  const submit = (): void => {
    if (text.trim() === '') return;
    setTyped([text, ...typed]);
    setText('');
    void act({ act: 'type', channel, text, ...thread });
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <input
        type="text"
        ref={field}
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          // As in a shell: the last one again, to be changed.
          if (event.key === 'ArrowUp' && text === '' && typed[0] !== undefined) setText(typed[0]);
        }}
      />
      <button type="submit" class="send" aria-label="Send" disabled={text.trim() === ''}>
        ➤
      </button>
    </form>
  );
};
