// The try-out as a newcomer runs it: `main.ts demo` in a namespace of its own, with what it says at hand.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lan } from './lan.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export type Demo = {
  readonly child: ChildProcess;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string | null | undefined>;
  /** Waits until its output has this. */
  readonly says: (what: RegExp, milliseconds?: number) => Promise<RegExpExecArray>;
  readonly output: () => string;
  /** A line at its prompt. */
  readonly type: (text: string) => void;
};

/** With an engine of its own, unless there is one to be found. */
export const startDemo = (
  lan: Lan,
  args: readonly string[],
  engine?: { readonly dockerHost: string },
): Demo => {
  const { PATH = '' } = process.env;
  const place = engine ? [] : ['--private'];
  const env = { PATH, ...(engine ? { DOCKER_HOST: engine.dockerHost } : {}) };
  const nsenter = [`--net=/run/netns/${lan.host('laptop').namespace}`];
  const child = spawn('nsenter', [...nsenter, process.execPath, main, 'demo', ...place, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => code ?? signal);
  const says = (what: RegExp, milliseconds = 60_000): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`it did not say ${what}, but: ${output}`)),
        milliseconds,
      );
      const look = (): void => {
        const found = what.exec(output);
        if (!found) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  return { child, ended, says, output: () => output, type: (text) => child.stdin.write(`${text}\n`) };
};
