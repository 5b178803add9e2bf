// `host`: where Web Call Server turns out to listen on all addresses, the host takes one rig at a time, and everybody reads why.

import { type HostNetworking, listensEverywhere } from '../host/container-network.ts';
import type { PresenceHeld } from '../host/hold-presence.ts';
import type { Engine } from '../ports/engine.ts';
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
    say({ ...registration, slots: 1, notes: [oneAtATime, ...registration.notes] });
  };
};

/** Those that an earlier worker started: what it saw of them is seen again. */
export const lookAtRunning = async (
  engine: Pick<Engine, 'rigs' | 'listeningPorts'>,
  networking: HostNetworking,
  ports: readonly number[],
  tell: () => void,
): Promise<void> => {
  if (networking.kind !== 'host') return;
  for (const { container, state } of await engine.rigs())
    if (state === 'running' && (await listensEverywhere(engine, networking, container, ports))) tell();
};
