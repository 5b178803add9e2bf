// PURE: the engine's stream for containers without a terminal: frames of 8 bytes head (1 output, 2 errors; length) and text.

import { oneLine } from './one-line.ts';

type Frame = { readonly stream: number; readonly data: Buffer };

const headLength = 8;

/** What follows a broken head is taken as it is: rather too much text than none. */
const readFrames = (bytes: Buffer): Frame[] => {
  const frames: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const isHead =
      bytes.length - at >= headLength && (bytes[at] ?? 9) <= 2 && bytes.readUIntBE(at + 1, 3) === 0;
    if (!isHead) return [...frames, { stream: 1, data: bytes.subarray(at) }];
    const start = at + headLength;
    const end = start + bytes.readUInt32BE(at + 4);
    frames.push({ stream: bytes[at] ?? 1, data: bytes.subarray(start, end) });
    at = end;
  }
  return frames;
};

/** All text of both streams, in the order in which it came. */
export const framedText = (bytes: Buffer): string =>
  Buffer.concat(readFrames(bytes).map(({ data }) => data)).toString('utf8');

/** The last lines of both streams, each one plain line of bounded length; empty ones are left out. */
export const lastLines = (bytes: Buffer, count: number): string[] => {
  const lines: string[] = [];
  // A long line comes in several frames, between which one of the other stream may stand.
  const unfinished = new Map<number, Buffer[]>();
  const finish = (stream: number): void => {
    const text = Buffer.concat(unfinished.get(stream) ?? []).toString('utf8');
    unfinished.delete(stream);
    for (const line of text.split('\n')) lines.push(oneLine(line));
  };
  for (const { stream, data } of readFrames(bytes)) {
    unfinished.set(stream, [...(unfinished.get(stream) ?? []), data]);
    if (data.at(-1) === 0x0a) finish(stream);
  }
  for (const stream of unfinished.keys()) finish(stream);
  const told = lines.filter((line) => line !== '');
  return told.slice(Math.max(0, told.length - count));
};
