// The process that holds sentinels, and ends them with whoever wanted them. Run by sentinels.ts.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { beKept, type Undo } from '../../src/demo/kept.ts';
import { freePort } from './free-port.ts';

const settingsSchema = z.object({
  name: z.string(),
  masterPort: z.number(),
  password: z.string(),
  sentinelPassword: z.string(),
  count: z.number(),
  downAfter: z.number(),
});

const start = async (settings: unknown, undo: Undo) => {
  const { name, masterPort, password, sentinelPassword, count, downAfter } = settingsSchema.parse(settings);
  const directory = await mkdtemp(join(tmpdir(), 'wcs-sentinels-'));
  undo(() => rm(directory, { recursive: true, force: true }));
  const ports: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const port = await freePort();
    const own = join(directory, String(index));
    await mkdir(own);
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${own}`,
      `logfile ${join(own, 'sentinel.log')}`,
      `requirepass ${sentinelPassword}`,
      `sentinel sentinel-pass ${sentinelPassword}`,
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} ${Math.floor(count / 2) + 1}`,
      `sentinel auth-pass ${name} ${password}`,
      `sentinel down-after-milliseconds ${name} ${downAfter}`,
      `sentinel failover-timeout ${name} 5000`,
      `sentinel parallel-syncs ${name} 1`,
    ];
    // It writes into this file what it learns.
    const file = join(own, 'sentinel.conf');
    await writeFile(file, `${lines.join('\n')}\n`);
    const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
    const ended = once(sentinel, 'exit');
    undo(async () => {
      sentinel.kill('SIGKILL');
      await ended;
    });
    ports.push(port);
  }
  return { ports };
};

await beKept(start);
