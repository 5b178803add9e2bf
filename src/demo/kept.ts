// A helper process that holds what must not outlive us (engines, network namespaces) and clears it away when we end,
// however we end: its standard input is a pipe from us, and a pipe closes even when its other end is killed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export type Kept<Told> = {
  /** What the helper said once all was up. */
  readonly told: Told;
  /** Lets the helper clear everything away, and waits until it has. May be repeated. */
  readonly stop: () => Promise<void>;
};

const answerSchema = z.union([z.object({ told: z.unknown() }), z.object({ fault: z.string() })]);

/**
 * Starts `script` (which calls `beKept`) with `settings` and waits until it says that all is up. Throws with its sentence
 * when it cannot; then everything it had begun is gone again.
 */
export const startKept = async <Told>(
  script: URL,
  settings: unknown,
  schema: z.ZodType<Told>,
): Promise<Kept<Told>> => {
  // A session of its own, so that Ctrl-C in a terminal reaches us alone, and the helper sees our end.
  const helper = spawn(process.execPath, [fileURLToPath(script), JSON.stringify(settings)], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const faults = text(helper.stderr);
  const ended = once(helper, 'exit');
  helper.stdin.on('error', () => undefined); // it ended before us: `stop` says so
  const stop = async (): Promise<void> => {
    helper.stdin.end();
    if (helper.exitCode === null && helper.signalCode === null) await ended;
    if (helper.exitCode !== 0) throw new Error(`cleaning up failed: ${(await faults).trim() || 'no word'}`);
  };
  const answer = await firstLine(helper);
  if (answer === undefined) {
    await ended;
    throw new Error(`${fileURLToPath(script)} ended at once: ${(await faults).trim()}`);
  }
  const parsed = answerSchema.parse(JSON.parse(answer));
  if ('fault' in parsed) {
    await ended;
    throw new Error(parsed.fault);
  }
  return { told: schema.parse(parsed.told), stop };
};

const firstLine = async ({ stdout }: ChildProcess): Promise<string | undefined> => {
  if (!stdout) return undefined;
  for await (const line of createInterface(stdout)) return line;
  return undefined;
};

/** What the helper's side holds: `undo` takes a step back, and steps are taken last one first. */
export type Undo = (step: () => Promise<void>) => void;

/**
 * The helper's side: `start` makes things and registers, each time before it makes one, how to undo it. They are undone
 * when standard input closes or the start fails. Ends the process: 0 if all could be undone.
 */
export const beKept = async (start: (settings: unknown, undo: Undo) => Promise<unknown>): Promise<void> => {
  const steps: (() => Promise<void>)[] = [];
  const closed = inputClosed();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => process.stdin.destroy());
  const answer = await start(JSON.parse(process.argv[2] ?? 'null'), (step) => steps.push(step)).then(
    (told) => ({ told }),
    (error: unknown) => ({ fault: error instanceof Error ? error.message : String(error) }),
  );
  process.stdout.on('error', () => undefined); // nobody is there to listen: the closed input ends us
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if ('told' in answer) await closed;
  const faults = await undoAll(steps);
  for (const fault of faults) console.error(fault);
  process.exit(faults.length === 0 ? 0 : 1);
};

const inputClosed = (): Promise<void> =>
  new Promise((resolve) => {
    process.stdin
      .on('end', resolve)
      .on('close', resolve)
      .on('error', () => resolve())
      .resume();
  });

const undoAll = async (steps: readonly (() => Promise<void>)[]): Promise<string[]> => {
  const faults: string[] = [];
  for (const step of steps.toReversed()) {
    await step().catch((error: unknown) =>
      faults.push(error instanceof Error ? error.message : String(error)),
    );
  }
  return faults;
};
