// A loop survives its passes, says each fault once, and ends when it is told to.

import { expect, it, vi } from 'vitest';
import { repeat } from '../../../src/control/repeat.ts';
import { rememberingLog } from '../../support/a-worker.ts';

it('goes on after a fault, and says it once until it changes or was over', async () => {
  const log = rememberingLog();
  const faults = ['one', 'one', 'other', undefined, 'other'];
  const done = Promise.withResolvers<void>();
  const loop = repeat(
    'sweep',
    0,
    async () => {
      const fault = faults.shift();
      if (faults.length === 0) done.resolve();
      if (fault !== undefined) throw new Error(fault);
    },
    log,
  );
  await done.promise;
  await loop.stop();
  const said = log.lines.map((line) => /Error: (\w+)/.exec(line)?.[1]);
  expect(said).toEqual(['one', 'other', 'other']);
});

it('ends at once between two passes, and after the pass under way', async () => {
  const pass = vi.fn<() => Promise<void>>().mockResolvedValue(undefined);
  const idle = repeat('idle', 60_000, pass, rememberingLog());
  await vi.waitFor(() => expect(pass).toHaveBeenCalledTimes(1));
  await idle.stop();

  const held = Promise.withResolvers<void>();
  let isOver = false;
  const busy = repeat('busy', 0, () => held.promise, rememberingLog());
  const stopped = busy.stop().then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  held.resolve();
  await stopped;
});
