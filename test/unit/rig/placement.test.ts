import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/rig/host.ts';
import { placeRig } from '../../../src/rig/placement.ts';

const aHost = (name: string, facts: Partial<Host> = {}): Host => ({
  name,
  state: 'ready',
  network: { lan: '192.168.23.0/24', mode: 'ipvlan', subnet: '192.168.23.0/24' },
  slots: 8,
  freeSlots: 8,
  freeAddresses: 8,
  tag: 'latest',
  ...facts,
});

describe('placement', () => {
  it('takes the host with the most free slots', () => {
    const placed = placeRig(
      [aHost('h1', { freeSlots: 2 }), aHost('h2', { freeSlots: 5 }), aHost('h3', { freeSlots: 1 })],
      undefined,
    );
    expect(placed).toMatchObject({ kind: 'placed', host: { name: 'h2' } });
  });

  it('takes the first by name among equals, so that the choice can be foretold', () => {
    expect(placeRig([aHost('h2'), aHost('h1')], undefined)).toMatchObject({ host: { name: 'h1' } });
  });

  it('says of every host why it was passed over', () => {
    const hosts = [
      aHost('h1', { state: 'unreachable' }),
      aHost('h2', { freeSlots: 0 }),
      aHost('h3', { freeAddresses: 0 }),
    ];
    expect(placeRig(hosts, undefined)).toEqual({
      kind: 'nowhere',
      reasons: [
        { host: 'h1', why: 'is unreachable' },
        { host: 'h2', why: 'is full (8 of 8)' },
        { host: 'h3', why: 'has no free address' },
      ],
    });
  });

  it('honours a wish in any case, and refuses it rather than ignore it', () => {
    const hosts = [aHost('h1'), aHost('Lab-2', { freeSlots: 0 })];
    expect(placeRig(hosts, 'H1')).toMatchObject({ kind: 'placed', host: { name: 'h1' } });
    expect(placeRig(hosts, 'lab-2')).toEqual({
      kind: 'nowhere',
      reasons: [{ host: 'Lab-2', why: 'is full (8 of 8)' }],
    });
    expect(placeRig(hosts, 'h9')).toEqual({ kind: 'unknown-host', asked: 'h9', known: ['Lab-2', 'h1'] });
  });

  it('passes over a host that somebody else was quicker on', () => {
    const lost = [{ host: 'h1', why: 'is full (8 of 8)' }];
    expect(placeRig([aHost('h1'), aHost('h2')], undefined, lost)).toMatchObject({
      kind: 'placed',
      host: { name: 'h2' },
    });
    expect(placeRig([aHost('h1')], undefined, lost)).toEqual({ kind: 'nowhere', reasons: lost });
  });
});
