// PURE: reads WCS's own statistics, `key=value` lines under dashed headers. Sections differ between builds, so that keys
// count wherever they stand; a value that is no number (a list of streams, a version) is not taken.

const row = /^\s*([a-z]\w{0,99})\s*=\s*(-?\d{1,15}(?:\.\d{1,9})?)\s*$/i;

/** `undefined` if nothing in the text is such a line: an error page, say. */
export const parseStatistics = (text: string): ReadonlyMap<string, number> | undefined => {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, key, value] = row.exec(line) ?? [];
    if (key !== undefined) found.set(key, Number(value));
  }
  return found.size === 0 ? undefined : found;
};
