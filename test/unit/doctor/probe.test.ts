// What the doctor says of a probe rig: who reaches it, who does not, and why there was none.

import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/doctor/finding.ts';
import { portsToTry } from '../../../src/doctor/probe/ask-others.ts';
import { checkProbe } from '../../../src/doctor/probe/checks.ts';
import type { HostReach, NoProbe, Probed, ProbeFacts } from '../../../src/doctor/probe/facts.ts';
import type { PortOutcome, ReachAnswer } from '../../../src/rig/reach.ts';
import type { NetworkMode } from '../../../src/rig/rig.ts';

const open: PortOutcome = { kind: 'open', took: 2 };
const silent: PortOutcome = { kind: 'silent' };
const closed: PortOutcome = { kind: 'closed' };
const ports = (one: PortOutcome, other: PortOutcome) => [
  { port: 8444, outcome: one },
  { port: 8443, outcome: other },
];

const answered = (host: string, saw: ReachAnswer['saw'], skew = 3): HostReach => ({
  host,
  version: '0.1.0',
  says: { kind: 'answered', answer: { v: 1, host, skew, saw } },
});
const h2 = (one: PortOutcome, other = one): HostReach =>
  answered('h2', { kind: 'tried', ports: ports(one, other) });

const sound: Probed = {
  kind: 'probed',
  address: '192.168.23.105',
  took: 1900,
  ports: [8444, 8443],
  own: ports(silent, silent),
  others: [h2(open)],
  unasked: 0,
  colleagues: undefined,
};

const facts = (change: Partial<ProbeFacts> = {}): ProbeFacts => ({
  host: 'h1',
  mode: 'macvlan',
  outcome: sound,
  cleared: [],
  left: undefined,
  ...change,
});
const lines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(
    ({ check, verdict, says, mend }) =>
      `${verdict} ${check}: ${says}${mend === undefined ? '' : ` → ${mend}`}`,
  );
const check = (change: Partial<Probed> = {}, mode: NetworkMode = 'macvlan'): readonly string[] =>
  lines(checkProbe(facts({ mode, outcome: { ...sound, ...change } }))).slice(1);

test('a sound one', () => {
  expect(lines(checkProbe(facts()))).toEqual([
    'well probe-rig: a probe rig was up at 192.168.23.105 after 1.9 s, and is gone again',
    'well probe-reach: h2 reaches a rig of h1 at 192.168.23.105 (8444 in 2 ms, 8443 in 2 ms)',
    'well probe-self: h1 itself does not reach it, as is usual with macvlan',
  ]);
});

describe('who reaches it', () => {
  test.each<[string, Partial<Probed>, NetworkMode, RegExp]>([
    [
      'one that cannot, with macvlan',
      { others: [h2(silent)] },
      'macvlan',
      /^wrong probe-reach: h2 does not reach a rig of h1 at 192\.168\.23\.105: 8444 and 8443 are silent → the switch port or the hypervisor.*WCS_NETWORK=ipvlan/,
    ],
    [
      'one that cannot, with ipvlan',
      { others: [h2(silent)] },
      'ipvlan',
      /^wrong probe-reach: .* → a firewall or a VLAN/,
    ],
    [
      'one that is refused',
      { others: [h2(silent, closed)] },
      'ipvlan',
      /: 8444 is silent, 8443 is refused →/,
    ],
    [
      'one that has no way there',
      { others: [h2({ kind: 'no-way', code: 'ENETUNREACH' })] },
      'ipvlan',
      /8444 and 8443 have no way there \(ENETUNREACH\)/,
    ],
    [
      'one that can in part',
      { others: [h2(open, silent)] },
      'macvlan',
      /^wrong probe-reach: h2 reaches .* in part only \(8444 in 2 ms\): 8443 is silent → a firewall lets some ports through/,
    ],
    [
      'one that does not answer',
      { others: [{ host: 'h2', version: '0.0.9', says: { kind: 'no-answer', waited: 8000 } }] },
      'macvlan',
      /^doubtful probe-reach: h2 did not answer within 8 s whether it reaches .*: its worker is of an older version \(0\.0\.9\), or hangs → `docker compose logs worker` on h2/,
    ],
    [
      'one that did not try',
      { others: [answered('h2', { kind: 'refused', why: 'port 9000 is none that rigs listen on' })] },
      'macvlan',
      /^doubtful probe-reach: h2 did not try .*port 9000/,
    ],
    [
      'nobody to ask',
      { others: [] },
      'macvlan',
      /^doubtful probe-reach: no other worker is on this LAN that could try to reach it → `doctor host --wait 60s`/,
    ],
    [
      'nobody to ask, and nobody who came',
      { others: [], colleagues: { waited: 60_000, seen: [] } },
      'ipvlan',
      /^doubtful probe-reach: .*nobody came within 60 s → open https:\/\/192\.168\.23\.105:8444 from where users sit/,
    ],
    [
      'a colleague who came',
      { others: [], colleagues: { waited: 60_000, seen: ['192.168.23.7'] } },
      'ipvlan',
      /^well probe-reach: 192\.168\.23\.7 reached it while it was up$/,
    ],
    [
      'a bridge, which nobody reaches',
      { others: [], own: ports(open, open) },
      'bridge',
      /^well probe-reach: nobody but h1 reaches its rigs/,
    ],
  ])('%s', (_, change, mode, said) => {
    expect(check(change, mode)[0]).toMatch(said);
  });

  test('each host has its line, and those that were not asked are counted', () => {
    const others = [h2(open), answered('h3', { kind: 'tried', ports: ports(silent, silent) })];
    expect(check({ others, unasked: 3 }).map((line) => line.split(' a rig')[0])).toEqual([
      'well probe-reach: h2 reaches',
      'wrong probe-reach: h3 does not reach',
      'well probe-reach: 3 other hosts of this LAN were not asked',
      'well probe-self: h1 itself does not reach it, as is usual with macvlan',
    ]);
  });

  test('a clock that is wrong over there is said on the side', () => {
    const others = [answered('h2', { kind: 'tried', ports: ports(open, open) }, -14_000)];
    expect(check({ others })[1]).toMatch(
      /^doubtful fleet-clock: the clock of h2 is 14 s behind Redis'.*→ `timedatectl set-ntp true` on h2/,
    );
  });
});

describe('this host itself', () => {
  test.each<[NetworkMode, PortOutcome, RegExp]>([
    ['ipvlan', silent, /^well probe-self: h1 itself does not reach it, as is usual with ipvlan/],
    ['macvlan', open, /^well probe-self: h1 itself reaches it as well \(8444 in 2 ms/],
    ['bridge', open, /^well probe-self: h1 itself reaches it \(8444/],
    ['publish', open, /^well probe-self/],
    [
      'bridge',
      silent,
      /^wrong probe-self: h1 itself does not reach it at 192\.168\.23\.105: 8444 and 8443 are silent → a firewall on this host/,
    ],
    ['publish', closed, /^wrong probe-self: .*8444 and 8443 are refused/],
    ['host', silent, /^wrong probe-self/],
  ])('%s where it is %j', (mode, outcome, said) => {
    expect(check({ own: ports(outcome, outcome) }, mode).at(-1)).toMatch(said);
  });
});

describe('there was none', () => {
  const none = (why: NoProbe): readonly string[] =>
    lines(checkProbe(facts({ outcome: { kind: 'none', why } })));

  test.each<[NoProbe, RegExp]>([
    [
      { kind: 'no-worker' },
      /^doubtful probe-rig: no probe rig was started: h1 has not joined.*→ `docker compose up -d worker/,
    ],
    [{ kind: 'other-lan', lan: 'lab' }, /^doubtful probe-rig: .*is on the LAN lab/],
    [{ kind: 'other-doctor' }, /^doubtful probe-rig: .*another doctor has one on h1/],
    [
      { kind: 'no-address', adopting: false },
      /^doubtful probe-rig: .*no address of h1 is free → `\/wcs addresses/,
    ],
    [{ kind: 'no-address', adopting: true }, /^doubtful probe-rig: .*lost or restored/],
    [
      { kind: 'no-image', reference: 'example/wcs:latest' },
      /^doubtful probe-rig: .* → `docker pull example\/wcs:latest/,
    ],
    [
      { kind: 'fault', detail: 'Docker does not answer' },
      /^wrong probe-rig: a probe rig could not be started: Docker does not answer/,
    ],
    [
      { kind: 'address-in-use', address: '10.0.0.7' },
      /^wrong probe-rig: Docker says that 10\.0\.0\.7 is in use/,
    ],
    [
      { kind: 'ended', last: 'no licence' },
      /^wrong probe-rig: the probe rig ended before it listened; its last line: no licence/,
    ],
    [{ kind: 'ended', last: undefined }, /^wrong probe-rig: the probe rig ended before it listened →/],
    [
      { kind: 'not-ready', missing: [8443], waited: 180_000 },
      /^wrong probe-rig: .*did not listen on 8443 within 3 m → more time in WCS_READY_TIMEOUT/,
    ],
    [{ kind: 'interrupted' }, /^doubtful probe-rig: no probe rig was started: the doctor was broken off/],
  ])('%j', (why, said) => {
    const found = none(why);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(said);
  });
});

test('what an earlier doctor left, and what this one could not take back', () => {
  const left = { address: '10.0.0.7', faults: ['Docker does not answer'] };
  const found = lines(checkProbe(facts({ cleared: ['10.0.0.9'], left })));
  expect(found[0]).toBe(
    'well probe-cleared: what an earlier doctor had left is gone: 10.0.0.9 is back among the free ones',
  );
  expect(found[1]).toBe('well probe-rig: a probe rig was up at 192.168.23.105 after 1.9 s');
  expect(found.at(-1)).toMatch(
    /^doubtful probe-left: a probe rig, or its address 10\.0\.0\.7, could not be taken back: Docker does not answer → the doctor once more on h1.*`\/wcs addresses release 10\.0\.0\.7/,
  );
});

test('others are asked for the ports that each of them lets itself be asked for', () => {
  expect(portsToTry([8444, 8443])).toEqual([8444, 8443]);
  expect(portsToTry([8081, 8443])).toEqual([8443]);
  expect(portsToTry([1, 2, 3, 4, 5])).toEqual([1, 2, 3, 4]);
});
