// How a process ends: in order, at once, or with a fault; always with a code and a line.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('../support/a-process.ts', import.meta.url));

/** Sends each signal when the word before it was said. */
const live = async (
  fate: string,
  ...signals: readonly (readonly [after: string, signal: NodeJS.Signals])[]
) => {
  const child = spawn(process.execPath, [program, fate], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  const logged: string[] = [];
  const waiting = [...signals];
  const send = (word: string): void => {
    if (waiting[0]?.[0] !== word) return;
    child.kill(waiting.shift()?.[1]);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line);
    send(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    logged.push(line);
    const { msg } = JSON.parse(line);
    send(String(msg));
  });
  const [code] = await once(child, 'close');
  return { code, said, logged: logged.join('\n') };
};

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in order: 0', async (signal) => {
  const { code, said } = await live('serves', ['serving', signal]);
  expect({ code, said }).toEqual({ code: 0, said: ['starting', 'serving', 'stopped'] });
});

test('a signal while it starts: what was started is stopped again', async () => {
  const { code, said } = await live('starts slowly', ['starting', 'SIGTERM']);
  expect({ code, said }).toEqual({ code: 0, said: ['starting', 'serving', 'stopped'] });
});

test('a signal during a start that hangs: it ends all the same', async () => {
  expect(await live('hangs in start', ['starting', 'SIGTERM'])).toMatchObject({
    code: 0,
    said: ['starting'],
  });
});

test('a stop that hangs is cut short: 1, and it says so', async () => {
  const { code, logged } = await live('hangs in stop', ['serving', 'SIGTERM']);
  expect(code).toBe(1);
  expect(logged).toContain('stopping took too long');
});

test('a second signal ends it at once', async () => {
  const { code, logged } = await live('hangs in stop', ['serving', 'SIGTERM'], ['stopping', 'SIGINT']);
  expect(code).toBe(1);
  expect(logged).toContain('a second time');
});

test('what can go on no more stops: 1, with the reason', async () => {
  const { code, said, logged } = await live('fails');
  expect({ code, last: said.at(-1) }).toEqual({ code: 1, last: 'stopped' });
  expect(logged).toContain('another worker serves h1');
});

test.each(['rejects', 'throws'])(
  'a fault that nobody caught (%s): one line, no stranger’s data, 1',
  async (fate) => {
    const { code, logged } = await live(fate);
    expect(code).toBe(1);
    expect(logged.split('\n')).toHaveLength(1);
    expect(logged).toContain('nobody caught');
    expect(logged).not.toContain('hunter2');
  },
);
