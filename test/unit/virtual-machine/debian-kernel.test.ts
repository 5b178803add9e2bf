// Which kernel is Debian's newest, and what apt-get said where it could not be had.

import { expect, it } from 'vitest';
import { reasonOf, releaseIn } from '../../support/debian-kernel.ts';

it.each([
  ['Debian 12', 'Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)', '6.1.0-56-cloud-amd64'],
  ['Debian 13', 'Depends: linux-image-6.12.63+deb13-cloud-amd64 (= 6.12.63-1)', '6.12.63+deb13-cloud-amd64'],
  [
    'something before it',
    'Depends: base (>= 1), linux-image-6.1.0-9-cloud-amd64 (= 6.1)',
    '6.1.0-9-cloud-amd64',
  ],
  ['none', 'Depends: linux-image-amd64', undefined],
  ['nothing at all', '', undefined],
])('reads the release from what apt-cache shows: %s', (_name, line, release) => {
  const shown = `Package: linux-image-cloud-amd64\nVersion: 1\n${line}\nDescription: Linux for cloud-amd64\n`;
  expect(releaseIn(shown)).toBe(release);
});

it('keeps the reasons of all that apt-get says', () => {
  const stderr =
    'W: slow\nE: Failed to fetch http://deb.debian.org/x.deb  404  Not Found\nE: Some files failed\n';
  expect(reasonOf({ code: 100, stdout: 'Err:1\n', stderr })).toBe(
    'Failed to fetch http://deb.debian.org/x.deb  404  Not Found; Some files failed',
  );
  expect(reasonOf({ code: 124, stdout: '', stderr: '' })).toBe('apt-get gave no reason');
});
