import { expect, test } from 'vitest';
import { parseListeningPorts, parseOwnListeningPorts, parsePeers } from '../../../src/rig/listening.ts';

// Taken from a running container; 127.0.0.11 is Docker's name server.
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:20FC 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21080 1 00000000085d0609 100 0 0 10 0
   1: 0B00007F:B097 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21513 1 00000000799729b9 100 0 0 10 0
   2: 0907630A:20FB 0107630A:D2A4 01 00000000:00000000 00:00000000 00000000     0        0 21514 1 00000000799729b9 100 0 0 10 0
  10: 0907630A:078F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21078 1 000000006b434fb5 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:20FB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 30 1 0000000006 100 0 0 10 0
   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31 1 0000000006 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 32 1 0000000006 100 0 0 10 0
   3: 0000000000000000FFFF00000907630A:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 33 1 0000000006 100 0 0 10 0
`;

test('listening sockets of both families count; established and loopback ones do not', () => {
  expect(parseListeningPorts(table)).toEqual(new Set([8444, 1935, 8443, 8082]));
});

test('peers are those that are connected, or were a moment ago; not those who only began, and not ourselves', () => {
  expect(parsePeers(table, [8443, 8444])).toEqual(['10.99.7.1']);
  expect(parsePeers(table, [8444])).toEqual([]);
  const row = (remote: string, state: string) =>
    `   2: 0907630A:20FB ${remote}:D2A4 ${state} 00000000:00000000 00:00000000 00000000     0        0 21514 1 0 100 0 0 10 0\n`;
  const more = [row('0207630A', '06'), row('0307630A', '03'), row('0207630A', '01'), row('0100007F', '01')];
  expect(parsePeers(more.join(''), [8443])).toEqual(['10.99.7.2']);
  const mapped = '0000000000000000FFFF00000407630A';
  expect(parsePeers(row(mapped, '01').replace('0907630A', mapped), [8443])).toEqual(['10.99.7.4']);
});

test('a table without sockets is an empty set, other text is none', () => {
  expect(parseListeningPorts(table.split('\n')[0] ?? '')).toEqual(new Set());
  expect(parseListeningPorts('OCI runtime exec failed: exec failed')).toBeUndefined();
  expect(parseListeningPorts('')).toBeUndefined();
});

test('on a network that is shared count its own sockets, those that are bound to the address or to all', () => {
  const own = (...inodes: readonly number[]): string =>
    `${table}\n/proc/1/fd:\nlrwx------ 1 root root 64 Nov 25 03:00 0 -> /dev/null\n${inodes.map((inode) => `lrwx------ 1 root root 64 Nov 25 03:00 9 -> socket:[${inode}]\n`).join('')}`;
  expect(parseOwnListeningPorts(own(21080, 21078, 30), '10.99.7.9')).toEqual(new Set([8444, 1935, 8443]));
  expect(parseOwnListeningPorts(own(21080, 21078, 30), '10.99.7.10')).toEqual(new Set([8444, 8443]));
  expect(parseOwnListeningPorts(own(21078, 30), '0.0.0.0')).toEqual(new Set([8443]));
  // Another one has these ports, on all addresses, and this one has none.
  expect(parseOwnListeningPorts(own(), '10.99.7.9')).toEqual(new Set());
  // A process of another user, into which root may not look there.
  expect(parseOwnListeningPorts(`${own()}unseen\n`, '10.99.7.10')).toEqual(new Set([8444, 8443]));
  expect(parseOwnListeningPorts('OCI runtime exec failed', '10.99.7.9')).toBeUndefined();
});
