// The import rules: for each rule a tree with one file that breaks it, and the refusal; and this house keeps them.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports } from '../../../scripts/check-imports.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(os.tmpdir(), 'check-imports-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const breachesOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, 'src', dirname(path)), { recursive: true });
    await writeFile(join(root, 'src', path), `${text}\n`);
  }
  return checkImports(root);
};

describe('the table of the house', () => {
  it.each([
    [
      'rig/a.ts',
      "import '../ports.ts';",
      'src/rig/a.ts: rig may not import src/ports.ts; it may import nothing',
    ],
    ['rig/a.ts', "import fs from 'node:fs';", 'src/rig/a.ts: rig is pure and may not import node:fs'],
    ['rig/a.ts', "import { z } from 'zod';", 'src/rig/a.ts: rig is pure and may not import zod'],
    [
      'ports.ts',
      "import './control/a.ts';",
      'src/ports.ts: ports may not import src/control/a.ts; it may import rig',
    ],
    [
      'control/a.ts',
      "import '../host/a.ts';",
      'src/control/a.ts: control may not import src/host/a.ts; it may import rig, ports',
    ],
    [
      'host/a.ts',
      "import '../control/a.ts';",
      'src/host/a.ts: host may not import src/control/a.ts; it may import rig, ports, shapes, reach-port',
    ],
    [
      'slack/a.ts',
      "import '../redis/a.ts';",
      'src/slack/a.ts: slack may not import src/redis/a.ts; it may import control, ports, rig',
    ],
    [
      'web/a.tsx',
      "import '../redis/a.ts';",
      'src/web/a.tsx: web may not import src/redis/a.ts; it may import control, ports, rig',
    ],
    [
      'web/a.ts',
      "import '../slack/a.ts';",
      'src/web/a.ts: web may not import src/slack/a.ts; it may import control, ports, rig',
    ],
    [
      'redis/a.ts',
      "import '../queue/a.ts';",
      'src/redis/a.ts: redis may not import src/queue/a.ts; it may import ports, rig, shapes',
    ],
    [
      'queue/a.ts',
      "import '../redis/a.ts';",
      'src/queue/a.ts: queue may not import src/redis/a.ts; it may import ports, rig, shapes',
    ],
    [
      'docker/a.ts',
      "import '../redis/a.ts';",
      'src/docker/a.ts: docker may not import src/redis/a.ts; it may import ports, rig',
    ],
    [
      'docker/a.ts',
      "import '../config.ts';",
      'src/docker/a.ts: docker may not import src/config.ts; it may import ports, rig',
    ],
    [
      'doctor/a.ts',
      "import '../slack/a.ts';",
      'src/doctor/a.ts: doctor may not import src/slack/a.ts; it may import config, docker, machine, ports, queue, reach-port, redis, rig, secrets, shapes, undo',
    ],
    [
      'config/a.ts',
      "import '../ports.ts';",
      'src/config/a.ts: config may not import src/ports.ts; it may import machine, rig',
    ],
    [
      'machine.ts',
      "import './config.ts';",
      'src/machine.ts: machine may not import src/config.ts; it may import ports, rig',
    ],
    [
      'control/a.ts',
      "import '../log.ts';",
      'src/control/a.ts: only bot, worker, main, demo may import src/log.ts',
    ],
    [
      'host/a.ts',
      "import '../secrets.ts';",
      'src/host/a.ts: only bot, worker, main, demo, doctor may import src/secrets.ts',
    ],
    [
      'web/a.ts',
      "import '../machine.ts';",
      'src/web/a.ts: only bot, worker, main, demo, config, doctor may import src/machine.ts',
    ],
    [
      'slack/a.ts',
      "import '../undo.ts';",
      'src/slack/a.ts: only bot, worker, main, demo, doctor may import src/undo.ts',
    ],
    ['bot.ts', "import './worker.ts';", 'src/bot.ts: only main, demo may import src/worker.ts'],
    ['worker.ts', "import './bot.ts';", 'src/worker.ts: only main, demo may import src/bot.ts'],
    ['bot.ts', "import './demo/a.ts';", 'src/bot.ts: only main may import src/demo/a.ts'],
    ['demo/a.ts', "import '../main.ts';", 'src/demo/a.ts: nobody may import src/main.ts'],
    [
      'slack/views/a.ts',
      "import '../../bot.ts';",
      'src/slack/views/a.ts: only main, demo may import src/bot.ts',
    ],
    ['demo/a.ts', "import '../../test/a.ts';", `src/demo/a.ts: test/a.ts is outside of src`],
    ['helpers/a.ts', '', 'src/helpers/a.ts: helpers is not in the table of import rules; add it there'],
  ])('%s: %s', async (path, text, breach) => {
    expect(await breachesOf({ [path]: text })).toEqual([breach]);
  });

  it.each([
    ['a type', "import type { A } from '../host/a.ts';"],
    ['a type among values', "import { type A } from '../host/a.ts';"],
    ['a type in its place', "export const a = (b: import('../host/a.ts').A) => b;"],
    ['an export from', "export { a } from '../host/a.ts';"],
    ['everything from', "export * from '../host/a.ts';"],
    ['a later import', "export const a = () => import('../host/a.ts');"],
    ['an import over several lines', "import {\n  a,\n} from '../host/a.ts';"],
  ])('sees %s', async (_, text) => {
    expect(await breachesOf({ 'control/a.ts': text })).toEqual([
      'src/control/a.ts: control may not import src/host/a.ts; it may import rig, ports',
    ]);
  });

  it('does not take a comment for an import', async () => {
    const text =
      "// like import '../host/a.ts'\n/**\n * from '../host/a.ts'\n */\nexport const a = 1; // from '../host/a.ts'";
    expect(await breachesOf({ 'control/a.ts': text })).toEqual([]);
  });

  it('refuses what it cannot see', async () => {
    expect(await breachesOf({ 'main.ts': 'export const a = (b: string) => import(b);' })).toEqual([
      'src/main.ts: imports what cannot be seen; write the path out',
    ]);
  });
});

describe('libraries', () => {
  it.each([
    ['control/a.ts', '@slack/bolt', 'slack'],
    ['demo/a.ts', '@slack/bolt', 'slack'],
    ['demo/a.ts', '@slack/socket-mode', 'slack'],
    ['web/a.ts', '@slack/types', 'slack and demo'],
    ['bot.ts', 'bullmq', 'queue'],
    ['redis/a.ts', 'bullmq', 'queue'],
    ['worker.ts', 'ioredis', 'redis and queue'],
    ['demo/a.ts', 'dockerode', 'docker'],
    ['host/a.ts', 'node:process', 'config'],
  ])('%s may not name %s', async (path, library, units) => {
    expect(await breachesOf({ [path]: `import type { A } from '${library}';` })).toEqual([
      `src/${path}: only ${units} may name ${library}`,
    ]);
  });

  it.each([
    ['slack/a.ts', '@slack/bolt'],
    ['demo/slack/a.ts', '@slack/types'],
    ['queue/a.ts', 'bullmq'],
    ['queue/a.ts', 'ioredis'],
    ['redis/a.ts', 'ioredis'],
    ['docker/a.ts', 'dockerode'],
    ['rig/a.ts', 'ipaddr.js'],
  ])('%s may name %s', async (path, library) => {
    expect(await breachesOf({ [path]: `import a from '${library}';` })).toEqual([]);
  });
});

describe('the environment', () => {
  it.each(['process.env.HOME', 'process.env', "process['env']", 'process?.env', 'globalThis.process.env'])(
    'is not read elsewhere by %s',
    async (expression) => {
      expect(await breachesOf({ 'worker.ts': `export const a = ${expression};` })).toEqual([
        'src/worker.ts: only config names process.env',
      ]);
    },
  );

  it('is not taken apart elsewhere', async () => {
    expect(await breachesOf({ 'demo/a.ts': 'const { argv, env } = process;' })).toEqual([
      'src/demo/a.ts: only config names process.env',
    ]);
  });

  it('is read by config', async () => {
    expect(await breachesOf({ 'config.ts': 'export const a = process.env;' })).toEqual([]);
  });
});

describe('cycles', () => {
  it('are refused, of types too, with the way round', async () => {
    const breaches = await breachesOf({
      'rig/a.ts': "import type { B } from './b.ts';",
      'rig/b.ts': "import { c } from './c.ts';",
      'rig/c.ts': "export { a } from './a.ts';",
      'rig/d.ts': "import './a.ts';",
    });
    expect(breaches).toEqual(['a cycle: src/rig/a.ts → src/rig/b.ts → src/rig/c.ts → src/rig/a.ts']);
  });

  it('are not seen where two ways lead to one file', async () => {
    const breaches = await breachesOf({
      'rig/a.ts': "import './b.ts';\nimport './c.ts';",
      'rig/b.ts': "import './d.ts';",
      'rig/c.ts': "import './d.ts';",
      'rig/d.ts': '',
    });
    expect(breaches).toEqual([]);
  });
});

it('this house keeps the rules', async () => {
  expect(await checkImports(fileURLToPath(new URL('../../..', import.meta.url)))).toEqual([]);
});
