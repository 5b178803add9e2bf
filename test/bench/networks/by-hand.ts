// What somebody types who does it by hand, word by word: `docker run` in each network mode.

/** UDP, first and last. */
export type Published = readonly [first: number, last: number];

export type Way =
  | { readonly kind: 'network'; readonly network: string }
  | {
      readonly kind: 'published';
      readonly network: string;
      readonly inside: string;
      readonly media: Published;
    }
  /** The recipe of the vendor's page: no address, every port of its media range. */
  | { readonly kind: 'recipe'; readonly network: string }
  | { readonly kind: 'host' };

/** As a rig has them. */
const tcp = [554, 1935, 8080, 8081, 8082, 8443, 8444, 8445];

const networkWords = (way: Way, name: string, address: string): readonly string[] => {
  switch (way.kind) {
    case 'network':
      return ['--network', way.network, '--ip', address, '--hostname', name];
    case 'host':
      return ['--network', 'host'];
    case 'recipe':
      return [
        ...['--network', way.network, '--hostname', name],
        ...['8444:8444', '8443:8443', '1935:1935', '30000-33000:30000-33000'].flatMap((ports) => [
          '--publish',
          ports,
        ]),
      ];
    case 'published': {
      const [first, last] = way.media;
      return [
        ...['--network', way.network, '--ip', way.inside, '--hostname', name],
        ...tcp.flatMap((port) => ['--publish', `${address}:${port}:${port}`]),
        ...['--publish', `${address}:${first}-${last}:${first}-${last}/udp`],
      ];
    }
  }
};

export const runWords = (
  way: Way,
  { name, address, image, memory }: Readonly<Record<'name' | 'address' | 'image' | 'memory', string>>,
): readonly string[] => [
  ...['run', '--detach', '--name', name, '--restart', 'no'],
  ...networkWords(way, name, address),
  ...['--memory', memory, '--memory-swap', memory, '--pids-limit', '4096', '--ulimit', 'nofile=20000:20000'],
  ...['--log-driver', 'json-file', '--log-opt', 'max-size=10m', '--log-opt', 'max-file=3'],
  ...['--security-opt', 'no-new-privileges'],
  ...['PASSWORD=0123456789abcdef', `LOCAL_IP=${way.kind === 'published' ? way.inside : address}`].flatMap(
    (one) => ['--env', one],
  ),
  ...['--env', `EXTERNAL_IP=${address}`],
  image,
];
