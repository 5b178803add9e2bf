// The JVM's options, as WCS's start script reads them from `wcs-core.properties`: each line that begins with a dash, several on
// a line if they like, and nothing of what is quoted. Lines under `### SERVER OPTIONS ###` are not the JVM's.

import { lineEndOf } from './properties.ts';

const serverHeading = '### SERVER OPTIONS ###';
const jvmHeading = '### JVM OPTIONS ###';

/** Two names of the same thing: the JVM takes the one that it reads last. */
const sameAs: Readonly<Record<string, string>> = {
  '-XX:MaxHeapSize': '-Xmx',
  '-XX:InitialHeapSize': '-Xms',
};

/** What an option is about: of two about the same one only one can count. */
export const subjectOf = (option: string): string => {
  const [name = option] =
    /^-X(?:mx|ms|mn|ss)/.exec(option) ?? /^-D[^=]+/.exec(option) ?? /^-X(?:loggc)(?=:)/.exec(option) ?? [];
  const [, flag] = /^-XX:[+-]?([A-Za-z0-9]+)/.exec(option) ?? [];
  const subject = flag === undefined ? name : `-XX:${flag}`;
  return sameAs[subject] ?? subject;
};

/** Of two about the same the later one; the order is that of the first. */
export const withoutRepeats = (options: readonly string[]): readonly string[] => [
  ...new Map(options.map((option) => [subjectOf(option), option])).values(),
];

/** The options of a file. */
export const readOptions = (text: string): readonly string[] =>
  text
    .split(/[\r\n]+/)
    .filter(isOptionLine)
    .flatMap((line) => line.trim().split(/\s+/));

const isOptionLine = (line: string): boolean => line.trimStart().startsWith('-');

/** Each option comes in the place of one that is about the same, or at the end; every other character stays. */
export const setOptions = (text: string, options: readonly string[]): string => {
  const wanted = new Map(options.map((option) => [subjectOf(option), option]));
  const there = new Set(readOptions(text).map(subjectOf));
  const changed = text.replaceAll(/[^\r\n]+/g, (line) =>
    isOptionLine(line) ? line.replaceAll(/\S+/g, (option) => wanted.get(subjectOf(option)) ?? option) : line,
  );
  const missing = [...wanted].flatMap(([subject, option]) => (there.has(subject) ? [] : [option]));
  return missing.length === 0 ? changed : append(changed, missing);
};

const append = (text: string, options: readonly string[]): string => {
  const lineEnd = lineEndOf(text);
  const glue = text === '' || /[\r\n]$/.test(text) ? '' : lineEnd;
  const headings = text.split(/[\r\n]+/).map((line) => line.trim());
  const isOfServer = headings.lastIndexOf(serverHeading) > headings.lastIndexOf(jvmHeading);
  const lines = isOfServer ? [jvmHeading, ...options] : options;
  return text + glue + lines.map((line) => line + lineEnd).join('');
};

// ── the heap ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Heap =
  | { readonly kind: 'options'; readonly options: readonly string[] }
  /** The rest of a sentence about them. */
  | { readonly kind: 'fault'; readonly fault: string };

const mebibyte = 2 ** 20;
const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: mebibyte, g: 2 ** 30, t: 2 ** 40 };

const inParts = /^-XX:(Max|Min|Initial)RAM(Percentage|Fraction)\b/;

/**
 * With a heap for a container of this size, where they do not say another: half of it, as WCS's makers advise at least. The rest
 * is for what the JVM and WCS's own libraries have outside of the heap. It begins as large as it may become.
 */
export const withHeap = (options: readonly string[], memoryBytes: number): Heap => {
  if (options.some((option) => inParts.test(option))) {
    return fault(
      'says the heap in parts of the memory, which counts for nothing beside `-Xmx`; write `-Xmx`',
    );
  }
  const half = `${Math.ceil(memoryBytes / 2 / mebibyte)}m`;
  const given = sizeAbout('-Xmx', options);
  const most = given ?? half;
  const first = sizeAbout('-Xms', options);
  const [mostBytes, firstBytes] = [bytesOf(most), bytesOf(first ?? most)];
  if (mostBytes === undefined || firstBytes === undefined) {
    return fault('has a heap without a size; write `-Xmx1g`, say');
  }
  if (mostBytes >= memoryBytes) {
    const limit = `${Math.floor(memoryBytes / mebibyte)}m`;
    return fault(
      `has a heap that takes all the memory of a rig (${limit}); write less, say \`-Xmx${half}\`, or more in WCS_RIG_MEMORY`,
    );
  }
  if (firstBytes > mostBytes) {
    return fault('has a heap that begins larger (`-Xms`) than it may become; write less, or a larger `-Xmx`');
  }
  const added = [
    ...(given === undefined ? [`-Xmx${most}`] : []),
    ...(first === undefined ? [`-Xms${most}`] : []),
  ];
  return { kind: 'options', options: [...options, ...added] };
};

const fault = (text: string): Heap => ({ kind: 'fault', fault: text });

/** `1g` of `-Xmx1g` and of `-XX:MaxHeapSize=1g`. */
const sizeAbout = (subject: string, options: readonly string[]): string | undefined =>
  options.findLast((option) => subjectOf(option) === subject)?.replace(/^-(Xm[xs]|XX:\w+=?)/, '');

const bytesOf = (size: string): number | undefined => {
  const [, count, unit = ''] = /^(\d{1,15})([kmgt]?)$/i.exec(size) ?? [];
  return count === undefined ? undefined : Number(count) * (units[unit.toLowerCase()] ?? 1);
};
