// A host as placement and people see it.

import type { Host } from '../../src/rig/host.ts';

export const aHost = (facts: Partial<Host> = {}): Host => ({
  name: 'h1',
  state: 'ready',
  network: { lan: 'lan-1', mode: 'ipvlan', subnet: '192.168.23.0/24' },
  slots: 8,
  freeSlots: 5,
  freeAddresses: 9,
  rigs: 3,
  tag: 'latest',
  tags: ['latest'],
  keyId: '0a1b2c3d',
  versions: { engine: '20.10.24', worker: '0.1.0' },
  ...facts,
});
