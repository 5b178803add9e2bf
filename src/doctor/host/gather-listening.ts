// Who listens for TCP on this machine: address and port of each socket.

import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { unpackAddress } from '../../machine.ts';
import { type Looked, look } from './looked.ts';

export type Listener = {
  /** `0.0.0.0`: on every address. */
  readonly address: string;
  readonly port: number;
};

const listening = '0A';
const row = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /;

/** PURE: /proc/net/tcp and tcp6. Of IPv6 only what takes IPv4 connections too. */
export const parseListeners = (text: string, littleEndian = os.endianness() === 'LE'): readonly Listener[] =>
  text.split('\n').flatMap((line) => {
    const [, written = '', port = '', state] = row.exec(line) ?? [];
    const address = addressOf(written, littleEndian);
    return state === listening && address !== undefined ? [{ address, port: Number.parseInt(port, 16) }] : [];
  });

const addressOf = (hex: string, littleEndian: boolean): string | undefined => {
  if (hex.length === 8) return unpackAddress(hex, littleEndian);
  // Of a socket on `::` it does not say whether it wants IPv6 alone; mostly it takes both.
  if (/^0{32}$/.test(hex)) return '0.0.0.0';
  return /^0{16}FFFF0000|^0{20}FFFF/.test(hex) ? unpackAddress(hex.slice(24), littleEndian) : undefined;
};

export const gatherListeners = (): Promise<Looked<readonly Listener[]>> =>
  look(async () => {
    const tables = await Promise.all([
      readFile('/proc/net/tcp', 'utf8'),
      readFile('/proc/net/tcp6', 'utf8').catch(() => ''),
    ]);
    return tables.flatMap((text) => parseListeners(text));
  });
