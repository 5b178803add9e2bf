// Credentials for a registry out of a Docker `config.json`, as `docker login` writes it.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export type Credentials = {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
};

export type CredentialsOutcome =
  | { readonly kind: 'found'; readonly credentials: Credentials }
  /** Nothing is said of this registry: it is asked without a name. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly detail: string };

const schema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

/** `registry`: its host with port, `docker.io` for Docker's own. Read anew each time, since tokens in it are renewed. */
export const readCredentials = async (
  file: string | undefined,
  registry: string,
): Promise<CredentialsOutcome> => {
  if (file === undefined) return { kind: 'none' };
  try {
    return findCredentials(JSON.parse(await readFile(file, 'utf8')), registry);
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    return { kind: 'unusable', detail: `registry credentials: ${file} ${why}` };
  }
};

/** PURE. `config`: the file's content, not yet checked. */
export const findCredentials = (config: unknown, registry: string): CredentialsOutcome => {
  const parsed = schema.safeParse(config);
  if (!parsed.success) {
    return { kind: 'unusable', detail: 'registry credentials: that is not a Docker config.json' };
  }
  const { auths, credHelpers, credsStore } = parsed.data;
  const names = namesOf(registry);
  const [key, entry] = Object.entries(auths).find(([name]) => names.has(hostOf(name))) ?? [];
  if (key !== undefined && entry?.auth) return decode(entry.auth, entry.identitytoken, key);
  const helper = Object.entries(credHelpers).find(([name]) => names.has(hostOf(name)))?.[1];
  // `docker login` leaves an empty entry behind where a store keeps the secret.
  const program = helper ?? (entry ? credsStore : undefined);
  if (program === undefined) return { kind: 'none' };
  const detail = `registry credentials for ${registry} are in the helper docker-credential-${program}, which is not run here: put an "auth" entry for ${registry} into the file`;
  return { kind: 'unusable', detail };
};

// Docker's own registry is written in the way of its first version.
const namesOf = (registry: string): ReadonlySet<string> =>
  new Set(registry === 'docker.io' ? ['docker.io', 'index.docker.io', 'registry-1.docker.io'] : [registry]);

const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

const decode = (auth: string, identitytoken: string | undefined, key: string): CredentialsOutcome => {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) {
    return {
      kind: 'unusable',
      detail: `registry credentials: "auth" of ${key} is not base64 of NAME:PASSWORD`,
    };
  }
  const username = text.slice(0, colon);
  const secret = identitytoken === undefined ? { password: text.slice(colon + 1) } : { identitytoken };
  return { kind: 'found', credentials: { username, ...secret, serveraddress: key } };
};
