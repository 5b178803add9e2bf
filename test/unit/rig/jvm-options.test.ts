// The JVM's options in WCS's own file: each in the place of one that is about the same, and a heap that fits the container.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readOptions,
  setOptions,
  subjectOf,
  withHeap,
  withoutRepeats,
} from '../../../src/rig/jvm-options.ts';

/** As WCS comes with it. */
const usual = `### SERVER OPTIONS ###
# Set this property to false to disable session debug
-DsessionDebugEnabled=false

### JVM OPTIONS ###
-Xmx1024M
#-Xcheck:jni
-XX:NewSize=512m -XX:MaxNewSize=512m
-XX:+UseConcMarkSweepGC
-Xloggc:/usr/local/FlashphonerWebCallServer/logs/gc-core-
`;

describe('an option', () => {
  it.each<[string, string, readonly string[], string]>([
    [
      'stands where another one about the same stood',
      usual,
      ['-Xmx512m'],
      usual.replace('-Xmx1024M', '-Xmx512m'),
    ],
    [
      'stands where the same one stood under its long name',
      '-XX:MaxHeapSize=1g\n',
      ['-Xmx512m'],
      '-Xmx512m\n',
    ],
    [
      'of several on a line',
      usual,
      ['-XX:NewSize=64m'],
      usual.replace('-XX:NewSize=512m', '-XX:NewSize=64m'),
    ],
    [
      'of the server stays among its own',
      usual,
      ['-DsessionDebugEnabled=true'],
      usual.replace('=false', '=true'),
    ],
    ['is turned off where it was on', usual, ['-XX:-UseConcMarkSweepGC'], usual.replace('+Use', '-Use')],
    ['that stands twice is set twice', '-Xmx1g\n -Xmx2g', ['-Xmx3g'], '-Xmx3g\n -Xmx3g'],
    ['in a comment is none', '#-Xmx1g\n', ['-Xmx3g'], '#-Xmx1g\n-Xmx3g\n'],
    ['that is missing comes at the end', usual, ['-Xms512m', '-Xss1m'], `${usual}-Xms512m\n-Xss1m\n`],
    ['comes on a line of its own', '-Xmx1g', ['-Xms1g'], '-Xmx1g\n-Xms1g\n'],
    ['comes with the ends that lines have there', '-Xmx1g\r\n', ['-Xmx2g', '-Xms1g'], '-Xmx2g\r\n-Xms1g\r\n'],
    [
      'is not left among the options of the server',
      '### SERVER OPTIONS ###\n-Da=b\n',
      ['-Xmx1g'],
      '### SERVER OPTIONS ###\n-Da=b\n### JVM OPTIONS ###\n-Xmx1g\n',
    ],
    ['is all there is', '', ['-Xmx1g'], '-Xmx1g\n'],
  ])('%s', (_, text, options, expected) => {
    expect(setOptions(text, options)).toBe(expected);
    expect(setOptions(expected, options)).toBe(expected);
  });

  it.each([
    ['-Xmx1g', '-Xmx'],
    ['-XX:MaxHeapSize=1g', '-Xmx'],
    ['-Xms1g', '-Xms'],
    ['-Xmn64m', '-Xmn'],
    ['-Dhttp.proxyHost=a=b', '-Dhttp.proxyHost'],
    ['-Dflag', '-Dflag'],
    ['-XX:+UseZGC', '-XX:UseZGC'],
    ['-XX:-UseZGC', '-XX:UseZGC'],
    ['-XX:ErrorFile=/x%p.log', '-XX:ErrorFile'],
    ['-Xloggc:/a', '-Xloggc'],
    ['-Xlog:gc*:/a', '-Xlog:gc*:/a'],
    ['-javaagent:/a.jar', '-javaagent:/a.jar'],
  ])('%s is about %s', (option, subject) => {
    expect(subjectOf(option)).toBe(subject);
  });

  it('counts once', () => {
    expect(withoutRepeats(['-Xmx1g', '-Da=1', '-XX:MaxHeapSize=2g'])).toEqual([
      '-XX:MaxHeapSize=2g',
      '-Da=1',
    ]);
  });
});

describe('the heap', () => {
  const [mebibyte, gibibyte] = [2 ** 20, 2 ** 30];

  it.each<[readonly string[], readonly string[]]>([
    [[], ['-Xmx1024m', '-Xms1024m']],
    [['-Da=b'], ['-Da=b', '-Xmx1024m', '-Xms1024m']],
    [['-Xmx1536m'], ['-Xmx1536m', '-Xms1536m']],
    [['-Xms512m'], ['-Xms512m', '-Xmx1024m']],
    [
      ['-Xmx1G', '-Xms1G'],
      ['-Xmx1G', '-Xms1G'],
    ],
    [['-XX:MaxHeapSize=1g'], ['-XX:MaxHeapSize=1g', '-Xms1g']],
  ])('of 2 GiB with %j is %j', (given, options) => {
    expect(withHeap(given, 2 * gibibyte)).toEqual({ kind: 'options', options });
  });

  it.each<[string, string]>([
    [
      '-Xmx2g',
      'has a heap that takes all the memory of a rig (2048m); write less, say `-Xmx1024m`, or more in WCS_RIG_MEMORY',
    ],
    [
      '-Xmx3000M',
      'has a heap that takes all the memory of a rig (2048m); write less, say `-Xmx1024m`, or more in WCS_RIG_MEMORY',
    ],
    [
      '-Xms1100m',
      'has a heap that begins larger (`-Xms`) than it may become; write less, or a larger `-Xmx`',
    ],
    ['-Xmx', 'has a heap without a size; write `-Xmx1g`, say'],
    ['-Xmx1x', 'has a heap without a size; write `-Xmx1g`, say'],
    ['-XX:MaxHeapSize', 'has a heap without a size; write `-Xmx1g`, say'],
    ['-Xms=1g', 'has a heap without a size; write `-Xmx1g`, say'],
    [
      '-XX:MaxRAMPercentage=70',
      'says the heap in parts of the memory, which counts for nothing beside `-Xmx`; write `-Xmx`',
    ],
  ])('%s is refused', (option, fault) => {
    expect(withHeap([option], 2 * gibibyte)).toEqual({ kind: 'fault', fault });
  });

  it('is at least half of any memory, and below it', () => {
    const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
    fc.assert(
      fc.property(fc.integer({ min: 32 * mebibyte, max: 64 * gibibyte }), (memory) => {
        const heap = withHeap([], memory);
        const most = heap.kind === 'options' ? Number(/^-Xmx(\d+)m$/.exec(heap.options[0] ?? '')?.[1]) : 0;
        expect(most * mebibyte).toBeGreaterThanOrEqual(memory / 2);
        expect(most * mebibyte).toBeLessThan(memory);
      }),
      { seed, numRuns: 1000 },
    );
  });
});

describe('any file', () => {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
  const line = fc.constantFrom(
    '-Xmx1g',
    '  -Xms1g -Da=1',
    '#-Xmx2g',
    '',
    '### SERVER OPTIONS ###',
    '### JVM OPTIONS ###',
    'Xmx',
    '-Da=2\t-Xmx3g ',
  );
  const options = fc.subarray(['-Xmx64m', '-Xms64m', '-Da=9', '-XX:+UseZGC']);

  it('has what was set wherever it is about the same, and all its other lines as they were', () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        options,
        (lines, end, wanted) => {
          const text = lines.join(end);
          const after = setOptions(text, wanted);
          for (const option of wanted) {
            const same = readOptions(after).filter((one) => subjectOf(one) === subjectOf(option));
            expect(new Set(same)).toEqual(new Set([option]));
          }
          // The last line may be one without anything on it: what is new comes there.
          const before = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
          const isOther = (one: string): boolean => !one.trimStart().startsWith('-');
          expect(after.split(/\r?\n/).slice(0, before.length).filter(isOther)).toEqual(
            before.filter(isOther),
          );
          expect(setOptions(after, wanted)).toBe(after);
        },
      ),
      { seed, numRuns: 2000 },
    );
  });
});
