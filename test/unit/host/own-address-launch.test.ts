// Launches on addresses that the host itself has: ports published on them, or the host's own network.

import { describe, expect, it, vi } from 'vitest';
import type { HostNetworking } from '../../../src/host/container-network.ts';
import { anywhere, type Listener } from '../../../src/rig/listening.ts';
import { openHost } from '../../support/a-host.ts';

const address = '10.0.0.10';
const published = (inside: ReadonlyMap<string, string>): HostNetworking => ({
  kind: 'published',
  network: 'wcs-rigs',
  tcp: [8443, 8444],
  media: { first: 31_001, last: 31_100 },
  inside,
});
const onHost: HostNetworking = { kind: 'host', ports: [8443, 8444] };

const open = async (networking: HostNetworking, listeners: readonly Listener[] = []) => {
  const onListensEverywhere = vi.fn<() => void>();
  const ports = { listeners: async () => listeners, onListensEverywhere };
  const host = await openHost({ settings: { networking, external: { [address]: '203.0.113.7' } }, ports });
  const rig = await host.claim();
  expect(rig.address).toBe(address);
  return { ...host, rig, onListensEverywhere };
};

describe('published', () => {
  it('has an address of its own inside, and is told what others see', async () => {
    const host = await open(published(new Map([[address, '10.231.0.2']])));
    await host.launch(host.rig);
    expect(host.docker.containers()[0]?.spec).toMatchObject({
      external: '203.0.113.7',
      network: { kind: 'published', inside: '10.231.0.2', media: { first: 31_001, last: 31_100 } },
    });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'ready' });
  });

  it('on an address that is not the host’s any more fails with a sentence, and nothing is left', async () => {
    const host = await open(published(new Map()));
    await host.launch(host.rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      kind: 'failed',
      reason: { kind: 'engine', detail: expect.stringContaining(`${address} is not among those`) },
    });
    expect(host.docker.containers()).toEqual([]);
  });
});

describe('on the host’s network', () => {
  it('starts where its ports are free, whoever listens beside it', async () => {
    const host = await open(onHost, [{ at: '10.0.0.11', port: 8443 }]);
    await host.launch(host.rig);
    expect(host.docker.containers()[0]?.spec?.network).toEqual({ kind: 'host' });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'ready' });
  });

  it.each([
    ['on its address: it gets another one', address, { kind: 'address-in-use', address }],
    ['everywhere: there is no other one', anywhere, { kind: 'ports-taken', ports: [8443] }],
  ])('does not start where somebody listens %s', async (_, at, reason) => {
    const host = await open(onHost, [{ at, port: 8443 }]);
    await host.launch(host.rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'failed', reason });
    expect(host.docker.calls.filter((call) => call.startsWith('start'))).toEqual([]);
    expect(host.docker.containers()).toEqual([]);
  });

  it('that turns out to listen everywhere is told of; the fake does', async () => {
    const host = await open(onHost);
    await host.launch(host.rig);
    expect(host.onListensEverywhere).toHaveBeenCalledTimes(1);
  });

  it('with a network of its own nobody asks', async () => {
    const host = await open({ kind: 'own-address', network: 'wcs-rigs' });
    await host.launch(host.rig);
    expect(host.onListensEverywhere).not.toHaveBeenCalled();
  });
});
