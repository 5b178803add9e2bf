// The last lines of a rig's log: whose, how many, and what is cut out of them.

import { describe, expect, it } from 'vitest';
import { deriveSecrets } from '../../../src/secrets.ts';
import { licence, openHost, queueDown } from '../../support/a-host.ts';
import { fleetSecret } from '../../support/a-worker.ts';

const withLog = async (log: (password: string) => readonly string[]) => {
  const host = await openHost();
  host.docker.publish('example/wcs:latest', { log: log(host.secrets.password('k3f9ab', 1)) });
  const rig = await host.claim();
  await host.launch(rig);
  const lines = () => {
    const { saw } = host.reports.all.at(-1) ?? {};
    if (saw?.kind !== 'log') throw new Error(`the last report was ${saw?.kind}`);
    return saw.lines;
  };
  return { host, rig, lines };
};

describe('a log', () => {
  it('has as many of the last lines as were asked for, for whoever asked', async () => {
    const { host, rig, lines } = await withLog(() => ['one', 'two', 'three']);
    const to = { id: 'UBEN', name: 'ben' };
    await host.askLog(rig, { lines: 2, to });
    expect(lines()).toEqual(['two', 'three']);
    expect(host.reports.all.at(-1)).toMatchObject({ rig: rig.id, generation: 1, saw: { to } });
  });

  it('holds no secret', async () => {
    const { host, rig, lines } = await withLog((password) => [`password ${password}`, `key ${licence}!`]);
    await host.askLog(rig);
    expect(lines()).toHaveLength(2);
    expect(lines()?.join('\n')).toMatch(/^password \S+\nkey \S+!$/);
    expect(lines()?.join('\n')).not.toContain(licence);
    expect(lines()?.join('\n')).not.toContain(host.secrets.password(rig.id, 1));
  });

  it('of a rig whose key is not known any more is not shown: its password could not be cut out', async () => {
    const real = deriveSecrets(fleetSecret, 'wcs');
    const secrets = { ...real, keyIds: ['another'], passwords: () => [] };
    const host = await openHost({ ports: { secrets } });
    const password = real.password('k3f9ab', 1);
    host.docker.publish('example/wcs:latest', { log: ['one', `password ${password}`] });
    const rig = await host.claim();
    await host.launch(rig);
    await host.askLog(rig);
    const shown = [
      `(not shown: this host does not know the secret that the rig was made with, key ${real.keyId})`,
    ];
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'log', lines: shown });
    await host.look();
    host.docker.end(host.docker.containers()[0]?.id ?? '', 1);
    await host.look();
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'failed', tail: shown });
  });

  it('of 100 kB and more has the last that fit, whole', async () => {
    const line = (n: number) => `${n} `.padEnd(999, 'x');
    const { host, rig, lines } = await withLog(() => Array.from({ length: 300 }, (_, n) => line(n)));
    await host.askLog(rig, { lines: 300 });
    expect(lines()).toEqual(Array.from({ length: 100 }, (_, n) => line(200 + n)));
  });

  it('that nobody waits for any more is not read: whoever asked is told so', async () => {
    const { host, rig, lines } = await withLog(() => ['one']);
    await host.askLog(rig, { deadline: host.clock.now - 1 });
    expect(lines()).toBeUndefined();
    expect(host.docker.calls.join('\n')).not.toContain('logTail');
  });

  it('of a container that there is not has no lines', async () => {
    const { host, rig, lines } = await withLog(() => ['one']);
    await host.askLog({ ...rig, generation: 2 });
    expect(lines()).toEqual([]);
  });

  it('of a rig that is being stopped is told as long as it is there', async () => {
    const { host, rig, lines } = await withLog(() => ['one']);
    await host.change(rig, 'stopping');
    await host.askLog(rig);
    expect(lines()).toEqual(['one']);
  });

  it('is asked for again where the engine or the queue is away', async () => {
    const { host, rig, lines } = await withLog(() => ['one']);
    host.docker.setDown(true);
    await expect(host.askLog(rig)).rejects.toThrow('does not answer');
    host.docker.setDown(false);
    host.reports.before('log', queueDown);
    await expect(host.askLog(rig)).rejects.toThrow('Redis does not answer');
    host.reports.before('log', () => undefined);
    await host.askLog(rig);
    expect(lines()).toEqual(['one']);
  });
});
