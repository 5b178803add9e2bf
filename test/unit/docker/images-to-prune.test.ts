import { describe, expect, test } from 'vitest';
import { type ImageFacts, imagesToPrune } from '../../../src/docker/images-to-prune.ts';

const wcs = 'flashphoner/webcallserver';
const image = (id: string, since: number, names: readonly string[] = [`${wcs}:${id}`]): ImageFacts => ({
  id,
  since,
  names,
});
const idsOf = (images: readonly ImageFacts[], used: readonly string[] = [], keep = 3): string[] =>
  imagesToPrune(images, new Set(used), wcs, keep).map(({ id }) => id);

describe('images that go', () => {
  const five = [image('a', 1), image('b', 5), image('c', 2), image('d', 4), image('e', 3)];

  test('are the oldest beyond those that are kept', () => {
    expect(idsOf(five)).toEqual(['c', 'a']);
    expect(idsOf(five, [], 9)).toEqual([]);
    expect(idsOf(five, [], 0)).toEqual(['b', 'd', 'e', 'c', 'a']);
  });

  test('are unused; those in use do not count among the kept', () => {
    expect(idsOf(five, ['a', 'b'])).toEqual([]);
    expect(idsOf(five, ['b'])).toEqual(['a']);
  });

  test.each([
    ['another repository', ['postgres:16']],
    ['a name of another repository too', [`${wcs}:x`, 'mine/backup:1']],
    ['a repository whose name only begins alike', [`${wcs}-cdn:x`]],
    ['the same name in another registry', [`registry.example:5000/${wcs}:x`]],
    ['no name', []],
  ])('are never those with %s', (_, names) => {
    expect(idsOf([image('x', 0, names)], [], 0)).toEqual([]);
  });

  test('may be known by digest alone, or by Docker’s long name', () => {
    const byDigest = image('x', 0, [`${wcs}@sha256:aa`]);
    const long = image('y', 1, [`docker.io/${wcs}:y`, `${wcs}@sha256:bb`]);
    expect(idsOf([byDigest, long], [], 0)).toEqual(['y', 'x']);
  });
});
