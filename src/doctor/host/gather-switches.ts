// The kernel's switches that matter to rigs.

import { readFile } from 'node:fs/promises';

/** `undefined` where the kernel has no such switch, or does not show it. */
export type Switches = {
  /** It forwards packets between its interfaces. */
  readonly ipForward: boolean | undefined;
  /** Frames within a bridge go through iptables. Only there once the module `br_netfilter` is. */
  readonly bridgeCallsIptables: boolean | undefined;
  /** The most open files that a process may ever be allowed. */
  readonly mostOpenFiles: number | undefined;
};

const readSwitch = async (path: string): Promise<number | undefined> => {
  const text = await readFile(`/proc/sys/${path}`, 'utf8').catch(() => '');
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
};

export const gatherSwitches = async (): Promise<Switches> => {
  const [forward, bridge, files] = await Promise.all([
    readSwitch('net/ipv4/ip_forward'),
    readSwitch('net/bridge/bridge-nf-call-iptables'),
    readSwitch('fs/nr_open'),
  ]);
  return {
    ipForward: forward === undefined ? undefined : forward !== 0,
    bridgeCallsIptables: bridge === undefined ? undefined : bridge !== 0,
    mostOpenFiles: files,
  };
};
