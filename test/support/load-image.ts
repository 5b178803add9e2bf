// An image for another processor, as `docker load` takes it: one empty layer, and a configuration that says so.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { mustRun } from './run.ts';

/** `file`: where the archive is written; it stays there. */
export const loadImageFor = async (
  dockerHost: string,
  architecture: string,
  reference: string,
  file: string,
): Promise<void> => {
  const layer = pack();
  layer.finalize();
  const layerBytes = await buffer(layer);
  const digest = createHash('sha256').update(layerBytes).digest('hex');
  const config = {
    architecture,
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  const archive = pack();
  archive.entry({ name: 'layer.tar' }, layerBytes);
  archive.entry({ name: 'config.json' }, JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: ['layer.tar'] }];
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest));
  archive.finalize();
  await writeFile(file, await buffer(archive));
  await mustRun(['docker', '--host', dockerHost, 'load', '--input', file]);
};
