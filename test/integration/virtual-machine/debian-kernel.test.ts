// Debian's newest kernel: fetched once, and anew where there is a newer one. apt's servers are played by two scripts, which
// hand out a package that dpkg made.

import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { haveKernel, reasonOf, releaseIn } from '../../support/debian-kernel.ts';
import { whyNoVirtualMachine } from '../../support/virtual-machine.ts';

const execute = promisify(execFile);

it.each([
  ['Debian 12', 'Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)', '6.1.0-56-cloud-amd64'],
  ['Debian 13', 'Depends: linux-image-6.12.63+deb13-cloud-amd64 (= 6.12.63-1)', '6.12.63+deb13-cloud-amd64'],
  ['not the first', 'Depends: base (>= 1), linux-image-6.1.0-9-cloud-amd64 (= 6.1)', '6.1.0-9-cloud-amd64'],
  ['none', 'Depends: linux-image-amd64', undefined],
  ['nothing at all', '', undefined],
])('reads the release from what apt-cache shows: %s', (_name, line, release) => {
  const shown = `Package: linux-image-cloud-amd64\nVersion: 1\n${line}\nDescription: Linux for cloud-amd64\n`;
  expect(releaseIn(shown)).toBe(release);
});

it('keeps the reasons of all that apt-get says', () => {
  const stderr = 'W: slow\nE: Failed to fetch http://a/x.deb  404  Not Found\nE: Some files failed\n';
  expect(reasonOf({ code: 100, stdout: 'Err:1\n', stderr })).toBe(
    'Failed to fetch http://a/x.deb  404  Not Found; Some files failed',
  );
  expect(reasonOf({ code: 124, stdout: '', stderr: '' })).toBe('apt-get gave no reason');
});

const why = await whyNoVirtualMachine();

describe.skipIf(why !== undefined)(
  `the kernel of the virtual machine${why === undefined ? '' : ` (not tried here: ${why})`}`,
  () => {
    let folder: string;
    let undo: (() => Promise<void>)[];
    const there = (...names: readonly string[]) => join(folder, ...names);
    const have = () => haveKernel((step) => undo.push(step), there('cache'));
    const called = async () =>
      (await readFile(there('called'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean);

    /** What apt's lists name now, what they name after an update, and which release the servers have. */
    const play = async (listed: string, updated: string, served: string): Promise<void> => {
      await writeFile(there('listed'), listed);
      await writeFile(
        there('bin/apt-cache'),
        `#!/bin/sh\necho "Depends: linux-image-$(cat ${there('listed')})"\n`,
      );
      const lines = [
        '#!/bin/sh',
        `echo "$*" >>${there('called')}`,
        `case "$*" in`,
        `*update) printf %s '${updated}' >${there('listed')} ;;`,
        `*${served}) cp ${there('kernel.deb')} . ;;`,
        `*) echo 'E: 404  Not Found' >&2; exit 100 ;;`,
        'esac',
      ];
      await writeFile(there('bin/apt-get'), lines.join('\n'));
      await chmod(there('bin/apt-cache'), 0o755);
      await chmod(there('bin/apt-get'), 0o755);
      const modules = there('package/lib/modules', served);
      await mkdir(modules, { recursive: true });
      await mkdir(there('package/boot'), { recursive: true });
      await mkdir(there('package/DEBIAN'), { recursive: true });
      await writeFile(join(modules, 'modules.builtin'), '');
      await writeFile(there('package/boot', `vmlinuz-${served}`), 'a kernel');
      const control =
        'Package: k\nVersion: 1\nArchitecture: all\nMaintainer: us <us@example.org>\nDescription: k\n';
      await writeFile(there('package/DEBIAN/control'), control);
      await execute('dpkg-deb', ['--build', there('package'), there('kernel.deb')]);
    };

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'kernel-'));
      undo = [];
      await mkdir(there('bin'));
      vi.stubEnv('PATH', `${there('bin')}:${process.env.PATH}`);
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    });

    it('is fetched once, and nothing else is left', async () => {
      await play('6.1.0-1-cloud-amd64', '', '6.1.0-1-cloud-amd64');
      const { release, image } = await have();
      expect(release).toBe('6.1.0-1-cloud-amd64');
      expect(await readFile(image, 'utf8')).toBe('a kernel');
      expect(await have()).toMatchObject({ release, image });
      expect(await called()).toEqual(['-q download linux-image-6.1.0-1-cloud-amd64']);
      for (const step of undo) await step();
      expect(await readdir(there('cache'))).toEqual([release]);
    });

    it('is another one where the lists have grown old', async () => {
      await play('6.1.0-1-cloud-amd64', '6.1.0-2-cloud-amd64', '6.1.0-2-cloud-amd64');
      expect((await have()).release).toBe('6.1.0-2-cloud-amd64');
      expect((await called()).map((words) => words.split(' ').at(-1))).toEqual([
        'linux-image-6.1.0-1-cloud-amd64',
        'update',
        'linux-image-6.1.0-2-cloud-amd64',
      ]);
    });

    it('takes the place of an older one', async () => {
      await play('6.1.0-1-cloud-amd64', '', '6.1.0-1-cloud-amd64');
      await have();
      await play('6.1.0-2-cloud-amd64', '', '6.1.0-2-cloud-amd64');
      await have();
      for (const step of undo) await step();
      expect(await readdir(there('cache'))).toEqual(['6.1.0-2-cloud-amd64']);
    });

    it('is missed with a sentence where the servers do not have it', async () => {
      await play('6.1.0-1-cloud-amd64', '6.1.0-1-cloud-amd64', '6.1.0-9-cloud-amd64');
      await expect(have()).rejects.toThrow(
        "Debian's kernel: linux-image-6.1.0-1-cloud-amd64 could not be fetched: 404  Not Found",
      );
    });

    it('is missed with a sentence where apt does not know it', async () => {
      await play('amd64', 'amd64', 'amd64');
      await expect(have()).rejects.toThrow(
        "Debian's kernel: the sources of apt have no linux-image-cloud-amd64; add Debian's own to them",
      );
    });
  },
);
