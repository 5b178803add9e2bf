// Runs one short command inside a container and reads what it writes, bounded in time and amount: whoever has the rig is
// root in there, and may have put anything in place of the command.

import type { Readable } from 'node:stream';
import type { Duration } from '../rig/duration.ts';
import { tryToAsk } from './client.ts';
import type { Context } from './context.ts';
import { framedText } from './frames.ts';

export type Bounds = { readonly time: Duration; readonly bytes: number };

/**
 * The text of both streams, cut at the bounds; `undefined` where nothing could be run: paused, ended, not there. A program
 * that is not in the image is a text that says so. Throws EngineDown when the engine does not answer.
 */
export const askInside = async (
  { client, timeouts }: Context,
  container: string,
  command: readonly string[],
  { time, bytes }: Bounds,
): Promise<string | undefined> => {
  const begun = await tryToAsk(client, timeouts.answer, async () => {
    const exec = await client.patient
      .getContainer(container)
      .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
    return exec.start({ Detach: false, Tty: false });
  });
  return begun.ok ? framedText(await readBounded(begun.value, time, bytes)) : undefined;
};

/** What came until it ended, was too much or took too long. */
const readBounded = async (stream: Readable, time: Duration, bytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => stream.destroy(), time);
  try {
    for await (const chunk of stream) {
      const part = Buffer.from(chunk);
      chunks.push(part);
      size += part.length;
      if (size >= bytes) break;
    }
  } catch {
    // Cut off by us, or by a container that ends: what came is what there is.
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
  return Buffer.concat(chunks).subarray(0, bytes);
};
