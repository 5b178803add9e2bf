// What people read about hosts. A change here is a change of what they are told.

import { describe, expect, test } from 'vitest';
import type { SeenHost } from '../../../src/control/look-hosts.ts';
import type { Host } from '../../../src/rig/host.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { drawHosts } from '../../../src/slack/draw/hosts.ts';
import { refusalSentence } from '../../../src/slack/words/answers.ts';
import { failedReply } from '../../../src/slack/words/failure.ts';
import {
  allowedSentence,
  askEmpty,
  askForget,
  cameBackSentence,
  drainingSentence,
  emptyingSentence,
  forgottenSentence,
  nothingWaits,
  undrainedSentence,
} from '../../../src/slack/words/hosts.ts';
import { endedReply } from '../../../src/slack/words/rig.ts';
import { aHost } from '../../support/a-place.ts';
import { aRig, ben, noon, olga } from '../../support/a-rig.ts';

const at = (text: string): string =>
  text.replaceAll(/<!date\^\d+\^[^|]*\|\d{4}-\d\d-\d\d (\d\d:\d\d) UTC>/g, '$1');
const seen = (facts: Partial<Host> = {}, more: Partial<SeenHost> = {}): SeenHost => ({
  host: aHost(facts),
  tripped: undefined,
  isForeign: false,
  ...more,
});
const textsOf = (hosts: readonly SeenHost[]): readonly string[] =>
  drawHosts(hosts, '/wcs').blocks.map((block) =>
    block.type === 'section' && block.text ? at(block.text.text) : block.type,
  );
const draining = { by: olga, at: noon };

describe('the list', () => {
  test('each host with what there is to know, its troubles below', () => {
    const tripped = { host: 'h1', at: noon, would: 5, of: 8 };
    const hosts = [
      seen({ name: 'h1', rigs: 8, freeSlots: 0 }, { tripped }),
      seen({ name: 'h2', state: 'unreachable', seen: noon, draining }),
      seen({ name: 'h3', tags: [] }, { isForeign: true }),
      seen({ name: 'h4', state: 'draining', draining, rigs: 0, freeAddresses: 1 }),
      seen({ name: 'h5' }, { tripped: { ...tripped, allowed: { by: olga, at: noon } } }),
      seen({ name: 'h6' }),
      seen({ name: 'h7', notes: ['arping is not installed', 'a <second> one', 'c', 'd', 'e'] }),
    ];
    expect(textsOf(hosts)).toEqual([
      '*7 hosts* · 5 ready · 1 draining · 1 unreachable · ▓▓▓░░░░░ 23 of 56 rigs',
      '🟢 *h1* · ready · ▓▓▓▓▓▓▓▓ 8 of 8 rigs · 9 free addresses\nipvlan on lan-1 · image `latest` · worker 0.1.0 · Docker 20.10.24\n⚠️ waits for a yes: would remove 5 of 8 rigs: `/wcs allow h1`',
      '🔴 *h2* · unreachable, draining · ▓▓▓░░░░░ 3 of 8 rigs · 9 free addresses\nipvlan on lan-1 · image `latest` · worker 0.1.0 · Docker 20.10.24\nlast seen 12:00\ntakes no new rigs: olga decided that 12:00',
      '🟢 *h3* · ready · ▓▓▓░░░░░ 3 of 8 rigs · 9 free addresses\nipvlan on lan-1 · image `latest`, still to be pulled · worker 0.1.0 · Docker 20.10.24\n⚠️ works with another `WCS_SECRET` than I do, so it gets no rigs',
      '🟠 *h4* · draining · ░░░░░░░░ 0 of 8 rigs · 1 free address\nipvlan on lan-1 · image `latest` · worker 0.1.0 · Docker 20.10.24\ntakes no new rigs: olga decided that 12:00',
      '🟢 *h5* · ready · ▓▓▓░░░░░ 3 of 8 rigs · 9 free addresses\nipvlan on lan-1 · image `latest` · worker 0.1.0 · Docker 20.10.24\n⚠️ will remove what it found, 5 of 8 rigs: olga said yes 12:00',
      '🟢 *h6* · ready · ▓▓▓░░░░░ 3 of 8 rigs · 9 free addresses\nipvlan on lan-1 · image `latest` · worker 0.1.0 · Docker 20.10.24',
      "🟢 *h7* · ready · ▓▓▓░░░░░ 3 of 8 rigs · 9 free addresses\nipvlan on lan-1 · image `latest` · worker 0.1.0 · Docker 20.10.24\n▲ arping is not installed\n▲ a &lt;second&gt; one\n▲ c\n▲ … and 2 more, in its worker's log",
    ]);
  });

  test('one host alone needs no sum, and none at all says what to do', () => {
    expect(textsOf([seen()])).toHaveLength(1);
    expect(textsOf([])[0]).toMatch(/^No Docker host has joined yet/);
  });

  test('a thousand hosts: those that fit, and what the others are', () => {
    const ready = Array.from({ length: 998 }, (_, n) => seen({ name: `host-${n}.lan.example.com` }));
    const hosts = [seen({ name: 'away', state: 'unreachable', seen: noon }), ...ready];
    const drawn = drawHosts(hosts, '/wcs');
    expect(drawn.blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(drawn.blocks).length).toBeLessThan(13_000);
    const texts = textsOf(hosts);
    expect(texts[0]).toContain('*999 hosts* · 998 ready · 1 unreachable');
    const shown = texts.length - 2;
    expect(texts.at(-1)).toBe(`… and ${999 - shown} more, all ready. \`/wcs hosts HOST\` shows one of them.`);
    const troubled = Array.from({ length: 60 }, (_, n) =>
      seen({ name: `d${n}`, state: 'draining', draining }),
    );
    expect(textsOf([...troubled, ...ready]).at(-1)).toMatch(
      /^… and 1\d{3} more: 998 ready, \d\d draining\. `\/wcs hosts HOST`/,
    );
    expect(textsOf([...Array.from({ length: 40 }, () => seen()), seen()]).at(-1)).toMatch(
      /^… and 1 more, ready\./,
    );
  });

  test('names from outside stay text', () => {
    const [text = ''] = textsOf([
      seen({ name: '<!channel>', network: { lan: '<@U1>', mode: 'ipvlan', subnet: '' } }),
    ]);
    expect(text).not.toMatch(/<[@!]/);
  });
});

const two: readonly Rig[] = [aRig(), aRig({ id: 'x', name: 'two', owner: ben, address: '192.168.23.101' })];
const endless = aRig({ name: 'for-good', lease: { end: undefined, cap: undefined, rev: 1 } });
const away = aHost({ state: 'unreachable', seen: noon });

test.each<[string, string, string]>([
  [
    'drain, with two rigs',
    drainingSentence(aHost(), two, undefined, '/wcs'),
    'Host `h1` takes no new rigs from now on. 2 rigs are on it and may live to their end, the last until 16:00, unless somebody extends it: `demo` (anna), `two` (ben). `/wcs drain h1 now` stops them. `/wcs undrain h1` lets it take rigs again.',
  ],
  [
    'drain, with one that has no end, once more and away',
    drainingSentence(away, [endless], draining, '/wcs'),
    'Host `h1` is draining already: olga decided that 12:00. 1 rig is on it and may live to its end, and it has no end: `for-good` (anna). It does not answer at the moment. `/wcs drain h1 now` stops it. `/wcs undrain h1` lets it take rigs again.',
  ],
  [
    'drain, mixed',
    drainingSentence(aHost(), [...two, endless], undefined, '/wcs'),
    'Host `h1` takes no new rigs from now on. 3 rigs are on it and may live to their end, 1 of them without an end, the others until 16:00 at the latest, unless somebody extends them: `demo` (anna), `two` (ben), `for-good` (anna). `/wcs drain h1 now` stops them. `/wcs undrain h1` lets it take rigs again.',
  ],
  [
    'drain, empty',
    drainingSentence(aHost(), [], undefined, '/wcs'),
    'Host `h1` takes no new rigs from now on. There are no rigs on it, so its worker can be stopped. `/wcs undrain h1` lets it take rigs again.',
  ],
  [
    'drain now, asked',
    askEmpty(aHost(), two, new Map([['x', { kind: 'streams', count: 2 }]])),
    'Stop all 2 rigs on host `h1`, and let it take no new ones? `demo` (anna), `two` (ben, in use: 2 streams). Whoever owns one is told that it was you. Nothing has been done yet.',
  ],
  [
    'drain now, done',
    emptyingSentence(aHost(), two, '/wcs'),
    'Host `h1` takes no new rigs from now on. 2 rigs on it are being stopped: `demo` (anna), `two` (ben). Each card says when its rig is gone. `/wcs undrain h1` lets it take rigs again.',
  ],
  [
    'drain now, away',
    emptyingSentence(away, two.slice(1), '/wcs'),
    'Host `h1` takes no new rigs from now on. 1 rig on it is being stopped: `two` (ben). Each card says when its rig is gone. It does not answer at the moment: they are stopped when it does; if it is gone for good, `/wcs forget h1`.',
  ],
  ['undrain', undrainedSentence(aHost(), true), 'Host `h1` takes rigs again.'],
  ['undrain, away', undrainedSentence(away, true), 'Host `h1` takes rigs again as soon as it answers.'],
  [
    'undrain, for nothing',
    undrainedSentence(aHost(), false),
    'Host `h1` is not draining, so nothing was changed.',
  ],
  [
    'forget, asked',
    askForget(away, two),
    'Forget host `h1`, last seen 12:00? 2 rigs on it count as failed then, and their owners are told that it was you: `demo` (anna), `two` (ben). Their addresses go to nobody, since something may still answer there. If it is only away for a while, wait: it comes back with all that is on it. Nothing has been done yet.',
  ],
  [
    'forget, done',
    forgottenSentence(away, two, '/wcs'),
    'Host `h1` is forgotten. 2 rigs on it count as failed: `demo` (anna), `two` (ben); their owners are told. Set aside, so that nobody gets them: `192.168.23.100`, `192.168.23.101`. Once you know that nothing answers there, `/wcs addresses release ADDRESS` gives one back. Should its worker ever start again, it joins as a new one.',
  ],
  [
    'forget, too late',
    cameBackSentence({ kind: 'came-back', host: away, lost: two, isDraining: false }, '/wcs'),
    'Host `h1` answered again while it was being forgotten, so it was kept. But by then rigs had been given up: 2 rigs on it count as failed: `demo` (anna), `two` (ben); their owners are told. Set aside, so that nobody gets them: `192.168.23.100`, `192.168.23.101`. The host removes what is left of them by itself, or asks for `/wcs allow h1` first where that is much, and the addresses are free again with that. It takes rigs as before.',
  ],
  [
    'forget, too late, of one that was draining',
    cameBackSentence({ kind: 'came-back', host: away, lost: two.slice(1), isDraining: true }, '/wcs'),
    'Host `h1` answered again while it was being forgotten, so it was kept. But by then a rig had been given up: 1 rig on it counts as failed: `two` (ben); its owner is told. Set aside, so that nobody gets it: `192.168.23.101`. The host removes what is left of it by itself, or asks for `/wcs allow h1` first where that is much, and the addresses are free again with that. It takes no new rigs, as before: `/wcs undrain h1` lets it.',
  ],
  [
    'forget, empty',
    forgottenSentence(away, [], '/wcs'),
    'Host `h1` is forgotten. There were no rigs on it. Should its worker ever start again, it joins as a new one.',
  ],
  [
    'allow',
    allowedSentence(aHost(), { host: 'h1', at: noon, would: 5, of: 8 }),
    'Host `h1`: the next look removes what it finds to be removed; last time that was 5 of 8 rigs. The thread of each says what became of it.',
  ],
  [
    'allow, for nothing',
    nothingWaits(aHost(), '/wcs'),
    'Nothing waits for a yes on host `h1`, so nothing was changed. `/wcs hosts` shows where something does.',
  ],
  [
    'no such host',
    refusalSentence({ kind: 'no-such-host', asked: 'h9', known: ['h1', 'h2'] }, '/wcs'),
    'There is no host `h9`. Known: `h1`, `h2`. `/wcs hosts` shows how they are.',
  ],
  [
    'no admin',
    refusalSentence({ kind: 'only-admins', what: 'drain' }, '/wcs'),
    '`drain` is for those who run this bot (`WCS_ADMINS`), so nothing was changed. Ask them; how the hosts are is for everybody: `/wcs hosts`.',
  ],
  [
    'forget, present',
    refusalSentence({ kind: 'host-present', host: 'h1' }, '/wcs'),
    'Host `h1` answers, so it was not forgotten: its rigs would run on without anybody knowing them. Stop them with `/wcs drain h1 now`, then its worker; when it shows as unreachable in `/wcs hosts`, it can be forgotten.',
  ],
  [
    'to the owner, drained',
    endedReply(aRig(), { kind: 'drained', by: olga }),
    '<@U0ANNA> *demo* has ended before its time, since olga emptied host `h1`: its container is gone. Ask olga why; `/wcs up demo` starts a new one.',
  ],
  [
    'to the owner, forgotten',
    failedReply(aRig(), { reason: { kind: 'host-forgotten', host: 'h1', by: olga }, tail: [] }).text,
    '<@U0ANNA> *demo* failed on host `h1`: its host does not answer any more, and olga has given it up.\nWhether it still runs there nobody can tell, so do not count on it. Nobody else gets its address until that is known.\n`/wcs up demo` starts a new one.',
  ],
])('%s', (_, text, expected) => {
  expect(at(text)).toBe(expected);
});
