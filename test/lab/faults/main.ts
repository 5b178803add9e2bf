// `npm run faults`: the faults alone, as many of them as are named, and a table of how long each took to recover from and what
// people read meanwhile.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  asJson,
  asTable,
  type FaultLine,
  faultLine,
  readWanted,
  rowsOf,
  type Wanted,
} from '../../support/fault-table.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The names of the tests by their fault, as they stand in the files. */
const readTitles = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const titles = new Map<string, readonly string[]>();
  for (const file of (await readdir(here)).filter((name) => name.endsWith('.test.ts'))) {
    const text = await readFile(join(here, file), 'utf8');
    for (const [, id = '', , title = ''] of text.matchAll(/\bfault\(\s*'(F\d\d)',\s*(['"`])(.*?)\2,/g)) {
      titles.set(id, [...(titles.get(id) ?? []), title]);
    }
  }
  return titles;
};

const runThem = async (wanted: Wanted & { kind: 'ok' }): Promise<readonly FaultLine[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-faults-'));
  const results = join(directory, 'lines');
  try {
    const names = `^(${wanted.ids.join('|')}) `;
    const options = ['--project', 'lab', '--allowOnly=false', '--testNamePattern', names, 'test/lab/faults/'];
    const child = spawn('vitest', ['run', ...options], {
      cwd: root,
      // With --json nothing but the JSON may stand on standard output.
      stdio: ['ignore', wanted.asJson ? process.stderr : 'inherit', 'inherit'],
      env: {
        ...process.env,
        WCS_FAULTS: 'all',
        WCS_FAULT_RESULTS: results,
        ...(wanted.inRealTime ? { WCS_LAB_PACE: 'real' } : {}),
      },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal));
    await once(child, 'exit');
    const text = await readFile(results, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => faultLine.parse(JSON.parse(line)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const titles = await readTitles();
const wanted = readWanted(process.argv.slice(2), [...titles.keys()].toSorted());
if (wanted.kind === 'wrong') {
  console.error(`wcs-rigs: ${wanted.sentence}`);
  process.exitCode = 2;
} else {
  const rows = rowsOf(wanted.ids, await runThem(wanted), titles);
  console.log(wanted.asJson ? asJson(rows) : `\n${asTable(rows)}\n`);
  process.exitCode = rows.every(({ held }) => held) ? 0 : 1;
}
