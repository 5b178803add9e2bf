// `npm run demo`: the main job on this machine alone, with an emulated Slack in the terminal and as a page. Whatever it
// makes, it removes.

import { parseArgs } from 'node:util';
import { prompt } from './prompt.ts';
import { commandsOf, runScript } from './script.ts';
import { startTryOut, type TryOut } from './try-out.ts';

const usage = `npm run demo [-- --script 'up demo for 1h; list; down demo'] [--private] [--port 3000]

  --script   runs these commands, one after the other, and ends: 0 only if each worked
  --private  starts an engine of its own even where a Docker engine is found
  --port     where the page is on 127.0.0.1; a free one by default
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
  // A terminal that was closed, or the end of a pipe such as `| head`: nobody reads on, so this is the end, too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', interrupt);
  console.log('wcs-rigs demo: private to this machine; Ctrl-C removes all of it');
  let tryOut: TryOut;
  try {
    tryOut = await startTryOut(
      { ownEngine: options.ownEngine, port: options.port, say: (line) => console.log(line) },
      interrupted.signal,
    );
  } catch (error) {
    return tell(error, interrupted.signal);
  }
  const code = await use(tryOut, options.script, interrupted.signal);
  return (await leave(tryOut)) ? code : 1;
};

const use = async (tryOut: TryOut, script: string | undefined, signal: AbortSignal): Promise<number> => {
  try {
    return await (script === undefined ? prompt(tryOut, signal) : runScript(tryOut, script, signal));
  } catch (error) {
    return tell(error, signal);
  }
};

/** The exit code: as the shell has it for Ctrl-C, else 1. */
const tell = (error: unknown, { aborted }: AbortSignal): number => {
  if (aborted) console.log('Interrupted: what was begun is removed.');
  else console.error(`✘ ${error instanceof Error ? error.message : String(error)}`);
  return aborted ? 130 : 1;
};

/** True if nothing is left. */
const leave = async (tryOut: TryOut): Promise<boolean> => {
  console.log('Removing all of it …');
  const faults = await tryOut.stop();
  for (const fault of faults) console.error(`✘ could not be removed: ${fault}`);
  if (faults.length === 0) console.log('✔ nothing is left');
  return faults.length === 0;
};

type Options =
  | {
      readonly kind: 'ok';
      readonly script: string | undefined;
      readonly ownEngine: boolean;
      readonly port: number;
    }
  | { readonly kind: 'wrong'; readonly why: string };

const readOptions = (args: readonly string[]): Options | 'help' => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        script: { type: 'string' },
        private: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    if (values.script !== undefined && commandsOf(values.script).length === 0) {
      return { kind: 'wrong', why: '--script holds no command' };
    }
    const port = Number(values.port);
    if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
      return { kind: 'wrong', why: '--port takes a number up to 65535' };
    }
    return { kind: 'ok', script: values.script, ownEngine: values.private, port };
  } catch (error) {
    return { kind: 'wrong', why: error instanceof Error ? error.message : String(error) };
  }
};
