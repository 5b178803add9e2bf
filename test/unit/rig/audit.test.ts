// What is written of each change, by whom; what operators are told once; and who may do what.

import { describe, expect, it } from 'vitest';
import { type Asker, mayAct, mayHandOver, personOf } from '../../../src/rig/access.ts';
import type { RigEvent } from '../../../src/rig/advance.ts';
import { auditOf, auditOfUp } from '../../../src/rig/audit.ts';
import { allowsStart } from '../../../src/rig/claim.ts';
import { minute } from '../../../src/rig/duration.ts';
import type { LeaseStep } from '../../../src/rig/lease.ts';
import { causeOf } from '../../../src/rig/notice.ts';
import type { Sighting } from '../../../src/rig/report.ts';
import type { Rig } from '../../../src/rig/rig.ts';
import { anna, aReport, aRig, ben, noon, olga } from '../../support/a-rig.ts';
import { aHold } from '../../support/policies.ts';

const at = noon;
const saw = (sighting: Sighting): RigEvent => ({ kind: 'reported', report: aReport(sighting), hold: aHold });
const due = (step: Exclude<LeaseStep, { kind: 'nothing' }>): RigEvent => ({ kind: 'due', step, rev: 1, at });
const reason = { kind: 'died', exitCode: 137, outOfMemory: true } as const;
const crashed: Partial<Rig> = {
  state: { kind: 'crashed', since: at, crash: { reason, tail: [] }, until: at + 1 },
};

const describeEntry = (event: RigEvent, after: Partial<Rig> = {}): string => {
  const entry = auditOf(event, aRig(after), noon + minute);
  if (!entry) return '-';
  expect(entry).toMatchObject({ at: noon + minute, rig: { id: 'k3f9ab', name: 'demo' } });
  const who = entry.by.kind === 'bot' ? 'bot' : `${entry.by.kind} ${entry.by.name}`;
  return [who, entry.what, entry.outcome, entry.why ?? ''].join(' | ');
};

describe('the audit of a change', () => {
  const end = '2026-11-23T16:00:00.000Z';
  it.each<[string, RigEvent, Partial<Rig>, string]>([
    ['a pull is not worth a line', saw({ kind: 'pulling', percent: 3 }), {}, '-'],
    ['nor is a log that was told', saw({ kind: 'log', to: ben, lines: [] }), {}, '-'],
    ['ready', saw({ kind: 'ready' }), {}, 'host h1 | ready | done | '],
    ['failed', saw({ kind: 'failed', reason, tail: ['secret'] }), {}, 'host h1 | fail | failed | died'],
    ['crashed', saw({ kind: 'failed', reason, tail: [] }), crashed, 'host h1 | crash | failed | died'],
    ['gone', saw({ kind: 'gone' }), {}, 'host h1 | end | done | '],
    [
      'stopped by somebody',
      { kind: 'stop', reason: { kind: 'asked', by: ben }, at },
      {},
      'person ben | stop | done | ',
    ],
    [
      'stopped by the bot',
      { kind: 'stop', reason: { kind: 'not-restarted' }, at },
      {},
      'bot | stop | done | not-restarted',
    ],
    [
      'withdrawn',
      { kind: 'withdrawn', mayHaveRun: false, at },
      {},
      'bot | give up | failed | no worker came to it in time',
    ],
    [
      'restarted',
      { kind: 'restart', by: ben, tag: '5.2', at },
      { generation: 2, tag: '5.2' },
      'person ben | restart | done | generation 2, tag 5.2',
    ],
    ['not restarted', { kind: 'given-up', at }, {}, 'bot | release | done | nobody restarted it'],
    [
      'extended',
      { kind: 'extend', by: ben, wanted: { kind: 'by', length: 1 }, at },
      {},
      `person ben | extend | done | until ${end}`,
    ],
    ['kept for ever', { kind: 'keep', by: olga, at }, {}, 'person olga | keep | done | without an end'],
    ['wanted', { kind: 'want', by: ben, at }, {}, 'person ben | want | done | though it is unused'],
    [
      'shared',
      { kind: 'share', by: anna, with: [ben, olga] },
      {},
      'person anna | share | done | with ben (U0BEN), olga (U0OLGA)',
    ],
    ['given', { kind: 'give', by: anna, to: ben }, {}, 'person anna | give | done | to ben (U0BEN)'],
    ['reminded', due({ kind: 'remind', deadline: at, before: 1 }), {}, 'bot | remind | done | '],
    ['a grace', due({ kind: 'grace', end: at }), {}, `bot | grace | done | until ${end}`],
    [
      'kept on for its streams',
      due({ kind: 'keep', end: at, use: { kind: 'streams', count: 2 } }),
      {},
      `bot | keep on | done | in use: 2 streams; until ${end}`,
    ],
    [
      'kept on since nobody knows',
      due({ kind: 'keep', end: at, use: { kind: 'unknown' } }),
      {},
      `bot | keep on | done | use unknown; until ${end}`,
    ],
    ['asked about', due({ kind: 'idle', since: at, stop: at }), {}, 'bot | warn | done | nobody uses it'],
    ['called off', due({ kind: 'used' }), {}, 'bot | call off | done | it is used, or nobody knows'],
    ['expired', due({ kind: 'expire', reason: 'expired' }), {}, 'bot | expire | done | expired'],
    ['unused', due({ kind: 'expire', reason: 'idle' }), {}, 'bot | expire | done | idle'],
  ])('%s', (_, event, after, line) => expect(describeEntry(event, after)).toBe(line));

  it('of a claim names who, where and what', () => {
    expect(auditOfUp(aRig({ tag: '5.2' }))).toEqual({
      at: noon,
      by: { kind: 'person', id: anna.id, name: anna.name },
      what: 'up',
      outcome: 'done',
      why: 'on h1, tag 5.2',
      rig: { id: 'k3f9ab', name: 'demo' },
    });
  });

  it('holds nothing of what only the moment of asking knows', () => {
    const event: RigEvent = { kind: 'keep', by: olga, at };
    expect(JSON.stringify(auditOf(event, aRig(), noon))).not.toContain('isAdmin');
  });
});

describe('who may', () => {
  const eve: Asker = { id: 'U0EVE', name: 'eve', isAdmin: false };
  const rig = aRig({ shared: [personOf(ben)] });

  it.each([
    ['its owner', anna, true, true],
    ['somebody it is shared with', ben, true, false],
    ['an admin', olga, true, true],
    ['anybody else', eve, false, false],
  ] as const)('%s: act on it, hand it over', (_, asker, act, handOver) => {
    expect([mayAct(rig, asker), mayHandOver(rig, asker)]).toEqual([act, handOver]);
  });
});

describe('a claim allows a start', () => {
  const held = { generation: 2, host: 'h1', lan: 'office', address: '10.0.0.10', stopping: false };
  it.each([
    ['of its generation at its address', held, 2, '10.0.0.10', true],
    ['not of the one before', held, 1, '10.0.0.10', false],
    ['nor of a later one', held, 3, '10.0.0.10', false],
    ['nor elsewhere', held, 2, '10.0.0.11', false],
    ['nor when it is closed', { ...held, stopping: true }, 2, '10.0.0.10', false],
    ['nor when there is none', undefined, 2, '10.0.0.10', false],
  ])('%s', (_, claim, generation, address, allowed) => {
    expect(allowsStart(claim, generation, address)).toBe(allowed);
  });
});

describe('the cause of a notice', () => {
  it('is the person, the list, or the rig', () => {
    const person = personOf(ben);
    expect([
      causeOf({ kind: 'gone-person', person, rig: 'one' }),
      causeOf({ kind: 'gone-person', person, rig: 'two' }),
      causeOf({ kind: 'endless-rigs', rigs: [] }),
      causeOf({ kind: 'untold', rig: 'demo', id: 'k3f9ab', owner: person, why: 'why' }),
    ]).toEqual(['gone-person.U0BEN', 'gone-person.U0BEN', 'endless-rigs', 'untold.k3f9ab']);
  });
});
