// The image keeper: how often it asks the registry, how often it pulls, and what happens when some leave.

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  createImageKeeper,
  type ImageKeeperSettings,
  type ImageOutcome,
  type OnPercent,
} from '../../../src/host/keep-images.ts';
import { EngineDown } from '../../../src/ports/faults.ts';
import { minute, second } from '../../../src/rig/duration.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createFakeDocker } from '../../support/fake-engine.ts';

const reference = 'example/wcs:latest';
const ignore: OnPercent = () => undefined;
const never = new AbortController().signal;

const open = (change: Partial<ImageKeeperSettings> = {}) => {
  const docker = createFakeDocker();
  const log = rememberingLog();
  const clock = { now: 1_000_000 };
  const keeper = createImageKeeper(
    { engine: docker.engine('wcs'), now: () => clock.now, log },
    { checkEvery: 10 * minute, registryTimeout: 10 * second, repository: 'example/wcs', keep: 3, ...change },
  );
  const asked = (what: string): number => docker.calls.filter((call) => call.startsWith(what)).length;
  const pass = (): void => {
    clock.now += 10 * minute;
  };
  const ensure = (signal = never, onPercent = ignore) => keeper.ensure(reference, onPercent, signal);
  return { docker, log, asked, pass, ensure, keeper };
};

/** Holds a method up until it is let go. */
const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { wait: () => promise, open: resolve };
};

const idOf = (outcome: ImageOutcome): string | undefined =>
  outcome.kind === 'here' ? outcome.image.id : undefined;

describe('the registry', () => {
  it('is asked once in an interval, and again after it', async () => {
    const { docker, asked, pass, ensure } = open();
    docker.publish(reference);
    for (let time = 0; time < 3; time += 1) await ensure();
    expect([asked('registryDigest'), asked('pull')]).toEqual([1, 1]);
    pass();
    await ensure();
    expect([asked('registryDigest'), asked('pull')]).toEqual([2, 1]);
  });

  it('is asked once by many that come at once', async () => {
    const { docker, asked, pass, ensure } = open();
    docker.publish(reference);
    await ensure();
    pass();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ensure()));
    expect(new Set(outcomes.map(idOf)).size).toBe(1);
    expect(asked('registryDigest')).toBe(2);
  });

  it('is asked on behalf of those who stay when the one who began it leaves', async () => {
    const { docker, ensure, asked } = open();
    docker.publish(reference);
    const held = gate();
    docker.before('registryDigest', held.wait);
    const leaving = new AbortController();
    const left = ensure(leaving.signal);
    const stays = ensure();
    await turn();
    leaving.abort(new Error('the rig is being stopped'));
    await expect(left).rejects.toThrow('the rig is being stopped');
    held.open();
    expect(await stays).toMatchObject({ kind: 'here', unchecked: false });
    expect(asked('registryDigest')).toBe(1);
  });

  it('has a newer image under the name: it is pulled', async () => {
    const { docker, pass, ensure } = open();
    docker.publish(reference);
    const old = idOf(await ensure());
    docker.publish(reference);
    expect(idOf(await ensure())).toBe(old);
    pass();
    const renewed = await ensure();
    expect(renewed).toMatchObject({ kind: 'here', unchecked: false });
    expect(idOf(renewed)).not.toBe(old);
  });

  it('is silent: the local image is used and called unchecked, and it is not asked again at once', async () => {
    const { docker, asked, ensure } = open({ registryTimeout: 20 });
    const local = docker.addImage(reference);
    docker.silenceRegistry(true);
    for (let time = 0; time < 2; time += 1) {
      expect(await ensure()).toMatchObject({ kind: 'here', image: { id: local.id }, unchecked: true });
    }
    expect([asked('registryDigest'), asked('pull')]).toEqual([1, 0]);
  });

  it('does not know the name, and it is not here: missing, with the reason', async () => {
    const { ensure } = open();
    expect(await ensure()).toMatchObject({
      kind: 'missing',
      detail: expect.stringContaining('manifest unknown'),
    });
  });

  it('has a newer one that cannot be pulled: the local one is used and called unchecked', async () => {
    const { docker, pass, ensure, log } = open();
    docker.publish(reference);
    const old = idOf(await ensure());
    docker.publish(reference);
    pass();
    docker.before('pull', () => docker.withdraw(reference));
    expect(await ensure()).toMatchObject({ kind: 'here', image: { id: old }, unchecked: true });
    expect(log.lines.join('\n')).toContain('the newer image cannot be pulled');
  });
});

describe('a pull', () => {
  it('is one for many, and each hears of its progress', async () => {
    const { docker, asked, ensure } = open();
    docker.publish(reference);
    const heard = Array.from({ length: 5 }, () => new Set<number | undefined>());
    await Promise.all(heard.map((figures) => ensure(never, (percent) => figures.add(percent))));
    expect(asked('pull')).toBe(1);
    for (const figures of heard) expect([...figures]).toContain(100);
  });

  it('goes on while one is left who waits for it, and ends with the last', async () => {
    const { docker, ensure } = open({ registryTimeout: 10 });
    docker.silenceRegistry(true); // the pull takes until it is given up
    const [one, other] = [new AbortController(), new AbortController()];
    const begun = Promise.withResolvers<void>();
    docker.before('pull', begun.resolve);
    const waiting = [ensure(one.signal), ensure(other.signal)].map((outcome) => outcome.catch(String));
    await begun.promise;
    one.abort(new Error('stopped'));
    expect(await waiting[0]).toBe('Error: stopped');
    await expect(Promise.race([waiting[1], turn('still waiting')])).resolves.toBe('still waiting');
    other.abort(new Error('stopped too'));
    expect(await waiting[1]).toBe('Error: stopped too');
  });

  it('that everybody left is not joined by the next one, who gets a pull of their own', async () => {
    const { docker, asked, ensure } = open({ registryTimeout: 10 });
    docker.silenceRegistry(true);
    const leaving = new AbortController();
    const begun = Promise.withResolvers<void>();
    docker.before('pull', begun.resolve);
    const left = ensure(leaving.signal).catch(String);
    await begun.promise;
    docker.silenceRegistry(false);
    docker.publish(reference);
    const held = gate();
    docker.before('registryDigest', held.wait);
    const next = ensure();
    await turn();
    // The stop of the one and the start of the other fall together.
    leaving.abort(new Error('stopped'));
    held.open();
    await left;
    expect(await next).toMatchObject({ kind: 'here', unchecked: false });
    expect(asked('pull')).toBe(2);
  });

  it('clears away old images once, and never the one that was just pulled', async () => {
    const { docker, asked, pass, ensure } = open({ keep: 0 });
    docker.publish(reference);
    await ensure();
    docker.addImage('example/wcs:old');
    docker.publish(reference);
    pass();
    const outcomes = await Promise.all([ensure(), ensure(), ensure()]);
    const [renewed] = outcomes.map(idOf);
    const named = await docker.engine('wcs').localImage('example/wcs:old');
    expect(docker.images().map(({ id }) => id)).toContain(renewed);
    expect(named).toBeUndefined();
    expect(asked('pruneImages')).toBe(2);
  });

  it('that the engine breaks off is everybody’s trouble and nobody’s crash', async () => {
    const { docker, ensure } = open();
    docker.publish(reference);
    docker.before('pull', () => {
      throw new EngineDown('Docker does not answer');
    });
    const outcomes = await Promise.allSettled([ensure(), ensure()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('is a success though clearing away fails', async () => {
    const { docker, log, ensure } = open();
    docker.publish(reference);
    docker.refuseNext('pruneImages', 'conflict: unable to delete');
    expect(await ensure()).toMatchObject({ kind: 'here' });
    expect(log.lines.join('\n')).toContain('could not be cleared away');
  });
});
