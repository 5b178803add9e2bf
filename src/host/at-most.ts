// Works through a list, a few at a time.

/** What came of each, in the order of the list. `work` deals with its own faults: one that throws fails the whole. */
export const atMost = async <Item, Result>(
  many: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(many, items.length) }, lane));
  return results;
};
