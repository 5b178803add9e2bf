// What a worker makes of an engine that was started anew under its rigs.

import { describe, expect, it } from 'vitest';
import { openEngineLife } from '../../../src/host/engine-life.ts';
import { EngineDown } from '../../../src/ports/faults.ts';
import { openHost, openLifeInMemory, queueDown } from '../../support/a-host.ts';
import { rememberingLog } from '../../support/a-worker.ts';

const open = async (...change: Parameters<typeof openHost>) => {
  const host = await openHost(...change);
  const rig = await host.claim();
  await host.launch(rig);
  await host.look();
  host.reports.all.length = 0;
  const [before] = host.docker.containers();
  const settled = async (): Promise<void> => {
    await host.look();
    await host.care.resumer.settled();
  };
  const said = () => host.reports.all.map(({ saw }) => (saw.kind === 'failed' ? saw.reason.kind : saw.kind));
  return { host, rig, container: before?.id ?? '', settled, said };
};

/** Its lease ends then, as the registry has it. */
const endAt = async ({ host, rig }: Pick<Awaited<ReturnType<typeof open>>, 'host' | 'rig'>, end: number) => {
  const stored = await host.registry.rigs.get(rig.id);
  if (!stored) throw new Error('no rig');
  const changed = { ...stored.rig, lease: { ...stored.rig.lease, end, rev: stored.rig.lease.rev + 1 } };
  await host.registry.rigs.save({ rig: changed, version: stored.version, told: [], release: false });
};

describe('an engine that was started anew', () => {
  it.each([0, 137, 143, 255])(
    'gets the same container started again, which is told once (exit code %i)',
    async (code) => {
      const { host, container, settled, said } = await open();
      host.docker.restart(code);
      await settled();
      expect(host.docker.containers()).toMatchObject([{ id: container, state: 'running' }]);
      expect(said()).toEqual(['resumed']);
      await settled();
      expect(said()).toEqual(['resumed']);
      expect(host.lifeNote.seen).toMatchObject({ waiting: [] });
    },
  );

  it.each([
    ['ended by itself', 3, false],
    ['ran out of memory', 137, true],
  ] as const)('does not bring back what %s meanwhile', async (_, code, outOfMemory) => {
    const { host, container, settled, said } = await open();
    host.docker.restart();
    host.docker.end(container, code, outOfMemory);
    await settled();
    expect(host.docker.containers()).toEqual([]);
    expect(said()).toEqual(['died']);
  });

  it('does not bring back what was killed while it ran on', async () => {
    const { host, container, settled, said } = await open();
    host.docker.end(container, 137);
    await settled();
    expect(said()).toEqual(['died']);
  });

  it('that ends its containers while it still answers is given the time to be gone', async () => {
    const { host, container, settled, said } = await open();
    host.docker.end(container, 143);
    let asked = 0;
    host.docker.before('incarnation', () => {
      asked += 1;
      if (asked === 2) host.docker.setDown(true);
    });
    await expect(host.look()).rejects.toThrow(EngineDown);
    expect(said()).toEqual([]);
    host.docker.setDown(false);
    host.docker.restart();
    await settled();
    expect(said()).toEqual(['resumed']);
    expect(host.docker.containers()).toMatchObject([{ id: container, state: 'running' }]);
  });

  it('leaves alone what was decided to stop, and what nobody claims', async () => {
    for (const how of ['stopping', 'ended'] as const) {
      const { host, rig, settled, said } = await open();
      await host.change(rig, how);
      host.docker.restart();
      await settled();
      expect(host.docker.containers()).toMatchObject([{ state: 'exited' }]);
      expect(said()).toEqual([]);
    }
  });

  it('does not bring back a rig whose stop is decided just while it is started', async () => {
    const { host, rig, settled, said } = await open();
    host.docker.restart();
    host.docker.before('start', () => host.change(rig, 'stopping'));
    await settled();
    expect(host.docker.containers()).toEqual([]);
    expect(said()).toEqual([]);
  });

  it('remembers nothing of a rig that ended while it waited', async () => {
    const { host, rig, settled } = await open();
    host.docker.restart();
    await host.change(rig, 'stopping');
    await settled();
    expect(host.lifeNote.seen?.waiting).toEqual([`${rig.id}.1`]);
    await host.stop(rig);
    await settled();
    expect(host.lifeNote.seen?.waiting).toEqual([]);
  });

  it('does not bring back a rig whose lease is over, and says so', async () => {
    const opened = await open();
    const { host, rig, settled, said } = opened;
    await endAt(opened, host.clock.now);
    host.docker.restart();
    const seen: unknown[] = [];
    host.docker.before('remove', () => void seen.push(host.files.get(rig.id)?.ended?.reason));
    await settled();
    expect(host.docker.containers()).toEqual([]);
    await settled();
    expect(said()).toEqual(['not-resumed']);
    expect(seen).toEqual([{ kind: 'not-resumed' }]);
    expect(host.docker.calls.filter((call) => call.startsWith('start '))).toHaveLength(1);
  });

  it('finds another on the address: told as it is', async () => {
    const { host, rig, settled, said } = await open();
    host.docker.restart();
    host.docker.occupy(rig.address);
    await settled();
    expect(said()).toEqual(['address-in-use']);
    expect(host.docker.containers()).toEqual([]);
  });

  it('that refuses to start it says why', async () => {
    const { host, settled, said } = await open();
    host.docker.restart();
    host.docker.refuseNext('start', 'no space left on device');
    await settled();
    expect(said()).toEqual(['engine']);
  });

  it('while Redis is away: it waits', async () => {
    const { host, settled, said } = await open();
    host.docker.restart();
    host.atFence(queueDown);
    await settled();
    expect(said()).toEqual([]);
    await settled();
    expect(said()).toEqual(['resumed']);
  });

  it('once more during the start: it is started again, and told once', async () => {
    const { host, settled, said } = await open();
    host.docker.restart();
    let looks = 0;
    host.docker.before('listeningPorts', () => {
      looks += 1;
      if (looks === 1) host.docker.restart();
    });
    await settled();
    expect(said()).toEqual([]);
    await settled();
    expect(said()).toEqual(['resumed']);
  });

  it('does not keep the watch from the others, however long it takes', async () => {
    const { host, container } = await open({
      settings: { ready: { ports: [8443], timeout: 60_000, interval: 5 } },
    });
    const other = await host.claim('other');
    await host.launch(other);
    host.docker.restart();
    const held = Promise.withResolvers<void>();
    host.docker.before('start', (): Promise<void> => held.promise);
    await host.look();
    const dead = host.docker.containers().find(({ id }) => id !== container)?.id ?? '';
    expect(host.care.resumer.isResuming('other')).toBe(true);
    expect(dead).not.toBe('');
    await host.look();
    held.resolve();
    await host.care.resumer.settled();
    expect(host.docker.containers().every(({ state }) => state === 'running')).toBe(true);
  });
});

describe('a worker that was started anew as well', () => {
  it('knows by its note that the engine is another start', async () => {
    const { host, said } = await open();
    host.docker.restart();
    const next = await host.openWorker();
    await next.look();
    await next.care.resumer.settled();
    expect(said()).toEqual(['resumed']);
  });

  it('knows by the kernel that the host was booted, whatever the engine shows', async () => {
    const { host, container, said } = await open();
    host.docker.end(container, 255);
    const next = await host.openWorker('boot 2');
    await next.look();
    await next.care.resumer.settled();
    expect(said()).toEqual(['resumed']);
  });

  it('goes on with what the one before had begun', async () => {
    const { host, said } = await open();
    host.docker.restart();
    host.reports.before('resumed', queueDown);
    await host.look();
    await host.care.resumer.settled();
    host.reports.before('resumed', () => undefined);
    const next = await host.openWorker();
    await next.look();
    await next.care.resumer.settled();
    expect(said()).toEqual(['resumed']);
  });

  it('of an engine that did not restart declares dead what died', async () => {
    const { host, container, said } = await open();
    host.docker.end(container, 137);
    const next = await host.openWorker();
    await next.look();
    expect(said()).toEqual(['died']);
  });
});

describe('a launch that an engine restart cuts off', () => {
  it('goes on with the same container', async () => {
    const host = await openHost();
    const rig = await host.claim();
    let looks = 0;
    host.docker.before('listeningPorts', () => {
      looks += 1;
      if (looks === 1) host.docker.restart(143);
    });
    await expect(host.launch(rig)).rejects.toThrow('Docker was restarted meanwhile');
    const [before] = host.docker.containers();
    await host.launch(rig);
    expect(host.docker.containers()).toMatchObject([{ id: before?.id, state: 'running' }]);
    expect(host.reports.kinds().at(-1)).toBe('ready');
    await host.look();
    await host.care.resumer.settled();
    expect(host.reports.kinds()).not.toContain('resumed');
  });
});

describe('an engine that does not show which start it is of', () => {
  const openSilent = async () => {
    const { file } = openLifeInMemory({ boot: 'b', engine: undefined, waiting: [] });
    return openEngineLife(
      { engine: { incarnation: async () => undefined }, file, log: rememberingLog() },
      'b',
    );
  };

  it('was started anew where it was away', async () => {
    const life = await openSilent();
    expect(await life.isAnew()).toBe(false);
    life.noteAway();
    expect(await life.isAnew()).toBe(true);
    await life.settle([]);
    expect(await life.isAnew()).toBe(false);
  });

  it('never, where it shows that it is the same', async () => {
    const { file } = openLifeInMemory({ boot: 'b', engine: 'one', waiting: [] });
    const life = await openEngineLife(
      { engine: { incarnation: async () => 'one' }, file, log: rememberingLog() },
      'b',
    );
    life.noteAway();
    expect(await life.isAnew()).toBe(false);
  });
});
