// What the engine says of our containers as it happens, so that nobody has to wait for the next look.

import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { ask } from './client.ts';
import type { Context } from './context.ts';
import { installationLabel } from './labels.ts';

const kinds = ['create', 'start', 'die', 'oom', 'pause', 'unpause', 'rename', 'destroy'];

const event = z.object({ Action: z.string(), Actor: z.object({ ID: z.string() }) });

const parse = (line: string): z.infer<typeof event> | undefined => {
  try {
    return event.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** Throws EngineDown where nobody answers. */
export const watchEvents = async (
  { client, timeouts, installation, ranOut }: Context,
  signal: AbortSignal,
  onEvent: () => void,
): Promise<void> => {
  if (signal.aborted) return;
  const stream = await ask(client, timeouts.answer, () =>
    client.patient.getEvents({
      filters: { type: ['container'], event: kinds, label: [`${installationLabel}=${installation}`] },
    }),
  );
  // The response itself: a wrapper around it would wait, when it is ended, for an event that does not come.
  const readable = stream instanceof Readable ? stream : Readable.from(stream);
  const stop = (): void => void readable.destroy();
  signal.addEventListener('abort', stop, { once: true });
  // While it was asked for: nobody tells of that any more, and an engine may have nothing to say for days.
  if (signal.aborted) stop();
  const lines = createInterface({ input: readable });
  // It passes on an error of the response, which ends the process where nobody listens. `finished` below hears of it as well.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    const seen = parse(line);
    if (seen?.Action === 'oom') ranOut.add(seen.Actor.ID);
    if (seen?.Action === 'destroy') ranOut.delete(seen.Actor.ID);
    // One that we cannot read is worth a look as well.
    onEvent();
  });
  // However it ends, that was all of it.
  await finished(readable).catch(() => undefined);
  signal.removeEventListener('abort', stop);
};
