// Is this machine a virtual one, and whose? A hypervisor's switch has its own idea of which addresses a machine may have.

import { readFile } from 'node:fs/promises';

export type Hypervisor = 'vmware' | 'virtualbox' | 'hyper-v' | 'kvm' | 'xen' | 'cloud' | 'unknown';

/** `undefined`: nothing says that it is a virtual machine. */
export type Virtual = { readonly hypervisor: Hypervisor; readonly name: string } | undefined;

const text = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim();

export const gatherVirtual = async (): Promise<Virtual> => {
  const [vendor, product, cpu] = await Promise.all([
    text('/sys/class/dmi/id/sys_vendor'),
    text('/sys/class/dmi/id/product_name'),
    text('/proc/cpuinfo'),
  ]);
  return judgeVirtual(`${vendor} ${product}`.trim(), /^flags\s*:.*\bhypervisor\b/m.test(cpu));
};

const known: readonly (readonly [RegExp, Hypervisor])[] = [
  [/amazon|google|digitalocean|hetzner|openstack|alibaba|scaleway|linode|vultr/i, 'cloud'],
  [/vmware/i, 'vmware'],
  [/virtualbox|innotek/i, 'virtualbox'],
  [/microsoft.*virtual/i, 'hyper-v'],
  [/qemu|kvm|proxmox|bochs/i, 'kvm'],
  [/xen/i, 'xen'],
];

/** PURE. `board`: what the firmware says of vendor and product; `isGuest`: what the processor says. */
export const judgeVirtual = (board: string, isGuest: boolean): Virtual => {
  const [, hypervisor] = known.find(([pattern]) => pattern.test(board)) ?? [];
  if (hypervisor !== undefined) return { hypervisor, name: board };
  return isGuest ? { hypervisor: 'unknown', name: board } : undefined;
};
