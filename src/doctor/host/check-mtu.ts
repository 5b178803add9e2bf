// The longest packet: what rigs send has to fit through what lies after them, and media says nothing of what was dropped.

import { type Check, well } from '../finding.ts';
import { groundOf } from './check-parent.ts';
import type { QuickFacts } from './facts.ts';
import { linkKindOf } from './modes.ts';
import { doubtful } from './verdicts.ts';

const usual = 1500;

type Facts = Pick<QuickFacts, 'config' | 'links' | 'networks' | 'machine'>;

export const checkMtu: Check<Facts> = (facts) =>
  linkKindOf(facts.config.network.mode) === undefined ? behindTheHost(facts) : onParent(facts);

/** ipvlan and macvlan take over their parent's, whatever the network's options say. */
const onParent: Check<Facts> = (facts) => {
  const ground = groundOf(facts);
  if (ground.kind !== 'there') return [];
  const { name, mtu } = ground.carries;
  const wish = networkOf(facts)?.mtu;
  if (wish !== undefined && wish !== mtu) {
    return [
      doubtful(
        'mtu',
        `the Docker network has an MTU of ${wish}, which ${facts.config.network.mode} does not heed: rigs have that of ${name}, ${mtu}`,
        `\`sudo ip link set ${name} mtu ${wish}\` if that is meant, which is for all of the machine`,
      ),
    ];
  }
  if (mtu > usual) {
    return [
      doubtful(
        'mtu',
        `${name} has an MTU of ${mtu}, and rigs have it too: whoever is behind a switch or a router with ${usual} does not get their long packets`,
        `make sure that all of the LAN has ${mtu}, or \`sudo ip link set ${name} mtu ${usual}\``,
      ),
    ];
  }
  const short = mtu < usual ? ', less than is usual; rigs know it' : ', and so have rigs';
  return [well('mtu', `${name} has an MTU of ${mtu}${short}`)];
};

const networkOf = ({ config, networks }: Facts) =>
  networks.kind === 'seen' ? networks.value.find(({ name }) => name === config.network.name) : undefined;

/** Docker gives a bridge 1500 whatever the way out has: a VPN or a cloud's network mostly has less. */
const behindTheHost: Check<Facts> = (facts) => {
  const { config, links, machine } = facts;
  if (config.network.mode === 'host') return [];
  const out =
    links.kind === 'seen'
      ? links.value.find(({ name }) => name === machine.defaultRoute?.interface)
      : undefined;
  if (!out) return [];
  const mtu = networkOf(facts)?.mtu ?? usual;
  if (mtu <= out.mtu)
    return [well('mtu', `packets of ${mtu} bytes fit through ${out.name}, which has an MTU of ${out.mtu}`)];
  return [
    doubtful(
      'mtu',
      `rigs send packets of up to ${mtu} bytes, and ${out.name}, the way out, takes ${out.mtu}: video to callers beyond it may stay dark`,
      `in /etc/docker/daemon.json \`{"default-network-opts": {"bridge": {"com.docker.network.driver.mtu": "${out.mtu}"}}}\` (Docker 24 or newer), ` +
        `restart Docker, then \`docker network rm ${config.network.name}\` so that the worker makes it anew`,
    ),
  ];
};
