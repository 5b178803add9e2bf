import { expect, test } from 'vitest';
import { parseNetworkBytes } from '../../../src/docker/network-counters.ts';

// Taken from a running container; the figures of `lo` and of a second interface were put in.
const head = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const lo =
  '    lo: 7000000   700    0    0    0     0          0         0  7000000   700    0    0    0     0       0          0\n';
const eth0 =
  '  eth0:     682       7    0    0    0     0          0         0      314       3    0    0    0     0       0          0\n';
const eth1 = 'eth1:9007199254740 7 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n';

test.each<[string, string, object | undefined]>([
  ['one interface', head + lo + eth0, { received: 682, sent: 314 }],
  [
    'two, and an old kernel writes without a space',
    head + lo + eth0 + eth1,
    { received: 9007199255422, sent: 320 },
  ],
  ['loopback alone', head + lo, { received: 0, sent: 0 }],
  ['no interface at all', head, { received: 0, sent: 0 }],
  ['a row that is cut off', head + eth0 + eth1.slice(0, 20), { received: 682, sent: 314 }],
  [
    'an error of the runtime',
    'OCI runtime exec failed: exec: "cat": executable file not found in $PATH',
    undefined,
  ],
  ['nothing', '', undefined],
])('%s', (_, text, expected) => {
  expect(parseNetworkBytes(text)).toEqual(expected);
});
