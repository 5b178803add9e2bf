// The way to the try-out: a stream of what a person sees comes from it, what they do goes to it.

import { useEffect, useState } from 'preact/hooks';
import type { Act, Performed } from '../acts.ts';
import type { Snapshot } from '../snapshot.ts';

export type Seen = {
  /** `undefined` until the first one has come. */
  readonly snapshot: Snapshot | undefined;
  /** When it came, by this browser's clock. */
  readonly at: number;
  readonly connected: boolean;
};

const nothing: Seen = { snapshot: undefined, at: 0, connected: true };

/** What `user` sees, as it changes. */
export const useSnapshot = (user: string): Seen => {
  const [seen, setSeen] = useState<Seen>(nothing);
  useEffect(() => {
    const stream = new EventSource(`/events?as=${encodeURIComponent(user)}`);
    stream.onmessage = (event: MessageEvent<string>) =>
      setSeen({ snapshot: JSON.parse(event.data), at: Date.now(), connected: true });
    // It tries again by itself; when the try-out has ended, in vain.
    stream.onerror = () => setSeen((before) => ({ ...before, connected: false }));
    return () => stream.close();
  }, [user]);
  return seen;
};

/** Throws with a sentence if the try-out cannot be asked. */
export const send = async (act: Act): Promise<Performed> => {
  const response = await fetch('/act', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(act),
  });
  if (!response.ok) throw new Error(await response.text());
  return await response.json();
};
