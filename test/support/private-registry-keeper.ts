// The process that holds a private registry, and ends it with whoever wanted it. Run by private-registry.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { beKept, type Undo } from '../../src/demo/kept.ts';

const settingsSchema = z.object({ namespace: z.string(), port: z.number(), isClosed: z.boolean() });

// bcrypt of `word`: the only kind of password file that the registry takes.
const passwords = 'anna:$2y$05$abcdefghijklmnopqrstuuQDoL5Sa/TtfS/XN4AY/jgq.HBbO1BTu\n';

const start = async (settings: unknown, undo: Undo) => {
  const { namespace, port, isClosed } = settingsSchema.parse(settings);
  const directory = await mkdtemp(join(tmpdir(), 'wcs-registry-'));
  undo(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'passwords'), passwords);
  const auth = { auth: { htpasswd: { realm: 'test', path: join(directory, 'passwords') } } };
  const configuration = {
    version: '0.1',
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: join(directory, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    ...(isClosed ? auth : {}),
  };
  await writeFile(join(directory, 'config.yml'), JSON.stringify(configuration)); // JSON is YAML
  const command = [
    `--net=/run/netns/${namespace}`,
    'docker-registry',
    'serve',
    join(directory, 'config.yml'),
  ];
  const registry = spawn('nsenter', command, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(registry, 'exit');
  undo(async () => {
    registry.kill('SIGKILL'); // also when it is stopped by SIGSTOP
    await ended;
  });
  const words: string[] = [];
  const lines = createInterface(registry.stderr);
  const isUp = new Promise<boolean>((resolve) => {
    lines.on('line', (line) => {
      words.push(line);
      if (line.includes('listening on')) resolve(true);
    });
    lines.on('close', () => resolve(false));
  });
  if (!(await isUp)) {
    throw new Error(
      `docker-registry (Debian's package of that name) did not come up: ${words.slice(-2).join(' ')}`,
    );
  }
  return { pid: registry.pid };
};

await beKept(start);
