// The streams to the open pages: each gets what its person sees, at once and after each change, as server-sent events.

import type { ServerResponse } from 'node:http';
import type { SlackEmulator } from '../slack/surface.ts';
import { type SnapshotParts, takeSnapshot } from './snapshot.ts';

export type Streams = {
  readonly open: (user: string, response: ServerResponse) => void;
  readonly stop: () => void;
};

export type StreamParts = SnapshotParts & {
  readonly slack: Pick<SlackEmulator, 'onChange'>;
  readonly clock: { readonly onStep: (listener: () => void) => () => void };
};

/** Changes come in bursts; what an eye cannot tell apart is drawn once. */
const burst = 30;

export const createStreams = (parts: StreamParts): Streams => {
  const open = new Map<ServerResponse, string>();
  let timer: NodeJS.Timeout | undefined;

  const send = (response: ServerResponse, user: string): void => {
    response.write(`data: ${JSON.stringify(takeSnapshot(parts, user))}\n\n`);
  };
  const sendAll = (): void => {
    timer = undefined;
    for (const [response, user] of open) send(response, user);
  };
  const changed = (): void => {
    timer ??= setTimeout(sendAll, burst);
  };
  const endings = [parts.slack.onChange(changed), parts.clock.onStep(changed)];

  return {
    open: (user, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      open.set(response, user);
      response.on('close', () => open.delete(response));
      send(response, user);
    },
    stop: () => {
      for (const end of endings) end();
      clearTimeout(timer);
      for (const response of open.keys()) response.end();
    },
  };
};
