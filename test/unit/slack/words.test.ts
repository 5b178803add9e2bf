// Each sentence as people read it. A change here is a change of what they are told.

import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../../src/rig/refusal.ts';
import type { FailReason } from '../../../src/rig/rig.ts';
import { allStopping, chooseToStop, queueDown, refusalSentence } from '../../../src/slack/words/answers.ts';
import { codeBlock, nameOf } from '../../../src/slack/words/escape.ts';
import { failedReply } from '../../../src/slack/words/failure.ts';
import { moreHelp } from '../../../src/slack/words/help.ts';
import { endedReply, readyReply, timeOf } from '../../../src/slack/words/rig.ts';
import { anna, aRig, ben, noon } from '../../support/a-rig.ts';

const refusals: readonly (readonly [Refusal, string])[] = [
  [
    { kind: 'earlier-secret', name: 'demo' },
    '`demo` was made with an earlier secret of mine, so I can no longer say its password. `/wcs restart demo` gives it a new one, on the same address; what runs in it ends with that.',
  ],
  [
    { kind: 'name-taken', name: 'demo', holder: ben },
    "The name `demo` is taken: that rig is ben's. Choose another name, or none (`/wcs up`) and I make one up.",
  ],
  [
    { kind: 'user-quota', limit: 5, mine: Array.from({ length: 5 }, () => aRig()) },
    'You have 5 rigs already, and 5 is the most for one person, so nothing was started. Stop one that you do not need:',
  ],
  [
    { kind: 'fleet-quota', limit: 8 },
    'All 8 rigs that may run at once are running, so nothing was started. `/wcs list` shows whose they are and which ends next; ask its owner, or try again then.',
  ],
  [
    {
      kind: 'nowhere',
      reasons: [
        { host: 'h1', why: 'is draining' },
        { host: 'h2', why: 'is full (8 of 8)' },
        { host: 'h3', why: 'has no free address' },
      ],
    },
    'No host can take it: h1 is draining; h2 is full (8 of 8); h3 has no free address.\nNothing was started. `/wcs list` shows which rig ends next; stop one that you do not need with `/wcs down`, or try again later.',
  ],
  [
    {
      kind: 'nowhere',
      reasons: [
        { host: 'h1', why: 'is draining' },
        {
          host: 'h2',
          why: 'is being asked what it has, since the registry was lost (try again in a minute)',
        },
      ],
    },
    // To stop a rig would help nobody.
    'No host can take it: h1 is draining; h2 is being asked what it has, since the registry was lost (try again in a minute).\nNothing was started. Try again in a minute; if it stays like this, tell whoever runs this bot: `/wcs hosts` shows all of them.',
  ],
  [
    { kind: 'nowhere', asked: 'h1', reasons: [{ host: 'h1', why: 'is full (8 of 8)' }] },
    'That host cannot take it: h1 is full (8 of 8).\nNothing was started. Leave `on` out (`/wcs up`) and I look for another host; or try again later.',
  ],
  [
    { kind: 'no-host' },
    'No Docker host has joined yet, so there is nothing to start a rig on. Whoever runs this bot has to start a worker on a host first; then try again.',
  ],
  [
    { kind: 'unknown-host', asked: 'h<9>', known: ['h1', 'h2'] },
    'There is no host `h&lt;9&gt;`, so nothing was started. Known: `h1`, `h2`; or leave `on` out (`/wcs up`) and I choose.',
  ],
  [
    { kind: 'unknown-tag', tag: '9', known: ['latest', '5.2'] },
    'There is no tag `9` to choose here, so nothing was started. Tags to choose from: `latest`, `5.2`.',
  ],
  [
    { kind: 'no-such-rig', name: 'x', mine: [] },
    'No rig is called `x` (it may have ended), and you have none at the moment. All rigs: `/wcs list`.',
  ],
  [
    { kind: 'no-such-rig', name: 'x', mine: ['a', 'b'] },
    'No rig is called `x` (it may have ended). Yours: `a`, `b`.',
  ],
  [
    { kind: 'not-owner', name: 'demo', owner: ben },
    "`demo` is ben's rig, and only its owner, and those it is shared with, can do that. Ask ben for `/wcs share demo`, or get one of your own with `/wcs up`.",
  ],
  [
    { kind: 'not-owner', name: 'demo', owner: ben, handOver: true },
    "`demo` is ben's rig: only its owner can share it or give it away. Ask ben.",
  ],
  [
    { kind: 'for-admins', what: 'keep', name: 'demo' },
    '`keep` is for those who run this bot: a rig without an end is easily forgotten. Ask them; or extend it as far as it goes with `/wcs extend demo 24h`.',
  ],
  [
    { kind: 'shared-already', name: 'demo', owner: anna, people: [anna] },
    "`demo` is anna's own rig already, so nothing was changed. Share it with somebody else.",
  ],
  [
    { kind: 'shared-already', name: 'demo', owner: anna, people: [anna, ben] },
    '`demo` is shared with ben already, so nothing was changed.',
  ],
  [
    { kind: 'already-stopping', name: 'demo' },
    '`demo` is being stopped already, or has ended; there is nothing left to do. Its card says when it is gone.',
  ],
  [
    { kind: 'at-cap', name: 'demo', end: noon },
    '`demo` ends <!date^1795435200^{date_short_pretty} at {time}|2026-11-23 12:00 UTC>, and that is the most: it cannot be extended. When it has ended, `/wcs up demo` starts a new one.',
  ],
  [
    { kind: 'no-longer', name: 'demo', end: noon },
    '`demo` ends <!date^1795435200^{date_short_pretty} at {time}|2026-11-23 12:00 UTC> already, so nothing was changed. For less time there is `/wcs down demo`, when you are done.',
  ],
];

test.each(refusals)('refused: $kind', (refusal, sentence) => {
  expect(refusalSentence(refusal, '/wcs')).toBe(sentence);
});

test('a queue that is down', () => {
  expect(queueDown('nothing was changed')).toBe(
    'The queue is down (its Redis does not answer me), so nothing was changed. Try again in a minute; if it stays like this, tell whoever runs this bot.',
  );
});

describe('ready', () => {
  const rig = aRig({
    state: { kind: 'running', since: noon },
    image: { digest: 'd', unchecked: false, licensed: true },
  });
  const link =
    '<https://192.168.23.100:8444/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html|Two Way Streaming>';
  const warning =
    'Your browser will warn twice: open <https://192.168.23.100:8444> and <https://192.168.23.100:8443> and accept both, or Connect fails.';

  test('quick: no mention; from where it can be reached', () => {
    expect(readyReply(rig, { took: 19_999 }, undefined)).toBe(
      `*demo* is ready: ${link}\n${warning}\nIt can be reached from 192.168.23.0/24, not from host \`h1\`.`,
    );
  });

  test('on an address of its host; with a name that has a certificate', () => {
    const network = {
      lan: '10.0.0.0/24@10.0.0.1',
      mode: 'publish',
      subnet: '10.0.0.0/24',
      linkHost: 'rig-{ip-dashed}.lab.example.com',
    } as const;
    expect(readyReply({ ...rig, network }, { took: 1 }, undefined).split('\n')).toEqual([
      '*demo* is ready: <https://rig-192-168-23-100.lab.example.com:8444/client2/examples/demo/streaming/two_way_streaming/two_way_streaming.html|Two Way Streaming>',
      'It can be reached from wherever host `h1` can, and from that host itself.',
    ]);
  });

  test('slow: the asker is called; a bridge; a note; no licence; a lease that was cut', () => {
    const network = { lan: 'bridge:h1', mode: 'bridge', subnet: '172.31.7.0/24' } as const;
    const image = { digest: 'd', unchecked: false, licensed: false };
    const other = { ...rig, network, image, asked: { ...rig.asked, cut: true } };
    expect(readyReply(other, { took: 20_000 }, 'Use the VPN <https://vpn>.').split('\n')).toEqual([
      `<@U0ANNA> *demo* is ready: ${link}`,
      warning,
      'It can be reached from host `h1` itself; other machines need a route to 172.31.7.0/24.',
      'Use the VPN &lt;https://vpn&gt;.',
      'It is not licensed: activate it in the <https://192.168.23.100:8444|web interface>.',
      'You asked for longer, but 24 h is the most.',
    ]);
  });
});

const failures: readonly (readonly [FailReason, string])[] = [
  [
    { kind: 'exited', exitCode: 1, outOfMemory: false },
    'it ended by itself while it was starting (exit code 1)',
  ],
  [{ kind: 'exited', exitCode: 137, outOfMemory: true }, 'it ran out of memory while it was starting'],
  [
    { kind: 'not-ready', missingPorts: [8444, 8443], waited: 180_000 },
    'it was started, but did not listen on ports 8444, 8443 within 3 m',
  ],
  [
    { kind: 'no-image', reference: 'a:b', detail: 'no such tag' },
    'the image `a:b` could not be pulled: `no such tag`',
  ],
  [
    { kind: 'ports-taken', ports: [8443, 8444] },
    'something on its host already listens on ports 8443, 8444, on every address',
  ],
  [{ kind: 'address-in-use', address: '10.0.0.7' }, 'something else already has the address `10.0.0.7`'],
  [{ kind: 'too-late' }, 'its host came to it too late: it was busy or away'],
  [{ kind: 'superseded' }, 'its place was given up while it was starting'],
  [
    { kind: 'not-resumed' },
    'Docker on its host was restarted, and it was not started again, since its time was up',
  ],
  [{ kind: 'overdue' }, 'it was long past its end, and nobody was there to end it, so its host did'],
  [{ kind: 'engine', detail: 'no space left' }, 'its host could not start it: `no space left`'],
];

test.each(failures)('failed: $kind', (reason, what) => {
  const { text, log } = failedReply(aRig(), { reason, tail: [] });
  const [head, todo, again] = text.split('\n');
  expect(head).toBe(`<@U0ANNA> *demo* failed on host \`h1\`: ${what}.`);
  expect(todo).toMatch(/\.$/);
  expect(again).toBe('Nothing of it is left: `/wcs up demo` tries again.');
  expect(log).toBe('');
});

test('failed: the last lines are spoken of where there are any', () => {
  const told = (reason: FailReason, tail: readonly string[]) => failedReply(aRig(), { reason, tail }).text;
  const exited = { kind: 'exited', exitCode: 1, outOfMemory: false } as const;
  expect(told(exited, ['no licence'])).toContain('Its last lines are below;');
  expect(told(exited, [])).toContain('It left no lines that could say why;');
  const late = { kind: 'not-ready', missingPorts: [8443], waited: 180_000 } as const;
  expect(told(late, ['booting'])).toContain('did not listen on port 8443 within 3 m');
  expect(told(late, ['booting'])).toContain('its last lines below are for whoever runs the host.');
  expect(told(late, [])).toContain('If it stays like this, tell whoever runs the host.');
});

test('failed, with everything as long as it can be: each block stays under Slack’s 3000', () => {
  const rig = aRig({ host: '&'.repeat(200), asked: { ...aRig().asked, command: `/${'&'.repeat(32)}` } });
  const reason = { kind: 'no-image', reference: '&'.repeat(999), detail: '&'.repeat(999) } as const;
  const { text, log } = failedReply(rig, {
    reason,
    tail: Array.from({ length: 500 }, () => '&'.repeat(999)),
  });
  expect(text.length).toBeLessThan(3000);
  expect(log.length).toBeLessThan(3000);
});

test('what to stop: one, one of several, none that is not stopping already', () => {
  expect(chooseToStop(['demo'], '/wcs')).toBe(
    'This is your only rig. Shall I stop it? (`/wcs down demo` does the same.)',
  );
  expect(chooseToStop(['a', 'b'], '/wcs')).toBe(
    'These are your 2 rigs. Which one shall I stop? (`/wcs down NAME` does the same.)',
  );
  expect(allStopping(['a', 'b'])).toBe(
    '`a`, `b`: being stopped already, so there is nothing left to stop. Each card says when its rig is gone.',
  );
});

test('ended: by its owner, by another, by the clock', () => {
  const again = '`/wcs up demo` starts a new one.';
  expect(endedReply(aRig(), { kind: 'asked', by: anna })).toBe(
    `*demo* has ended: its container is gone. ${again}`,
  );
  expect(endedReply(aRig(), { kind: 'asked', by: ben })).toBe(
    `<@U0ANNA> *demo* was stopped by ben: its container is gone. Ask ben why; ${again}`,
  );
  expect(endedReply(aRig(), { kind: 'expired' })).toBe(
    `*demo* has ended, since its time was up: its container is gone. ${again}`,
  );
});

test('the last lines of a log: bounded, escaped, and no fence of theirs closes ours', () => {
  expect(codeBlock([])).toBe('');
  const block = codeBlock([
    'first',
    '``` <!channel> \u0007\u202e',
    ...Array.from({ length: 10 }, (_, n) => `line ${n}`),
  ]);
  expect(block.match(/```/g)).toHaveLength(2);
  expect(block).toContain('&lt;!channel&gt;');
  const long = codeBlock(Array.from({ length: 1000 }, (_, n) => `line ${n} ${'<'.repeat(500)}`));
  expect(long.length).toBeLessThan(2700);
  expect(long).toContain('line 999');
});

test('a name shows who it is and nothing else', () => {
  expect(nameOf({ id: 'U1', name: '@here <!channel> *bold* `code`\n\u202eevil' })).toBe(
    'here &lt;!channel&gt; bold code evil'.replace('  ', ' '),
  );
  expect(nameOf({ id: 'U1', name: ' \u200b ' })).toBe('U1');
});

test('the help says whose the rights are', () => {
  expect(moreHelp('/wcs', { usualLease: 1, longestLease: undefined })).toContain(
    "A rig's owner, those it is",
  );
});

test('a time is each reader’s own, and UTC where it cannot be', () => {
  expect(timeOf(noon + 999)).toBe('<!date^1795435200^{date_short_pretty} at {time}|2026-11-23 12:00 UTC>');
});
