// Random numbers that are the same again for the same seed: mulberry32.

export type Random = {
  /** 0 ≤ x < 1 */
  readonly next: () => number;
  /** 0 ≤ n < below */
  readonly below: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  /** `undefined` of an empty list only. */
  readonly pick: <T>(list: readonly T[]) => T | undefined;
};

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(Math.max(1, list.length))],
  };
};
