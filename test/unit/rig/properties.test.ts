// Settings in a properties file: set where they stand or put at the end, and nothing else is touched. What a file says is read
// here once more, in another way: lines joined first, then cut by one pattern. A failure prints its seed; FC_SEED runs it again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readProperties, setProperties } from '../../../src/rig/properties.ts';

const set = (text: string, wanted: Readonly<Record<string, string>>): string =>
  setProperties(text, new Map(Object.entries(wanted)));

describe('a setting', () => {
  it.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['stands as it did', 'a=1\nb=2\n', { a: '9' }, 'a=9\nb=2\n'],
    [
      'keeps the spaces around its sign',
      'ip =10.0.0.1\n x : 2\n',
      { ip: '::1', x: '3' },
      'ip =::1\n x : 3\n',
    ],
    ['that only a space parts gets a sign', 'a  1\nb\n', { a: '=2', b: '3' }, 'a==2\nb=3\n'],
    ['is set wherever it stands', 'a=1\n#a=7\na = 2', { a: '3' }, 'a=3\n#a=7\na = 3'],
    ['in a comment is none', '#a=1\n  ! a=2\n', { a: '3' }, '#a=1\n  ! a=2\na=3\n'],
    [
      'that has this value already is left as it was written',
      'a = \\u0031\\\n  2\n',
      { a: '12' },
      'a = \\u0031\\\n  2\n',
    ],
    ['over several lines is one', 'a=1,\\\r\n  2\r\nb=3\r\n', { a: '4' }, 'a=4\r\nb=3\r\n'],
    ['after a join comes in its place', 'a= \\\n  1\nb=2\n', { a: '4' }, 'a= 4\nb=2\n'],
    ['leaves no half of a join', 'a=\\\r1\nb=2\n', { a: '' }, 'a=\nb=2\n'],
    ['may be made empty', 'a=1\n', { a: '' }, 'a=\n'],
    ['that is missing comes at the end', 'a=1\n\n', { b: '2', c: '3' }, 'a=1\n\nb=2\nc=3\n'],
    ['comes with the ends that lines have there', 'a=1\r\n', { b: '2' }, 'a=1\r\nb=2\r\n'],
    ['comes on a line of its own', '# end', { b: '2' }, '# end\nb=2\n'],
    ['is not taken in by a backslash before it', 'a=1\\', { b: '2' }, 'a=1\\\n\nb=2\n'],
    ['nor is a line end taken for half of another', 'b=1\na\\\r', { c: '2' }, 'b=1\na\\\r\rc=2\r'],
    ['nor by a join before it', 'a=1\\\n', { b: '2' }, 'a=1\\\n\nb=2\n'],
    ['is all there is', '', { b: '2' }, 'b=2\n'],
    [
      'is written so that Java reads it',
      '',
      { 'a b': ' C:\\x\té😀#' },
      'a\\ b=\\ C:\\\\x\\t\\u00e9\\ud83d\\ude00#\n',
    ],
  ])('%s', (_, text, wanted, expected) => {
    expect(set(text, wanted)).toBe(expected);
    for (const [key, value] of Object.entries(wanted)) expect(readProperties(expected).get(key)).toBe(value);
  });

  it('of a key that stands twice is the last one', () => {
    expect(readProperties('a=1\na=2\n').get('a')).toBe('2');
  });
});

// ── the other reading ───────────────────────────────────────────────────────────────────────────────────────────────

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code?: string, sign = '') => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return { t: '\t', n: '\n', r: '\r', f: '\f' }[String(sign)] ?? String(sign);
  });

const loaded = (text: string): Map<string, string> => {
  const lines: string[] = [];
  let isOpen = false;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (!isOpen && (line === '' || /^[#!]/.test(line))) continue;
    const goesOn = /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
    const body = goesOn ? line.slice(0, -1) : line;
    lines.push((isOpen ? (lines.pop() ?? '') : '') + body);
    isOpen = goesOn;
  }
  const pairs = lines
    .filter((line) => line !== '')
    .map((line): [string, string] => {
      const [, key = '', value = ''] =
        /^((?:\\.|[^\\ \t\f=:])*)(?:[ \t\f]*[=:])?[ \t\f]*(.*)$/s.exec(line) ?? [];
      return [unescaped(key), unescaped(value)];
    });
  return new Map(pairs);
};

// ── files and settings as they come ─────────────────────────────────────────────────────────────────────────────────

const keyNames = [
  'a',
  'ip',
  'ip_local',
  'media_port_from',
  'wss.keystore.password',
  'a b',
  'é',
  '#k',
  '',
] as const;
const keys = fc.constantFrom(...keyNames.filter((key) => key !== ''));
const values = fc.oneof(
  fc.constantFrom(
    '',
    '31001',
    'opus,alaw',
    ' led by a space',
    'ends in \\',
    'C:\\x\\y',
    'a=b:c',
    '😀',
    '\u00ff',
    '#!',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const wantedSettings = fc.array(fc.tuple(keys, values), { maxLength: 5 }).map((pairs) => new Map(pairs));

/** Anything at all, of the signs that matter, so that lines join, end and begin in every way. */
const anyText = fc.string({
  unit: fc.constantFrom('a', 'i', 'p', '=', ':', ' ', '\t', '\\', '\n', '\r', '#', '!', 'u', '0', '\f'),
  maxLength: 40,
});

type Piece = { readonly key: string | undefined; readonly before: string; readonly value: string };
const lead = fc.constantFrom('', ' ', '\t ');
const plainKeys = fc.constantFrom('a', 'ip', 'ip_local', 'media_port_from');
const pieces = fc.oneof(
  fc.record({
    key: plainKeys,
    before: fc.constantFrom('=', ' =', ' = ', ':', '\t: '),
    value: fc.constantFrom('1', '10.0.0.1', 'x y', '1,\\\n   2', '\\u0041', ''),
  }),
  fc.record({
    key: fc.constant(undefined),
    before: fc.constantFrom(
      '# ip=1',
      '! note \\',
      '',
      '   ',
      '#',
      'other.key=kept \\u00e9',
      'other : x\\\n y',
    ),
    value: fc.constant(''),
  }),
);
/** With one kind of line end each. */
const files = fc.record({
  lines: fc.array(fc.tuple(lead, pieces), { minLength: 1, maxLength: 8 }),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
});
const written = ({ key, before, value }: Piece): string => `${key ?? ''}${before}${value}`;

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const runs = { seed, numRuns: 3000 };

describe('any file', () => {
  it('says what it says in another reading, too', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect([...readProperties(text)]).toEqual([...loaded(text)]);
      }),
      runs,
    );
  });

  it('says afterwards what was set, and of all other keys what it said', () => {
    fc.assert(
      fc.property(anyText, wantedSettings, (text, wanted) => {
        const after = setProperties(text, wanted);
        expect(Object.fromEntries(loaded(after))).toEqual(Object.fromEntries([...loaded(text), ...wanted]));
        expect(setProperties(after, wanted)).toBe(after);
      }),
      runs,
    );
  });

  it('with nothing to set stays as it is, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(setProperties(text, new Map())).toBe(text);
        expect(setProperties(text, readProperties(text))).toBe(text);
      }),
      runs,
    );
  });

  it('keeps every character that is not a value which is set, and new ones come at its end', () => {
    const wantedPlain = fc.array(fc.tuple(plainKeys, fc.constantFrom('7', 'new', '')), { maxLength: 4 });
    fc.assert(
      fc.property(files, wantedPlain, ({ lines, lineEnd }, pairs) => {
        const wanted = new Map<string, string>(pairs);
        const there = new Set<string | undefined>(lines.map(([, { key }]) => key));
        const changed = lines.map(([space, piece]) => {
          const value = wanted.get(piece.key ?? '');
          // What says the same in another way may stay.
          const is = loaded(written(piece)).get(piece.key ?? '');
          return space + written(value === undefined || value === is ? piece : { ...piece, value });
        });
        const added = [...wanted].filter(([key]) => !there.has(key)).map(([key, value]) => `${key}=${value}`);
        const before = lines.map(([space, piece]) => space + written(piece));
        const ended = (all: readonly string[]) =>
          all
            .map((line) => line + lineEnd)
            .join('')
            .replaceAll('\\\n', `\\${lineEnd}`);
        expect(setProperties(ended(before), wanted)).toBe(ended([...changed, ...added]));
      }),
      runs,
    );
  });
});
