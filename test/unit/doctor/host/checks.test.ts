// What holds of all checks: a good host has nothing but good findings in each mode, and whatever is not good can be mended.

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/doctor/finding.ts';
import { hostChecks, judge, quickChecks } from '../../../../src/doctor/host/checks.ts';
import type { HostFacts } from '../../../../src/doctor/host/facts.ts';
import { unseen } from '../../../../src/doctor/host/looked.ts';
import type { NetworkMode } from '../../../../src/rig/rig.ts';
import { hostFacts } from '../../../support/host-facts.ts';

const modes: readonly NetworkMode[] = ['ipvlan', 'macvlan', 'bridge', 'publish', 'host'];

const isReadable = ({ says, mend }: Finding): boolean =>
  says !== '' && !/[.\n]$|\n|undefined|\[object/.test(says) && !/undefined|\[object|\n/.test(mend ?? '');

const nothingSeen = (mode: NetworkMode): HostFacts =>
  hostFacts(mode, {
    networks: unseen('no answer'),
    rigAddresses: unseen('no answer'),
    links: unseen('no right'),
    routes: unseen('no right'),
    listeners: unseen('no right'),
    switches: { ipForward: undefined, bridgeCallsIptables: undefined, mostOpenFiles: undefined },
    rooms: { data: unseen('no right'), state: unseen('EACCES'), openFiles: unseen('no right') },
    image: unseen('no answer'),
    kernel: { kind: 'not-tried', why: 'no right', sign: undefined },
    firewall: { iptables: unseen('no right'), nftables: unseen('no right') },
    registry: unseen('no answer'),
    lan: { kind: 'no-arping' },
  });

describe.each(modes)('%s', (mode) => {
  it('finds nothing wrong with a good host', () => {
    const findings = judge(hostChecks, hostFacts(mode));
    expect(findings.filter(({ verdict }) => verdict !== 'well')).toEqual([]);
    expect(findings.filter((finding) => !isReadable(finding))).toEqual([]);
    expect(findings.length).toBeGreaterThan(15);
  });

  it('says what could not be seen, with a way to look, and believes nothing of it', () => {
    const findings = judge(hostChecks, nothingSeen(mode)).filter(({ verdict }) => verdict !== 'well');
    expect(findings.filter((finding) => !isReadable(finding) || finding.mend === undefined)).toEqual([]);
    // It cannot write there, which it tried.
    expect(findings.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check)).toEqual([
      'state-dir',
    ]);
    expect(findings.some(({ hurtsOthers }) => hurtsOthers)).toBe(false);
  });

  it('says one thing of an engine that is away, and goes on with the rest', () => {
    const engine = { kind: 'away', address: '/x.sock', why: 'no-socket', detail: 'ENOENT' } as const;
    const findings = judge(hostChecks, hostFacts(mode, { engine }));
    expect(findings.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check)).toEqual([
      'engine',
    ]);
    expect(findings.map(({ check }) => check)).toContain('memory');
  });
});

it('runs every quick check in the doctor, too', () => {
  expect(quickChecks.filter((check) => !hostChecks.includes(check))).toEqual([]);
});

it('asks nothing slow of a worker that starts', () => {
  const quick = new Set(judge(quickChecks, hostFacts('macvlan')).map(({ check }) => check));
  for (const slow of ['arping', 'range-answers', 'image', 'firewall', 'kernel-module'])
    expect(quick).not.toContain(slow);
});
