// What follows from what hosts saw on their addresses.

import { describe, expect, it } from 'vitest';
import { minute } from '../../../src/rig/duration.ts';
import { judgeAddresses, type Quarantined, type Seen, type Sighting } from '../../../src/rig/quarantine.ts';

const now = 1_000_000_000;
const policy = { silence: 10 * minute, probes: 3, fresh: 5 * minute };
const [stranger, router] = ['aa:00:00:00:00:01', 'bb:00:00:00:00:02'];

const sees = (...seen: readonly Seen[]): Sighting => ({ v: 1, host: 'h1', lan: 'office', at: now, seen });
const answer = (address: string, mac: string, at = now): Seen => ({ address, answered: { mac, at } });
const silence = (address: string, probes: number, long: number): Seen => ({
  address,
  silent: { since: now - long, probes },
});
const entry = (change: Partial<Quarantined> = {}): Quarantined => ({
  why: 'answered',
  at: now - minute,
  host: 'h1',
  mac: stranger,
  ...change,
});
const judge = (sightings: readonly Sighting[], set: readonly (readonly [string, Quarantined])[] = []) =>
  judgeAddresses(sightings, new Map(set), now, policy);
const nothing = { quarantine: [], lift: [], proxies: [] };

describe('an address on which somebody answered', () => {
  it('is set aside, once, with who answered', () => {
    const seen = sees(answer('.1', stranger, now - 5), answer('.2', router));
    expect(judge([seen, { ...seen, host: 'h2' }])).toEqual({
      ...nothing,
      quarantine: [
        { address: '.1', entry: { why: 'answered', at: now - 5, host: 'h1', mac: stranger } },
        { address: '.2', entry: { why: 'answered', at: now, host: 'h1', mac: router } },
      ],
    });
  });

  it('stays as it is where it is set aside already', () => {
    expect(judge([sees(answer('.1', stranger))], [['.1', entry()]])).toEqual(nothing);
    expect(judge([sees(answer('.1', stranger))], [['.1', entry({ why: 'in-use' })]])).toEqual(nothing);
  });

  it('is nobody’s business any more once nobody answers there', () => {
    const left: Seen = { ...answer('.1', stranger), silent: { since: now, probes: 1 } };
    expect(judge([sees(left)])).toEqual(nothing);
  });
});

describe('a host that has said nothing for a while', () => {
  const old = (one: Sighting): Sighting => ({ ...one, at: now - 6 * minute });

  it('keeps no address away that another one finds silent', () => {
    const there = old(sees(answer('.1', stranger)));
    const other = { ...sees(silence('.1', 3, 10 * minute)), host: 'h2' };
    expect(judge([there, other], [['.1', entry()]])).toEqual({ ...nothing, lift: ['.1'] });
  });

  it('sets nothing aside, gives nothing back, and is no proof of proxy ARP', () => {
    const many = ['.1', '.2', '.3'].map((address) => answer(address, router));
    expect(judge([old(sees(...many))])).toEqual(nothing);
    expect(judge([old(sees(silence('.1', 3, 10 * minute)))], [['.1', entry()]])).toEqual(nothing);
  });
});

describe('an address that is set aside', () => {
  it.each<[string, Seen, boolean]>([
    ['after three silent probes in ten minutes', silence('.1', 3, 10 * minute), true],
    ['not after two', silence('.1', 2, 20 * minute), false],
    ['not sooner', silence('.1', 9, 9 * minute), false],
    ['not while somebody answers', answer('.1', stranger), false],
    ['not for another one’s silence', silence('.2', 9, 20 * minute), false],
  ])('comes back %s', (_, seen, isLifted) => {
    expect(judge([sees(seen)], [['.1', entry()]])).toEqual({ ...nothing, lift: isLifted ? ['.1'] : [] });
  });

  it('does not come back by silence where no probe set it aside', () => {
    const seen = sees(silence('.1', 9, 20 * minute));
    expect(judge([seen], [['.1', entry({ why: 'in-use' })]])).toEqual(nothing);
    expect(judge([seen], [['.1', entry({ why: 'host-vanished' })]])).toEqual(nothing);
    expect(judge([seen], [['.1', entry({ why: 'doctor' })]])).toEqual(nothing);
  });

  it('does not come back while another host hears an answer', () => {
    const quiet = sees(silence('.1', 9, 20 * minute));
    const loud = { ...sees(answer('.1', stranger)), host: 'h2' };
    expect(judge([quiet, loud], [['.1', entry()]])).toEqual(nothing);
  });
});

describe('one machine that answers on three addresses', () => {
  it('answers for others: nothing is set aside for it, and what was comes back', () => {
    const seen = sees(
      answer('.1', router),
      answer('.2', router),
      answer('.3', router),
      answer('.4', stranger),
    );
    const set = [
      ['.1', entry({ mac: router })],
      ['.9', entry({ mac: router })],
      ['.8', entry({ mac: router, why: 'in-use' })],
      ['.7', entry()],
    ] as const;
    expect(judge([seen], set)).toEqual({
      quarantine: [{ address: '.4', entry: expect.objectContaining({ mac: stranger }) }],
      lift: ['.1', '.9'],
      proxies: [{ mac: router, host: 'h1', addresses: ['.1', '.2', '.3'] }],
    });
  });

  it('is no program that listens on a host’s own addresses: these are all set aside', () => {
    const own = ['.1', '.2', '.3'].map((address) => answer(address, 'port 8443'));
    const { quarantine, proxies } = judge([sees(...own)], []);
    expect(proxies).toEqual([]);
    expect(quarantine.map(({ address }) => address)).toEqual(['.1', '.2', '.3']);
  });

  it('is seen as one also by several hosts, but not where they saw the same two', () => {
    const both = sees(answer('.1', router), answer('.2', router));
    expect(judge([both, { ...both, host: 'h2' }]).proxies).toEqual([]);
    const third = { ...sees(answer('.3', router)), host: 'h2' };
    expect(judge([both, third]).proxies).toEqual([
      { mac: router, host: 'h1', addresses: ['.1', '.2', '.3'] },
    ]);
  });
});
