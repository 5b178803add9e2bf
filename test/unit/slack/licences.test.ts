// What people read about licences: who has them and until when; never which ones they are.

import { describe, expect, test } from 'vitest';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { LicenceHolders } from '../../../src/rig/licence.ts';
import { placeRig } from '../../../src/rig/placement.ts';
import type { Refusal } from '../../../src/rig/refusal.ts';
import { drawHosts } from '../../../src/slack/draw/hosts.ts';
import { drawStartForm } from '../../../src/slack/views/start-modal.ts';
import { refusalSentence } from '../../../src/slack/words/answers.ts';
import { failedReply } from '../../../src/slack/words/failure.ts';
import { askForget } from '../../../src/slack/words/hosts.ts';
import { freeLicences } from '../../../src/slack/words/licences.ts';
import { refusalInForm } from '../../../src/slack/words/modal.ts';
import { reasonWords } from '../../../src/slack/words/reasons.ts';
import { endedReply } from '../../../src/slack/words/rig.ts';
import { aHost } from '../../support/a-place.ts';
import { aRig, ben, noon } from '../../support/a-rig.ts';

const at = (text: string): string =>
  text.replaceAll(/<!date\^\d+\^[^|]*\|\d{4}-\d\d-\d\d (\d\d:\d\d) UTC>/g, '$1');

const licenceId = '0123456789ab';
const lease = (end: number | undefined) => ({ end, cap: undefined, rev: 1 });
const demo = aRig({ licenceId, lease: lease(noon + 2.5 * hour), state: { kind: 'running', since: noon } });
const two = aRig({ licenceId, name: 'two', owner: ben, lease: lease(noon + 3 * hour) });

const noLicence = (host: string) => ({ host, why: 'has no free licence' });
const nowhere = (
  licences: Partial<LicenceHolders> = {},
  change: Partial<Refusal & { kind: 'nowhere' }> = {},
): Refusal => ({
  kind: 'nowhere',
  reasons: [noLicence('h1'), noLicence('h2')],
  licences: { size: 2, taken: 2, rigs: [demo, two], ...licences },
  ...change,
});

const wayOut =
  'Nothing was started. `/wcs list` shows which rig ends next; stop one that you do not need with `/wcs down`, or try again later.';

test.each<[string, Refusal, string]>([
  [
    'all of them',
    nowhere(),
    `All 2 licences are taken: *demo* of anna until 14:30, *two* of ben until 15:00.\n${wayOut}`,
  ],
  [
    'the only one',
    nowhere({ size: 1, taken: 1, rigs: [demo] }),
    `The only licence is taken: *demo* of anna until 14:30.\n${wayOut}`,
  ],
  [
    'all of them, and other hosts for other reasons',
    nowhere({}, { reasons: [noLicence('h1'), { host: 'h2', why: 'is draining' }] }),
    `No host can take it: h1 has no free licence; h2 is draining.\nAll 2 licences are taken: *demo* of anna until 14:30, *two* of ben until 15:00.\n${wayOut}`,
  ],
  [
    'those of the host that was asked for',
    nowhere({}, { reasons: [noLicence('h1')], asked: 'h1' }),
    'All 2 licences of that host are taken: *demo* of anna until 14:30, *two* of ben until 15:00.\nNothing was started. Leave `on` out (`/wcs up`) and I look for another host; or try again later.',
  ],
  [
    'more of them than anybody reads',
    nowhere({ size: 40, taken: 40 }),
    `All 40 licences are taken: *demo* of anna until 14:30, *two* of ben until 15:00 and 38 more.\n${wayOut}`,
  ],
  [
    'one that is stopping, one that has failed, one without an end',
    nowhere({
      size: 3,
      taken: 3,
      rigs: [
        { ...demo, state: { kind: 'stopping', since: noon, reason: { kind: 'expired' } } },
        {
          ...two,
          state: {
            kind: 'crashed',
            since: noon,
            crash: { reason: { kind: 'removed' }, tail: [] },
            until: noon + 10 * minute,
          },
        },
        { ...demo, name: 'for-good', lease: lease(undefined) },
      ],
    }),
    `All 3 licences are taken: *demo* of anna (being stopped), *two* of ben (failed; kept for a restart until 12:10), *for-good* of anna (no end).\n${wayOut}`,
  ],
  [
    'one that was given back between two looks',
    nowhere({ taken: 1, rigs: [demo] }),
    `A licence was given back just now: ask once more.\n${wayOut}`,
  ],
])('refused: %s', (_, refusal, sentence) => {
  expect(at(refusalSentence(refusal, '/wcs'))).toBe(sentence);
  expect(sentence).not.toContain(licenceId);
});

test.each<[string, Refusal, string]>([
  [
    'all of them',
    nowhere(),
    'Nothing was started. All 2 licences are taken: demo of anna until 2026-11-23 14:30 UTC, two of ben until 2026-11-23 15:00 UTC. Stop a rig that you do not need, or try again later.',
  ],
  [
    'those of a host, which is also draining elsewhere',
    nowhere({}, { reasons: [noLicence('h1'), { host: 'h2', why: 'is draining' }] }),
    'Nothing was started: “h1” has no free licence; “h2” is draining. All 2 licences are taken: demo of anna until 2026-11-23 14:30 UTC, two of ben until 2026-11-23 15:00 UTC. Stop a rig that you do not need, or try again later.',
  ],
  [
    'those of the host that was chosen',
    nowhere({ size: 1, taken: 1, rigs: [demo] }, { reasons: [noLicence('h1')], asked: 'h1' }),
    'Nothing was started. The only licence of that host is taken: demo of anna until 2026-11-23 14:30 UTC. Choose another host, or whichever is best; or try again later.',
  ],
])('refused in the form: %s', (_, refusal, sentence) => {
  expect(refusalInForm(refusal, '/wcs')).toBe(sentence);
});

test('a name that would be more than a name is only that', () => {
  const owner = { id: 'U1', name: '*<!channel>*' };
  const text = refusalSentence(nowhere({ rigs: [{ ...demo, owner }, two] }), '/wcs');
  expect(text).not.toMatch(/<!channel>/);
});

test('the reason that placement gives is the one that is understood here', () => {
  const wanted = { on: undefined, tag: undefined, keyIds: [], mine: [], emptyPools: new Set(['p']) };
  const placement = placeRig([aHost({ pool: 'p', keyId: undefined })], wanted);
  const reasons = placement.kind === 'nowhere' ? placement.reasons : [];
  expect(refusalSentence(nowhere({}, { reasons }), '/wcs')).toMatch(/^All 2 licences are taken/);
});

describe('a host', () => {
  test('shows what is free of its pool', () => {
    expect(freeLicences({ size: 1, free: 1 })).toBe('1 of 1 licence free');
    const facts = { tripped: undefined, isForeign: false };
    const lines = [
      { ...facts, host: aHost(), licences: { size: 2, free: 1 } },
      { ...facts, host: aHost({ name: 'h2' }) },
    ].map((host) => JSON.stringify(drawHosts([host], '/wcs').blocks));
    expect(lines[0]).toContain('9 free addresses · 1 of 2 licences free');
    expect(lines[1]).not.toContain('licence');
  });

  test('says in the form that it has none', () => {
    const form = drawStartForm({
      origin: { command: '/wcs', channel: 'C0RIGS' },
      hosts: [aHost({ pool: 'p' }), aHost({ name: 'h2', pool: 'q' }), aHost({ name: 'h3' })],
      pools: new Map([
        ['p', { size: 2, free: 0 }],
        ['q', { size: 2, free: 1 }],
      ]),
      policy: { lease: { usual: hour, most: hour }, tags: undefined },
    });
    const text = JSON.stringify(form);
    expect(text).toContain('h1 · no free licence');
    expect(text).toMatch(/h2 · \d of 8 free/);
    expect(text).toMatch(/h3 · \d of 8 free/);
  });

  test('that is forgotten gives its licences back, which whoever says so is told', () => {
    const away = aHost({ state: 'unreachable', seen: noon });
    expect(askForget(away, [demo, two])).toContain(
      'since something may still answer there. 2 licences are free again with that, whatever still runs there.',
    );
    expect(askForget(away, [demo])).toContain('A licence is free again with that,');
    expect(askForget(away, [aRig()])).not.toContain('licence');
  });
});

test('of two rigs with one licence the owner of the later one is told why it went', () => {
  expect(endedReply(demo, { kind: 'licence-twice' })).toBe(
    '<@U0ANNA> *demo* has ended: an older rig has the same licence, which came out when my memory was rebuilt, and a licence is for one rig. `/wcs up demo` starts a new one.',
  );
  expect(failedReply(demo, { reason: { kind: 'licence-in-use' }, tail: [] }).text).toBe(
    '<@U0ANNA> *demo* failed on host `h1`: an older rig has the same licence, which came out when my memory was rebuilt.\nA licence is for one rig, so the later one had to go.\nNothing of it is left: `/wcs up demo` tries again.',
  );
  expect(reasonWords('done', 'licence-twice')).toBe('another rig had its licence');
  expect(reasonWords('failed', 'licence-in-use')).toBe('another rig had its licence');
});
