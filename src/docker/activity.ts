// What a rig is doing, seen from inside: the host cannot reach its own ipvlan and macvlan containers. Our looks are no
// traffic: an exec goes through the engine, and the statistics are asked over loopback, which is not counted.

import { second } from '../rig/duration.ts';
import { askInside } from './ask-inside.ts';
import type { Context } from './context.ts';
import { type NetworkBytes, parseNetworkBytes } from './network-counters.ts';
import { parseStatistics } from './statistics.ts';

const bounds = { time: 5 * second, bytes: 256 * 1024 };

/** 30 ms, where the engine's own `stats` takes one to two seconds. */
export const networkBytes = async (
  context: Context,
  container: string,
): Promise<NetworkBytes | undefined> => {
  const text = await askInside(context, container, ['cat', '/proc/net/dev'], bounds);
  return text === undefined ? undefined : parseNetworkBytes(text);
};

export const statistics = async (
  context: Context,
  container: string,
  on = '127.0.0.1',
): Promise<ReadonlyMap<string, number> | undefined> => {
  const text = await askInside(context, container, fetchInside(8081, '/?action=stat', on), bounds);
  return text === undefined ? undefined : parseStatistics(text);
};

/**
 * One HTTP request to the container itself, with what its image has: curl, wget or bash. A proxy in its environment has no
 * say. `timeout` ends it where there is one: Debian's busybox crashes on its wget's own option for that.
 */
export const fetchInside = (port: number, path: string, address = '127.0.0.1'): readonly string[] => [
  'sh',
  '-c',
  fetchScript,
  'fetch',
  String(port),
  path,
  address,
];

const fetchScript = `
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
has() { command -v "$1" >/dev/null 2>&1; }
if has timeout; then limit='timeout 3'; else limit=; fi
url="http://$3:$1$2"
if has curl; then exec $limit curl -s -m 3 "$url"; fi
if has wget; then exec $limit wget -q -O - "$url"; fi
exec $limit bash -c '
exec 3<>"/dev/tcp/$3/$1" || exit 1
printf "GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n" "$2" "$3" >&3
IFS= read -r -d "" -t 3 -N 262144 -u 3 text
printf %s "$text"
' fetch "$1" "$2" "$3"
`;
