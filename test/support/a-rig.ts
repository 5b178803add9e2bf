// Rigs to test with: whole ones, of which a test names only what matters to it.

import { type Asker, personOf } from '../../src/rig/access.ts';
import type { Report, Sighting } from '../../src/rig/report.ts';
import type { Rig } from '../../src/rig/rig.ts';

export const noon = Date.UTC(2026, 10, 23, 12);

export const anna: Asker = { id: 'U0ANNA', name: 'anna', isAdmin: false };
export const ben: Asker = { id: 'U0BEN', name: 'ben', isAdmin: false };
/** One of the operator's. */
export const olga: Asker = { id: 'U0OLGA', name: 'olga', isAdmin: true };

export const aRig = (facts: Partial<Rig> = {}): Rig => ({
  id: 'k3f9ab',
  name: 'demo',
  generation: 1,
  owner: personOf(anna),
  shared: [],
  host: 'h1',
  network: { lan: '192.168.23.0/24@192.168.23.1', mode: 'ipvlan', subnet: '192.168.23.0/24' },
  address: '192.168.23.100',
  tag: 'latest',
  created: noon,
  lease: { end: noon + 4 * 3_600_000, cap: noon + 24 * 3_600_000, rev: 1 },
  asked: { channel: 'C0RIGS', command: '/wcs', quietly: false, cut: false },
  state: { kind: 'placed', since: noon },
  ...facts,
});

export const aReport = (saw: Sighting, facts: Partial<Report> = {}): Report => ({
  v: 1,
  host: 'h1',
  rig: 'k3f9ab',
  generation: 1,
  at: noon + 1000,
  saw,
  ...facts,
});
