// A Java properties file as text: what it says, and the same file with some keys set and every other character as it was. The
// text has one character a byte (Latin-1), which is how Java reads such files and what survives in all others.

export type Settings = ReadonlyMap<string, string>;

type Entry = {
  readonly key: string;
  readonly value: string;
  /** What stands from here to `end` says the value; `separated`: after a sign that says so, and not only after a space. */
  readonly from: number;
  readonly end: number;
  readonly separated: boolean;
};

/** How the last line ends: as a line does, without an end of its own, or in a backslash that would take the next one in. */
type Ending = 'ended' | 'open' | 'continued';

/** Of a key that stands several times the last one counts, as in Java. */
export const readProperties = (text: string): Settings =>
  new Map(scan(text).entries.map(({ key, value }) => [key, value]));

/** Sets a key wherever it stands, so that it does not matter which one counts; what does not stand there is put at the end. */
export const setProperties = (text: string, wanted: Settings): string => {
  const { entries, ending } = scan(text);
  const parts: string[] = [];
  let at = 0;
  for (const { key, value, from, end, separated } of entries) {
    const set = wanted.get(key);
    if (set === undefined || set === value) continue;
    parts.push(text.slice(at, from), separated ? '' : '=', escapeValue(set));
    at = end;
  }
  const there = new Set(entries.map(({ key }) => key));
  const missing = [...wanted].filter(([key]) => !there.has(key));
  const changed = parts.join('') + text.slice(at);
  if (missing.length === 0) return changed;
  const lineEnd = lineEndOf(text);
  const lines = missing.map(([key, value]) => `${escapeKey(key)}=${escapeValue(value)}${lineEnd}`);
  // A line whose value was set ends as what was set does.
  const glue = { ended: '', open: lineEnd, continued: at === text.length ? lineEnd : lineEnd.repeat(2) };
  return changed + glue[ending] + lines.join('');
};

/** As the line before has it: any other might make one of two. */
export const lineEndOf = (text: string): string => text.match(/\r\n|\n|\r/g)?.at(-1) ?? '\n';

// ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const isSpace = (sign: string | undefined): boolean => sign === ' ' || sign === '\t' || sign === '\f';
const isLineEnd = (sign: string | undefined): boolean => sign === '\n' || sign === '\r';
const isSeparator = (sign: string | undefined): boolean => sign === '=' || sign === ':';

const scan = (text: string): { readonly entries: readonly Entry[]; readonly ending: Ending } => {
  const entries: Entry[] = [];
  let ending: Ending = text === '' || isLineEnd(text.at(-1)) ? 'ended' : 'open';
  let at = 0;
  while (at < text.length) {
    if (isSpace(text[at]) || isLineEnd(text[at])) at += 1;
    else if (text[at] === '#' || text[at] === '!') at = endOfComment(text, at);
    else {
      const { signs, end, isCutOff } = readLine(text, at);
      if (signs.length > 0) entries.push(entryOf(signs, end));
      if (end === text.length) ending = isCutOff ? 'continued' : 'open';
      at = end;
    }
  }
  return { entries, ending };
};

const endOfComment = (text: string, from: number): number => {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
};

/** One sign of a line, with its escape undone; `to`: behind it in the text. */
type Sign = {
  readonly sign: string;
  readonly isEscaped: boolean;
  readonly from: number;
  readonly to: number;
};

/** A line with all those that go on with it, without what joins them. `isCutOff`: a backslash is the last of the text. */
const readLine = (text: string, start: number) => {
  const signs: Sign[] = [];
  let at = start;
  while (at < text.length && !isLineEnd(text[at])) {
    if (text[at] !== '\\') {
      signs.push({ sign: text[at] ?? '', isEscaped: false, from: at, to: at + 1 });
      at += 1;
      continue;
    }
    if (at + 1 === text.length) return { signs, end: text.length, isCutOff: true };
    if (isLineEnd(text[at + 1])) {
      at = startOfNext(text, at + 1);
      continue;
    }
    const escaped = readEscape(text, at);
    signs.push(escaped);
    at = escaped.to;
  }
  return { signs, end: at, isCutOff: false };
};

const startOfNext = (text: string, lineEnd: number): number => {
  let at = lineEnd + (text.startsWith('\r\n', lineEnd) ? 2 : 1);
  while (isSpace(text[at])) at += 1;
  return at;
};

const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const readEscape = (text: string, from: number): Sign => {
  const code = /^\\u([0-9a-fA-F]{4})/.exec(text.slice(from, from + 6))?.[1];
  if (code !== undefined) {
    return { sign: String.fromCharCode(Number.parseInt(code, 16)), isEscaped: true, from, to: from + 6 };
  }
  const sign = text[from + 1] ?? '';
  return { sign: named[sign] ?? sign, isEscaped: true, from, to: from + 2 };
};

const entryOf = (signs: readonly Sign[], end: number): Entry => {
  const plain = (index: number): string | undefined =>
    signs[index]?.isEscaped === true ? undefined : signs[index]?.sign;
  const textOf = (some: readonly Sign[]): string => some.map(({ sign }) => sign).join('');
  let index = 0;
  while (index < signs.length && !isSpace(plain(index)) && !isSeparator(plain(index))) index += 1;
  const key = textOf(signs.slice(0, index));
  const afterKey = signs[index - 1]?.to ?? signs[0]?.from ?? end;
  while (isSpace(plain(index))) index += 1;
  const separated = isSeparator(plain(index));
  if (separated) index += 1;
  while (isSpace(plain(index))) index += 1;
  const value = textOf(signs.slice(index));
  if (!separated) return { key, value, from: afterKey, end, separated };
  // Before what joins lines, if something does: half of it must not be left.
  return { key, value, from: signs[index - 1]?.to ?? end, end, separated };
};

// ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const shortNames: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' };

/** What Java reads as this text, in plain ASCII. */
const escapeText = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll(/[^ -~]/g, (sign) => shortNames[sign] ?? `\\u${hex(sign)}`);

const hex = (sign: string): string => sign.charCodeAt(0).toString(16).padStart(4, '0');

const escapeValue = (value: string): string => escapeText(value).replace(/^ /, '\\ ');

const escapeKey = (key: string): string => escapeText(key).replaceAll(/[ =:#!]/g, (sign) => `\\${sign}`);
