// A program of ours as a process of its own, with its output at hand, that a test can wait for and kill.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type Environment = Readonly<Record<string, string>>;

export type Process = {
  readonly pid: number;
  /** All that it wrote so far. */
  readonly output: () => string;
  /** The same, of its standard output alone. */
  readonly stdout: () => string;
  /** Sends a signal and waits for the end; gives the exit code, or the signal's name. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | string>;
  readonly ended: Promise<number | string>;
  /** Waits until its output has this. */
  readonly says: (text: string, milliseconds?: number) => Promise<void>;
};

/** It gets this environment and PATH, and nothing else of ours. */
export const startProcess = (command: readonly string[], environment: Environment): Process => {
  const [program = '', ...args] = command;
  const { PATH = '' } = process.env;
  const child: ChildProcess = spawn(program, args, {
    env: { PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? 0);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    stdout: () => stdout,
    ended,
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
    says: (text, milliseconds = 20_000) =>
      new Promise((resolve, reject) => {
        const settle = (fault?: Error): void => {
          clearTimeout(timer);
          listeners.delete(look);
          if (fault) reject(fault);
          else resolve();
        };
        const look = (): void => {
          if (output.includes(text)) settle();
        };
        const timer = setTimeout(
          () => settle(new Error(`it did not say "${text}", but: ${output}`)),
          milliseconds,
        );
        void ended.then((code) =>
          settle(output.includes(text) ? undefined : new Error(`it ended with ${code}: ${output}`)),
        );
        listeners.add(look);
        look();
      }),
  };
};
