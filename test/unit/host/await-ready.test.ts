// Waiting for a rig to listen: what counts as ready, as dead, and as too long.

import { beforeEach, describe, expect, it } from 'vitest';
import { awaitReady, pauseAfter } from '../../../src/host/await-ready.ts';
import type { Engine } from '../../../src/ports/engine.ts';
import { aSpec } from '../../support/a-spec.ts';
import { createFakeDocker, type FakeDocker } from '../../support/fake-engine.ts';

const never = new AbortController().signal;
const settings = { ports: [8443, 8444], timeout: 1_000, interval: 1 };

describe('a rig', () => {
  let docker: FakeDocker;
  let engine: Engine;
  let container: string;
  beforeEach(async () => {
    docker = createFakeDocker();
    engine = docker.engine('wcs');
    const image = docker.addImage('example/wcs:latest', { listens: [] });
    ({ container } = await engine.create(aSpec({ image: image.id })));
    await engine.start(container);
  });

  /** Something happens at the second look. */
  const atSecondLook = (happens: () => void): void => {
    let looks = 0;
    docker.before('listeningPorts', () => {
      looks += 1;
      if (looks === 2) happens();
    });
  };

  it('is ready when it listens on all of its ports, not on one of them', async () => {
    docker.listen(container, [8444, 1935]);
    atSecondLook(() => docker.listen(container, [8443, 8444, 1935]));
    expect(await awaitReady(engine, { container, on: undefined }, settings, never)).toEqual({
      kind: 'ready',
    });
    expect(docker.calls.filter((call) => call.startsWith('listeningPorts'))).toHaveLength(2);
  });

  it('that ends is told by its exit', async () => {
    atSecondLook(() => docker.end(container, 137, true));
    expect(await awaitReady(engine, { container, on: undefined }, settings, never)).toEqual({
      kind: 'failed',
      reason: { kind: 'exited', exitCode: 137, outOfMemory: true },
    });
  });

  it('that was removed by hand has ended', async () => {
    atSecondLook(() => void engine.remove(container, 0));
    expect(await awaitReady(engine, { container, on: undefined }, settings, never)).toMatchObject({
      reason: { kind: 'exited' },
    });
  });

  it('that is paused is waited for, as long as any other', async () => {
    docker.pause(container);
    let now = 0;
    const elapsed = (): number => (now += 300);
    expect(await awaitReady(engine, { container, on: undefined }, settings, never, elapsed)).toEqual({
      kind: 'failed',
      reason: { kind: 'not-ready', missingPorts: [8443, 8444], waited: 1_000 },
    });
  });

  it('that listens on one of two in time misses the other', async () => {
    docker.listen(container, [8444]);
    let now = 0;
    const elapsed = (): number => (now += 300);
    expect(await awaitReady(engine, { container, on: undefined }, settings, never, elapsed)).toMatchObject({
      reason: { kind: 'not-ready', missingPorts: [8443] },
    });
  });

  it('is not waited for any more when the stop comes', async () => {
    const controller = new AbortController();
    atSecondLook(() => controller.abort());
    await expect(
      awaitReady(engine, { container, on: undefined }, settings, controller.signal),
    ).rejects.toThrow('aborted');
  });
});

describe('the pause between two looks', () => {
  it.each([
    [0, 250],
    [1_000, 250],
    [2_500, 250],
    [5_000, 500],
    [10_000, 1_000],
    [170_000, 1_000],
  ])('after %i ms is %i ms: a tenth of the wait, from one interval to four', (waited, pause) => {
    expect(pauseAfter(waited, 250)).toBe(pause);
  });
});
