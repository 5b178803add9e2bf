// PURE: reads /proc/net/tcp and /proc/net/tcp6 as the kernel writes them.

const listen = '0A';
const row = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /;

/**
 * The ports with a listening socket that others can reach; `undefined` if the text is not such a table. A socket on a
 * loopback address does not count: Docker's own name server is one, and a server that listens there alone is not ready.
 */
export const parseListeningPorts = (text: string): ReadonlySet<number> | undefined => {
  if (!text.includes('local_address')) return undefined;
  const ports = new Set<number>();
  for (const line of text.split('\n')) {
    const [, address = '', port = '', state] = row.exec(line) ?? [];
    if (state === listen && !isLoopback(address)) ports.add(Number.parseInt(port, 16));
  }
  return ports;
};

// Each group of four bytes is written as the machine stores it, so that 127.0.0.1 is 0100007F.
const isLoopback = (address: string): boolean =>
  address.length === 8
    ? address.endsWith('7F')
    : address === '00000000000000000000000001000000' || /^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address);
