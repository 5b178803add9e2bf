// What hosts saw is set aside and comes back, and operators are told of each address once.

import { describe, expect, it } from 'vitest';
import { judgeAll } from '../../../src/control/judge-addresses.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { daily, tellNotices } from '../../../src/control/tell-notices.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import type { Notice } from '../../../src/rig/notice.ts';
import type { Seen } from '../../../src/rig/quarantine.ts';
import { noticeText } from '../../../src/slack/words/notice.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { endAdoption } from '../../support/registries.ts';

const mac = 'ea:03:20:43:76:99';
const policy = { silence: 10 * minute, probes: 3, fresh: 5 * minute };

const open = async () => {
  const desk = await openDesk();
  const { addresses, epochs, notices, clock } = desk.registry;
  const told: Notice[] = [];
  return {
    ...desk,
    addresses,
    notices,
    told,
    sees: (...seen: readonly Seen[]) =>
      addresses.sight({ v: 1, host: 'h1', lan: 'office', at: clock.now(), seen }),
    answered: (address: string): Seen => ({ address, answered: { mac, at: clock.now() } }),
    judge: async (after = second) => {
      desk.clock.now += after;
      await judgeAll({ addresses, epochs, notices, clock, log: desk.log }, policy);
      await tellNotices(notices, async (notice) => {
        told.push(notice);
        return true;
      });
    },
    setAside: async () => [...((await addresses.quarantined()).get('office')?.keys() ?? [])],
  };
};

describe('an address on which somebody answers', () => {
  it('is set aside, operators are told once, and it comes back after a silence', async () => {
    const desk = await open();
    await desk.sees(desk.answered('10.0.0.11'));
    await desk.judge();
    await desk.judge();
    expect(await desk.setAside()).toEqual(['10.0.0.11']);
    const notice = {
      kind: 'address-taken',
      lan: 'office',
      address: '10.0.0.11',
      host: 'h1',
      why: 'answered',
      mac,
    };
    expect(desk.told).toEqual([notice]);
    const silent = { since: desk.clock.now, probes: 3 };
    desk.clock.now += 10 * minute - 2 * second;
    await desk.sees({ address: '10.0.0.11', silent });
    await desk.judge();
    expect(await desk.setAside()).toEqual(['10.0.0.11']);
    await desk.judge();
    expect(await desk.setAside()).toEqual([]);
    expect(await desk.registry.hosts.list()).toMatchObject([{ freeAddresses: 3 }]);
    expect(desk.told).toHaveLength(1);
  });

  it('is left to a rig that has got it meanwhile', async () => {
    const desk = await open();
    await desk.sees(desk.answered('10.0.0.10'));
    await launchRig(desk.ports, aPolicy(), aRequest({ name: 'demo' }));
    await desk.judge();
    expect(await desk.setAside()).toEqual([]);
    expect(desk.told).toEqual([]);
  });

  it('may be a rig of ours that is not known again yet: while its LAN is in adoption nothing is done', async () => {
    const desk = await open();
    const { epochs } = desk.registry;
    await epochs.look({ seen: { id: 'before', seq: 9, at: 1 }, host: { name: 'h1', lan: 'office' } });
    await desk.sees(...['10.0.0.10', '10.0.0.11', '10.0.0.12'].map(desk.answered));
    await desk.judge();
    await desk.sees(desk.answered('10.0.0.10'));
    await desk.judge();
    expect([await desk.setAside(), desk.told]).toEqual([[], []]);
    await endAdoption(epochs, 'office', ['h1']);
    await desk.judge();
    expect(await desk.setAside()).toEqual(['10.0.0.10']);
  });

  it('is told of though the bot died between the two', async () => {
    const desk = await open();
    const entry = { why: 'answered', at: desk.clock.now, host: 'h1', mac } as const;
    await desk.addresses.quarantine('office', '10.0.0.10', entry);
    await desk.judge();
    expect(desk.told).toMatchObject([{ kind: 'address-taken', address: '10.0.0.10' }]);
  });

  it('is not told of where the doctor has it: whoever asked the doctor knows', async () => {
    const desk = await open();
    const entry = { why: 'doctor', at: desk.clock.now, host: 'h1' } as const;
    await desk.addresses.quarantine('office', '10.0.0.10', entry);
    await desk.judge();
    expect([await desk.setAside(), desk.told]).toEqual([['10.0.0.10'], []]);
  });

  it('is not told of again and again while it is set aside', async () => {
    const desk = await open();
    await desk.sees(desk.answered('10.0.0.10'));
    await desk.judge();
    await desk.judge(daily + hour);
    expect(desk.told).toHaveLength(1);
  });
});

describe('three addresses on which one machine answers', () => {
  it('are proxy ARP: what was set aside comes back, and operators are told what it is', async () => {
    const desk = await open();
    const both = [desk.answered('10.0.0.10'), desk.answered('10.0.0.11')];
    await desk.sees(...both);
    await desk.judge();
    expect(await desk.setAside()).toHaveLength(2);
    await desk.sees(...both, desk.answered('10.0.0.12'));
    await desk.judge();
    await desk.judge();
    expect(await desk.setAside()).toEqual([]);
    expect(desk.told.map(({ kind }) => kind)).toEqual(['address-taken', 'address-taken', 'proxy-arp']);
    // Not even the registry's own view of it tells them again.
    expect(await desk.registry.hosts.list()).toMatchObject([{ freeAddresses: 3 }]);
  });
});

describe('what operators read', () => {
  const place = { lan: '192.168.23.0/24@192.168.23.1', host: 'h1' };

  it('of a stranger', () => {
    const taken = { kind: 'address-taken', address: '192.168.23.104', ...place } as const;
    expect(noticeText({ ...taken, why: 'answered', mac })).toBe(
      'Something else answers on `192.168.23.104`: the machine `ea:03:20:43:76:99`. It is in the range for rigs of host `h1` (LAN `192.168.23.0/24@192.168.23.1`), so I give it to no rig; it comes back by itself when nothing has answered there for a while. Find that machine, or take the address out of `WCS_RANGE`.',
    );
    expect(noticeText({ ...taken, why: 'in-use', mac: undefined })).toContain(
      'until an admin types `/wcs addresses release 192.168.23.104`',
    );
  });

  it('of proxy ARP', () => {
    const addresses = ['192.168.23.100', '192.168.23.101', '192.168.23.102', '192.168.23.103'];
    const text = noticeText({ kind: 'proxy-arp', mac, addresses, ...place });
    expect(text).toContain('answers for `192.168.23.100`, `192.168.23.101`, `192.168.23.102` and 1 more');
    expect(text).toContain('That is proxy ARP');
  });
});
