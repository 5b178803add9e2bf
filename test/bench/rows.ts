// What a benchmark says: rows with what was wanted beside what was measured, for people and for programs.

export type Row = {
  readonly what: string;
  /** `ms`, `MB`, `ratio`, … */
  readonly unit: string;
  readonly value: number;
  /** `at most 1.3`; `null` where the figure is only shown. */
  readonly wanted: string | null;
  readonly holds: boolean | null;
};

export type Result = {
  readonly name: string;
  readonly machine: string;
  readonly rows: readonly Row[];
};

/** What a figure has to be. `below` and `atMost` differ where it is met exactly. */
export type Wish =
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'atMost'; readonly limit: number }
  | { readonly kind: 'atLeast'; readonly limit: number };

export const below = (limit: number): Wish => ({ kind: 'below', limit });
export const atMost = (limit: number): Wish => ({ kind: 'atMost', limit });
export const atLeast = (limit: number): Wish => ({ kind: 'atLeast', limit });

const wording = { below: 'below', atMost: 'at most', atLeast: 'at least' } as const;

const isMet = ({ kind, limit }: Wish, value: number): boolean => {
  switch (kind) {
    case 'below':
      return value < limit;
    case 'atMost':
      return value <= limit;
    case 'atLeast':
      return value >= limit;
  }
};

/** Whether it holds is decided on the figure as measured, and only then it is rounded: 1.304 is not 1.3. */
export const row = (what: string, unit: string, measured: number, wish?: Wish): Row => {
  const value = Number(measured.toFixed(unit === 'ratio' ? 3 : 1));
  if (!wish) return { what, unit, value, wanted: null, holds: null };
  return { what, unit, value, wanted: `${wording[wish.kind]} ${wish.limit}`, holds: isMet(wish, measured) };
};

/** The value below which `share` (0 to 1) of the others lie, between two neighbours where need be. Throws for none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const place = share * (sorted.length - 1);
  const lower = sorted[Math.floor(place)];
  const upper = sorted[Math.ceil(place)];
  if (lower === undefined || upper === undefined) throw new Error('there is nothing to take a quantile of');
  return lower + (upper - lower) * (place - Math.floor(place));
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

const verdict = ({ holds }: Row): string => {
  if (holds === null) return '';
  return holds ? 'holds' : 'DOES NOT HOLD';
};

/** Columns with spaces between them, a heading above. */
export const formatTable = ({ name, machine, rows }: Result): string => {
  const cells = [
    ['what', 'measured', 'unit', 'wanted', ''],
    ...rows.map((one) => [one.what, String(one.value), one.unit, one.wanted ?? '', verdict(one)]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) =>
        column === 1 ? cell.padStart(widths?.[1] ?? 0) : cell.padEnd(widths?.[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${name} on ${machine}\n\n${lines.join('\n')}\n`;
};
