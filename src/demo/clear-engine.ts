// Takes one installation's things off an engine: its containers, its network, its stand-in image. Nothing else.

import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { installationLabel } from '../docker/labels.ts';
import { askEngine } from './find-engine.ts';

/** `localhost` as the registry's name: nobody else is ever asked for it. */
export const standInName = (installation: string): string => `localhost/${installation}/stand-in:latest`;

const listSchema = z.array(z.object({ Id: z.string() }));
const patience = 30_000;

/** What is not there is as good. Throws the engine's own words if something stays. */
export const clearEngine = async (dockerHost: string, installation: string): Promise<void> => {
  const label = JSON.stringify({ label: [`${installationLabel}=${installation}`] });
  const list = `/containers/json?all=1&filters=${encodeURIComponent(label)}`;
  const things = [`/networks/${installation}-rigs`, `/images/${standInName(installation)}`];
  const begun = performance.now();
  for (;;) {
    const { body } = await askEngine(dockerHost, 'GET', list);
    const containers = listSchema.parse(JSON.parse(body)).map(({ Id }) => `/containers/${Id}?force=1&v=1`);
    const faults = await removeEach(dockerHost, [...containers, ...things]);
    if (faults.length === 0) return;
    // What the engine was still asked for by a process that was killed may appear a little later.
    if (performance.now() - begun > patience) throw new Error(faults.join('; '));
    await delay(200);
  }
};

/** One after the other: a network can go only after its containers. */
const removeEach = async (dockerHost: string, paths: readonly string[]): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (const path of paths) {
    const { status, body } = await askEngine(dockerHost, 'DELETE', path, patience);
    if (status >= 300 && status !== 404) faults.push(`${path}: ${body.trim()}`);
  }
  return faults;
};
