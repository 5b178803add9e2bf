// `docker import`: an image from a tar, without a registry. For the try-out's stand-in.

import type { Readable } from 'node:stream';
import { EngineRefused } from '../ports/faults.ts';
import type { Client } from './client.ts';
import { ask } from './client.ts';
import { readProgress } from './progress.ts';

export type Import = {
  readonly repository: string;
  readonly tag: string;
  /** Lines as in a Dockerfile: `CMD ["node"]`, `LABEL a=b`, `ENV A=b`. */
  readonly changes: readonly string[];
};

const limit = 120_000;

/** The new image's id, `sha256:…`. */
export const importImage = async (client: Client, tar: Readable, wanted: Import): Promise<string> => {
  const { repository, tag, changes } = wanted;
  return ask(client, limit, async () => {
    const answer = await client.patient.importImage(tar, { repo: repository, tag, changes: [...changes] });
    let id = '';
    for await (const line of readProgress(answer)) {
      if (line.errorDetail) throw new EngineRefused(line.errorDetail.message);
      if (line.status?.startsWith('sha256:')) id = line.status;
    }
    if (id === '') throw new EngineRefused('the engine did not say which image it made');
    return id;
  });
};

/** Takes the image's names away, and with the last one the image, unless containers use it. */
export const removeImage = async (client: Client, reference: string): Promise<void> => {
  await ask(client, limit, async () => client.patient.getImage(reference).remove());
};
