// A process that lives as bot and worker do; what it meets is said on its command line.

import { createLog } from '../../src/log.ts';
import { type Running, runUntilSignal } from '../../src/run-until-signal.ts';

const [fate] = process.argv.slice(2);
const say = (word: string): void => void process.stdout.write(`${word}\n`);
const never = new Promise<never>(() => undefined);
// Something real holds it open.
setInterval(() => undefined, 1000);

const running = (failed: Promise<Error>, stop: () => Promise<void>): Running => ({ failed, stop });
const orderly = async (): Promise<void> => say('stopped');

const start = async (): Promise<Running> => {
  say('starting');
  if (fate === 'hangs in start') return never;
  if (fate === 'starts slowly') await new Promise((resolve) => setTimeout(resolve, 150));
  if (fate === 'cannot start') throw new Error('no Redis');
  say('serving');
  if (fate === 'rejects') void Promise.reject(Object.assign(new Error('oops'), { args: ['hunter2'] }));
  if (fate === 'throws') setTimeout(() => JSON.parse('{'));
  if (fate === 'fails') return running(Promise.resolve(new Error('another worker serves h1')), orderly);
  return running(never, fate === 'hangs in stop' ? () => never : orderly);
};

process.exitCode = await runUntilSignal(createLog('worker', 'info'), start, { start: 400, stop: 400 });
process.exit();
