// Network namespaces as computers on a LAN: one more namespace is the switch between them. Nothing of it reaches out: no
// namespace has a default route, and the machine's own network is not part of it.

import { z } from 'zod';
import { startKept } from '../../src/demo/kept.ts';
import { mustRun, type Ran, run } from './run.ts';

export type LanHost = {
  /** As it was asked for: `h1`. */
  readonly name: string;
  /** `/run/netns/NAMESPACE` */
  readonly namespace: string;
  /** Its address on `eth0`: .2 for the first one, and so on. */
  readonly address: string;
};

export type Lan = {
  /** `10.77.0.0/24` */
  readonly subnet: string;
  readonly host: (name: string) => LanHost;
  /** Runs a program in a host's namespace; exit codes are values. */
  readonly run: (name: string, command: readonly string[], seconds?: number) => Promise<Ran>;
  /** Unplugs a host from the switch, and plugs it in again. */
  readonly plug: (name: string, state: 'in' | 'out') => Promise<void>;
  /** Removes the namespaces and with them all that is on them. May be repeated. */
  readonly stop: () => Promise<void>;
};

export type LanOptions = {
  readonly hosts: readonly string[];
  /** One more computer, `colleague`, without an engine. */
  readonly colleague?: boolean | undefined;
  /** The first three numbers; parallel LANs do not see each other, so that all may have the same. */
  readonly network?: string | undefined;
};

const toldSchema = z.object({
  switchNamespace: z.string(),
  hosts: z.array(z.object({ name: z.string(), namespace: z.string(), address: z.string() })),
});

/** Needs root and Debian's `iproute2`. Cleared away even if this process is killed. */
export const createLan = async ({
  hosts,
  colleague = false,
  network = '10.77.0',
}: LanOptions): Promise<Lan> => {
  const names = colleague ? [...hosts, 'colleague'] : [...hosts];
  const { told, stop } = await startKept(
    new URL('lan-keeper.ts', import.meta.url),
    { names, network },
    toldSchema,
  );
  const host = (name: string): LanHost => {
    const found = told.hosts.find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${name} on this LAN`);
    return found;
  };
  return {
    subnet: `${network}.0/24`,
    host,
    run: (name, command, seconds) =>
      run(['nsenter', `--net=/run/netns/${host(name).namespace}`, ...command], seconds),
    plug: async (name, state) => {
      const port = `port${names.indexOf(host(name).name)}`;
      const link = ['ip', 'link', 'set', port, state === 'in' ? 'up' : 'down'];
      await mustRun(['nsenter', `--net=/run/netns/${told.switchNamespace}`, ...link]);
    },
    stop,
  };
};
