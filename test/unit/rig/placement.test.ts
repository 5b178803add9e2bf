import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/rig/host.ts';
import {
  isForWantOfLicence,
  isForWantOfRoom,
  lostTo,
  placeRig,
  scoreOf,
  type Wanted,
} from '../../../src/rig/placement.ts';
import { anna, noon } from '../../support/a-rig.ts';

const aHost = (name: string, facts: Partial<Host> = {}): Host => ({
  name,
  state: 'ready',
  network: { lan: '192.168.23.0/24', mode: 'ipvlan', subnet: '192.168.23.0/24' },
  slots: 8,
  freeSlots: 8,
  rigs: facts.freeSlots === undefined ? 0 : 8 - facts.freeSlots,
  freeAddresses: 8,
  tag: 'latest',
  tags: ['latest'],
  keyId: 'ours',
  versions: { engine: '20.10.24', worker: '0.1.0' },
  ...facts,
});

const any: Wanted = { on: undefined, tag: undefined, keyIds: ['ours'], mine: [] };
const on = (host: string): Wanted => ({ ...any, on: host });

describe('placement', () => {
  it('takes the host with the most free slots', () => {
    const placed = placeRig(
      [aHost('h1', { freeSlots: 2 }), aHost('h2', { freeSlots: 5 }), aHost('h3', { freeSlots: 1 })],
      any,
    );
    expect(placed).toMatchObject({ kind: 'placed', host: { name: 'h2' } });
  });

  it('passes hosts over whose LANs are in adoption', () => {
    const hosts = [aHost('h1'), aHost('h2', { network: { lan: 'lab', mode: 'ipvlan', subnet: '' } })];
    const placement = placeRig(hosts, { ...any, adopting: new Set(['192.168.23.0/24']) });
    const why = lostTo('adopting', aHost('h1')).why;
    expect(placement).toMatchObject({ host: { name: 'h2' }, passedOver: [{ host: 'h1', why }] });
  });

  it('passes hosts over of whose pool no licence is free, and no other', () => {
    const hosts = [aHost('h1', { pool: 'p1' }), aHost('h2', { pool: 'p2' }), aHost('h3')];
    const why = 'has no free licence';
    expect(placeRig(hosts, { ...any, emptyPools: new Set(['p1']) })).toMatchObject({
      host: { name: 'h2' },
      passedOver: [{ host: 'h1', why }],
    });
    expect(placeRig(hosts, { ...any, emptyPools: new Set(['p1', 'p2']) })).toMatchObject({
      host: { name: 'h3' },
      passedOver: [
        { host: 'h1', why },
        { host: 'h2', why },
      ],
    });
    expect(placeRig(hosts.slice(0, 1), { ...any, licencesUnknown: true })).toEqual({
      kind: 'nowhere',
      reasons: [{ host: 'h1', why: lostTo('licences-unknown', aHost('h1')).why }],
    });
    expect(placeRig(hosts, { ...any, licencesUnknown: true })).toMatchObject({ host: { name: 'h3' } });
  });

  it('takes the first by name among equals, so that the choice can be foretold', () => {
    expect(placeRig([aHost('h2'), aHost('h1')], any)).toMatchObject({ host: { name: 'h1' } });
  });

  it('says of every host why it was passed over', () => {
    const draining = { by: anna, at: noon };
    const hosts = [
      aHost('h1', { state: 'unreachable' }),
      aHost('h2', { freeSlots: 0 }),
      aHost('h3', { freeAddresses: 0 }),
      aHost('h4', { state: 'draining', draining }),
      aHost('h5', { state: 'unreachable', draining }),
      aHost('h6', { keyId: 'theirs' }),
      aHost('h7', { freeSlots: 0, rigs: 9 }),
    ];
    expect(placeRig(hosts, any)).toEqual({
      kind: 'nowhere',
      reasons: [
        { host: 'h1', why: 'is unreachable' },
        { host: 'h2', why: 'is full (8 of 8)' },
        { host: 'h3', why: 'has no free address' },
        { host: 'h4', why: 'is draining' },
        { host: 'h5', why: 'is unreachable and draining' },
        { host: 'h6', why: 'has another WCS_SECRET' },
        { host: 'h7', why: 'is full (9 of 8)' },
      ],
    });
  });

  it('takes a host with any secret that we have, and one of an older worker, which does not say', () => {
    const wanted: Wanted = { ...any, keyIds: ['new', 'ours'] };
    expect(placeRig([aHost('h1')], wanted)).toMatchObject({ kind: 'placed' });
    expect(placeRig([aHost('h1', { keyId: 'new' })], wanted)).toMatchObject({ kind: 'placed' });
    expect(placeRig([aHost('h1', { keyId: undefined })], wanted)).toMatchObject({ kind: 'placed' });
  });

  it('honours a wish in any case, and refuses it rather than ignore it', () => {
    const hosts = [aHost('h1'), aHost('Lab-2', { freeSlots: 0 })];
    expect(placeRig(hosts, on('H1'))).toMatchObject({ kind: 'placed', host: { name: 'h1' } });
    expect(placeRig(hosts, on('lab-2'))).toEqual({
      kind: 'nowhere',
      reasons: [{ host: 'Lab-2', why: 'is full (8 of 8)' }],
    });
    expect(placeRig(hosts, on('h9'))).toEqual({ kind: 'unknown-host', asked: 'h9', known: ['Lab-2', 'h1'] });
  });

  it('passes over a host that somebody else was quicker on', () => {
    const lost = [{ host: 'h1', why: 'is full (8 of 8)' }];
    expect(placeRig([aHost('h1'), aHost('h2')], any, lost)).toMatchObject({
      kind: 'placed',
      host: { name: 'h2' },
    });
    expect(placeRig([aHost('h1')], any, lost)).toEqual({ kind: 'nowhere', reasons: lost });
  });
});

describe('the score', () => {
  const mine = (count: number): string[] => Array.from({ length: count }, () => 'H1');
  it.each<[string, Partial<Host>, Partial<Wanted>, number]>([
    ['empty, with the image', {}, {}, 14],
    ['empty, without it', { tags: [] }, {}, 10],
    ['empty, with another tag than the one that was asked for', {}, { tag: '5.2' }, 10],
    ['empty, with the tag that was asked for', { tags: ['5.2'] }, { tag: '5.2' }, 14],
    ['half full', { freeSlots: 4 }, {}, 9],
    ['with a rig of the same owner', {}, { mine: mine(1) }, 13],
    ['with ten of them, which are no worse than three', {}, { mine: mine(10) }, 11],
    ['with rigs of the same owner elsewhere', {}, { mine: ['h2', 'h3'] }, 14],
    ['without slots', { slots: 0, freeSlots: 0, tags: [] }, {}, 0],
  ])('of a host: %s', (_, facts, wanted, score) => {
    expect(scoreOf(aHost('h1', facts), { ...any, ...wanted })).toBe(score);
  });

  const chosen = (hosts: readonly Host[], wanted: Partial<Wanted> = {}) => {
    const placed = placeRig(hosts, { ...any, ...wanted });
    return placed.kind === 'placed' ? placed.host.name : placed.kind;
  };

  it('prefers an image that is there, until the host is fuller by more than two fifths', () => {
    const bare = aHost('bare', { tags: [] });
    expect(chosen([bare, aHost('has', { freeSlots: 5 })])).toBe('has');
    expect(chosen([bare, aHost('has', { freeSlots: 4 })])).toBe('bare');
  });

  it('spreads the rigs of an owner over equals, and over a pull does not', () => {
    expect(chosen([aHost('h1'), aHost('h2')], { mine: ['h1'] })).toBe('h2');
    expect(chosen([aHost('h1'), aHost('h2', { tags: [] })], { mine: ['h1', 'h1', 'h1'] })).toBe('h1');
  });

  it('fills hosts of different size alike', () => {
    expect(
      chosen([aHost('small', { slots: 2, freeSlots: 2 }), aHost('big', { slots: 50, freeSlots: 20 })]),
    ).toBe('small');
  });
});

it('a claim that was lost says what it was lost to', () => {
  expect(lostTo('host-full', aHost('h1')).why).toBe('is full (8 of 8)');
  expect(lostTo('host-draining', aHost('h1')).why).toBe('is draining');
  expect(lostTo('adopting', aHost('h1')).why).toBe(
    'is being asked what it has, since the registry was lost (try again in a minute)',
  );
  expect(lostTo('no-address', aHost('h1'))).toEqual({ host: 'h1', why: 'has no free address' });
  expect(lostTo('no-licence', aHost('h1'))).toEqual({ host: 'h1', why: 'has no free licence' });
  expect(lostTo('licences-unknown', aHost('h1')).why).toBe(
    'gives out no licence while other hosts are asked which ones they have, since the registry was lost (try again in a minute)',
  );
});

it('knows of each of its reasons whether a rig that ends would be of help', () => {
  const hosts = [
    aHost('full', { freeSlots: 0 }),
    aHost('taken', { freeAddresses: 0 }),
    aHost('away', { state: 'unreachable' }),
    aHost('draining', { state: 'draining' }),
    aHost('theirs', { keyId: 'theirs' }),
    aHost('asked', { network: { lan: 'lab', mode: 'ipvlan', subnet: '' } }),
    aHost('licensed', { pool: 'p1' }),
  ];
  const placement = placeRig(hosts, { ...any, adopting: new Set(['lab']), emptyPools: new Set(['p1']) });
  const reasons = placement.kind === 'nowhere' ? placement.reasons : [];
  const ofHelp = (all: typeof reasons) => all.filter(isForWantOfRoom).map(({ host }) => host);
  expect(reasons).toHaveLength(hosts.length);
  expect(ofHelp(reasons)).toEqual(['full', 'taken', 'licensed']);
  const host = aHost('h1');
  const helped = (['host-full', 'no-licence', 'no-address'] as const).map((kind) => lostTo(kind, host));
  expect(ofHelp(helped)).toEqual(['h1', 'h1', 'h1']);
  const others = (['host-draining', 'adopting', 'licences-unknown'] as const).map((kind) =>
    lostTo(kind, host),
  );
  expect(ofHelp(others)).toEqual([]);
  expect(others.concat(helped).filter(isForWantOfLicence)).toEqual([lostTo('no-licence', host)]);
});
