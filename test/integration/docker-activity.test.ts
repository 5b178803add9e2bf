// A rig's activity on a real engine: what the contract cannot say of both. Whoever has the rig is root inside it.

import { expect, test } from 'vitest';
import { lanPlan, until, useDocker } from '../support/docker-place.ts';

const { place, docker, specFor } = useDocker();

const running = async (id: string, address: string, network?: string): Promise<string> => {
  const spec = await specFor({ id, address, ...(network === undefined ? {} : { network }) });
  const { container } = await place().engine.create(spec);
  await place().engine.start(container);
  await until(async () => (await place().engine.listeningPorts(container))?.has(8444) ?? false);
  return container;
};

/** Another program in place of one of the image's. */
const replace = (container: string, path: string, script: string): Promise<string> => {
  const program = JSON.stringify(`#!/bin/sh\n${script}\n`);
  const code = `const fs = require('fs'); fs.rmSync('${path}', { force: true }); fs.writeFileSync('${path}', ${program}, { mode: 0o755 });`;
  return docker('exec', container, 'node', '-e', code);
};

test('is seen on a network that the host cannot reach, and looking at it sends nothing', async () => {
  const { engine, lan } = place();
  expect((await engine.ensureNetwork(lanPlan)).kind).toBe('created');
  const address = '10.77.0.40';
  const container = await running('far', address, lanPlan.name);
  const reach = ['ping', '-c', '1', '-W', '1', address];
  expect((await lan.run('h1', reach)).code).not.toBe(0);
  const before = await engine.networkBytes(container);
  for (let look = 0; look < 10; look += 1) {
    expect((await engine.statistics(container))?.get('streams_webrtc_in')).toBe(0);
    await engine.networkBytes(container);
  }
  const after = await engine.networkBytes(container);
  if (!before || !after) throw new Error('its counters cannot be seen');
  expect(after.sent - before.sent).toBeLessThan(1_000);
  await engine.remove(container, 0);
});

test('that cannot be seen because a program was replaced holds nobody up, and is not taken for a dead engine', async () => {
  const { engine } = place();
  const container = await running('hang', '10.78.0.50');
  await replace(container, '/bin/cat', 'exec sleep 60');
  await replace(container, '/bin/curl', 'while :; do echo "streams_webrtc_in=lots"; done');
  const begun = performance.now();
  const [bytes, statistics] = await Promise.all([
    engine.networkBytes(container),
    engine.statistics(container),
  ]);
  expect([bytes, statistics]).toEqual([undefined, undefined]);
  expect(performance.now() - begun).toBeLessThan(9_000);
  expect(await engine.version()).toMatch(/^\d/);
  await engine.remove(container, 0);
});

test('of an image without the programs is not known', async () => {
  const { engine } = place();
  const container = await running('bare', '10.78.0.51');
  await docker(
    'exec',
    container,
    'node',
    '-e',
    "for (const one of ['cat', 'sh']) require('fs').rmSync('/bin/' + one)",
  );
  expect(await engine.networkBytes(container)).toBeUndefined();
  expect(await engine.statistics(container)).toBeUndefined();
  await engine.remove(container, 0);
});
