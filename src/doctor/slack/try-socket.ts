// Opens a socket to Slack as a bot does, waits for its hello, and closes it. For that moment Slack counts it among the app's, and
// may hand it what is meant for a bot: whoever typed a command just then is told to type it again.

import { z } from 'zod';
import { type Duration, second } from '../../rig/duration.ts';

export type SocketSays =
  | {
      readonly kind: 'hello';
      readonly took: Duration;
      /** Whose socket it is; `undefined`: Slack does not say. */
      readonly appId: string | undefined;
      /** Sockets that the app has besides this one. */
      readonly others: number | undefined;
    }
  | { readonly kind: 'closed'; readonly detail: string }
  /** It opened, or not even that, and then nothing came. */
  | { readonly kind: 'silent' };

const patience: Duration = 6 * second;

const helloSchema = z.object({
  type: z.literal('hello'),
  num_connections: z.number().optional(),
  connection_info: z.object({ app_id: z.string().optional() }).optional(),
});
const commandSchema = z.object({ type: z.literal('slash_commands'), envelope_id: z.string() });

const again = 'I was being looked over in this very moment: please type that again.';

const parse = (data: unknown): unknown => {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
};

export const trySocket = (url: string, limit: Duration = patience): Promise<SocketSays> =>
  new Promise((resolve) => {
    const begun = performance.now();
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch {
      resolve({ kind: 'closed', detail: 'Slack gave no address of a socket' });
      return;
    }
    const settle = (says: SocketSays): void => {
      clearTimeout(timer);
      socket.close();
      resolve(says);
    };
    const timer = setTimeout(() => settle({ kind: 'silent' }), limit);
    socket.addEventListener('message', ({ data }) => {
      const message = parse(data);
      const hello = helloSchema.safeParse(message).data;
      const command = commandSchema.safeParse(message).data;
      if (command) socket.send(answerTo(command.envelope_id));
      if (!hello) return;
      const { num_connections: all, connection_info: info } = hello;
      const others = all === undefined ? undefined : Math.max(0, all - 1);
      settle({ kind: 'hello', took: performance.now() - begun, appId: info?.app_id, others });
    });
    socket.addEventListener('error', () =>
      settle({ kind: 'closed', detail: 'the connection could not be made' }),
    );
    socket.addEventListener('close', ({ code }) =>
      settle({ kind: 'closed', detail: `it was closed before a word (${code})` }),
    );
  });

const answerTo = (envelope: string): string =>
  JSON.stringify({ envelope_id: envelope, payload: { response_type: 'ephemeral', text: again } });
