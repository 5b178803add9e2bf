// `npm run bench [-- NAME… --json]`: runs benchmarks and prints what they measured. All but the result goes to standard error.
// Exit codes: 0 measured (whether or not what was wanted holds), 1 a fault, 2 wrong usage, 130 interrupted.

import { loadavg } from 'node:os';
import { benchFleet } from './fleet.ts';
import { type Benchmark, benchMainJob } from './main-job.ts';
import { benchNetworks } from './networks.ts';
import { formatTable, type Result } from './rows.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  'main-job': benchMainJob,
  fleet: benchFleet,
  networks: benchNetworks,
};

const usage = `Usage: npm run bench [-- NAME… --json]

  names: ${Object.keys(benchmarks).join(', ')}; all of them if none is given
  --json prints {name, machine, rows} on standard output and nothing else there (with npm: npm run -s bench -- --json)
`;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Several are told as one: a name each, all rows. */
const joined = (results: readonly Result[]): Result => ({
  name: results.map(({ name }) => name).join('+'),
  machine: results[0]?.machine ?? '',
  rows: results.flatMap(({ rows }) => rows),
});

const main = async (words: readonly string[]): Promise<number> => {
  const names = words.filter((word) => word !== '--json');
  if (names.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  if (!names.every((name) => Object.hasOwn(benchmarks, name))) {
    process.stderr.write(usage);
    return 2;
  }
  const chosen = Object.entries(benchmarks).filter(([name]) => names.length === 0 || names.includes(name));
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => ending.abort(new Error('interrupted')));
  }
  const results: Result[] = [];
  for (const [, benchmark] of chosen) {
    say(`load before: ${loadavg()[0]?.toFixed(2)}`);
    results.push(await benchmark(say, ending.signal));
    say(`load after: ${loadavg()[0]?.toFixed(2)}`);
  }
  if (words.includes('--json')) process.stdout.write(`${JSON.stringify(joined(results))}\n`);
  else process.stdout.write(results.map(formatTable).join('\n'));
  return 0;
};

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(`wcs-rigs bench: ${error instanceof Error ? error.message : String(error)}`);
  return error instanceof Error && error.message === 'interrupted' ? 130 : 1;
});
