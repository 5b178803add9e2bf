// The process that holds a LAN of network namespaces, and removes them when whoever wanted them has ended. Run by lan.ts.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { beKept, type Undo } from '../../src/demo/kept.ts';
import { mustRun } from './run.ts';

const settingsSchema = z.object({ names: z.array(z.string()), network: z.string() });

const ip = (...command: readonly string[]): Promise<string> => mustRun(['ip', ...command]);

const start = async (settings: unknown, undo: Undo) => {
  const { names, network } = settingsSchema.parse(settings);
  const prefix = `wcs-${process.pid}-${randomBytes(3).toString('hex')}`;
  const addNamespace = async (name: string): Promise<string> => {
    const namespace = `${prefix}-${name}`;
    await ip('netns', 'add', namespace);
    undo(async () => void (await ip('netns', 'delete', namespace)));
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return namespace;
  };

  const switchNamespace = await addNamespace('switch');
  await ip('-n', switchNamespace, 'link', 'add', 'lan', 'type', 'bridge');
  await ip('-n', switchNamespace, 'link', 'set', 'lan', 'up');
  const hosts = [];
  for (const [index, name] of names.entries()) {
    const namespace = await addNamespace(name);
    const port = `port${index}`;
    const address = `${network}.${index + 2}`;
    await ip(
      '-n',
      switchNamespace,
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      namespace,
    );
    await ip('-n', switchNamespace, 'link', 'set', port, 'master', 'lan', 'up');
    await ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
    hosts.push({ name, namespace, address });
  }
  return { switchNamespace, hosts };
};

await beKept(start);
