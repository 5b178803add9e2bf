// What an engine lists with our label, and what of it is taken for ours.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectEngine } from '../../../src/docker/connect.ts';
import { labelsOf } from '../../../src/docker/labels.ts';
import { aSpec } from '../../support/a-spec.ts';
import { rememberingLog } from '../../support/a-worker.ts';

const labels = labelsOf('wcs', aSpec({}));

const listed = (Id: string, change: Readonly<Record<string, string>>, State = 'running') => ({
  ...{ Id, Names: [`/${Id}`], ImageID: 'sha256:0123456789abcdef', Created: 5, State },
  Labels: { ...labels, ...change },
});

describe('a container with our label and not our facts', () => {
  it('is left alone, and told of once and without its labels', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'containers-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const socket = join(directory, 'docker.sock');
    const containers = [
      listed('good', {}),
      listed('forged', { 'wcs-rigs.generation': '0' }),
      listed('ended', { 'wcs-rigs.rig': 'x:y', 'wcs-rigs.owner-name': '<!channel>' }, 'exited'),
    ];
    const server = createServer((_, response) => response.end(JSON.stringify(containers))).listen(socket);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const log = rememberingLog();
    const engine = connectEngine({
      ...{ dockerHost: `unix://${socket}`, installation: 'wcs', registryAuthFile: undefined, log },
    });
    onTestFinished(engine.close);
    for (let look = 0; look < 3; look += 1) {
      expect((await engine.rigs()).map(({ container }) => container)).toEqual(['good']);
    }
    expect(log.lines.map((line) => line.trim())).toEqual([
      'a container has our label and not our facts: left alone {"container":"forged"}',
      'a container has our label and not our facts: left alone {"container":"ended"}',
    ]);
  });
});
