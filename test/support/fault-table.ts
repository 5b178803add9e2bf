// What `npm run faults` takes and prints: which faults, and a table or JSON of how they came out.

import { z } from 'zod';

/** One test's outcome. A fault of several kinds has several. */
export const faultLine = z.object({
  id: z.string(),
  title: z.string(),
  held: z.boolean(),
  seconds: z.number(),
  said: z.array(z.string()).readonly(),
});
export type FaultLine = z.infer<typeof faultLine>;

export type FaultRow = {
  readonly id: string;
  readonly titles: readonly string[];
  readonly held: boolean;
  /** Of the slowest one. */
  readonly seconds: number;
  readonly said: readonly string[];
};

export type Wanted =
  | {
      readonly kind: 'ok';
      readonly ids: readonly string[];
      readonly asJson: boolean;
      readonly inRealTime: boolean;
    }
  | { readonly kind: 'wrong'; readonly sentence: string };

/** `known`: the faults that there are tests for. Without a number all of them. */
export const readWanted = (words: readonly string[], known: readonly string[]): Wanted => {
  const options = words.filter((word) => word.startsWith('-'));
  const unknown = options.find((word) => word !== '--json' && word !== '--real-time');
  if (unknown !== undefined) {
    return { kind: 'wrong', sentence: `${unknown} is not an option; there are --json and --real-time` };
  }
  const ids = words.filter((word) => !word.startsWith('-')).map((word) => word.toUpperCase());
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    return { kind: 'wrong', sentence: `${stranger} is not a fault; there are ${known.join(', ')}` };
  }
  return {
    kind: 'ok',
    ids: ids.length === 0 ? known : [...new Set(ids)].toSorted(),
    asJson: options.includes('--json'),
    inRealTime: options.includes('--real-time'),
  };
};

/** One that left no line has not held: its test did not get that far. `titles`: as the tests are named. */
export const rowsOf = (
  ids: readonly string[],
  lines: readonly FaultLine[],
  titles: ReadonlyMap<string, readonly string[]>,
): readonly FaultRow[] =>
  ids.map((id) => {
    const own = lines.filter((line) => line.id === id);
    const wanted = titles.get(id) ?? [];
    return {
      id,
      titles: wanted,
      held: own.length >= Math.max(1, wanted.length) && own.every(({ held }) => held),
      seconds: Math.max(0, ...own.map(({ seconds }) => seconds)),
      said: [...new Set(own.flatMap(({ said }) => said))],
    };
  });

export const asJson = (rows: readonly FaultRow[]): string =>
  JSON.stringify(rows.map(({ id, held, seconds, said }) => ({ id, held, seconds, said })));

/** As wide as a terminal mostly is. */
const width = 100;
const most = 12;

const inOneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
};

export const asTable = (rows: readonly FaultRow[]): string =>
  rows
    .map(({ id, titles, held, seconds, said }) => {
      const [first = '', ...others] = titles;
      const head = `${held ? '✔' : '✘'} ${id} ${seconds.toFixed(1).padStart(6)} s  ${first}`;
      const rest = said.length > most ? [`and ${said.length - most} more`] : [];
      const lines = [...others, ...said.slice(0, most).map((text) => `“${inOneLine(text)}”`), ...rest];
      return [head, ...lines.map((line) => `${' '.repeat(16)}${line}`)].join('\n');
    })
    .join('\n');
