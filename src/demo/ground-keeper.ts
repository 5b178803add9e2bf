// The process that holds a try-out's directory and what it makes on somebody's engine. Run by ground.ts.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { clearEngine } from './clear-engine.ts';
import { beKept, type Undo } from './kept.ts';

const settingsSchema = z.object({ installation: z.string(), dockerHost: z.string().optional() });

const start = async (settings: unknown, undo: Undo) => {
  const { installation, dockerHost } = settingsSchema.parse(settings);
  const directory = await mkdtemp(join(tmpdir(), 'wcs-rigs-demo-'));
  undo(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  if (dockerHost !== undefined) undo(() => clearEngine(dockerHost, installation));
  return { directory };
};

await beKept(start);
