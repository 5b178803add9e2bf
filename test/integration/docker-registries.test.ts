// Pulls from registries that are open, closed, silent or away, and the clearing away of what was pulled.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { image, never, until, useDocker } from '../support/docker-place.ts';
import { annasAuth } from '../support/private-registry.ts';

const { undo, place, connectTo, docker, specFor } = useDocker();

describe('a registry', () => {
  const configFile = async (config: unknown): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'wcs-config-'));
    undo.push(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, 'config.json'), JSON.stringify(config));
    return join(directory, 'config.json');
  };

  test('that wants a name refuses without one, and lets in whom the file names', async () => {
    const { closed, dockerHost, engine } = place();
    const repository = `${closed.host}/wcs`;
    const digest = await closed.publish(repository, 'one', 'content');
    expect(await engine.registryDigest(`${repository}:one`, never)).toMatchObject({ kind: 'silent' });
    expect(await engine.pull(`${repository}:one`, () => undefined, never)).toMatchObject({
      kind: 'failed',
      detail: expect.stringMatching(/^[^\n]*no basic auth credentials[^\n]*$/),
    });
    const registryAuthFile = await configFile({ auths: { [closed.host]: { auth: annasAuth } } });
    const named = connectTo(dockerHost, { registryAuthFile });
    expect(await named.registryDigest(`${repository}:one`, never)).toEqual({ kind: 'digest', digest });
    expect(await named.pull(`${repository}:one`, () => undefined, never)).toEqual({ kind: 'pulled' });
  });

  test('whose credentials are in a helper: said before anything is asked', async () => {
    const { closed, dockerHost } = place();
    const registryAuthFile = await configFile({ credHelpers: { [closed.host]: 'pass' } });
    const engine = connectTo(dockerHost, { registryAuthFile });
    const detail = expect.stringContaining('docker-credential-pass');
    expect(await engine.registryDigest(`${closed.host}/wcs:one`, never)).toEqual({ kind: 'silent', detail });
    expect(await engine.pull(`${closed.host}/wcs:one`, () => undefined, never)).toEqual({
      kind: 'failed',
      detail,
    });
  });

  test('that has gone silent is waited for as long as was said', async () => {
    const { open, dockerHost, engine } = place();
    const reference = `${open.host}/wcs:quiet`;
    await open.publish(`${open.host}/wcs`, 'quiet', 'content');
    open.silence();
    try {
      const looked = await engine.registryDigest(reference, AbortSignal.timeout(200));
      expect(looked).toEqual({
        kind: 'silent',
        detail: `the registry of ${reference} did not answer in time`,
      });
      const pulled = await engine.pull(reference, () => undefined, AbortSignal.timeout(200));
      expect(pulled).toEqual({ kind: 'failed', detail: 'the pull was given up' });
      const impatient = connectTo(dockerHost, { timeouts: { pullSilence: 200, registry: 200 } });
      expect((await impatient.registryDigest(reference, never)).kind).toBe('silent');
      expect(await impatient.pull(reference, () => undefined, never)).toEqual({
        kind: 'failed',
        detail: 'the pull was given up: the registry went silent',
      });
    } finally {
      open.wake();
    }
    expect(await engine.pull(reference, () => undefined, never)).toEqual({ kind: 'pulled' });
  });

  test('that is not there is silent in one line', async () => {
    const looked = await place().engine.registryDigest('127.0.0.1:5999/wcs:one', never);
    expect(looked).toEqual({
      kind: 'silent',
      detail: expect.stringMatching(/^[^\n]*connection refused[^\n]*$/),
    });
  });

  test('gives a stand-in that runs, and a newer one under the same name', async () => {
    const { open, dockerHost, engine } = place();
    const reference = `${open.host}/wcs:latest`;
    const first = await open.publishFrom(dockerHost, image, reference, { BUILD: '1' });
    expect(await engine.localImage(reference)).toBeUndefined();
    expect(await engine.pull(reference, () => undefined, never)).toEqual({ kind: 'pulled' });
    const second = await open.publishFrom(dockerHost, image, reference, { BUILD: '2' });
    expect((await engine.localImage(reference))?.registryDigests).toEqual([first]);
    expect(await engine.registryDigest(reference, never)).toEqual({ kind: 'digest', digest: second });
    const { container } = await engine.create(
      await specFor({ id: 'built', address: '10.78.0.37' }, reference),
    );
    await engine.start(container);
    await until(async () => (await engine.listeningPorts(container))?.has(8443) ?? false);
    await engine.remove(container, 5_000);
  });

  test('an old image that somebody has given another name stays', async () => {
    const { open, engine } = place();
    const repository = `${open.host}/kept`;
    await open.publish(repository, 'old', 'content');
    expect(await engine.pull(`${repository}:old`, () => undefined, never)).toEqual({ kind: 'pulled' });
    await docker('tag', `${repository}:old`, 'somebodys/backup:1');
    expect(await engine.pruneImages(repository, 0)).toEqual([]);
    await docker('rmi', 'somebodys/backup:1');
    expect(await engine.pruneImages(repository, 0)).toHaveLength(1);
    expect(await engine.localImage(`${repository}:old`)).toBeUndefined();
    expect(await engine.localImage(image)).toBeDefined();
  });
});
