// The request that is made from inside a rig, with each program that an image may have for it, alone on its PATH.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchInside } from '../../src/docker/activity.ts';
import { parseStatistics } from '../../src/docker/statistics.ts';

const programs = {
  curl: '/usr/bin/curl',
  wget: '/usr/bin/wget',
  bash: '/bin/bash',
  timeout: '/usr/bin/timeout',
} as const;

const ways: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['curl', { curl: programs.curl }],
  ['curl and timeout', { curl: programs.curl, timeout: programs.timeout }],
  ['wget', { wget: programs.wget }],
  ['wget and timeout', { wget: programs.wget, timeout: programs.timeout }],
  ["busybox's wget", { wget: '/bin/busybox' }],
  ["busybox's wget and timeout", { wget: '/bin/busybox', timeout: '/bin/busybox' }],
  ['bash', { bash: programs.bash }],
  ['bash and timeout', { bash: programs.bash, timeout: programs.timeout }],
];

describe('statistics are asked for', () => {
  let folder: string;
  const asked: string[] = [];
  const text = `-----Stream Stats-----\nstreams_webrtc_in=2\n${'x'.repeat(50_000)}\n`;
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    if (request.url === '/?action=stat') response.end(text);
  });
  const portOf = (): number => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server does not listen');
    return address.port;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wcs-rigs-path-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const fetchWith = async (
    name: string,
    tools: Readonly<Record<string, string>>,
    port: number,
    path: string,
  ): Promise<string> => {
    const PATH = await mkdtemp(join(folder, `${name.replaceAll(/\W/g, '-')}-`));
    for (const [tool, at] of Object.entries(tools)) await symlink(at, join(PATH, tool));
    const [, ...rest] = fetchInside(port, path);
    // A rig may be told of a proxy, which knows nothing of the rig's own loopback.
    const env = { PATH, http_proxy: 'http://127.0.0.1:1', all_proxy: 'http://127.0.0.1:1' };
    return new Promise((resolve) => {
      execFile('/bin/sh', rest, { env, timeout: 20_000, maxBuffer: 1 << 22 }, (_, stdout) => resolve(stdout));
    });
  };

  test.each(ways)('with %s', async (name, tools) => {
    const before = asked.length;
    const seen = await fetchWith(name, tools, portOf(), '/?action=stat');
    expect(parseStatistics(seen)).toEqual(new Map([['streams_webrtc_in', 2]]));
    expect(seen.length).toBeGreaterThan(50_000);
    expect(asked.slice(before)).toEqual([expect.stringMatching(/^127\.0\.0\.1.* \/\?action=stat$/)]);
  });

  test.each(ways)('with %s, where nobody listens', async (name, tools) => {
    const begun = performance.now();
    expect(parseStatistics(await fetchWith(name, tools, 1, '/?action=stat'))).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  // wget alone has no limit of its own that all of its kinds know: there the engine's side ends the look.
  test.concurrent.each(ways.filter(([name]) => !name.endsWith('wget')))(
    'with %s, of a server that never answers',
    async (name, tools) => {
      const begun = performance.now();
      expect(parseStatistics(await fetchWith(name, tools, portOf(), '/never'))).toBeUndefined();
      expect(performance.now() - begun).toBeLessThan(10_000);
    },
  );

  test('of an image that has none of them: no statistics', async () => {
    expect(parseStatistics(await fetchWith('nothing', {}, portOf(), '/?action=stat'))).toBeUndefined();
  });
});
