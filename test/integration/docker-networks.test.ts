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
    const outcome = await place().engine.ensureNetwork({ ...bridge, name: 'wcs-overlap' });
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
