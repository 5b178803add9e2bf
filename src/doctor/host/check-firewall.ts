// Forwarding and firewalls: which of them a rig's packets pass depends on the network mode.

import { type Check, type Finding, well } from '../finding.ts';
import { groundOf } from './check-parent.ts';
import type { HostFacts, QuickFacts } from './facts.ts';
import type { Iptables, IptablesRule, NftChain } from './firewall-rules.ts';
import { linkKindOf } from './modes.ts';
import { doubtful, notSeen, wrong } from './verdicts.ts';

type Facts = Pick<HostFacts, 'config' | 'firewall' | 'switches' | 'links'>;

const tcpPorts = '1935,8080:8082,8443:8445';
const mediaPorts = '30000:35000';

export const checkForwarding: Check<Pick<QuickFacts, 'config' | 'switches'>> = ({ config, switches }) => {
  const { mode } = config.network;
  if (mode !== 'bridge' && mode !== 'publish') return [];
  const mend =
    '`sudo sysctl -w net.ipv4.ip_forward=1`, and `net.ipv4.ip_forward=1` into /etc/sysctl.d/99-forward.conf';
  switch (switches.ipForward) {
    case true:
      return [well('forwarding', 'the kernel forwards packets between its interfaces')];
    case undefined:
      return [
        notSeen(
          'forwarding',
          'whether the kernel forwards packets',
          '/proc/sys does not say',
          '`sysctl net.ipv4.ip_forward` should say 1',
        ),
      ];
    case false:
      return mode === 'bridge'
        ? [
            doubtful(
              'forwarding',
              'the kernel forwards no packets: rigs and this host reach each other, and rigs nothing beyond it',
              mend,
            ),
          ]
        : [
            doubtful(
              'forwarding',
              "the kernel forwards no packets: where Docker's rules redirect a published port, callers from elsewhere do not get through",
              mend,
            ),
          ];
  }
};

/** Docker wants its rules to see what containers on one bridge send each other. */
export const checkBridgeRules: Check<Pick<QuickFacts, 'config' | 'switches'>> = ({ config, switches }) => {
  const { mode } = config.network;
  if (mode !== 'bridge' && mode !== 'publish') return [];
  const name = 'bridge-nf-call-iptables';
  switch (switches.bridgeCallsIptables) {
    case true:
      return [
        well('bridge-rules', `Docker's rules see what containers on one bridge send each other (${name})`),
      ];
    case undefined:
      return [
        well(
          'bridge-rules',
          `nothing on a bridge passes this host's rules: the kernel has not loaded br_netfilter`,
        ),
      ];
    case false:
      return [
        doubtful(
          'bridge-rules',
          `Docker's rules do not see what containers on one bridge send each other (${name} is 0): a rig may not reach another by its published address`,
          `\`sudo sysctl -w net.bridge.${name}=1\``,
        ),
      ];
  }
};

export const checkFirewall: Check<Facts> = (facts) => {
  const { mode } = facts.config.network;
  if (linkKindOf(mode) !== undefined) return besideTheHost(facts);
  return mode === 'host' ? intoTheHost(facts) : throughTheHost(facts);
};

// ── ipvlan and macvlan: past the host ───────────────────────────────────────────────────────────────────────────────

const besideTheHost: Check<Facts> = (facts) => {
  const { config, switches } = facts;
  const { mode } = config.network;
  const ground = groundOf(facts);
  const isBridge = ground.kind === 'there' && ground.carries.deviceType === 'bridge';
  if (isBridge && switches.bridgeCallsIptables === true) {
    const { name } = ground.carries;
    return [
      doubtful(
        'firewall',
        `the parent ${name} is a bridge, and what passes it goes through this host's rules for forwarding (bridge-nf-call-iptables=1)`,
        `\`sudo iptables -I FORWARD -i ${name} -o ${name} -j ACCEPT\`, or \`sudo sysctl -w net.bridge.bridge-nf-call-iptables=0\``,
      ),
    ];
  }
  return [
    well(
      'firewall',
      `iptables, ip_forward and bridge-nf-call-iptables of this host do not matter with ${mode}: packets go past them, from ${config.network.parent} to the rig`,
    ),
  ];
};

// ── bridge and publish: forwarded ───────────────────────────────────────────────────────────────────────────────────

const throughTheHost: Check<Facts> = (facts) => {
  const { iptables, nftables } = facts.firewall;
  if (iptables.kind === 'unseen')
    return [unseenRules(iptables.why, '`sudo iptables -S FORWARD` and `sudo iptables -S DOCKER-USER`')];
  const found = [
    ...dockersRules(iptables.value),
    ...usersRules(iptables.value),
    ...(nftables.kind === 'seen'
      ? dropsByNft(nftables.value, 'forward', 'nft add rule … iifname "docker0" accept')
      : []),
  ];
  return found.length > 0
    ? found
    : [well('firewall', 'no rule that was found drops what is forwarded to rigs')];
};

const unseenRules = (why: string, how: string): Finding =>
  notSeen(
    'firewall',
    "the firewall's rules",
    why,
    `as root on the machine itself ${how}; nothing may drop what goes to rigs`,
  );

const isDropping = ({ target }: IptablesRule): boolean => target === 'DROP' || target === 'REJECT';

/** Docker accepts what goes to containers in chains of its own, and some firewalls throw them away when they are reloaded. */
const dockersRules = ({ policies, chains, rules }: Iptables): readonly Finding[] => {
  const isRouted = rules.some(
    ({ table, chain, target }) =>
      table === 'filter' && chain === 'FORWARD' && (target ?? '').startsWith('DOCKER'),
  );
  if (chains.has('filter DOCKER') && isRouted) return [];
  const last = rules
    .filter(({ table, chain }) => table === 'filter' && chain === 'FORWARD')
    .filter(isDropping);
  const isDropped = policies.get('FORWARD') === 'DROP' || last.length > 0;
  if (!isDropped) return [];
  const how = last[0] === undefined ? 'its policy is DROP' : `\`${last[0].text}\``;
  return [
    wrong(
      'firewall',
      `iptables drops what is forwarded (${how}), and Docker's own rules, which would let rigs through, are not there`,
      '`sudo systemctl restart docker` writes them anew, as is needed after each reload of a firewall; if it was started with `--iptables=false`, accept what goes to rigs yourself',
    ),
  ];
};

/** Docker leaves this chain to the administrator, and passes it first. */
const usersRules = ({ rules }: Iptables): readonly Finding[] => {
  const drops = rules.filter(({ chain }) => chain === 'DOCKER-USER').filter(isDropping);
  const [first] = drops;
  if (first === undefined) return [];
  const more = drops.length > 1 ? `, and ${drops.length - 1} more` : '';
  return [
    doubtful(
      'firewall',
      `the chain DOCKER-USER drops packets to containers (\`${first.text}\`${more}), perhaps those of rigs`,
      '`sudo iptables -S DOCKER-USER`; let the callers of rigs through with `sudo iptables -I DOCKER-USER -s THEIR-NETWORK -j RETURN`',
    ),
  ];
};

/** iptables of today writes its rules into nftables, too: those have been looked at. */
const dropsByNft = (chains: readonly NftChain[], hook: string, mend: string): readonly Finding[] =>
  chains
    .filter(
      (one) =>
        one.hook === hook &&
        one.policy === 'drop' &&
        !(one.table === 'ip filter' && one.chain === hook.toUpperCase()),
    )
    .map(({ table, chain }) =>
      doubtful(
        'firewall',
        `nftables drops what its chain \`${table} ${chain}\` does not accept, whatever iptables says`,
        `\`sudo nft list chain ${table} ${chain}\`; what rigs need has to be accepted there: \`${mend}\``,
      ),
    );

// ── host: received by the host itself ───────────────────────────────────────────────────────────────────────────────

const intoTheHost: Check<Facts> = (facts) => {
  const { iptables, nftables } = facts.firewall;
  if (iptables.kind === 'unseen')
    return [unseenRules(iptables.why, '`sudo iptables -S INPUT` and `sudo nft list ruleset`')];
  const nft = nftables.kind === 'seen' ? nftables.value : [];
  if (iptables.value.chains.has('filter ufw-user-input') && isClosed(iptables.value))
    return [closed('ufw', openWithUfw)];
  if (nft.some(({ table }) => table === 'inet firewalld')) return [closed('firewalld', openWithFirewalld)];
  if (isClosed(iptables.value)) return [closed('iptables', openWithIptables)];
  const drops = dropsByNft(
    nft,
    'input',
    `nft add rule … tcp dport { ${tcpPorts.replaceAll(':', '-')} } accept`,
  );
  return drops.length > 0
    ? drops
    : [well('firewall', "no rule that was found drops what comes to this host's own ports")];
};

const isClosed = ({ policies, rules }: Iptables): boolean =>
  policies.get('INPUT') === 'DROP' ||
  rules.some(
    ({ table, chain, text }) =>
      table === 'filter' && chain === 'INPUT' && /^-A INPUT -j (DROP|REJECT)/.test(text),
  );

const closed = (firewall: string, mend: string): Finding =>
  doubtful(
    'firewall',
    `${firewall} lets in only what it was told to, and with \`WCS_NETWORK=host\` rigs listen on this host itself: their ports have to be open`,
    mend,
  );

const openWithUfw = `\`sudo ufw allow proto tcp to any port ${tcpPorts}\` and \`sudo ufw allow ${mediaPorts}/udp\``;
const openWithIptables = `\`sudo iptables -I INPUT -p tcp -m multiport --dports ${tcpPorts} -j ACCEPT\` and \`sudo iptables -I INPUT -p udp --dport ${mediaPorts} -j ACCEPT\``;
const openWithFirewalld = `\`sudo firewall-cmd --permanent ${tcpPorts
  .split(',')
  .map((ports) => `--add-port=${ports.replace(':', '-')}/tcp`)
  .join(' ')} --add-port=${mediaPorts.replace(':', '-')}/udp && sudo firewall-cmd --reload\``;
