// The word that a rig has its address: said beside the launch, never in its way.

import { expect, it } from 'vitest';
import { createAnnouncements } from '../../../src/host/announce.ts';
import { rememberingLog } from '../../support/a-worker.ts';

it('is waited for at the end of the process, and a failure is a line in the log', async () => {
  const log = rememberingLog();
  const gate = Promise.withResolvers<void>();
  const said: string[] = [];
  const { announce, settled } = createAnnouncements(
    {
      announce: async (container, address) => {
        await gate.promise;
        if (container === 'gone') throw new Error('No such container: gone');
        said.push(address);
      },
    },
    log,
  );
  announce('c1', '10.0.0.10');
  announce('gone', '10.0.0.11');
  expect(said).toEqual([]);
  gate.resolve();
  await settled();
  expect(said).toEqual(['10.0.0.10']);
  expect(log.lines).toHaveLength(1);
  expect(log.lines[0]).toContain('No such container: gone');
});

it('is not said where there is nothing to say it with', async () => {
  const log = rememberingLog();
  const { announce, settled } = createAnnouncements(undefined, log);
  announce('c1', '10.0.0.10');
  await settled();
  expect(log.lines).toEqual([]);
});
