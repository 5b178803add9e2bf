// Does this machine's kernel have ipvlan, or macvlan? The list of loaded modules does not say: most kernels load one when it is
// first wanted, and some have it built in. So such a link is made, in a network namespace of its own that goes with it;
// nothing of the machine's own network is touched. Where that is not permitted, only signs are left.

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { type ProgramRun, runProgram } from '../../machine/run-program.ts';
import { second } from '../../rig/duration.ts';

export type LinkKind = 'ipvlan' | 'macvlan';

export type KernelSays =
  | { readonly kind: 'made' }
  /** The kernel's own words. */
  | { readonly kind: 'unknown-to-it'; readonly detail: string }
  | {
      readonly kind: 'not-tried';
      readonly why: string;
      /** The modules' list, the list of those built in, or modinfo names it. `undefined`: none of them does. */
      readonly sign: 'loaded' | 'built-in' | 'on-the-disk' | undefined;
    };

/** No link of the machine can be called so in a namespace that has only these. */
const noVeth = 97;
const script = (kind: LinkKind): string =>
  `ip link add name wcs0 type veth peer name wcs1 || exit ${noVeth}; exec ip link add link wcs0 name wcs2 type ${kind}`;

export const gatherKernel = async (kind: LinkKind): Promise<KernelSays> => {
  // Whoever is not root may be one in a namespace of users.
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const ran = await runProgram('unshare', [...asRoot, '--net', 'sh', '-c', script(kind)], 5 * second);
  const tried = judgeTrial(ran);
  return tried.kind === 'not-tried' ? { ...tried, sign: await signOf(kind) } : tried;
};

/** PURE. */
export const judgeTrial = (ran: ProgramRun): KernelSays => {
  const notTried = (why: string): KernelSays => ({ kind: 'not-tried', why, sign: undefined });
  switch (ran.kind) {
    case 'absent':
      return notTried('there is no `unshare` here to try it with');
    case 'late':
      return notTried('`unshare` did not end in time');
    case 'ended': {
      const detail = ran.stderr.trim().split('\n').at(-1) ?? '';
      if (ran.code === 0) return { kind: 'made' };
      if (ran.code !== noVeth && /unknown device type|not supported/i.test(detail)) {
        return { kind: 'unknown-to-it', detail };
      }
      return notTried(detail === '' ? `\`unshare\` ended with ${ran.code}` : detail);
    }
  }
};

const signOf = async (kind: LinkKind): Promise<Extract<KernelSays, { kind: 'not-tried' }>['sign']> => {
  const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  if (new RegExp(`^${kind} `, 'm').test(await text('/proc/modules'))) return 'loaded';
  const builtIn = await text(`/lib/modules/${os.release()}/modules.builtin`);
  if (builtIn.includes(`/${kind}.ko`)) return 'built-in';
  const info = await runProgram('modinfo', ['--field', 'filename', kind], 2 * second);
  return info.kind === 'ended' && info.code === 0 ? 'on-the-disk' : undefined;
};
