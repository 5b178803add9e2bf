// A new generation of a rig on its host: the one before makes room, and jobs that come late spoil nothing.

import { describe, expect, it } from 'vitest';
import { openHost } from '../../support/a-host.ts';

const withRig = async () => {
  const host = await openHost();
  const rig = await host.claim();
  await host.launch(rig);
  host.reports.all.length = 0;
  return { host, rig };
};

describe('a restart', () => {
  it('removes the generation before first, and starts on the same address with another password', async () => {
    const { host, rig } = await withRig();
    const [before] = host.docker.containers();
    const next = await host.restart(rig);
    const steps = host.docker.calls.length;
    await host.launch(next);
    const calls = host.docker.calls.slice(steps).filter((call) => /^(remove|create|start) /.test(call));
    const [after] = host.docker.containers();
    expect(calls).toEqual([`remove ${before?.id}`, `create ${rig.id}`, `start ${after?.id}`]);
    expect(host.docker.containers()).toMatchObject([{ name: 'wcs-k3f9ab-g2', state: 'running' }]);
    expect(after?.spec?.job.address).toBe(rig.address);
    expect(after?.spec?.password).toBe(host.secrets.password(rig.id, 2));
    expect(after?.spec?.password).not.toBe(before?.spec?.password);
    expect(host.files.get(rig.id)).toMatchObject({ generation: 2 });
    expect(host.reports.all.map(({ generation }) => generation)).not.toContain(1);
  });

  it('that fails leaves neither generation, and tells what the new one said', async () => {
    const { host, rig } = await withRig();
    host.docker.publish('example/wcs:new', { exits: 4, log: ['the new one'] });
    await host.launch(await host.restart(rig), { tag: 'new' });
    expect(host.docker.containers()).toEqual([]);
    expect(host.files.get(rig.id)).toMatchObject({ generation: 2, ended: { reason: { kind: 'exited' } } });
    expect(host.reports.all.at(-1)).toMatchObject({
      generation: 2,
      saw: { kind: 'failed', reason: { kind: 'exited', exitCode: 4 }, tail: ['the new one'] },
    });
  });

  it('without an image tells no last words: the ones before are not its own', async () => {
    const { host, rig } = await withRig();
    await host.launch(await host.restart(rig), { tag: 'never-built' });
    const { saw } = host.reports.all.at(-1) ?? {};
    expect(saw).toMatchObject({ kind: 'failed', reason: { kind: 'no-image' }, tail: [] });
    expect(host.docker.containers()).toEqual([]);
  });

  it('whose engine did not let the one before go tells nothing of that one, least of all its password', async () => {
    const host = await openHost();
    const password = host.secrets.password('k3f9ab', 1);
    host.docker.publish('example/wcs:latest', { log: [`the one before has ${password}`] });
    const rig = await host.claim();
    await host.launch(rig);
    host.docker.refuseNext('remove', 'device or resource busy');
    await host.launch(await host.restart(rig));
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ reason: { kind: 'engine' }, tail: [] });
    expect(host.docker.containers()).toEqual([]);
  });

  it('to which its host comes too late leaves neither generation', async () => {
    const { host, rig } = await withRig();
    await host.launch(await host.restart(rig), { deadline: host.clock.now - 1 });
    expect(host.reports.all.at(-1)).toMatchObject({
      generation: 2,
      saw: { reason: { kind: 'too-late' }, tail: [] },
    });
    expect(host.docker.containers()).toEqual([]);
  });

  it('is not spoilt by the launch before, run again: neither its container nor its note goes', async () => {
    const { host, rig } = await withRig();
    const next = await host.restart(rig);
    await host.launch(next);
    const after = host.docker.containers();
    await host.launch(rig);
    expect(host.docker.containers()).toEqual(after);
    expect(host.files.get(rig.id)).toMatchObject({ generation: 2 });
    expect(host.reports.all.at(-1)).toMatchObject({
      generation: 1,
      saw: { kind: 'failed', reason: { kind: 'superseded' } },
    });
  });

  it('that is overtaken by a stop leaves nothing of either generation', async () => {
    const { host, rig } = await withRig();
    const next = await host.restart(rig);
    host.docker.before('create', () => host.change(next, 'stopping'));
    await host.launch(next);
    await host.stop(next);
    expect(host.docker.containers()).toEqual([]);
    expect(host.files.size).toBe(0);
    expect(host.reports.kinds().at(-1)).toBe('gone');
  });
});
