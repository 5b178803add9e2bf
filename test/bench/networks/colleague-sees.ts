// When a rig's page answers at a colleague's machine: an observer that favours neither side. A published port takes connections
// before anybody listens behind it, so that a TLS handshake counts and not a connection.

import { z } from 'zod';
import type { Lan } from '../../support/lan.ts';

const script = `
import { connect } from 'node:tls';
const [host, until] = [process.argv[1], Number(process.argv[2])];
const look = () => {
  const socket = connect({ host, port: 8444, rejectUnauthorized: false, timeout: 500 });
  socket.on('secureConnect', () => { process.stdout.write(String(Date.now())); process.exit(0); });
  const again = () => { socket.destroy(); if (Date.now() > until) process.exit(1); setTimeout(look, 10); };
  socket.once('error', again).once('timeout', () => socket.destroy(new Error('silent')));
};
look();
`;

/** Milliseconds since 1970, by the machine's one clock. Throws when nothing answers in a minute. */
export const answersAt = async (lan: Lan, address: string): Promise<number> => {
  const command = [
    process.execPath,
    '--input-type=module',
    '-e',
    script,
    address,
    String(Date.now() + 60_000),
  ];
  const { code, stdout, stderr } = await lan.run('colleague', command, 90);
  if (code !== 0) throw new Error(`no page at ${address} within a minute ${stderr}`);
  return z.coerce.number().int().parse(stdout);
};
