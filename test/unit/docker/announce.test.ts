// The helper container that announces a rig: what it may, and what it needs to get up at all.

import { expect, it } from 'vitest';
import { announceOptions } from '../../../src/docker/announce.ts';

const { HostConfig } = announceOptions('wcs', 'sha256:a', 'c1', '10.0.0.10');

it('may send packets, and nothing else', () => {
  expect(HostConfig).toMatchObject({
    CapDrop: ['ALL'],
    CapAdd: ['NET_RAW'],
    ReadonlyRootfs: true,
    SecurityOpt: ['no-new-privileges'],
    NetworkMode: 'container:c1',
  });
});

// runc starts within the helper's limit: with 16 MiB the kernel killed it every few times (test/lab/ipvlan.test.ts).
it('has the memory with which runc starts it, several times over', () => {
  const seen = 16_105_472;
  expect(HostConfig.Memory).toBeGreaterThan(3 * seen);
  expect(HostConfig.MemorySwap).toBe(HostConfig.Memory);
});
