import { describe, expect, test } from 'vitest';
import { isTag, parseReference, registryOf } from '../../../src/rig/image-reference.ts';

describe('an image’s name', () => {
  test.each([
    ['flashphoner/webcallserver', 'flashphoner/webcallserver', 'latest', 'docker.io'],
    ['flashphoner/webcallserver:5.2.1234', 'flashphoner/webcallserver', '5.2.1234', 'docker.io'],
    ['registry.example:5000/team/wcs', 'registry.example:5000/team/wcs', 'latest', 'registry.example:5000'],
    [
      'registry.example:5000/team/wcs:a_B-c.1',
      'registry.example:5000/team/wcs',
      'a_B-c.1',
      'registry.example:5000',
    ],
    ['127.0.0.1:5000/wcs:x', '127.0.0.1:5000/wcs', 'x', '127.0.0.1:5000'],
    ['localhost/wcs', 'localhost/wcs', 'latest', 'localhost'],
    ['wcs', 'wcs', 'latest', 'docker.io'],
  ])('%s', (text, repository, tag, registry) => {
    expect(parseReference(text)).toEqual({ repository, tag });
    expect(registryOf(repository)).toBe(registry);
  });

  test.each([
    '',
    ':',
    'wcs:',
    ':latest',
    'Wcs',
    'a//b',
    '/wcs',
    'wcs/',
    'wcs:a b',
    'wcs:-x',
    'wcs\n',
    'wcs:x\n',
    '-wcs',
    'wcs@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    'http://wcs',
    'a:b:c',
    'wcs;rm',
    `wcs:${'x'.repeat(129)}`,
    `${'x'.repeat(256)}`,
  ])('is not %j', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });
});

describe('a tag', () => {
  test.each(['latest', '5.2.1', '_x', 'A-b.c'])('is %s', (text) => expect(isTag(text)).toBe(true));
  test.each(['', '.x', '-x', 'a/b', 'a:b', 'a@b', 'a b', 'x\n', '../x'])('is not %j', (text) =>
    expect(isTag(text)).toBe(false),
  );
});
