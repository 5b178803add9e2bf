// The engine's progress stream: a JSON object a line. An error stands in it as a line of its own, while the request as a
// whole counts as a success.

import { createInterface } from 'node:readline';
import { z } from 'zod';
import { EngineDown } from '../ports/faults.ts';

const lineSchema = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
  error: z.string().optional(),
});

export type ProgressLine = z.infer<typeof lineSchema>;

/** Throws EngineDown when the connection is cut in the middle. */
export async function* readProgress(answer: NodeJS.ReadableStream): AsyncGenerator<ProgressLine> {
  const cut = new Promise<never>((_, reject) => {
    answer.on('error', reject);
    answer.on('aborted', () => reject(new EngineDown('Docker ended in the middle of its answer')));
  });
  cut.catch(() => undefined);
  const lines = createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY })[
    Symbol.asyncIterator
  ]();
  while (true) {
    const next = await Promise.race([lines.next(), cut]);
    if (next.done === true) return;
    if (next.value.trim() !== '') yield lineSchema.parse(JSON.parse(next.value));
  }
}
