// A host as placement and people see it.

import type { Host } from '../../src/rig/host.ts';

export const aHost = (facts: Partial<Host> = {}): Host => ({
  name: 'h1',
  state: 'ready',
  network: { lan: 'lan-1', mode: 'ipvlan', subnet: '192.168.23.0/24' },
  slots: 8,
  freeSlots: 5,
  freeAddresses: 9,
  tag: 'latest',
  ...facts,
});
