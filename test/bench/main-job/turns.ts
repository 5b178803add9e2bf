// Measures both sides in turn: one by one, and many at once.

import { setTimeout as delay } from 'node:timers/promises';
import { startedAt } from '../engine-watch.ts';
import type { Begun, Ended, Side } from './sides.ts';

export type Sides = { readonly rig: Side; readonly docker: Side };
type Key = keyof Sides;

export type Figures = { readonly took: number[]; readonly callTook: number[] };
export type Compared = Readonly<Record<Key, Figures>>;

const none = (): Compared => ({
  rig: { took: [], callTook: [] },
  docker: { took: [], callTook: [] },
});

/** Who begins changes from round to round. */
const order = (round: number): readonly Key[] => (round % 2 === 0 ? ['rig', 'docker'] : ['docker', 'rig']);

// What a finished command leaves behind (edited cards, the engine's own clearing up) is not part of the next one.
const quiet = (): Promise<void> => delay(300);

/** Pairs, one container at a time. `up`: to State.StartedAt; `down`: to the engine's word that it is gone. */
export const measurePairs = async (
  sides: Sides,
  dockerHost: string,
  pairs: number,
  onRound: (round: number) => void,
): Promise<{ readonly up: Compared; readonly down: Compared }> => {
  const up = none();
  const down = none();
  for (let round = 0; round < pairs; round += 1) {
    const running: { readonly key: Key; readonly name: string; readonly container: string }[] = [];
    for (const key of order(round)) {
      const name = `pair-${round}-${key}`;
      await quiet();
      const begun = await sides[key].up(name);
      await sides[key].booted(name, begun.container);
      keep(up[key], await startedAt(dockerHost, begun.container), begun);
      running.push({ key, name, container: begun.container });
    }
    for (const { key, name, container } of running) {
      await quiet();
      const ended = await sides[key].down(name, container);
      keep(down[key], ended.gone, ended);
    }
    onRound(round);
  }
  return { up, down };
};

const keep = (figures: Figures, at: number, { sent, callTook }: Begun | Ended): void => {
  figures.took.push(at - sent);
  figures.callTook.push(callTook);
};

/** Until the last of `many` has started, counted from the first command. */
export const measureBursts = async (
  sides: Sides,
  dockerHost: string,
  { rounds, many }: { readonly rounds: number; readonly many: number },
  onRound: (round: number) => void,
): Promise<Readonly<Record<Key, readonly number[]>>> => {
  const took: Record<Key, number[]> = { rig: [], docker: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const key of order(round)) {
      const side = sides[key];
      const names = Array.from({ length: many }, (_, index) => `burst-${round}-${key}-${index}`);
      await quiet();
      const begun = await Promise.all(names.map(async (name) => ({ name, ...(await side.up(name)) })));
      await Promise.all(begun.map(({ name, container }) => side.booted(name, container)));
      const started = await Promise.all(begun.map(({ container }) => startedAt(dockerHost, container)));
      took[key].push(Math.max(...started) - Math.min(...begun.map(({ sent }) => sent)));
      await Promise.all(begun.map(({ name, container }) => side.down(name, container)));
    }
    onRound(round);
  }
  return took;
};
