// A fact that may not be there to be seen: no right to look, a program that is not installed, an engine that is away.

export type Looked<T> =
  | { readonly kind: 'seen'; readonly value: T }
  /** `why`: one line. */
  | { readonly kind: 'unseen'; readonly why: string };

export const seen = <T>(value: T): Looked<T> => ({ kind: 'seen', value });

export const unseen = (why: string): Looked<never> => ({ kind: 'unseen', why });

/** Whatever the look throws is why it was not seen. */
export const look = async <T>(work: () => Promise<T>): Promise<Looked<T>> => {
  try {
    return seen(await work());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unseen(why.trim().split('\n', 1)[0] ?? '');
  }
};
