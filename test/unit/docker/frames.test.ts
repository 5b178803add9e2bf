import { describe, expect, test } from 'vitest';
import { framedText, lastLines } from '../../../src/docker/frames.ts';
import { oneLine } from '../../../src/docker/one-line.ts';

const frame = (stream: number, text: string): Buffer => {
  const data = Buffer.from(text);
  const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(data.length, 4);
  return Buffer.concat([head, data]);
};

describe('the engine’s stream', () => {
  test('gives the text of both streams', () => {
    expect(framedText(Buffer.concat([frame(1, 'a\n'), frame(2, 'é\n')]))).toBe('a\né\n');
    expect(framedText(Buffer.alloc(0))).toBe('');
  });

  test('without frames is taken as it is', () => {
    expect(framedText(Buffer.from('plain text of a terminal'))).toBe('plain text of a terminal');
  });

  test('that was cut in a frame gives what is there', () => {
    expect(framedText(Buffer.concat([frame(1, 'whole\n'), frame(1, 'half of it').subarray(0, 12)]))).toBe(
      'whole\nhalf',
    );
  });
});

describe('the last lines', () => {
  test('are plain, without empty ones, at most as many as asked for', () => {
    const log = Buffer.concat([
      frame(1, 'one\n\n'),
      frame(2, '\u001b[31mtwo\u001b[0m\r\n'),
      frame(1, 'three'),
    ]);
    expect(lastLines(log, 10)).toEqual(['one', 'two', 'three']);
    expect(lastLines(log, 2)).toEqual(['two', 'three']);
    expect(lastLines(log, 0)).toEqual([]);
  });

  test('put a line together that came in parts, between which the other stream spoke', () => {
    const euro = Buffer.from('€');
    const head = frame(1, 'xx');
    const first = Buffer.concat([head.subarray(0, 8), euro.subarray(0, 2)]);
    const log = Buffer.concat([
      first,
      frame(2, 'error\n'),
      Buffer.concat([frame(1, 'x').subarray(0, 8), euro.subarray(2)]),
      frame(1, '!\n'),
    ]);
    expect(lastLines(log, 5)).toEqual(['error', '€!']);
  });

  test('are of bounded length', () => {
    expect(lastLines(frame(1, 'x'.repeat(5000)), 1)[0]).toHaveLength(400);
  });
});

test('one line has no breaks and no control characters', () => {
  expect(oneLine(' a\r\n\tb\u0000c\u2028d ')).toBe('a b c d');
});
