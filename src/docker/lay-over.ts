// Lays settings over WCS's own files in a container that was not started yet: those of the image are read out of it, changed, and
// written back. Whoever owns a file and may read it stays as it was; what is new is as its neighbours are.

import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract, pack } from 'tar-stream';
import { EngineRefused } from '../ports/faults.ts';
import { filesOf, laidOver, settingsFile, type WcsConf } from '../rig/wcs-conf.ts';
import { ask, tryToAsk } from './client.ts';
import type { Context } from './context.ts';

const folder = '/usr/local/FlashphonerWebCallServer/conf';
/** WCS's own are some hundred kilobytes in all; an image may hold anything. */
const mostBytes = 64 * 2 ** 20;

type Owner = { readonly uid: number; readonly gid: number; readonly mode: number };
const root: Owner = { uid: 0, gid: 0, mode: 0o640 };

type Present = {
  /** By name, one character a byte. */
  readonly texts: ReadonlyMap<string, string>;
  readonly owners: ReadonlyMap<string, Owner>;
  /** Of what is new. */
  readonly usual: Owner;
};

/** May be repeated: what is laid over already stays. An image without the folder gets one. */
export const layOver = async (context: Context, container: string, conf: WcsConf): Promise<void> => {
  const wanted = filesOf(conf);
  if (wanted.size === 0) return;
  const present = await read(context, container, wanted);
  const changed = laidOver(conf, present?.texts ?? new Map());
  if (changed.size > 0) await write(context, container, changed, present);
};

// ── out of the container ────────────────────────────────────────────────────────────────────────────────────────────

/** `undefined` where there is no such folder, or no such container: then nothing can be written to it either. */
const read = async (
  { client, timeouts }: Context,
  container: string,
  wanted: ReadonlySet<string>,
): Promise<Present | undefined> => {
  // What it is linked to, where it is a link.
  const path = `${folder}/.`;
  const asked = await tryToAsk(client, timeouts.action, () =>
    client.patient.getContainer(container).getArchive({ path }),
  );
  if (!asked.ok && asked.status === 404) return undefined;
  if (!asked.ok) throw asked.failure;
  const archive = extract();
  const piped = pipeline(asked.value, archive);
  try {
    return await ask(client, timeouts.action, async () => {
      const [present] = await Promise.all([readEntries(archive, wanted), piped]);
      return present;
    });
  } finally {
    archive.destroy();
    await piped.catch(() => undefined);
  }
};

const readEntries = async (archive: Extract, wanted: ReadonlySet<string>): Promise<Present> => {
  const texts = new Map<string, string>();
  const owners = new Map<string, Owner>();
  let usual = root;
  let size = 0;
  for await (const entry of archive) {
    const { name: path, type, uid, gid, mode } = entry.header;
    size += entry.header.size;
    if (size > mostBytes) throw new EngineRefused(`${folder} in the image is too large to be read`);
    const [name, ...below] = path.split('/').filter((part) => part !== '' && part !== '.');
    // The folder itself comes first.
    if (name === undefined) usual = { ...usual, uid, gid };
    if (name === settingsFile && below.length === 0) usual = { uid, gid, mode };
    if (name === undefined || below.length > 0 || !wanted.has(name)) {
      entry.resume();
      continue;
    }
    if (type !== 'file') throw new EngineRefused(`${folder}/${name} in the image is no plain file`);
    texts.set(name, (await buffer(entry)).toString('latin1'));
    owners.set(name, { uid, gid, mode });
  }
  return { texts, owners, usual };
};

// ── into it ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const write = async (
  { client, timeouts }: Context,
  container: string,
  changed: ReadonlyMap<string, string>,
  present: Present | undefined,
): Promise<void> => {
  const prefix = present ? '' : `${folder.slice(1)}/`;
  const tar = pack();
  for (const [name, text] of changed) {
    const owner = present?.owners.get(name) ?? present?.usual ?? root;
    tar.entry({ name: prefix + name, ...owner }, Buffer.from(text, 'latin1'));
  }
  tar.finalize();
  const file = await buffer(tar);
  await ask(client, timeouts.action, async () => {
    const path = present ? `${folder}/.` : '/';
    const answer = await client.patient.getContainer(container).putArchive(file, { path });
    await buffer(answer);
  });
};
