// What `npm run faults` takes and prints.

import { describe, expect, it } from 'vitest';
import { asJson, asTable, readWanted, rowsOf } from '../../support/fault-table.ts';

const known = ['F01', 'F02', 'F05'];

describe('what is asked for', () => {
  it('is all of them, or those that are named, each once', () => {
    expect(readWanted([], known)).toEqual({ kind: 'ok', ids: known, asJson: false, inRealTime: false });
    expect(readWanted(['f05', 'F01', 'F05', '--json', '--real-time'], known)).toEqual({
      kind: 'ok',
      ids: ['F01', 'F05'],
      asJson: true,
      inRealTime: true,
    });
  });

  it.each([
    [['F99'], 'F99 is not a fault; there are F01, F02, F05'],
    [['--jsno'], '--jsno is not an option; there are --json and --real-time'],
  ])('%j is refused', (words, sentence) => {
    expect(readWanted(words, known)).toEqual({ kind: 'wrong', sentence });
  });
});

describe('how they came out', () => {
  const titles = new Map([
    ['F01', ['killed']],
    ['F05', ['flushed', 'flushed mid-launch']],
  ]);
  const line = { id: 'F05', title: 'flushed', held: true, seconds: 2, said: ['one', 'two'] };

  it('is one row a fault: it held if each kind of it did, and took as long as the slowest', () => {
    const other = { ...line, title: 'flushed mid-launch', seconds: 3.5, said: ['two', 'three'] };
    const [row] = rowsOf(['F05'], [line, other], titles);
    expect(row).toMatchObject({ held: true, seconds: 3.5, said: ['one', 'two', 'three'] });
    expect(rowsOf(['F05'], [line, { ...other, held: false }], titles)[0]?.held).toBe(false);
  });

  it('is no for one that left no line, or only one of two', () => {
    expect(rowsOf(['F01', 'F05'], [line], titles).map(({ held }) => held)).toEqual([false, false]);
  });

  it('is JSON with four fields, or a table with bounded lines', () => {
    const rows = rowsOf(['F01'], [{ ...line, id: 'F01', said: ['a\nb', 'x'.repeat(500)] }], titles);
    expect(JSON.parse(asJson(rows))).toEqual([
      { id: 'F01', held: true, seconds: 2, said: ['a\nb', 'x'.repeat(500)] },
    ]);
    const lines = asTable(rows).split('\n');
    expect(lines.slice(0, 2)).toEqual(['✔ F01    2.0 s  killed', '                “a b”']);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(125);
  });
});
