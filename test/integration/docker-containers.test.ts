// The adapter's containers on a real engine: what the contract cannot say of both.

import { describe, expect, test } from 'vitest';
import { bridge, refusalOf, until, useDocker } from '../support/docker-place.ts';
import { startUnixProxy } from '../support/unix-proxy.ts';

const { undo, place, connectTo, docker, specFor, variant } = useDocker();

describe('a container on the engine', () => {
  test('is what was asked for, and no secret was ever in a URL', async () => {
    const proxy = await startUnixProxy(place().dockerHost);
    undo.push(proxy.stop);
    const engine = connectTo(proxy.dockerHost);
    const spec = await specFor({
      id: 'full',
      address: '10.78.0.30',
      licence: 'licence-number',
      licenceId: 'l1',
      memoryBytes: 200 * 2 ** 20,
      cpus: 0.5,
    });
    const { container } = await engine.create(spec);
    await engine.start(container);
    await until(async () => (await engine.listeningPorts(container))?.has(8444) ?? false);

    const [seen] = JSON.parse(await docker('inspect', container));
    expect(seen.Config.Env).toEqual(
      expect.arrayContaining([
        'PASSWORD=pass-word-of-the-rig',
        'LICENSE=licence-number',
        'LOCAL_IP=10.78.0.30',
        'EXTERNAL_IP=10.78.0.30',
      ]),
    );
    expect(seen.HostConfig).toMatchObject({
      Memory: 200 * 2 ** 20,
      MemorySwap: 200 * 2 ** 20,
      NanoCpus: 500_000_000,
      PidsLimit: 4096,
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    expect(seen.Config.Labels).toMatchObject({
      'wcs-rigs.installation': 'wcs',
      'wcs-rigs.rig': 'full',
      'wcs-rigs.licence-id': 'l1',
      'wcs-rigs.owner-name': 'anna',
    });
    expect(Object.keys(seen.NetworkSettings.Networks)).toEqual([bridge.name]);
    expect(seen.NetworkSettings.Networks[bridge.name].IPAddress).toBe('10.78.0.30');
    expect(
      await docker('exec', container, 'sh', '-c', 'ulimit -n; hostname; grep NoNewPrivs /proc/self/status'),
    ).toBe('20000\ndemo\nNoNewPrivs:\t1\n');
    await engine.remove(container, 5_000);

    const asked = proxy.asked();
    const urls = asked.map((text) => text.slice(0, text.indexOf('\r\n')));
    expect(urls).toContainEqual(expect.stringMatching(/^POST \/containers\/create\?name=wcs-full-g1 HTTP/));
    expect(urls.join('\n')).not.toMatch(/pass-word-of-the-rig|licence-number|PASSWORD|Env/);
    expect(asked.filter((text) => text.includes('PASSWORD=pass-word-of-the-rig'))).toHaveLength(1);
  });

  test('that does not heed SIGTERM is killed after its grace', async () => {
    const deaf = await variant('deaf', 'CMD ["/bin/sleep", "1000"]');
    const { container } = await place().engine.create(
      await specFor({ id: 'deaf', address: '10.78.0.31' }, deaf),
    );
    await place().engine.start(container);
    const begun = performance.now();
    await place().engine.remove(container, 1_000);
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(950);
    expect(took).toBeLessThan(6_000);
    expect(await place().engine.rigContainers('deaf')).toEqual([]);
  });

  test('that used up its memory says so', async () => {
    const greedy = await variant(
      'greedy',
      'CMD ["/bin/node", "-e", "const a=[];for(;;)a.push(Buffer.alloc(1e7,1))"]',
    );
    const memoryBytes = 96 * 2 ** 20;
    const spec = await specFor({ id: 'greedy', address: '10.78.0.32', memoryBytes }, greedy);
    const { container } = await place().engine.create(spec);
    await place().engine.start(container);
    await until(async () => (await place().engine.inspect(container))?.state === 'exited');
    expect(await place().engine.inspect(container)).toMatchObject({ exitCode: 137, outOfMemory: true });
    await place().engine.remove(container, 0);
  });

  test('of an image without `cat` says why its ports cannot be seen', async () => {
    const blind = await variant('blind', 'ENV PATH=/nowhere');
    const { container } = await place().engine.create(
      await specFor({ id: 'blind', address: '10.78.0.33' }, blind),
    );
    await place().engine.start(container);
    expect(await refusalOf(place().engine.listeningPorts(container))).toContain('has no `cat`');
    await place().engine.remove(container, 1_000);
  });

  test('may be removed by two at once, and made anew meanwhile', async () => {
    const spec = await specFor({ id: 'twice', address: '10.78.0.34' });
    const first = await place().engine.create(spec);
    await place().engine.start(first.container);
    const removals = [1, 2, 3].map(() => place().engine.remove(first.container, 5_000));
    await Promise.all(removals);
    const second = await place().engine.create(spec);
    expect(second.container).not.toBe(first.container);
    await place().engine.remove(second.container, 0);
  });

  test('of the same rig and generation that differs is not taken for ours to go on with', async () => {
    const made = await place().engine.create(await specFor({ id: 'differs', address: '10.78.0.35' }));
    const other = await specFor({ id: 'differs', address: '10.78.0.36' });
    expect(await refusalOf(place().engine.create(other))).toBe(
      'a container called wcs-differs-g1 is there already and differs in wcs-rigs.address',
    );
    await place().engine.remove(made.container, 0);
  });

  test('outside the subnet is refused in one line', async () => {
    const spec = await specFor({ id: 'outside', address: '10.200.0.1' });
    expect(
      await refusalOf(
        place()
          .engine.create(spec)
          .then(({ container }) => place().engine.start(container)),
      ),
    ).toMatch(/^[^\n]*(no configured subnet|does not belong to any of this network's subnets)[^\n]*$/);
    for (const { container } of await place().engine.rigContainers('outside')) {
      await place().engine.remove(container, 0);
    }
  });
});
