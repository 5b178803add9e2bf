// The host that somebody means, for those who may do something with it.

import type { Hosts } from '../ports/hosts.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Asker } from '../rig/access.ts';
import { type Host, isSameHost } from '../rig/host.ts';
import type { HostName, Rig } from '../rig/rig.ts';
import { type Refused, refused } from './find-rig.ts';

/** What only those may do who run the bot. */
export type HostVerb = 'drain' | 'undrain' | 'forget' | 'allow';

export type FoundHost = { readonly kind: 'found'; readonly host: Host };

export const findHost = async (hosts: Hosts, asked: HostName): Promise<FoundHost | Refused> => {
  const all = await hosts.list();
  const host = all.find(({ name }) => isSameHost(name, asked));
  return host === undefined
    ? refused({ kind: 'no-such-host', asked, known: all.map(({ name }) => name) })
    : { kind: 'found', host };
};

export const findHostFor = async (
  hosts: Hosts,
  what: HostVerb,
  asked: HostName,
  by: Asker,
): Promise<FoundHost | Refused> =>
  by.isAdmin ? findHost(hosts, asked) : refused({ kind: 'only-admins', what });

/** All living rigs that have a slot on it, oldest first. */
export const rigsOn = async (rigs: Rigs, { name }: Pick<Host, 'name'>): Promise<readonly Rig[]> =>
  (await rigs.onHost(name)).map(({ rig }) => rig);
