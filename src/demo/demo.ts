// `npm run demo`: the main job on this machine alone, with an emulated Slack in the terminal. Whatever it makes, it removes.

import { parseArgs } from 'node:util';
import { prompt } from './prompt.ts';
import { runScript } from './script.ts';
import { startTryOut, type TryOut } from './try-out.ts';

const usage = `npm run demo [-- --script 'up demo for 1h; list; down demo'] [--private]

  --script   runs these commands, one after the other, and ends: 0 only if each worked
  --private  starts an engine of its own even where a Docker engine is found
  --yes      installs what is missing without asking
`;

/** The exit code: 0 done, 1 a fault or a command that did not work, 2 wrong usage. */
export const runDemo = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args);
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (options.kind === 'wrong') {
    process.stderr.write(`wcs-rigs demo: ${options.why}\n\n${usage}`);
    return 2;
  }
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  console.log('wcs-rigs demo: private to this machine; Ctrl-C removes all of it');
  let tryOut: TryOut | undefined;
  try {
    tryOut = await startTryOut(
      { ownEngine: options.ownEngine, say: (line) => console.log(line) },
      interrupted.signal,
    );
    if (options.script === undefined) return await prompt(tryOut, interrupted.signal);
    return await runScript(tryOut, options.script, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(`✘ ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    if (tryOut) await leave(tryOut);
  }
};

const leave = async (tryOut: TryOut): Promise<void> => {
  console.log('Removing all of it …');
  await tryOut.stop();
  console.log('✔ nothing is left');
};

type Options =
  | { readonly kind: 'ok'; readonly script: string | undefined; readonly ownEngine: boolean }
  | { readonly kind: 'wrong'; readonly why: string };

const readOptions = (args: readonly string[]): Options | 'help' => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        script: { type: 'string' },
        private: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    return { kind: 'ok', script: values.script, ownEngine: values.private };
  } catch (error) {
    return { kind: 'wrong', why: error instanceof Error ? error.message : String(error) };
  }
};
