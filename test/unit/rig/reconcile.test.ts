// What is done about what a host has, and about what it lacks.

import { describe, expect, it } from 'vitest';
import { minute } from '../../../src/rig/duration.ts';
import {
  type KnownRig,
  planReconcile,
  type ReconcileFacts,
  type ReconcileStep,
  tooMany,
} from '../../../src/rig/reconcile.ts';
import type { Rig, RigState } from '../../../src/rig/rig.ts';
import type { LeftNote, SurveyedContainer } from '../../../src/rig/survey.ts';
import { aRig, noon } from '../../support/a-rig.ts';

const started = noon + 60 * minute;
const before = started - minute;
const running: RigState = { kind: 'running', since: before };
const stopped: RigState = { kind: 'stopped', since: before, reason: { kind: 'expired' } };

const rig = (change: Partial<Rig> = {}): Rig => aRig({ id: 'a', state: running, ...change });
const known = (change: Partial<Rig> = {}, version = 5): KnownRig => ({ rig: rig(change), version });

const birth = {
  name: 'demo',
  owner: { id: 'UANNA', name: 'anna' },
  lan: 'office',
  tag: 'latest',
  created: noon,
  cap: undefined,
  keyId: 'k',
};
const container = (change: Partial<SurveyedContainer<KnownRig>> = {}): SurveyedContainer<KnownRig> => ({
  rig: 'a',
  generation: 1,
  address: '10.0.0.10',
  state: 'running',
  madeAt: noon,
  birth,
  kept: undefined,
  ...change,
});
const note = (change: Partial<LeftNote<KnownRig>> = {}): LeftNote<KnownRig> => ({
  rig: 'a',
  generation: 1,
  ended: undefined,
  kept: known(),
  ...change,
});

type Case = {
  readonly containers?: readonly SurveyedContainer<KnownRig>[];
  readonly notes?: readonly LeftNote<KnownRig>[];
  readonly knows?: readonly KnownRig[];
  readonly facts?: Partial<ReconcileFacts<KnownRig>>;
};

const plan = ({ containers = [], notes = [], knows = [], facts }: Case): readonly ReconcileStep<KnownRig>[] =>
  planReconcile({
    survey: { v: 1, host: 'h1', started, containers, notes },
    known: new Map(knows.map((one) => [one.rig.id, one])),
    adopting: false,
    sightings: new Map(),
    grace: 2 * minute,
    now: started,
    ...facts,
  });
const kinds = (one: Case): string[] =>
  plan(one).map((step) => ('why' in step ? `${step.kind} ${step.why}` : step.kind));

const adopting = { adopting: true };
const ended = { reason: { kind: 'superseded' }, at: before } as const;
const seenBefore = { sightings: new Map([['a.1', started - 3 * minute]]) };

describe('a plan', () => {
  it.each<[string, string[], Case]>([
    ['nothing, where all is as it should be', [], { containers: [container()], knows: [known()] }],
    [
      'nothing about one that boots',
      [],
      {
        containers: [container({ state: 'created' })],
        knows: [known({ state: { kind: 'placed', since: before } })],
      },
    ],
    [
      'nothing about one that ended by itself: its worker says so',
      [],
      { containers: [container({ state: 'exited' })], knows: [known()] },
    ],

    [
      'takes in what only its host knows, with a note',
      ['adopt'],
      { containers: [container({ kept: known() })] },
    ],
    ['only watches one without a note', ['watch'], { containers: [container()] }],
    [
      'watches it on within the grace',
      ['watch'],
      { containers: [container()], facts: { sightings: new Map([['a.1', started - minute]]) } },
    ],
    [
      'watches it at its first survey, however long ago that was',
      ['watch'],
      { containers: [container()], facts: { now: started + 60 * minute } },
    ],
    [
      'removes it after a second survey and the grace',
      ['remove nobody-knows'],
      { containers: [container()], facts: seenBefore },
    ],
    ['takes it in by its labels after a loss', ['adopt'], { containers: [container()], facts: adopting }],
    [
      'removes nothing then, seen often or not',
      ['adopt'],
      { containers: [container()], facts: { ...adopting, ...seenBefore } },
    ],
    [
      'watches one with broken labels then',
      ['watch'],
      { containers: [container({ birth: undefined })], facts: { ...adopting, ...seenBefore } },
    ],

    [
      'removes what is over',
      ['remove ended'],
      { containers: [container()], knows: [known({ state: stopped })] },
    ],
    [
      'not where that was decided after the survey began',
      [],
      { containers: [container()], knows: [known({ state: { ...stopped, since: started } })] },
    ],
    [
      'not in an adoption',
      [],
      { containers: [container()], knows: [known({ state: stopped })], facts: adopting },
    ],
    [
      'removes an older container of one that runs',
      ['remove older-generation'],
      { containers: [container(), container({ generation: 2 })], knows: [known({ generation: 2 })] },
    ],
    [
      'leaves it to the launch of the newer one',
      [],
      {
        containers: [container()],
        knows: [known({ generation: 2, state: { kind: 'placed', since: before } })],
      },
    ],
    [
      'watches one of another host’s rigs',
      ['watch'],
      { containers: [container()], knows: [known({ host: 'h2' })] },
    ],
    [
      'whatever the case of the host’s name',
      [],
      { containers: [container()], knows: [known({ host: 'H1' })] },
    ],

    [
      'catches up with a later lease',
      ['catch-up'],
      {
        containers: [container({ kept: known({ lease: { end: 9, cap: 9, rev: 7 } }, 1) })],
        knows: [known()],
      },
    ],
    [
      'and with a later container',
      ['catch-up'],
      { containers: [container({ generation: 2, kept: known({ generation: 2 }, 1) })], knows: [known()] },
    ],
    [
      'and with a later change',
      ['catch-up'],
      { containers: [container({ kept: known({}, 6) })], knows: [known()] },
    ],
    [
      'in an adoption also with a later end alone: both may have gone on',
      ['catch-up'],
      {
        containers: [container({ kept: known({ lease: { end: 99, cap: undefined, rev: 1 } }, 4) })],
        knows: [known({ lease: { end: 90, cap: undefined, rev: 2 } })],
        facts: adopting,
      },
    ],
    [
      'or with one that has no end any more',
      ['catch-up'],
      {
        containers: [container({ kept: known({ lease: { end: undefined, cap: undefined, rev: 1 } }, 4) })],
        knows: [known()],
        facts: adopting,
      },
    ],
    ['not with an earlier one', [], { containers: [container({ kept: known({}, 4) })], knows: [known()] }],

    ['looks by id at what a survey lacks', ['look'], { knows: [known()] }],
    [
      'not where it has run only since',
      [],
      { knows: [known({ state: { kind: 'running', since: started } })] },
    ],
    [
      'not where it boots, stops or has crashed',
      [],
      { knows: [known({ state: { kind: 'placed', since: before } })] },
    ],
    [
      'also where only an older container is there',
      ['remove older-generation', 'look'],
      { containers: [container()], knows: [known({ generation: 2 })] },
    ],

    ['tells of an end that the registry lost', ['tell-end'], { notes: [note({ ended })] }],
    ['and of a container that is gone, after a loss', ['tell-end'], { notes: [note()], facts: adopting }],
    [
      'hears of an end that was never reported',
      ['record-end'],
      { notes: [note({ ended })], knows: [known({ state: { kind: 'placed', since: before } })] },
    ],
    [
      'once',
      [],
      {
        notes: [note({ ended })],
        knows: [
          known({
            state: {
              kind: 'crashed',
              since: before,
              crash: { reason: { kind: 'removed' }, tail: [] },
              until: started,
            },
          }),
        ],
      },
    ],
    [
      'not of an earlier container',
      [],
      {
        notes: [note({ ended })],
        knows: [known({ generation: 2, state: { kind: 'placed', since: before } })],
      },
    ],
    [
      'throws the note of one that is over away',
      ['forget'],
      { notes: [note()], knows: [known({ state: stopped })] },
    ],
    ['and a note that nobody knows, in the end', ['forget'], { notes: [note()], facts: seenBefore }],
  ])('%s', (_, expected, one) => {
    expect(kinds(one)).toEqual(expected);
  });

  it('says since when it has seen what nobody knows, so that the second time counts', () => {
    expect(plan({ containers: [container()] })).toEqual([
      { kind: 'watch', rig: 'a', generation: 1, since: started },
    ]);
  });

  it('asks after a restoration whether it is gone, not whether it died', () => {
    expect(plan({ knows: [known()], facts: adopting })).toMatchObject([{ kind: 'look', restored: true }]);
  });
});

describe('the breaker', () => {
  const removing = (count: number): ReconcileStep<KnownRig>[] =>
    Array.from(
      { length: count },
      (_, index) => ({ kind: 'remove', why: 'ended', rig: `r${index}`, generation: 1 }) as const,
    );
  const survey = (count: number) =>
    ({
      v: 1,
      host: 'h1',
      started,
      containers: Array.from({ length: count }, () => container()),
      notes: [],
    }) as const;

  it.each<[number, number, boolean]>([
    [2, 2, false],
    [3, 3, true],
    [3, 9, true],
    [3, 10, false],
    [4, 10, true],
    [30, 100, false],
    [31, 100, true],
  ])('%i of %i: %s', (would, of, trips) => {
    expect(tooMany(removing(would), survey(of))).toEqual(trips ? { would, of } : undefined);
  });
});
