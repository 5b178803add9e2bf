// Tells a rig's neighbours that it has its address now: Docker does not, and where the address was another machine's a moment
// ago they go on asking that one for half a minute. It has to be said from inside the rig's network namespace, so a short
// helper container joins it, made of this machine's busybox: nothing is pulled, and nothing of the rig's own image is needed.

import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { z } from 'zod';
import type { Announcer } from '../ports/prober.ts';
import { ask, tryToAsk } from './client.ts';
import type { Context } from './context.ts';
import { localImage } from './images.ts';
import { importImage } from './import-image.ts';
import { helperLabel, installationLabel } from './labels.ts';

const busybox = '/bin/busybox';
// Before the helper has begun, runc itself is in its place: up to 16.1 MB were seen, with cgroup v2, and more is killed.
const memory = 64 * 2 ** 20;

/** `localhost` as the registry's name: nobody else is ever asked for it. */
export const announcerRepository = (installation: string): string => `localhost/${installation}-announce`;

/**
 * Has its image there and what an earlier worker left behind gone; a doctor beside a worker leaves that. `undefined` where this
 * machine has no busybox that needs no library: Debian's `busybox-static`.
 */
export const prepareAnnouncer = async (
  context: Context,
  leftovers: 'remove' | 'leave' = 'remove',
): Promise<Announcer | undefined> => {
  if (leftovers === 'remove') await removeLeftovers(context);
  const program = await readFile(busybox).catch(() => undefined);
  if (program === undefined || !isStatic(program)) return undefined;
  const image = await haveImage(context, program);
  return { announce: (container, address) => announce(context, image, container, address) };
};

/** PURE: one that needs a library names its loader in a program header of type 3. 64-bit ELF, as all that Docker runs on. */
export const isStatic = (program: Buffer): boolean => {
  if (program.length < 64 || program.toString('latin1', 1, 4) !== 'ELF' || program[4] !== 2) return false;
  const start = Number(program.readBigUInt64LE(32));
  const [size, count] = [program.readUInt16LE(54), program.readUInt16LE(56)];
  return Array.from({ length: count }, (_, index) => start + index * size).every(
    (at) => at + 4 <= program.length && program.readUInt32LE(at) !== 3,
  );
};

/** Its tag says what is in it, so that another busybox makes another image. */
const haveImage = async (context: Context, program: Buffer): Promise<string> => {
  const repository = announcerRepository(context.installation);
  const tag = createHash('sha256').update(program).digest('hex').slice(0, 12);
  const found = await localImage(context, `${repository}:${tag}`);
  if (found) return found.id;
  const tar = pack();
  tar.entry({ name: 'bin/', type: 'directory', mode: 0o755 });
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, program);
  tar.finalize();
  const changes = [
    `LABEL ${installationLabel}=${context.installation}`,
    `LABEL ${helperLabel}=announce`,
    'ENTRYPOINT ["/bin/busybox", "arping"]',
  ];
  return importImage(context.client, Readable.from(tar, { objectMode: false }), { repository, tag, changes });
};

/** PURE: three times, a second apart, as somebody may not hear the first. */
export const announceOptions = (installation: string, image: string, container: string, address: string) => ({
  Image: image,
  Cmd: ['-U', '-c', '3', '-I', 'eth0', address],
  Labels: { [installationLabel]: installation, [helperLabel]: 'announce' },
  HostConfig: {
    NetworkMode: `container:${container}`,
    AutoRemove: true,
    RestartPolicy: { Name: 'no' },
    CapDrop: ['ALL'],
    CapAdd: ['NET_RAW'],
    ReadonlyRootfs: true,
    SecurityOpt: ['no-new-privileges'],
    Memory: memory,
    MemorySwap: memory,
    PidsLimit: 8,
    LogConfig: { Type: 'none', Config: {} },
  },
});

const announce = async (
  { client, timeouts, installation }: Context,
  image: string,
  container: string,
  address: string,
): Promise<void> => {
  const name = `${installation}-announce-${randomBytes(4).toString('hex')}`;
  const options = { name, _query: { name }, _body: announceOptions(installation, image, container, address) };
  const helper = await ask(client, timeouts.action, () => client.patient.createContainer(options));
  try {
    await ask(client, timeouts.action, () => helper.start());
  } catch (error) {
    // One that never started does not remove itself.
    await tryToAsk(client, timeouts.action, () => helper.remove({ force: true }));
    throw error;
  }
};

const listSchema = z.array(z.object({ Id: z.string() }));

const removeLeftovers = async ({ client, timeouts, installation }: Context): Promise<void> => {
  const label = [`${installationLabel}=${installation}`, `${helperLabel}=announce`];
  const listed = await ask(client, timeouts.answer, () =>
    client.quick.listContainers({ all: true, filters: { label } }),
  );
  for (const { Id } of listSchema.parse(listed)) {
    // One that ends by itself just then is as good.
    await tryToAsk(client, timeouts.action, () => client.patient.getContainer(Id).remove({ force: true }));
  }
};
