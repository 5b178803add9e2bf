// The steps that stories are made of, as data: what happens, how far things go on by themselves afterwards, and the seed of
// every choice within the step. So a story can be written down, played again, and made shorter.

import { type Duration, hour, minute, second } from '../../src/rig/duration.ts';
import type { Random } from './random.ts';
import { type Pass, passNames } from './story-bot.ts';

export type Use = 'streams' | 'idle' | 'unknown';

export type HostTrouble = 'address in use' | 'no space' | 'image gone' | 'image back';

export type Act =
  /** `{rig}`: a living rig's name, or one that there might be; `{who}`: somebody is mentioned. */
  | { readonly kind: 'type'; readonly text: string }
  /** `newest`: of the last few; otherwise any button that was ever shown. */
  | { readonly kind: 'press'; readonly newest: boolean }
  /** A delivery of the last minutes comes once more. */
  | { readonly kind: 'again' }
  /** `watched`: in strides, with everybody at their work; otherwise at once, with nobody there. */
  | { readonly kind: 'pass'; readonly length: Duration; readonly watched: boolean }
  /** `both`: two bots at the same time. */
  | { readonly kind: 'sweep'; readonly pass: Pass; readonly both: boolean }
  | { readonly kind: 'watch'; readonly what: 'look' | 'lookAtUse' }
  | { readonly kind: 'use'; readonly use: Use }
  | { readonly kind: 'container'; readonly fate: 'dies' | 'out of memory' | 'removed by hand' | 'never up' }
  | { readonly kind: 'trouble'; readonly what: HostTrouble }
  /** A process' next call fails: it is not made, or its answer is lost. */
  | { readonly kind: 'lose'; readonly of: 'redis' | 'queue' | 'docker' | 'slack'; readonly made: boolean }
  | { readonly kind: 'slack says'; readonly what: 'later' | 'never' }
  | { readonly kind: 'double report' }
  | { readonly kind: 'crash'; readonly what: 'bot' | 'worker' }
  /** Its machine is paused for a while. */
  | { readonly kind: 'freeze' }
  | { readonly kind: 'wake up' }
  /** A worker freezes when it is about to make or start a container, and somebody stops the rig. */
  | { readonly kind: 'late start' }
  /** A worker is told to end, and does. */
  | { readonly kind: 'end' }
  | { readonly kind: 'start' }
  | { readonly kind: 'reports'; readonly areHeldUp: boolean }
  /** A lease ends while somebody asks for something. */
  | { readonly kind: 'race'; readonly text: string }
  | { readonly kind: 'nothing' };

export type Step = {
  readonly act: Act;
  /** Calls and moves that are let through afterwards. */
  readonly turns: number;
  readonly seed: number;
};

type Weighted<T> = readonly (readonly [weight: number, value: T])[];

const choose = <T>(random: Random, list: Weighted<T>): T => {
  const total = list.reduce((sum, [weight]) => sum + weight, 0);
  let left = random.next() * total;
  for (const [weight, value] of list) {
    left -= weight;
    if (left < 0) return value;
  }
  const [last] = list.slice(-1);
  if (!last) throw new Error('nothing to choose from');
  return last[1];
};

const lengths = ['20m', '40m', '1h', '3h', '20h'] as const;
const times = ['18:00', '20:30', 'tomorrow 9:00', 'noon'] as const;
const asked: Weighted<(random: Random) => string> = [
  [20, (random) => `up ${random.chance(0.7) ? '{name}' : ''}${withEnd(random)}${withWishes(random)}`],
  [4, () => 'down {rig}'],
  [1, () => 'down all'],
  [1, () => 'down'],
  [8, (random) => `extend {rig} by ${random.pick(lengths)}`],
  [4, (random) => `extend {rig} until ${random.pick(times)}`],
  [2, () => 'keep {rig}'],
  [6, (random) => `restart {rig}${tag(random)}`],
  [3, () => 'share {rig} {who}'],
  [4, () => 'give {rig} {who}'],
  [2, () => 'password {rig}'],
  [2, () => 'logs {rig}'],
  [1, () => 'show {rig}'],
  [1, () => 'history {rig}'],
  [1, (random) => random.pick(['list', 'help', '', 'up for', 'dwon {rig}', 'extend {rig} 3']) ?? ''],
];

const withEnd = (random: Random): string =>
  choose(random, [
    [3, ''],
    [5, ` for ${random.pick(lengths)}`],
    [1, ` until ${random.pick(times)}`],
  ]);
const tag = (random: Random): string =>
  choose(random, [
    [5, ''],
    [1, ' tag 5.2'],
    [1, ' tag broken'],
    [1, ' tag none'],
  ]);
const withWishes = (random: Random): string =>
  `${choose(random, [
    [4, ''],
    [1, ' on h1'],
    [1, ' on h2'],
    [1, ' on h3'],
  ])}${tag(random)}${random.chance(0.1) ? ' quietly' : ''}`;

const passes: Weighted<Duration> = [
  [6, 6 * second],
  [4, minute],
  [5, 5 * minute],
  [6, 20 * minute],
  [4, hour],
  [1, 4 * hour],
];

const hostTroubles: Weighted<HostTrouble> = [
  [3, 'address in use'],
  [3, 'no space'],
  [1, 'image gone'],
  [2, 'image back'],
];

const acts: Weighted<(random: Random) => Act> = [
  [44, (random) => ({ kind: 'type', text: choose(random, asked)(random) })],
  [10, (random) => ({ kind: 'press', newest: random.chance(0.7) })],
  [3, () => ({ kind: 'again' })],
  [14, (random) => ({ kind: 'pass', length: choose(random, passes), watched: random.chance(0.85) })],
  [8, (random) => ({ kind: 'sweep', pass: random.pick(passNames) ?? 'leases', both: random.chance(0.5) })],
  [4, (random) => ({ kind: 'watch', what: random.chance(0.7) ? 'look' : 'lookAtUse' })],
  [5, (random) => ({ kind: 'use', use: random.pick(['streams', 'idle', 'unknown'] as const) ?? 'idle' })],
  [
    5,
    (random) => ({
      kind: 'container',
      fate: random.pick(['dies', 'out of memory', 'removed by hand', 'never up'] as const) ?? 'dies',
    }),
  ],
  [
    2,
    (random) => ({
      kind: 'trouble',
      what: choose(random, hostTroubles),
    }),
  ],
  [
    5,
    (random) => ({
      kind: 'lose',
      of: random.pick(['redis', 'redis', 'queue', 'docker', 'slack'] as const) ?? 'redis',
      made: random.chance(0.5),
    }),
  ],
  [2, (random) => ({ kind: 'slack says', what: random.chance(0.7) ? 'later' : 'never' })],
  [2, () => ({ kind: 'double report' })],
  [5, (random) => ({ kind: 'crash', what: random.chance(0.5) ? 'bot' : 'worker' })],
  [3, () => ({ kind: 'freeze' })],
  [3, () => ({ kind: 'late start' })],
  [4, () => ({ kind: 'wake up' })],
  [1, () => ({ kind: 'end' })],
  [12, () => ({ kind: 'start' })],
  [4, (random) => ({ kind: 'reports', areHeldUp: random.chance(0.35) })],
  [
    8,
    (random) => ({
      kind: 'race',
      text:
        random.pick([
          'extend {rig} by 1h',
          'extend {rig} by 20m',
          'restart {rig}',
          'give {rig} {who}',
        ] as const) ?? '',
    }),
  ],
  [4, () => ({ kind: 'nothing' })],
];

/** Mostly a few turns, so that much is under way at the same time; now and then until nothing moves any more. */
const turns: Weighted<number> = [
  [4, 0],
  [6, 3],
  [6, 10],
  [6, 30],
  [4, 200],
];

export const drawStep = (random: Random): Step => ({
  act: choose(random, acts)(random),
  turns: random.below(1 + choose(random, turns)),
  seed: random.below(2 ** 31),
});

export const drawSteps = (random: Random, count: number): readonly Step[] =>
  Array.from({ length: count }, () => drawStep(random));
