// What filters packets on this machine: the rules of iptables and of nftables, read as their own programs write them out.

import { type ProgramRun, runProgram } from '../../machine/run-program.ts';
import { second } from '../../rig/duration.ts';
import { type Iptables, type NftChain, parseIptables, parseNft } from './firewall-rules.ts';
import { type Looked, seen, unseen } from './looked.ts';

export type Firewall = {
  readonly iptables: Looked<Iptables>;
  readonly nftables: Looked<readonly NftChain[]>;
};

const patience = 5 * second;

export const gatherFirewall = async (): Promise<Firewall> => {
  const [iptables, nftables] = await Promise.all([
    runProgram('iptables-save', [], patience),
    // Without the contents of sets, which can be a hundred thousand addresses.
    runProgram('nft', ['--terse', 'list', 'ruleset'], patience),
  ]);
  return {
    iptables: readRun('iptables-save', iptables, parseIptables),
    nftables: readRun('nft', nftables, parseNft),
  };
};

/** PURE. */
export const readRun = <T>(program: string, ran: ProgramRun, parse: (text: string) => T): Looked<T> => {
  switch (ran.kind) {
    case 'absent':
      return unseen(`${program} is not installed here`);
    case 'late':
      return unseen(`${program} did not end in time`);
    case 'ended':
      return ran.code === 0
        ? seen(parse(ran.stdout))
        : unseen(ran.stderr.trim().split('\n', 1)[0] || `${program} ended with ${ran.code}`);
  }
};
