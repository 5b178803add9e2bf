// The machine that figures come from, in one line: a figure without it says little.

import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';

const systemName = async (): Promise<string> => {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
};

/** `programs`: what else took part, such as `Docker 20.10.24`. */
export const describeMachine = async (programs: readonly string[]): Promise<string> => {
  const cores = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const hardware = `${cores.length} × ${cores[0]?.model.trim() ?? 'processor'}, ${memory}`;
  return [
    hardware,
    await systemName(),
    `Linux ${release()}`,
    `Node ${process.versions.node}`,
    ...programs,
  ].join(', ');
};
