// PURE: firewall rules as `iptables-save` and `nft list ruleset` write them, as far as the doctor looks at them.

export type IptablesRule = {
  readonly table: string;
  readonly chain: string;
  /** As it was written: `-A DOCKER-USER -s 10.0.0.0/8 -j DROP`. */
  readonly text: string;
  readonly target: string | undefined;
};

export type Iptables = {
  /** Of the table `filter`: what becomes of a packet that no rule of the chain takes. */
  readonly policies: ReadonlyMap<string, string>;
  /** `filter DOCKER-USER` */
  readonly chains: ReadonlySet<string>;
  readonly rules: readonly IptablesRule[];
};

export const parseIptables = (text: string): Iptables => {
  const policies = new Map<string, string>();
  const chains = new Set<string>();
  const rules: IptablesRule[] = [];
  let table = '';
  for (const line of text.split('\n')) {
    const [, opened] = /^\*(\S+)/.exec(line) ?? [];
    const [, named, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    const [, chain] = /^-A (\S+)/.exec(line) ?? [];
    if (opened !== undefined) table = opened;
    if (named !== undefined) chains.add(`${table} ${named}`);
    if (named !== undefined && policy !== undefined && table === 'filter') policies.set(named, policy);
    if (chain !== undefined) {
      rules.push({ table, chain, text: line.trim(), target: /\s-j (\S+)/.exec(line)?.[1] });
    }
  }
  return { policies, chains, rules };
};

/** A chain that sees packets by itself, at a hook of the kernel's. */
export type NftChain = {
  /** `inet filter` */
  readonly table: string;
  readonly chain: string;
  /** `input`, `forward`, `ingress`, … */
  readonly hook: string;
  /** `accept` or `drop`. */
  readonly policy: string;
};

export const parseNft = (text: string): readonly NftChain[] => {
  const found: NftChain[] = [];
  let table = '';
  let chain = '';
  for (const line of text.split('\n')) {
    table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table;
    chain = /^\s+chain (\S+) \{/.exec(line)?.[1] ?? chain;
    const [, hook] = /^\s+type \S+ hook (\S+)/.exec(line) ?? [];
    if (hook !== undefined) {
      found.push({ table, chain, hook, policy: /policy (\w+)/.exec(line)?.[1] ?? 'accept' });
    }
  }
  return found;
};
