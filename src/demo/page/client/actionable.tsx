// What can be pressed or chosen from in a message or on a tab: each choice goes to the bot at once.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ActionElement, Button, Overflow } from '../../slack/block-schemas.ts';
import type { Place } from '../acts.ts';
import { Chooser } from './chooser.tsx';
import { turnedOver, type Value, valueShown } from './element-values.ts';
import { readPermalink } from './permalink.ts';
import { useWorld } from './world.ts';

type Props<E> = { readonly element: E; readonly blockId: string; readonly on: Place };

export const Actionable = ({ element, blockId, on }: Props<ActionElement>): ComponentChildren => {
  if (element.type === 'button') return <ButtonElement element={element} blockId={blockId} on={on} />;
  if (element.type === 'overflow') return <OverflowElement element={element} blockId={blockId} on={on} />;
  return <ChooserElement element={element} blockId={blockId} on={on} />;
};

/** Asks first where the element wants it, and is busy until the bot has acknowledged. */
const useClick = ({ element, blockId, on }: Props<ActionElement>) => {
  const { act, ask } = useWorld();
  const [busy, setBusy] = useState(false);
  const click = async (value: string | undefined): Promise<void> => {
    if (busy || !(await ask('confirm' in element ? element.confirm : undefined))) return;
    setBusy(true);
    const chosen = value === undefined ? {} : { value };
    await act({ act: 'click', on, actionId: element.action_id ?? '', blockId, ...chosen });
    setBusy(false);
  };
  return { busy, click };
};

const ButtonElement = (props: Props<Button>) => {
  const { busy, click } = useClick(props);
  const { text, style = 'plain', url, value } = props.element;
  const look = { class: `button ${style}`, 'aria-busy': busy };
  const { openMessage } = useWorld();
  const place = url === undefined ? undefined : readPermalink(url);
  const press = (): void => {
    void click(value);
    if (place) openMessage(place);
  };
  return url === undefined || place ? (
    <button type="button" {...look} onClick={press}>
      {text.text}
    </button>
  ) : (
    // Slack opens it and tells the bot as well.
    <a {...look} href={url} target="_blank" rel="noreferrer" onClick={press}>
      {text.text}
    </a>
  );
};

const OverflowElement = (props: Props<Overflow>) => {
  const { click } = useClick(props);
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event) => {
      if (!(event.target instanceof Node) || !menu.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('click', close);
    return () => document.removeEventListener('click', close);
  }, [open]);
  return (
    <div class="overflow-menu" ref={menu}>
      <button type="button" class="button plain" aria-label="More actions" onClick={() => setOpen(!open)}>
        ⋯
      </button>
      {open && (
        <div class="menu" role="menu">
          {props.element.options.map(({ text, value }) => (
            <button
              type="button"
              role="menuitem"
              key={value}
              onClick={() => {
                setOpen(false);
                void click(value);
              }}
            >
              {text.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
};

type ChooserElementProps = Props<Exclude<ActionElement, Button | Overflow>>;

const ChooserElement = (props: ChooserElementProps) => {
  const { click } = useClick(props);
  const { snapshot } = useWorld();
  const [round, setRound] = useState(0);
  const { element, blockId, on } = props;
  const view = on.kind === 'message' ? undefined : snapshot[on.kind];
  const value = valueShown(element, view?.state[blockId]?.[element.action_id ?? '']);
  const choose = async (chosen: Value): Promise<void> => {
    // The placeholder is no choice.
    if (typeof chosen === 'string') return chosen === '' ? undefined : click(chosen);
    for (const each of turnedOver(typeof value === 'string' ? [] : value, chosen)) await click(each);
  };
  const onChange = async (chosen: Value): Promise<void> => {
    await choose(chosen);
    // Drawn anew, so that the same may be chosen once more.
    setRound(round + 1);
  };
  return <Chooser key={round} element={element} value={value} onChange={(chosen) => void onChange(chosen)} />;
};
