// A program that is run inside the virtual machine: each connection to its shell's port is a shell of its own, which is told
// the command, and says at last how that ended.

import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Ran } from './run.ts';

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Never rejects. Code 127 with nothing said where there is no shell (yet); `stderr` is on the machine's console. */
export const runInShell = async (port: number, command: readonly string[], seconds: number): Promise<Ran> => {
  const socket = createConnection({ host: '127.0.0.1', port });
  const tooLate = setTimeout(() => socket.destroy(), seconds * 1000);
  try {
    // Without an input of its own it would read what follows.
    socket.write(`${command.map(quote).join(' ')} </dev/null\necho "ended with $?"\nexit\n`);
    const said = await text(socket);
    const [, stdout = said, code = '127'] = /^(.*)ended with (\d+)\n$/s.exec(said) ?? [];
    return { code: Number(code), stdout, stderr: '' };
  } catch {
    return { code: 127, stdout: '', stderr: '' };
  } finally {
    clearTimeout(tooLate);
    socket.destroy();
  }
};
