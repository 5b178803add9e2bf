// What is laid over WCS's own files: before the first start, whatever run gets that far, and nothing secret of it is shown.

import { describe, expect, it } from 'vitest';
import { emptyConf, type WcsConf } from '../../../src/rig/wcs-conf.ts';
import { openHost, queueDown } from '../../support/a-host.ts';

const conf: WcsConf = {
  ...emptyConf,
  settings: new Map([['flashphoner.properties', new Map([['wss.keystore.password', 'hunter22']])]]),
  options: ['-Xmx512m', '-Djdbc.password=hunter33'],
};
const laid = {
  'flashphoner.properties':
    'ip =\nip_local =\nmedia_port_from =31001\nmedia_port_to =32000\nwss.keystore.password=hunter22\n',
  'wcs-core.properties': '### JVM OPTIONS ###\n-Xmx512m\n-Djdbc.password=hunter33\n',
};

const open = async (log: readonly string[] = ['ready']) => {
  const host = await openHost({ settings: { conf } });
  host.docker.publish('example/wcs:latest', { log });
  const seen = () => host.docker.containers().map(({ state, conf: is }) => [state, Object.fromEntries(is)]);
  /** As often as the container was asked for it, or started. */
  const steps = () => host.docker.calls.flatMap((call) => /^(create|layOver|start)\b/.exec(call)?.[0] ?? []);
  return { host, rig: await host.claim(), seen, steps };
};
const broken = (): never => {
  throw new Error('the worker is killed');
};

describe('a launch', () => {
  it('lays its settings over before the start', async () => {
    const { host, rig, seen, steps } = await open();
    await host.launch(rig);
    expect(steps()).toEqual(['create', 'layOver', 'start']);
    expect(seen()).toEqual([['running', laid]]);
  });

  it('does so with what an earlier run only made, and with what that had laid over', async () => {
    const { host, rig, seen, steps } = await open();
    host.docker.before('layOver', broken);
    await expect(host.launch(rig)).rejects.toThrow('killed');
    host.docker.before('layOver', async () => undefined);
    host.docker.before('start', broken);
    await expect(host.launch(rig)).rejects.toThrow('killed');
    expect(seen()).toEqual([['created', laid]]);
    host.docker.before('start', async () => undefined);
    await host.launch(rig);
    expect(steps()).toEqual(['create', 'layOver', 'layOver', 'start', 'layOver', 'start']);
    expect(seen()).toEqual([['running', laid]]);
  });

  it('leaves what was started as it is: its user is root in there', async () => {
    const { host, rig, steps } = await open();
    host.reports.before('ready', queueDown);
    await expect(host.launch(rig)).rejects.toThrow();
    host.docker.restart(143);
    host.reports.before('ready', async () => undefined);
    await host.launch(rig);
    expect(steps()).toEqual(['create', 'layOver', 'start', 'start']);
  });

  it('that the engine does not let in fails and leaves nothing; what it says has no secret in it', async () => {
    const { host, rig, seen } = await open();
    host.docker.refuseNext('layOver', 'read-only: wss.keystore.password=hunter22 -Djdbc.password=hunter33');
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      kind: 'failed',
      reason: {
        kind: 'engine',
        detail: 'read-only: wss.keystore.password=(secret) -Djdbc.password=(secret)',
      },
    });
    expect(seen()).toEqual([]);
    expect(host.log.lines.join('\n')).not.toMatch(/hunter/);
  });
});

describe('the log of a rig', () => {
  it('shows none of the secrets among its settings', async () => {
    const { host, rig } = await open(['opening the keystore with hunter22', 'database: hunter33!']);
    await host.launch(rig);
    await host.askLog(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      lines: ['opening the keystore with (secret)', 'database: (secret)!'],
    });
  });
});
