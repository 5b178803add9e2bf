// The worker's own network on a real engine, in each mode that this kernel has.

import { describe, expect, test } from 'vitest';
import { EngineRefused } from '../../src/ports/faults.ts';
import { fetchFrom } from '../support/colleague.ts';
import { bridge, lanPlan, until, useDocker } from '../support/docker-place.ts';

const { place, docker, specFor } = useDocker();

describe('the network', () => {
  test('macvlan: a colleague reaches the rig, the host itself does not', async () => {
    const { engine, lan } = place();
    expect(await engine.ensureNetwork(lanPlan)).toMatchObject({ kind: 'created' });
    expect(await engine.ensureNetwork(lanPlan)).toMatchObject({ kind: 'found' });
    const spec = await specFor({ id: 'mac', address: '10.77.0.50', network: lanPlan.name });
    const { container } = await engine.create(spec);
    expect(await engine.start(container)).toBe('started');
    await until(async () => (await engine.listeningPorts(container))?.has(8444) ?? false);
    const page = 'https://10.77.0.50:8444/';
    expect(await fetchFrom(lan, 'colleague', page)).toMatchObject({ status: 200 });
    expect(await fetchFrom(lan, 'h1', page)).toMatchObject({ status: 0 });
    await engine.remove(container, 5_000);
  });

  test('a foreign one of that name differs and is left alone', async () => {
    await docker('network', 'create', '--subnet', '10.81.0.0/24', 'somebodys');
    const plan = { ...bridge, name: 'somebodys', subnet: '10.81.0.0/24', gateway: undefined };
    expect(await place().engine.ensureNetwork(plan)).toEqual({
      kind: 'differs',
      differences: ['label wcs-rigs.installation is not set and should be wcs'],
    });
    expect(await docker('network', 'ls', '--format', '{{.Name}}')).toContain('somebodys');
  });

  test('one whose name only contains ours is not ours', async () => {
    const plan = { ...bridge, name: 'wcs-b', subnet: '10.82.0.0/24', gateway: undefined };
    expect(await place().engine.ensureNetwork(plan)).toMatchObject({ kind: 'created' });
  });

  test('that overlaps with another is refused in one line, which names the other and how to remove it', async () => {
    const outcome = await place().engine.ensureNetwork({
      ...bridge,
      name: 'wcs-overlap',
      gateway: '10.78.0.99',
    });
    const line =
      /^[^\n]*overlaps[^\n]*; the network wcs-bridge has [\d./]+: [^\n]*`docker network rm wcs-bridge`[^\n]*$/i;
    expect(outcome).toEqual({ kind: 'refused', detail: expect.stringMatching(line) });
    expect(outcome).toEqual({ kind: 'refused', detail: expect.not.stringContaining('somebodys') });
  });

  // Whether this kernel has ipvlan decides which of the two it is; in each case it is one sentence or it works.
  test('ipvlan works, or is refused with the engine’s own sentence', async () => {
    const { engine } = place();
    const plan = {
      ...lanPlan,
      name: 'wcs-ipvlan',
      mode: 'ipvlan',
      subnet: '10.83.0.0/24',
      gateway: '10.83.0.1',
    } as const;
    const outcome = await engine.ensureNetwork(plan);
    if (outcome.kind === 'refused') return expect(outcome.detail).toMatch(/^[^\n]*(ipvlan|parent)[^\n]*$/);
    expect(outcome).toMatchObject({ kind: 'created' });
    const { container } = await engine.create(
      await specFor({ id: 'ipv', address: '10.83.0.9', network: plan.name }),
    );
    const refusal = await engine.start(container).catch((error: unknown) => error);
    await engine.remove(container, 0);
    if (refusal === 'started') return;
    expect(refusal).toBeInstanceOf(EngineRefused);
    expect(String(refusal)).toMatch(/^[^\n]*(ipvlan|not supported|parent)[^\n]*$/);
  });
});

describe('ports on an address of the host', () => {
  const inner = { ...bridge, name: 'wcs-inner', subnet: '10.231.0.0/24', gateway: '10.231.0.1' };
  const published = (inside: string) =>
    ({
      kind: 'published',
      network: inner.name,
      inside,
      tcp: [8443, 8444],
      media: { first: 31_001, last: 31_010 },
    }) as const;
  const alias = (address: string) =>
    place().lan.run('h1', ['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0']);

  test('a colleague and the host itself reach two rigs, each at its own address', async () => {
    const { engine, lan } = place();
    await engine.ensureNetwork(inner);
    for (const [index, address] of ['10.77.0.61', '10.77.0.62'].entries()) {
      await alias(address);
      const network = published(`10.231.0.${index + 2}`);
      const spec = await specFor({ id: `pub${index}`, address, external: address, network });
      const { container } = await engine.create(spec);
      expect(await engine.start(container)).toBe('started');
      await until(async () => (await engine.listeningPorts(container))?.has(8444) ?? false);
      for (const from of ['colleague', 'h1']) {
        const page = await fetchFrom(lan, from, `https://${address}:8444/`);
        expect(page).toMatchObject({ status: 200 });
        expect(page.body).toContain(`Address: ${address}.`);
      }
    }
    expect(await fetchFrom(lan, 'colleague', 'https://10.77.0.2:8444/')).toMatchObject({ status: 0 });
    for (const one of await engine.rigs()) await engine.remove(one.container, 1_000);
  });

  test('that somebody else has: the address is in use, in Docker’s words and in ours', async () => {
    const { engine } = place();
    await engine.ensureNetwork(inner);
    await alias('10.77.0.63');
    const network = published('10.231.0.9');
    const first = await engine.create(await specFor({ id: 'first', address: '10.77.0.63', network }));
    expect(await engine.start(first.container)).toBe('started');
    const again = { ...network, inside: '10.231.0.10' };
    const second = await engine.create(
      await specFor({ id: 'second', address: '10.77.0.63', network: again }),
    );
    expect(await engine.start(second.container)).toBe('address-in-use');
    for (const { container } of [first, second]) await engine.remove(container, 1_000);
  });
});

describe('the host’s own network', () => {
  const start = async (id: string, address: string): Promise<string> => {
    await place().lan.run('h1', ['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0']);
    const spec = await specFor({ id, address, network: { kind: 'host' } });
    const { container } = await place().engine.create(spec);
    expect(await place().engine.start(container)).toBe('started');
    return container;
  };

  test('a rig there is looked at on its address, and what another one listens on is not its own', async () => {
    const { engine, lan } = place();
    const first = await start('own', '10.77.0.64');
    await until(async () => (await engine.listeningPorts(first, '10.77.0.64'))?.has(8444) ?? false);
    expect(await engine.statistics(first, '10.77.0.64')).toBeDefined();
    expect(await fetchFrom(lan, 'colleague', 'https://10.77.0.64:8444/')).toMatchObject({ status: 200 });
    // The first one has all addresses of the host, so that this one gets no port, and ends.
    const second = await start('late', '10.77.0.65');
    const seen: number[] = [];
    await until(async () => {
      const ports = await engine.listeningPorts(second, '10.77.0.65');
      seen.push(...(ports ?? []));
      return (await engine.inspect(second))?.state === 'exited';
    });
    expect(seen).toEqual([]);
    for (const container of [first, second]) await engine.remove(container, 1_000);
  });
});

describe('a network that somebody made by hand', () => {
  test('and that fits is used, whatever its name and its range', async () => {
    const plan = { ...bridge, name: 'wcs-mine', subnet: '10.84.0.0/24', gateway: '10.84.0.1' };
    await docker(
      ...['network', 'create', '--subnet', plan.subnet, '--gateway', plan.gateway],
      ...['--ip-range', '10.84.0.128/25', 'by-hand'],
    );
    expect(await place().engine.ensureNetwork(plan)).toEqual({ kind: 'found', name: 'by-hand' });
  });

  test.each([
    ['inside', ['--internal']],
    ['of another gateway', ['--gateway', '10.85.0.9']],
  ])('%s does not fit, and is in the way', async (_, options) => {
    const plan = { ...bridge, name: 'wcs-other', subnet: '10.85.0.0/24', gateway: '10.85.0.1' };
    await docker('network', 'create', '--subnet', plan.subnet, ...options, 'unfit');
    const outcome = await place().engine.ensureNetwork(plan);
    await docker('network', 'rm', 'unfit');
    expect(outcome).toMatchObject({ kind: 'refused', detail: expect.stringContaining('unfit') });
  });
});
