// Images on the engine, what the registry says of a name, and the clearing away of old ones.

import { z } from 'zod';
import type { LocalImage, RegistryAnswer } from '../ports/engine.ts';
import { parseReference, registryOf } from '../rig/image-reference.ts';
import { ask, tryToAsk } from './client.ts';
import type { Context } from './context.ts';
import { type ImageFacts, imagesToPrune, isOf } from './images-to-prune.ts';
import { oneLine } from './one-line.ts';
import { readCredentials } from './registry-auth.ts';

const imageSchema = z.object({
  Id: z.string().startsWith('sha256:'),
  RepoDigests: z.array(z.string()).nullish(),
  Created: z.string().nullish(),
  Metadata: z.object({ LastTagTime: z.string().nullish() }).nullish(),
});

/** Of the image's id, so that `docker images` shows the same. */
export const shortDigest = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12);

export const localImage = async (
  { client, timeouts }: Context,
  reference: string,
): Promise<(LocalImage & { readonly registryDigests: readonly string[] }) | undefined> => {
  const seen = await tryToAsk(client, timeouts.answer, () => client.quick.getImage(reference).inspect());
  if (!seen.ok) {
    if (seen.status === 404) return undefined;
    throw seen.failure;
  }
  const { Id, RepoDigests } = imageSchema.parse(seen.value);
  const repository = parseReference(reference)?.repository ?? reference;
  const registryDigests = (RepoDigests ?? [])
    .filter((name) => isOf(name, repository))
    .map((name) => name.slice(name.indexOf('@') + 1));
  return { id: Id, digest: shortDigest(Id), registryDigests };
};

const distributionSchema = z.object({
  Descriptor: z.object({ digest: z.string() }),
  Platforms: z.array(z.object({ os: z.string(), architecture: z.string() })).catch([]),
});

export type RegistryLook =
  | {
      readonly kind: 'there';
      readonly digest: string;
      /** `linux/amd64`; empty where the registry does not say. */
      readonly platforms: readonly string[];
    }
  | { readonly kind: 'silent'; readonly detail: string };

/** Through the engine, which is where the pull will come from. A registry that refuses is as silent as one that is away. */
export const lookAtRegistry = async (
  { client, timeouts, registryAuthFile }: Context,
  reference: string,
  signal: AbortSignal,
): Promise<RegistryLook> => {
  const registry = registryOf(parseReference(reference)?.repository ?? reference);
  const auth = await readCredentials(registryAuthFile, registry);
  if (auth.kind === 'unusable') return { kind: 'silent', detail: auth.detail };
  const options = auth.kind === 'found' ? { authconfig: auth.credentials } : {};
  const tooLate = AbortSignal.any([signal, AbortSignal.timeout(timeouts.registry)]);
  const looked = tryToAsk(client, timeouts.registry + timeouts.answer, () =>
    client.patient.getImage(reference).distribution(options),
  );
  const answer = await Promise.race([looked, aborted(tooLate)]);
  if (answer === 'aborted') {
    looked.catch(() => undefined); // nobody waits for it any more
    return { kind: 'silent', detail: `the registry of ${reference} did not answer in time` };
  }
  if (!answer.ok) return { kind: 'silent', detail: answer.detail };
  const { Descriptor, Platforms } = distributionSchema.parse(answer.value);
  return {
    kind: 'there',
    digest: Descriptor.digest,
    platforms: Platforms.map(({ os, architecture }) => `${os}/${architecture}`),
  };
};

export const registryDigest = async (
  context: Context,
  reference: string,
  signal: AbortSignal,
): Promise<RegistryAnswer> => {
  const look = await lookAtRegistry(context, reference, signal);
  return look.kind === 'there' ? { kind: 'digest', digest: look.digest } : look;
};

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });

const listedSchema = z.array(
  z.object({
    Id: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    RepoDigests: z.array(z.string()).nullish(),
  }),
);
const usersSchema = z.array(z.object({ ImageID: z.string() }));

/** The ids of the images that went. */
export const pruneImages = async (
  context: Context,
  repository: string,
  keep: number,
): Promise<readonly string[]> => {
  const { client, timeouts, log } = context;
  const listed = await ask(client, timeouts.answer, () => client.quick.listImages());
  const candidates = listedSchema
    .parse(listed)
    .map(({ Id, RepoTags, RepoDigests }) => ({ id: Id, names: namesOf(RepoTags, RepoDigests) }))
    .filter(({ names }) => names.some((name) => isOf(name, repository)));
  const images: ImageFacts[] = [];
  for (const { id, names } of candidates) images.push({ id, names, since: await sinceOf(context, id) });
  const containers = await ask(client, timeouts.answer, () => client.quick.listContainers({ all: true }));
  const used = new Set(usersSchema.parse(containers).map(({ ImageID }) => ImageID));
  const removed: string[] = [];
  for (const image of imagesToPrune(images, used, repository, keep)) {
    const refused = await removeNames(context, image.names);
    if (refused === undefined) removed.push(image.id);
    else log.warn({ image: image.id, detail: refused }, 'an old image could not be removed');
  }
  return removed;
};

/** Names without a tag (`<none>`, digests) are no tags. */
export const localTags = async (
  { client, timeouts }: Context,
  repository: string,
): Promise<readonly string[]> => {
  const listed = listedSchema.parse(await ask(client, timeouts.answer, () => client.quick.listImages()));
  const names = listed.flatMap(({ RepoTags }) => namesOf(RepoTags, []));
  const tags = names.flatMap((name) => (isOf(name, repository) ? (parseReference(name)?.tag ?? []) : []));
  return [...new Set(tags)].sort();
};

const namesOf = (tags: readonly string[] | null | undefined, digests: readonly string[] | null | undefined) =>
  [...(tags ?? []), ...(digests ?? [])].filter((name) => !name.startsWith('<none>'));

const sinceOf = async ({ client, timeouts }: Context, id: string): Promise<number> => {
  const seen = await tryToAsk(client, timeouts.answer, () => client.quick.getImage(id).inspect());
  if (!seen.ok) return 0; // gone meanwhile
  const { Created, Metadata } = imageSchema.parse(seen.value);
  return Math.max(0, ...[Created, Metadata?.LastTagTime].map((time) => Date.parse(time ?? '') || 0));
};

/** Name by name and never by force: with its last name the image goes, unless a container has come to use it meanwhile. */
const removeNames = async (
  { client, timeouts }: Context,
  names: readonly string[],
): Promise<string | undefined> => {
  for (const name of names) {
    const gone = await tryToAsk(client, timeouts.action, () => client.patient.getImage(name).remove());
    if (!gone.ok && gone.status !== 404) return oneLine(gone.detail);
  }
  return undefined;
};
