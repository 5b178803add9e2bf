// `/wcs addresses`: what is typed, and the map that an operator reads at three in the morning.

import { describe, expect, it, test } from 'vitest';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { lookAtAddresses, releaseAddress } from '../../../src/control/look-addresses.ts';
import type { Quarantined } from '../../../src/rig/quarantine.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';
import { drawAddresses, releasedSentence } from '../../../src/slack/words/addresses.ts';
import { refusalSentence } from '../../../src/slack/words/answers.ts';
import { mistakeSentence } from '../../../src/slack/words/mistakes.ts';
import { noticeText } from '../../../src/slack/words/notice.ts';
import { timeOf } from '../../../src/slack/words/rig.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, ben, noon, olga } from '../../support/a-rig.ts';

const range = (count: number) => ({
  range: `10.0.0.10-10.0.${Math.floor((9 + count) / 256)}.${(9 + count) % 256}`,
  addresses: Array.from({ length: count }, (_, n) => `10.0.${Math.floor((10 + n) / 256)}.${(10 + n) % 256}`),
});

const open = async (count = 12, ...more: Parameters<typeof openDesk>) => {
  const desk = await openDesk({ ...range(count), shared: false }, ...more);
  const { addresses, audit, rigs, clock } = desk.registry;
  const ports = { addresses, audit, rigs, clock };
  const set = (address: string, entry: Partial<Quarantined> = {}, lan = 'office') =>
    addresses.quarantine(lan, address, {
      why: 'answered',
      at: noon,
      host: 'h1',
      mac: 'ea:03:20:43:76:99',
      ...entry,
    });
  return {
    ...desk,
    ports,
    launching: desk.ports,
    set,
    up: (name: string, owner = anna) =>
      launchRig(desk.ports, aPolicy({ rigsPerUser: 999 }), aRequest({ name, owner })),
    look: async (of?: string) => {
      const seen = await lookAtAddresses(ports, of);
      return seen.kind === 'refused'
        ? refusalSentence(seen.refusal, '/wcs')
        : drawAddresses(seen, '/wcs')
            .blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : []))
            .join('\n');
    },
    release: async (address: string, by = olga, lan?: string) => {
      const outcome = await releaseAddress(ports, address, lan, by);
      return outcome.kind === 'refused'
        ? refusalSentence(outcome.refusal, '/wcs')
        : releasedSentence(outcome);
    },
  };
};

describe('what is typed', () => {
  it.each([
    ['addresses', { kind: 'addresses', of: undefined }],
    ['Addresses Office', { kind: 'addresses', of: 'office' }],
    ['addresses 10.0.0.0/24@10.0.0.1', { kind: 'addresses', of: '10.0.0.0/24@10.0.0.1' }],
    ['addresses release 10.0.0.7', { kind: 'release-address', address: '10.0.0.7', lan: undefined }],
    ['addresses release 10.0.0.7 office', { kind: 'release-address', address: '10.0.0.7', lan: 'office' }],
  ])('%s', (text, command) => {
    expect(parseCommand(text)).toEqual({ kind: 'command', command });
  });

  it.each([
    ['addresses release', /Release which address\?/],
    ['addresses release demo', /`demo` is not an address/],
    ['addresses release 10.0.0.300', /is not an address/],
    ['addresses office lab', /I do not know `lab` there/],
    ['addresses release 10.0.0.7 office lab', /I do not know `lab` there/],
    ['addresses <@U1|ben>', /`@ben` is a person/],
    ['adresses', /did you mean `addresses`/],
    ['quarantine', /did you mean `addresses`/],
  ])('%s, mistyped', (text, said) => {
    const parsed = parseCommand(text);
    expect(parsed.kind === 'mistake' && mistakeSentence(parsed.mistake, '/wcs')).toMatch(said);
  });
});

describe('the map', () => {
  it('has a line for each run: who has it, what is set aside and why, what is free', async () => {
    const desk = await open();
    await desk.up('demo');
    await desk.up('test', ben);
    await desk.set('10.0.0.14');
    await desk.set('10.0.0.15', { why: 'in-use', rig: 'x', mac: undefined });
    await desk.set('10.0.0.21', { why: 'host-vanished', host: 'h9', mac: undefined });
    const since = `since ${timeOf(noon)}`;
    expect(await desk.look()).toBe(
      [
        '*LAN* `office`: 7 of 12 free, 2 held by rigs, 3 set aside',
        'Host `h1` `10.0.0.10-10.0.0.21`: 7 of 12 free',
        '🟢 10.0.0.10 `demo` · anna · h1',
        '🟢 10.0.0.11 `test` · ben · h1',
        '⚪ 10.0.0.12–13 free (2)',
        `⛔ 10.0.0.14 set aside: something else answers there (\`ea:03:20:43:76:99\`), as \`h1\` saw, ${since}; comes back by itself when it is silent`,
        `⛔ 10.0.0.15 set aside: Docker on \`h1\` said that it is in use, ${since}; until an admin releases it`,
        '⚪ 10.0.0.16–20 free (5)',
        `⛔ 10.0.0.21 set aside: its host \`h9\` was forgotten, ${since}, and a rig may still run there; until that host is back, or an admin releases it`,
        'No rig gets an address that is set aside. Admins give one back with `/wcs addresses release ADDRESS`.',
      ].join('\n'),
    );
  });

  it('says that the doctor has one for a moment', async () => {
    const desk = await open();
    await desk.set('10.0.0.14', { why: 'doctor', mac: undefined });
    expect(await desk.look()).toContain(
      `⛔ 10.0.0.14 set aside: the doctor on \`h1\` tries it with a rig of its own, since ${timeOf(noon)}; comes back in a moment, or with the next doctor there`,
    );
  });

  it('shows one LAN where one is meant, by its name or by a host on it', async () => {
    const lab = { name: 'h2', lan: 'lab', shared: true, notes: ['arping is not installed'], ...range(2) };
    const desk = await open(2, lab);
    expect((await desk.look()).match(/\*LAN\*/g)).toHaveLength(2);
    const one = [
      '*LAN* `lab`: 2 of 2 free, 0 held by rigs, 0 set aside',
      'Host `h2` `10.0.0.10-10.0.0.11`: 2 of 2 free, shared with other hosts; arping is not installed',
      '⚪ 10.0.0.10–11 free (2)',
    ].join('\n');
    expect(await desk.look('LAB')).toBe(one);
    expect(await desk.look('h2')).toBe(one);
    expect(await desk.look('attic')).toBe('There is no LAN and no host `attic`. The LANs: `lab`, `office`.');
  });

  it('of thousands of addresses shows what is set aside and counts the rest', async () => {
    const desk = await open(3000);
    for (let count = 0; count < 60; count += 1) await desk.up(`rig-${count}`);
    await desk.set('10.0.5.7');
    const text = await desk.look();
    expect(text.split('\n')).toEqual([
      '*LAN* `office`: 2939 of 3000 free, 60 held by rigs, 1 set aside',
      'Host `h1` `10.0.0.10-10.0.11.193`: 2939 of 3000 free',
      expect.stringContaining('⛔ 10.0.5.7 set aside'),
      '🟢 … and 60 more that rigs have',
      '⚪ all others are free',
      expect.stringContaining('Admins give one back'),
    ]);
  });

  it('stays within what Slack takes, with a hundred LANs and hundreds of strangers', async () => {
    const lans = Array.from({ length: 100 }, (_, n) => ({
      name: `h${n + 2}`,
      lan: `lan-${n}`,
      ...range(60),
    }));
    const desk = await open(60, ...lans);
    for (const { lan, addresses } of lans.slice(0, 3))
      for (const one of addresses) await desk.set(one, {}, lan);
    const seen = await lookAtAddresses(desk.ports, undefined);
    const { blocks } = seen.kind === 'addresses' ? drawAddresses(seen, '/wcs') : { blocks: [] };
    expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
    expect(blocks.length).toBeLessThan(50);
    expect(JSON.stringify(blocks)).toContain('more LANs');
  });
});

test('admins read what is on an address of the host’s own, and how to find it', () => {
  const notice = { kind: 'address-taken', lan: 'office', address: '10.0.0.6', host: 'h1' } as const;
  expect(noticeText({ ...notice, why: 'answered', mac: 'port 8443' })).toBe(
    'A program on host `h1` listens on `10.0.0.6`, `port 8443`. It is in the range for rigs of host `h1` (LAN `office`), so I give it to no rig; it comes back by itself when nothing has listened there for a while. `ss -ltnp` on the host says which program it is; or take the address out of `WCS_RANGE`.',
  );
  expect(noticeText({ ...notice, why: 'answered', mac: 'ea:03:20:43:76:99' })).toContain(
    'the machine `ea:03:20:43:76:99`',
  );
});

describe('a release', () => {
  it('is for admins, is noted, and says what happens if something is still there', async () => {
    const desk = await open();
    await desk.set('10.0.0.12');
    expect(await desk.release('10.0.0.12', anna)).toMatch(
      /^`addresses release` is for those who run this bot/,
    );
    expect(await desk.release('10.0.0.12')).toBe(
      '`10.0.0.12` is back among the free addresses of `office`, as the last one in the row. If something still answers there it is set aside again in a moment.',
    );
    const { entries } = await desk.registry.audit.page(undefined, 10);
    expect(entries).toMatchObject([
      { by: { name: 'olga' }, what: 'release address', why: '10.0.0.12 on office, set aside as answered' },
    ]);
    expect(await desk.release('10.0.0.12')).toMatch(/is not set aside, so there is nothing to release/);
  });

  it('asks which LAN is meant where several have it', async () => {
    const desk = await open(3, { name: 'h2', lan: 'lab', ...range(3) });
    await desk.set('10.0.0.12');
    await desk.set('10.0.0.12', {}, 'lab');
    expect(await desk.release('10.0.0.12')).toContain('`/wcs addresses release 10.0.0.12 lab`');
    expect(await desk.release('10.0.0.12', olga, 'LAB')).toContain('free addresses of `lab`');
    expect(await desk.release('10.0.0.12')).toContain('free addresses of `office`');
  });
});
