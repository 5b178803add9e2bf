// Who listens, as the kernel writes it in /proc/net/tcp and /proc/net/tcp6.

const [listen, halfOpen] = ['0A', '03'];
const row =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4} ([0-9A-F]{2}) (?:\S+ +){3}\d+ +\d+ +(\d+)/;

/** One listening socket; `at` is the IPv4 address that it is bound to, `anywhere` for one that is bound to all. */
export type Listener = {
  readonly at: string;
  readonly port: number;
  /** The kernel's number of the socket. */
  readonly inode?: string | undefined;
};

export const anywhere = '0.0.0.0';

/** None where the text is not such a table is `undefined`. Sockets on an IPv6 address of their own are left out. */
export const parseListeners = (text: string): readonly Listener[] | undefined => {
  if (!text.includes('local_address')) return undefined;
  return text.split('\n').flatMap((line) => {
    const [, address = '', port = '', , state, inode] = row.exec(line) ?? [];
    const at = state === listen ? addressOf(address) : undefined;
    return at === undefined ? [] : [{ at, port: Number.parseInt(port, 16), inode }];
  });
};

// Each group of four bytes is written as the machine stores it, so that 127.0.0.1 is 0100007F.
const addressOf = (hex: string): string | undefined => {
  if (/^0+$/.test(hex)) return anywhere;
  const four = hex.length === 8 ? hex : /^0{16}FFFF0000([0-9A-F]{8})$/.exec(hex)?.[1];
  return four
    ?.match(/../g)
    ?.toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
};

const isLoopback = (address: string): boolean => address.startsWith('127.');

/** True at the call site: would a connection to this address come to this socket? */
export const answersOn = ({ at }: Listener, address: string): boolean => at === anywhere || at === address;

/**
 * Of a container that shares its host's network: the ports on which its own processes answer on this address. `text` holds both
 * tables and, below, what its processes have open, as `ls -l /proc/PID/fd` writes it (`socket:[31415]`): what others on the
 * host listen on stands in the same tables. `unseen` below: not even root may look at all of them, as a rig's root has few rights
 * over processes of another user; then the address alone counts.
 */
export const parseOwnListeningPorts = (text: string, on: string): ReadonlySet<number> | undefined => {
  const own = new Set(Array.from(text.matchAll(/socket:\[(\d+)\]/g), ([, inode]) => inode));
  const isOwn = ({ inode }: Listener): boolean => own.has(inode ?? '') || /^unseen$/m.test(text);
  const found = parseListeners(text);
  return found && new Set(found.filter((one) => isOwn(one) && answersOn(one, on)).map(({ port }) => port));
};

/**
 * The ports that others can reach; `undefined` if the text is not such a table. A socket on a loopback address does not count:
 * Docker's own name server is one, and a server that listens there alone is not ready.
 */
export const parseListeningPorts = (text: string): ReadonlySet<number> | undefined => {
  const found = parseListeners(text);
  return found && new Set(found.filter((one) => !isLoopback(one.at)).map(({ port }) => port));
};

/** IPv4 addresses that are connected to one of these ports, or were a moment ago, each once; loopback does not count. */
export const parsePeers = (text: string, ports: readonly number[]): readonly string[] => {
  const peers = new Set<string>();
  for (const line of text.split('\n')) {
    const [, , port = '', remote = '', state] = row.exec(line) ?? [];
    if (state === undefined || state === listen || state === halfOpen) continue;
    const address = addressOf(remote);
    if (address === undefined || isLoopback(address) || !ports.includes(Number.parseInt(port, 16))) continue;
    peers.add(address);
  }
  return [...peers];
};
