// Who is on the LAN already: the gateway that should be, and strangers on addresses of the range that should not.

import { proxyAddresses } from '../../rig/quarantine.ts';
import { type Check, type Finding, well } from '../finding.ts';
import type { HostFacts } from './facts.ts';
import type { Answer, LanFacts } from './gather-lan.ts';
import { usesOwnAddresses } from './modes.ts';
import { doubtful, wrong } from './verdicts.ts';

type Facts = Pick<HostFacts, 'config' | 'lan' | 'heldElsewhere'>;
type Asked = Extract<LanFacts, { kind: 'asked' }>;
type Stranger = { readonly address: string; readonly mac: string };

/** A finding names so many; the rest is counted. */
const mostNamed = 5;

export const checkArping: Check<Facts> = ({ lan }) => {
  if (lan.kind === 'nobody-to-ask') return [];
  if (lan.kind === 'asked') return [well('arping', 'arping is there to ask who is on an address')];
  return [
    doubtful(
      'arping',
      'arping of iputils is not installed, so that nobody looks whether an address is free before a rig gets it',
      'Debian: `sudo apt-get install iputils-arping`',
    ),
  ];
};

export const checkGateway: Check<Facts> = ({ config, lan }) => {
  if (lan.kind !== 'asked' || lan.gateway === undefined) return [];
  const { address, probe } = lan.gateway;
  switch (probe.kind) {
    case 'answered':
      return [well('gateway', `the gateway ${address} answers (${probe.mac})`)];
    case 'silent':
      return [
        doubtful(
          'gateway',
          `nobody answers as the gateway ${address}: rigs reach their LAN and nothing beyond it, no licence server and no VPN`,
          'set WCS_GATEWAY to the router: `ip route show default`; if the LAN has none, all is as it should be',
        ),
      ];
    case 'failed':
      return [
        doubtful(
          'gateway',
          `the gateway ${address} could not be asked: ${probe.why}`,
          manually(address, config.network.parent),
        ),
      ];
  }
};

/** `-D`: it asks without an address of its own. */
const manually = (address: string, through = 'INTERFACE'): string =>
  `\`sudo arping -D -c 2 -I ${through} ${address}\``;

export const checkStrangers: Check<Facts> = (facts) => {
  const { config, lan, heldElsewhere } = facts;
  if (lan.kind !== 'asked' || lan.range.length === 0) return [];
  const unable = lan.range.flatMap(({ address, probe }) =>
    probe.kind === 'failed' ? [{ address, why: probe.why }] : [],
  );
  const [first] = unable;
  const trouble =
    first === undefined
      ? []
      : [
          doubtful(
            'range-answers',
            `${unable.length} of ${lan.range.length} addresses of the range could not be asked: ${first.why}`,
            manually(first.address, config.network.parent),
          ),
        ];
  const plain = lan.range.flatMap(strangerOf).filter(({ address }) => !heldElsewhere.has(address));
  const forOthers = lan.asNeighbour.flatMap(strangerOf);
  const proxies = new Set([...proxiesAmong(plain), ...forOthers.map(({ mac }) => mac)]);
  const answers = [...plain, ...forOthers];
  const strangers = plain.filter(({ mac }) => !proxies.has(mac));
  const found = [
    ...trouble,
    ...[...proxies].map((mac) => proxyFinding(mac, answers, lan)),
    ...(strangers.length > 0 ? [strangersFinding(strangers, facts, lan)] : []),
  ];
  return found.length > 0 ? found : [well('range-answers', silentSentence(lan))];
};

const silentSentence = ({ range, left }: Asked): string =>
  left > 0
    ? `nobody answers on the first ${range.length} addresses of the range; ${left} more were not asked`
    : `nobody answers on the ${range.length} addresses of the range`;

const strangerOf = ({ address, probe }: Answer): readonly Stranger[] =>
  probe.kind === 'answered' ? [{ address, mac: probe.mac }] : [];

/** Whoever answers for several addresses answers for others. */
const proxiesAmong = (answers: readonly Stranger[]): readonly string[] =>
  [...Map.groupBy(answers, ({ mac }) => mac)]
    .filter(([, all]) => all.length >= proxyAddresses)
    .map(([mac]) => mac);

const isGateway = (mac: string, { gateway }: Asked): boolean =>
  gateway?.probe.kind === 'answered' && gateway.probe.mac === mac;

const proxyFinding = (mac: string, answers: readonly Stranger[], lan: Asked): Finding => {
  const its = answers.filter((one) => one.mac === mac).map(({ address }) => address);
  const who = isGateway(mac, lan) ? `the gateway (${mac})` : `one machine (${mac})`;
  return wrong(
    'proxy-arp',
    `${who} answers for ${named(its)} of the range: that is proxy ARP, and neighbours may send a rig's packets there`,
    'switch proxy ARP off there (Linux: `sudo sysctl net.ipv4.conf.all.proxy_arp=0`, and so for its interface), or take these addresses off it or out of WCS_RANGE',
  );
};

const strangersFinding = (strangers: readonly Stranger[], { config }: Facts, lan: Asked): Finding => {
  const who = named(
    strangers.map(({ address, mac }) => `${address} (${mac}${isGateway(mac, lan) ? ', the gateway' : ''})`),
  );
  if (usesOwnAddresses(config.network.mode)) {
    return wrong(
      'range-answers',
      `another machine answers on this host's own ${who}: both have it, and callers reach either`,
      'take the address from one of the two: `ip neigh` and the switch say where that MAC address is',
    );
  }
  const mend =
    'take that machine off the address, or the address out of WCS_RANGE (and WCS_DHCP, if the DHCP server gave it)';
  if (config.rangeShared) {
    return doubtful(
      'range-answers',
      `somebody answers on ${who} of the range: rigs of hosts that share it (WCS_RANGE_SHARED), or strangers`,
      `\`/wcs addresses\` in Slack shows which of them are rigs; for others ${mend}`,
    );
  }
  return wrong('range-answers', `somebody answers on ${who} of the range, where a rig would be`, mend);
};

const named = (all: readonly string[]): string => {
  const rest = all.length - mostNamed;
  return rest > 0 ? `${all.slice(0, mostNamed).join(', ')} and ${rest} more` : all.join(', ');
};
