// What can be seen of a container from inside it: its listening ports and its last log lines. The host cannot reach its
// own ipvlan and macvlan containers over the network.

import { buffer } from 'node:stream/consumers';
import { EngineRefused } from '../ports/faults.ts';
import { parseListeningPorts, parseOwnListeningPorts } from '../rig/listening.ts';
import { tryToAsk } from './client.ts';
import { stateOf } from './containers.ts';
import type { Context } from './context.ts';
import { framedText, lastLines } from './frames.ts';

const lookAtAll = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];
/** And what its own processes have open: on the host's network the tables are everybody's. */
const lookAtOwn = [
  'sh',
  '-c',
  `${lookAtAll.join(' ')}
for one in /proc/[0-9]*; do ls -l "$one/fd" || { [ -d "$one" ] && echo unseen; }; done`,
];

/** Throws EngineRefused for an image without `cat`: there it can never be seen. */
export const listeningPorts = async (
  context: Context,
  container: string,
  on?: string,
): Promise<ReadonlySet<number> | undefined> => {
  const { client, timeouts } = context;
  const seen = await tryToAsk(client, timeouts.answer, async () => {
    const exec = await client.patient.getContainer(container).exec({
      Cmd: on === undefined ? [...lookAtAll] : [...lookAtOwn],
      AttachStdout: true,
      AttachStderr: true,
    });
    return buffer(await exec.start({ Detach: false, Tty: false }));
  });
  const text = seen.ok ? framedText(seen.value) : seen.detail;
  const parse = (table: string) =>
    on === undefined ? parseListeningPorts(table) : parseOwnListeningPorts(table, on);
  const ports = seen.ok ? parse(text) : undefined;
  if (ports) return ports;
  // Paused, ended, ending: all of these answer in their own way, and the state says which it is.
  if ((await stateOf(context, container)) === 'running' && /executable file not found/.test(text)) {
    throw new EngineRefused('the image has no `cat`, so its ports cannot be seen from inside');
  }
  return undefined;
};

/** None of a container that is not there. */
export const logTail = async (
  { client, timeouts }: Context,
  container: string,
  lines: number,
): Promise<readonly string[]> => {
  const seen = await tryToAsk(client, timeouts.action, () =>
    client.patient.getContainer(container).logs({ follow: false, stdout: true, stderr: true, tail: lines }),
  );
  if (seen.ok) return lastLines(seen.value, lines);
  if (seen.status === 404 || seen.status === 409) return [];
  throw seen.failure;
};
