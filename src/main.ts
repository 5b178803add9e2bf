// The command line: `node src/main.ts bot | worker | demo | doctor | health | audit | reconcile`. Exit codes: 0 done, 1 a fault, 2
// wrong usage.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { runUntilSignal } from './run-until-signal.ts';

const usage = `wcs-rigs: hands out Web Call Server rigs from Slack

  node src/main.ts bot       the Slack side: decides, one or several
  node src/main.ts worker    beside each Docker engine, one per host
  node src/main.ts demo      all of it on this machine, with an emulated Slack and a page of it
                             --script 'up demo for 1h; list; down demo'   without a prompt
  node src/main.ts doctor    looks this machine over: its network plan, Docker, Redis, Slack, who else there is; with exit 1
                             if anything is wrong. All that its environment speaks of, or: host | redis | slack | all
                             --json        for scripts
                             --no-probe    without the rig that the other hosts are asked to reach
                             --wait 5m     with time for somebody to open its page, where there is no other host
  node src/main.ts health    asks the process on WCS_HEALTH_PORT; exit 0 if it is well
  node src/main.ts audit     who did what, as lines of JSON, oldest first; it needs REDIS_URL alone
                             --rig NAME, --since 24h   only that
  node src/main.ts reconcile --dry-run
                             what the bot would do next about each host; it needs REDIS_URL alone

  --help, --version

Everything else is said in the environment; see README.md, "Configuration".
`;

const version = (): string => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
};

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  bot: async () => {
    const [{ createBotLog, startBot }, { readBotConfig, readEnvironment }] = await Promise.all([
      import('./bot.ts'),
      import('./config.ts'),
    ]);
    const reading = readBotConfig(readEnvironment());
    warn('bot', reading.warnings);
    if (reading.kind === 'faults') return complain('bot', reading.faults);
    const log = createBotLog(reading.config);
    return runUntilSignal(log, () => startBot(reading.config, log, undefined, version()));
  },
  worker: async () => {
    const [{ createWorkerLog, startWorker }, { readEnvironment, readWorkerConfig }, { readMachine }] =
      await Promise.all([import('./worker.ts'), import('./config.ts'), import('./machine.ts')]);
    const reading = readWorkerConfig(readEnvironment(), await readMachine());
    warn('worker', reading.warnings);
    if (reading.kind === 'faults') return complain('worker', reading.faults);
    const log = createWorkerLog(reading.config);
    return runUntilSignal(log, () => startWorker(reading.config, version(), log));
  },
  demo: async (args) => (await import('./demo/demo.ts')).runDemo(args),
  doctor: async (args) => {
    const [{ doctor }, { readDoctorWords }, { readEnvironment }, { scopes }, { placeOf }] = await Promise.all(
      [
        import('./doctor/command.ts'),
        import('./doctor/read-words.ts'),
        import('./config.ts'),
        import('./slack/scopes.ts'),
        import('./worker/networking.ts'),
      ],
    );
    const words = readDoctorWords(args);
    if (words.kind === 'wrong') return misuse(`wcs-rigs doctor: ${words.why}`);
    process.stdout.on('error', () => undefined);
    return doctor(words.wish, { environment: readEnvironment(), version: version(), scopes, placeOf });
  },
  health: async () => {
    const [{ askHealth }, { readEnvironment }] = await Promise.all([
      import('./web/health.ts'),
      import('./config.ts'),
    ]);
    return askHealth(readEnvironment().WCS_HEALTH_PORT);
  },
  audit: async (args) => {
    const [{ printAudit, readAuditWords }, { readEnvironment, readRegistryPlace }] = await Promise.all([
      import('./audit.ts'),
      import('./config.ts'),
    ]);
    const words = readAuditWords(args);
    if (words.kind === 'wrong') return misuse(`wcs-rigs audit: ${words.why}`);
    const reading = readRegistryPlace(readEnvironment());
    warn('audit', reading.warnings);
    if (reading.kind === 'faults') return complain('audit', reading.faults);
    // Whoever reads may have had enough, as `head` has.
    process.stdout.on('error', () => undefined);
    await printAudit(reading.config, words.wish, writeLine);
    return 0;
  },
  reconcile: async (args) => {
    if (args.length !== 1 || args[0] !== '--dry-run') {
      return misuse(
        'wcs-rigs reconcile: the bots do it by themselves; --dry-run prints what they would do next',
      );
    }
    const [{ printPlan }, { readEnvironment, readPlanPlace }] = await Promise.all([
      import('./plan.ts'),
      import('./config.ts'),
    ]);
    const reading = readPlanPlace(readEnvironment());
    warn('reconcile', reading.warnings);
    if (reading.kind === 'faults') return complain('reconcile', reading.faults);
    process.stdout.on('error', () => undefined);
    await printPlan(reading.config, reading.config.orphanGrace, writeLine);
    return 0;
  },
};

/** Those that read their own words. */
const takingWords: readonly string[] = ['demo', 'audit', 'doctor', 'reconcile'];

const writeLine = (line: string): Promise<boolean> =>
  new Promise((resolve) => {
    process.stdout.write(`${line}\n`, (error) => resolve(!error));
  });

const misuse = (why: string): number => {
  process.stderr.write(`${why}\n\n${usage}`);
  return 2;
};

const warn = (what: string, warnings: readonly string[]): void => {
  process.stderr.write(warnings.map((warning) => `wcs-rigs ${what}: ▲ ${warning}\n`).join(''));
};

const complain = (what: string, faults: readonly string[]): number => {
  const head =
    faults.length === 1
      ? 'one thing in its environment is'
      : `${faults.length} things in its environment are`;
  process.stderr.write(
    `wcs-rigs ${what}: ${head} not right\n${faults.map((fault) => `  ✘ ${fault}\n`).join('')}`,
  );
  return 1;
};

const main = async ([word, ...args]: readonly string[]): Promise<number> => {
  if (word === '--help' || word === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (word === '--version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const command = word !== undefined && Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (!command) {
    if (word !== undefined) return misuse(`wcs-rigs: there is no command ${JSON.stringify(word)}`);
    process.stderr.write(usage);
    return 2;
  }
  if (word !== 'demo' && args.includes('--help')) {
    process.stdout.write(usage);
    return 0;
  }
  if (word !== undefined && !takingWords.includes(word) && args.length > 0) {
    return misuse(`wcs-rigs ${word}: takes no arguments, but was given ${JSON.stringify(args[0])}`);
  }
  return command(args);
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`wcs-rigs: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
// Whatever a library left open must not keep a process alive that has said goodbye.
process.exit();
