// `host`: where Web Call Server turns out to listen on all addresses, the host takes one rig at a time, and everybody reads why.

import type { PresenceHeld } from '../host/hold-presence.ts';
import type { Log } from '../ports/log.ts';
import type { Registration } from '../rig/host.ts';

export const oneAtATime =
  'Web Call Server listens on all addresses of this host, so that it takes one rig at a time; WCS_NETWORK=publish takes one for each address';

/** What is to be called when it was seen; the first time counts. */
export const sayOnce = (
  { say }: Pick<PresenceHeld, 'say'>,
  registration: Registration,
  log: Log,
): (() => void) => {
  let isSaid = false;
  return () => {
    if (isSaid) return;
    isSaid = true;
    log.warn({ slots: 1 }, oneAtATime);
    say({ ...registration, slots: 1, notes: [...registration.notes, oneAtATime] });
  };
};
