// Whether this is still the engine that was asked before, or one that was started anew since: Docker does not say it.

import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { tryToAsk } from './client.ts';
import type { Context } from './context.ts';

const network = z.object({ Id: z.string() });

/**
 * Each start makes the network `bridge` anew, with another id, and mostly its socket, too; an engine has one of them at least,
 * unless it is asked over TCP and has no bridge. Where systemd holds the socket, that stays.
 */
export const incarnation = async ({ client, timeouts }: Context): Promise<string | undefined> => {
  const seen = await tryToAsk(client, timeouts.answer, () => client.quick.getNetwork('bridge').inspect());
  if (!seen.ok && seen.status !== 404) throw seen.failure;
  const bridge = seen.ok ? [network.parse(seen.value).Id] : [];
  const facts = [...bridge, ...(await socketOf(client.address))];
  return facts.length === 0 ? undefined : facts.join(' ');
};

/** When it was made, and not when somebody changed its owner. */
const socketOf = async (address: string): Promise<readonly string[]> => {
  const path = address.replace(/^unix:\/\//, '');
  if (!path.startsWith('/')) return [];
  try {
    const { ino, mtimeMs } = await stat(path);
    return [`${ino}@${mtimeMs}`];
  } catch {
    return [];
  }
};
