// Messages one below the other with the days between them; it stays at its end while somebody reads there.

import { Fragment } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ShownMessage } from '../snapshot.ts';
import { MessageRow } from './message.tsx';
import { dayOf, momentOf } from './times.ts';
import { useWorld } from './world.ts';

type ListProps = { readonly messages: readonly ShownMessage[]; readonly inThread?: boolean };

export const MessageList = ({ messages, inThread = false }: ListProps) => {
  const { snapshot } = useWorld();
  const list = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  });
  const days = messages.map(({ ts }) => dayOf(momentOf(ts), snapshot));
  return (
    <div
      class="messages"
      ref={list}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 60;
      }}
    >
      {messages.map((message, index) => (
        <Fragment key={message.ts}>
          {!inThread && days[index] !== days[index - 1] && (
            <p class="day">
              <span>{days[index]}</span>
            </p>
          )}
          <MessageRow message={message} inThread={inThread} />
        </Fragment>
      ))}
    </div>
  );
};
