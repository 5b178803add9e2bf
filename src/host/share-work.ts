// Work that many wait for is done once: whoever comes while it is under way joins it, and the last one who leaves ends it.

export type SharedWork<Result, Word> = {
  /** `work` is begun only where none is under way under this key. Rejects with the signal's reason when that aborts. */
  readonly join: (
    key: string,
    work: (signal: AbortSignal, say: (word: Word) => void) => Promise<Result>,
    me: { readonly signal: AbortSignal; readonly onWord: (word: Word) => void },
  ) => Promise<Result>;
};

type Underway<Result, Word> = {
  readonly outcome: Promise<Result>;
  readonly waiting: Set<{ readonly onWord: (word: Word) => void }>;
  readonly abort: () => void;
};

export const createSharedWork = <Result, Word>(): SharedWork<Result, Word> => {
  const underway = new Map<string, Underway<Result, Word>>();

  const begin: (
    key: string,
    work: Parameters<SharedWork<Result, Word>['join']>[1],
  ) => Underway<Result, Word> = (key, work) => {
    const controller = new AbortController();
    const waiting: Underway<Result, Word>['waiting'] = new Set();
    const say = (word: Word): void => {
      for (const { onWord } of waiting) onWord(word);
    };
    const forget = (): void => {
      if (underway.get(key) === current) underway.delete(key);
    };
    const outcome = work(controller.signal, say).finally(forget);
    // Those who left do not hear how it ended.
    outcome.catch(() => undefined);
    const current = {
      outcome,
      waiting,
      abort: () => {
        // At once: what is being given up must not be joined any more.
        forget();
        controller.abort();
      },
    };
    underway.set(key, current);
    return current;
  };

  return {
    join: async (key, work, { signal, onWord }) => {
      signal.throwIfAborted();
      const current = underway.get(key) ?? begin(key, work);
      const me = { onWord };
      current.waiting.add(me);
      try {
        return await unlessAborted(current.outcome, signal);
      } finally {
        current.waiting.delete(me);
        if (current.waiting.size === 0) current.abort();
      }
    },
  };
};

const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
