// Runs `doctor host` inside a host's network namespace, where /sys shows that host's interfaces.

import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { NetworkMode } from '../../src/rig/rig.ts';
import { run } from './run.ts';

const program = fileURLToPath(new URL('examine-host.ts', import.meta.url));

const outputSchema = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      verdict: z.enum(['well', 'doubtful', 'wrong']),
      says: z.string(),
      mend: z.string().optional(),
      hurtsOthers: z.boolean().optional(),
      isUnseen: z.boolean().optional(),
    }),
  ),
  took: z.number(),
});

export type Examined = z.infer<typeof outputSchema>;

export type How = {
  readonly namespace: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Put in for the configuration's. */
  readonly mode?: NetworkMode | undefined;
  /** As a worker does when it starts. */
  readonly quickly?: boolean | undefined;
  /** /sys is that of the namespace in which the tests run. */
  readonly withForeignSys?: boolean | undefined;
  /** Without any right of root's. */
  readonly asNobody?: boolean | undefined;
};

export const examineIn = async (how: How): Promise<Examined> => {
  const {
    namespace,
    environment,
    mode = '',
    quickly = false,
    withForeignSys = false,
    asNobody = false,
  } = how;
  const { PATH = '' } = process.env;
  const settings = Object.entries({ PATH, ...environment }).map(([name, value]) => `${name}=${value}`);
  const who = asNobody
    ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs']
    : [];
  // `ip netns exec` mounts /sys anew, which nsenter does not.
  const enter = withForeignSys
    ? ['nsenter', `--net=/run/netns/${namespace}`]
    : ['ip', 'netns', 'exec', namespace];
  const inside = [...enter, 'env', '-i', ...settings, ...who];
  const wanted = [quickly ? 'quickly' : 'slowly', mode];
  const { code, stdout, stderr } = await run([...inside, process.execPath, program, ...wanted], 60);
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
  return outputSchema.parse(JSON.parse(stdout));
};
