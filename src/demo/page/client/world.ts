// What every part of the page needs to know: what is seen, by whom, and how to do something about it.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Button } from '../../slack/block-schemas.ts';
import type { Act } from '../acts.ts';
import type { Snapshot } from '../snapshot.ts';
import type { MessagePlace } from './permalink.ts';

/** What is asked before a click that cannot be taken back. */
export type Confirm = NonNullable<Button['confirm']>;

/** An act without the person, who is known here. */
export type MyAct = Act extends infer One ? (One extends Act ? Omit<One, 'as'> : never) : never;

export type World = {
  readonly snapshot: Snapshot;
  /** Resolves when it was done; what is said about it is shown. */
  readonly act: (mine: MyAct) => Promise<void>;
  /** Asks in a dialog; true if the person goes on. */
  readonly ask: (confirm: Confirm | undefined) => Promise<boolean>;
  readonly openThread: (channel: string, ts: string) => void;
  readonly openChannel: (channel: string) => void;
  /** Goes to where it stands, and shows it for a moment. */
  readonly openMessage: (place: MessagePlace) => void;
};

export const WorldContext = createContext<World | undefined>(undefined);

export const useWorld = (): World => {
  const world = useContext(WorldContext);
  if (!world) throw new Error('drawn outside of the page');
  return world;
};
