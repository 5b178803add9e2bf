// The command `doctor` on a terminal, or for a script: where it is told, in which colours, and how it ends.

import type { Environment } from '../config.ts';
import type { Finding } from './finding.ts';
import { renderEnd, renderJson, renderSection, type Style, type Title } from './print.ts';
import type { PlaceOf } from './probe/places.ts';
import type { DoctorWish } from './read-words.ts';
import { runDoctor } from './run-doctor.ts';

export type DoctorPlace = {
  readonly environment: Environment;
  readonly version: string;
  /** All that manifest.yml asks for. */
  readonly scopes: readonly string[];
  readonly placeOf: PlaceOf;
};

/** Gives the exit code: 1 with anything that is wrong, or where it was broken off. */
export const doctor = async (wish: DoctorWish, place: DoctorPlace): Promise<number> => {
  const sections: [Title, readonly Finding[]][] = [];
  const style = styleOf(place.environment);
  const watch = openWatch();
  const signal = brokenOff();
  const show = async (title: Title, findings: readonly Finding[]): Promise<void> => {
    sections.push([title, findings]);
    watch.clear();
    if (!wish.json) await write(renderSection(title, findings, style));
  };
  const { progress } = watch;
  const notLooked = await runDoctor(wish, { ...place, show, progress, isWatched: watch.isThere, signal });
  watch.clear();
  const findings = sections.flatMap(([, its]) => its);
  await write(wish.json ? [renderJson(sections, notLooked)] : renderEnd(sections, notLooked, style));
  if (signal.aborted) process.stderr.write('wcs-rigs doctor: broken off; what it had begun is taken back\n');
  return signal.aborted || findings.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
};

const styleOf = ({ NO_COLOR: noColor = '', TERM: terminal }: Environment): Style => ({
  color: process.stdout.isTTY && noColor === '' && terminal !== 'dumb',
  width: process.stdout.isTTY ? Math.max(60, Math.min(process.stdout.columns, 120)) : undefined,
});

const write = (lines: readonly string[]): Promise<void> =>
  new Promise((resolve) => {
    if (lines.length === 0) resolve();
    else process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => resolve());
  });

/** One line that is written over, where somebody watches; on standard error, so that no script reads it. */
const openWatch = () => {
  const isThere = process.stderr.isTTY && process.stdout.isTTY;
  const put = (text: string): void => {
    if (isThere) process.stderr.write(`\r\u001b[K${text}`);
  };
  return {
    isThere,
    progress: (text: string): void => put(`  … ${text}`.slice(0, process.stderr.columns - 1)),
    clear: (): void => put(''),
  };
};

/** The first signal ends it in order, a second one at once. */
const brokenOff = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      controller.abort(new Error('broken off'));
    });
  }
  return controller.signal;
};
