// Whose ports are in the way of a rig on one of the host's own addresses; the sockets are real ones of this process.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { inTheWay } from '../../../src/host/container-network.ts';
import { createPortProber, takenPorts } from '../../../src/host/own-listeners.ts';
import { readListeners } from '../../../src/machine/listeners.ts';

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
const listen = async (address: string): Promise<number> => {
  const server = createServer().listen(0, address);
  open.push(server);
  await once(server, 'listening');
  const at = server.address();
  return typeof at === 'object' && at !== null ? at.port : 0;
};

describe('a port', () => {
  it('on the address itself is taken there, and not beside it', async () => {
    const port = await listen('127.0.0.21');
    const listeners = await readListeners();
    expect(takenPorts(listeners, '127.0.0.21', [port])).toEqual({ ports: [port], everywhere: false });
    expect(takenPorts(listeners, '127.0.0.22', [port])).toBeUndefined();
    expect(takenPorts(listeners, '127.0.0.21', [port + 1])).toBeUndefined();
  });

  it.each(['0.0.0.0', '::'])('on %s is taken on every address', async (all) => {
    const port = await listen(all);
    expect(takenPorts(await readListeners(), '127.0.0.21', [port])).toEqual({
      ports: [port],
      everywhere: true,
    });
  });
});

describe('the probe of an own address', () => {
  it('says which port somebody listens on', async () => {
    const port = await listen('127.0.0.21');
    const prober = createPortProber(readListeners, [port], true);
    expect(await prober.ask('127.0.0.21')).toEqual({ kind: 'answered', mac: `port ${port}` });
    expect(await prober.ask('127.0.0.22')).toEqual({ kind: 'silent' });
  });

  it('counts who listens everywhere only where that cannot be a rig', async () => {
    const port = await listen('0.0.0.0');
    expect(await createPortProber(readListeners, [port], true).ask('127.0.0.22')).toMatchObject({
      kind: 'answered',
    });
    expect(await createPortProber(readListeners, [port], false).ask('127.0.0.22')).toEqual({
      kind: 'silent',
    });
  });

  it('that cannot look says why', async () => {
    const blind = () => Promise.reject(new Error('no table'));
    expect(await createPortProber(blind, [1], true).ask('127.0.0.1')).toEqual({
      kind: 'failed',
      why: 'no table',
    });
  });
});

describe('before a start on the host’s own network', () => {
  const host = { kind: 'host', ports: [8443, 8444] } as const;
  const at =
    (...addresses: readonly string[]) =>
    () =>
      Promise.resolve(addresses.map((address) => ({ at: address, port: 8443 })));

  it('a taken address is as good as somebody else’s', async () => {
    expect(await inTheWay(host, '10.0.0.5', at('10.0.0.5'))).toEqual({
      kind: 'address-in-use',
      address: '10.0.0.5',
    });
    expect(await inTheWay(host, '10.0.0.5', at('10.0.0.6'))).toBeUndefined();
  });

  it('who listens everywhere leaves no address at all', async () => {
    expect(await inTheWay(host, '10.0.0.5', at('10.0.0.6', '0.0.0.0'))).toEqual({
      kind: 'ports-taken',
      ports: [8443],
    });
  });

  it('on networks of their own nobody looks', async () => {
    const blind = () => Promise.reject(new Error('looked'));
    expect(await inTheWay({ kind: 'own-address', network: 'n' }, '10.0.0.5', blind)).toBeUndefined();
  });
});
