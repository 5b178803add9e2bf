// What a worker sees of rigs that are no more, and that nobody is left in silence when Redis is away just then.

import { describe, expect, it } from 'vitest';
import { EngineRefused } from '../../../src/ports/faults.ts';
import { openHost, queueDown } from '../../support/a-host.ts';

const withRig = async () => {
  const host = await openHost();
  const rig = await host.claim();
  await host.launch(rig);
  await host.look();
  const container = host.docker.containers()[0]?.id ?? '';
  const last = () => host.reports.all.at(-1)?.saw;
  return { host, rig, container, last, removeByHand: () => host.docker.engine('wcs').remove(container, 0) };
};

describe('a look', () => {
  it('has nothing to say of a rig that runs, or whose stop was decided', async () => {
    const { host, rig, container } = await withRig();
    const before = host.reports.kinds();
    await host.look();
    await host.change(rig, 'stopping');
    host.docker.end(container, 143);
    await host.look();
    expect(host.reports.kinds()).toEqual(before);
    expect(host.docker.containers()).toHaveLength(1);
  });

  it('clears one away that died, and says so once', async () => {
    const { host, container, last } = await withRig();
    host.docker.end(container, 137, true);
    await host.look();
    expect(last()).toMatchObject({
      kind: 'failed',
      reason: { kind: 'died', exitCode: 137, outOfMemory: true },
    });
    expect(host.docker.containers()).toEqual([]);
    await host.look();
    expect(host.reports.kinds().filter((kind) => kind === 'failed')).toHaveLength(1);
  });

  it('that cannot clear one away sees the others all the same, and says so', async () => {
    const { host } = await withRig();
    const [other, missing] = [await host.claim('other'), await host.claim('missing')];
    await host.launch(other);
    await host.launch(missing);
    await host.look();
    const [stuck, second, third] = host.docker.containers();
    for (const one of [stuck, second]) host.docker.end(one?.id ?? '', 1);
    await host.docker.engine('wcs').remove(third?.id ?? '', 0);
    host.docker.before('remove', () => {
      if (host.docker.calls.at(-1) === `remove ${stuck?.id}`)
        throw new EngineRefused('device or resource busy');
    });
    await expect(host.look()).rejects.toThrow('device or resource busy');
    expect(host.docker.containers()).toMatchObject([{ id: stuck?.id }]);
    const failed = host.reports.all.filter(({ saw }) => saw.kind === 'failed');
    expect(failed).toMatchObject([
      { rig: 'other', saw: { reason: { kind: 'died' } } },
      { rig: 'missing', saw: { reason: { kind: 'removed' } } },
    ]);
    host.docker.before('remove', () => undefined);
    await host.look();
    expect(host.docker.containers()).toEqual([]);
    expect(host.reports.all.at(-1)).toMatchObject({ rig: 'k3f9ab', saw: { reason: { kind: 'died' } } });
  });

  it('says of one that was removed by hand that it was not us', async () => {
    const { host, last, removeByHand } = await withRig();
    await removeByHand();
    await host.look();
    expect(last()).toEqual({ kind: 'failed', reason: { kind: 'removed' }, tail: [] });
  });

  it('says so too of one that was removed before any look saw it run, and nothing of a launch that failed', async () => {
    const host = await openHost();
    const [rig, broken] = [await host.claim('one'), await host.claim('broken')];
    await host.launch(rig);
    await host.docker.engine('wcs').remove(host.docker.containers()[0]?.id ?? '', 0);
    await host.launch(broken, { tag: 'never-built' });
    await host.look();
    const failed = host.reports.all.filter(({ saw }) => saw.kind === 'failed');
    expect(failed).toMatchObject([
      { rig: 'broken', saw: { reason: { kind: 'no-image' } } },
      { rig: 'one', saw: { reason: { kind: 'removed' } } },
    ]);
  });

  it('that finds Redis away at the claim is made again', async () => {
    const { host, last, removeByHand } = await withRig();
    await removeByHand();
    host.atFence(queueDown);
    await expect(host.look()).rejects.toThrow('Redis does not answer');
    await host.look();
    expect(last()).toMatchObject({ kind: 'failed', reason: { kind: 'removed' } });
  });

  it('that finds Redis away at the report says later what it saw, and not that somebody else removed it', async () => {
    const { host, container, last } = await withRig();
    host.docker.end(container, 1);
    host.reports.before('failed', queueDown);
    await expect(host.look()).rejects.toThrow('Redis does not answer');
    expect(host.docker.containers()).toEqual([]);
    host.reports.before('failed', () => undefined);
    await host.look();
    expect(last()).toMatchObject({ kind: 'failed', reason: { kind: 'died', exitCode: 1 } });
    expect(host.reports.kinds().filter((kind) => kind === 'failed')).toHaveLength(1);
  });

  it('has nothing to say of an earlier generation that goes for a restart, however it goes', async () => {
    for (const goes of ['removed', 'ended'] as const) {
      const { host, rig, container, removeByHand } = await withRig();
      const before = host.reports.kinds();
      await host.restart(rig);
      if (goes === 'removed') await removeByHand();
      else host.docker.end(container, 137);
      await host.look();
      await host.look();
      expect(host.reports.kinds()).toEqual(before);
      // The launch that is to come removes it.
      expect(host.docker.containers()).toHaveLength(goes === 'removed' ? 0 : 1);
    }
  });

  it('during a restart sees nothing amiss, and afterwards watches the new one', async () => {
    const { host, rig, last } = await withRig();
    const next = await host.restart(rig);
    host.docker.before('create', () => host.look());
    await host.launch(next);
    expect(host.reports.kinds()).not.toContain('failed');
    await host.look();
    host.docker.end(host.docker.containers()[0]?.id ?? '', 3);
    await host.look();
    expect(host.reports.all.at(-1)).toMatchObject({ generation: 2 });
    expect(last()).toMatchObject({ kind: 'failed', reason: { kind: 'died', exitCode: 3 } });
  });

  it('has nothing to say of one whose crash was told and that nobody restarted', async () => {
    const { host, rig, container } = await withRig();
    host.docker.end(container, 1);
    await host.look();
    const before = host.reports.kinds();
    await host.change(rig, 'stopping');
    await host.look();
    expect(host.reports.kinds()).toEqual(before);
  });
});
