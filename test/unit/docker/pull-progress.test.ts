import { expect, test } from 'vitest';
import type { ProgressLine } from '../../../src/docker/progress.ts';
import { addProgress, noProgress } from '../../../src/docker/pull-progress.ts';

const line = (id: string, status: string, current?: number, total?: number): ProgressLine => ({
  id,
  status,
  progressDetail: { current, total },
});

const percentsOf = (lines: readonly ProgressLine[]): (number | undefined)[] => {
  let progress = noProgress;
  return lines.map((one) => {
    progress = addProgress(progress, one);
    return progress.percent;
  });
};

test('fetching and unpacking count half each, over all layers', () => {
  expect(
    percentsOf([
      line('latest', 'Pulling from flashphoner/webcallserver'),
      line('a', 'Pulling fs layer'),
      line('b', 'Pulling fs layer'),
      line('a', 'Downloading', 50, 100),
      line('b', 'Downloading', 100, 300),
      line('a', 'Download complete'),
      line('b', 'Verifying Checksum'),
      line('a', 'Extracting', 100, 100),
      line('a', 'Pull complete'),
      line('b', 'Extracting', 150, 300),
      line('b', 'Pull complete'),
    ]),
  ).toEqual([undefined, undefined, undefined, 12, 18, 25, 50, 62, 62, 81, 100]);
});

test('it never falls, also when a large layer turns up late', () => {
  const percents = percentsOf([
    line('a', 'Downloading', 100, 100),
    line('b', 'Pulling fs layer'),
    line('b', 'Downloading', 0, 10_000),
  ]);
  expect(percents).toEqual([50, 50, 50]);
});

test('layers that are there already are not waited for', () => {
  expect(percentsOf([line('a', 'Already exists'), line('b', 'Downloading', 50, 100)])).toEqual([
    undefined,
    25,
  ]);
});
