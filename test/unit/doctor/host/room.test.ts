// Memory, disks, open files and the image.

import { describe } from 'vitest';
import type { ImageSeen } from '../../../../src/docker/examine.ts';
import type { RegistryLook } from '../../../../src/docker/images.ts';
import { checkImage, checkPlatform } from '../../../../src/doctor/host/check-image.ts';
import {
  checkData,
  checkMemory,
  checkOpenFiles,
  checkState,
} from '../../../../src/doctor/host/check-room.ts';
import type { HostFacts } from '../../../../src/doctor/host/facts.ts';
import type { Rooms } from '../../../../src/doctor/host/gather-room.ts';
import { seen, unseen } from '../../../../src/doctor/host/looked.ts';
import { gibibyte, machine } from '../../../support/config-readings.ts';
import { anEngine, anImage, configured, hostFacts } from '../../../support/host-facts.ts';
import { itJudges } from '../../../support/judged.ts';

const mebibyte = 2 ** 20;
const roomIs = (rooms: Partial<Rooms>): HostFacts => {
  const facts = hostFacts();
  return { ...facts, rooms: { ...facts.rooms, ...rooms } };
};
const free = (freeBytes: number) => seen({ path: '/var/lib/docker', freeBytes });

describe('memory', () => {
  const slots = (count: number, memoryBytes = 2 * gibibyte): HostFacts =>
    configured(hostFacts('ipvlan', { machine: { ...machine, memoryBytes: 16 * gibibyte } }), {
      slots: count,
      memoryBytes,
    });
  itJudges(checkMemory, [
    ['enough', slots(7), /^✔ memory: 7 rigs of 2 GiB may take 14 GiB, and this machine has 16 GiB/],
    [
      'nothing for the rest',
      slots(8),
      /^▲ memory: 8 rigs of 2 GiB .*less than 1 GiB stays.* → set WCS_SLOTS=7/,
    ],
    [
      'too little',
      slots(9),
      /^✘ memory: 9 rigs of 2 GiB may take 18 GiB, but this machine has 16 GiB.* → set WCS_SLOTS=7/,
    ],
    ['too little for one', slots(1, 20 * gibibyte), /^✘ memory: 1 rig of 20 GiB.*WCS_SLOTS=1/],
  ]);
});

describe('engine-disk', () => {
  itJudges(checkData, [
    ['room', hostFacts(), /^✔ engine-disk: 100 GiB free in \/var\/lib\/docker/],
    ['little', roomIs({ data: free(4 * gibibyte) }), /^▲ engine-disk: 4 GiB free.* → `docker system df`/],
    ['enough for one image and seven rigs', roomIs({ data: free(4.75 * gibibyte) }), /^✔ engine-disk/],
    ['next to none', roomIs({ data: free(600 * mebibyte) }), /^✘ engine-disk: only 600 MiB free/],
    [
      'not to be seen',
      roomIs({ data: unseen('/var/lib/docker cannot be seen from here') }),
      /^▲ engine-disk: .* → `df -h \/var\/lib\/docker` on the machine itself/,
    ],
    ['away', hostFacts('ipvlan', { engine: { kind: 'away', address: 'x', why: 'silent', detail: '' } })],
  ]);
});

describe('state-dir', () => {
  itJudges(checkState, [
    ['room', hostFacts(), /^✔ state-dir: 100 GiB free in \/var\/lib\/wcs-rigs/],
    ['little', roomIs({ state: free(50 * mebibyte) }), /^▲ state-dir: only 50 MiB free/],
    [
      'none',
      roomIs({ state: free(0) }),
      /^✘ state-dir: only 0 MiB free.* → `df -h \/var\/lib\/wcs-rigs` and `df -i/,
    ],
    [
      'not to be written',
      roomIs({ state: unseen('EROFS: read-only file system') }),
      /^✘ state-dir: .*cannot write.*EROFS.* → `sudo mkdir -p \/var\/lib\/wcs-rigs/,
    ],
  ]);
});

describe('open-files', () => {
  const limit = (most: number, of: 'engine' | 'this process' = 'engine', isRootless = false): HostFacts => ({
    ...roomIs({ openFiles: seen({ of, most }) }),
    engine: anEngine({ isRootless }),
  });
  const kernelMost = hostFacts('ipvlan', { switches: { ...hostFacts().switches, mostOpenFiles: 4096 } });
  itJudges(checkOpenFiles, [
    ['enough', limit(20_000), /^✔ open-files: Docker may have 20000/],
    ['enough here', limit(20_000, 'this process'), /^✔ open-files: this process may/],
    [
      'too few',
      limit(4096),
      /^▲ open-files: Docker may have 4096.*if Docker may not raise it.* → .*LimitNOFILE=1048576/,
    ],
    ['too few, without root', limit(4096, 'engine', true), /^✘ open-files/],
    [
      'too few for the kernel',
      kernelMost,
      /^✘ open-files: the kernel lets no process have more than 4096.* → `sudo sysctl -w fs\.nr_open=1048576`/,
    ],
    ['not to be seen', roomIs({ openFiles: unseen('no right') }), /^▲ open-files: .* → `ulimit -Hn`/],
  ]);
});

const imageIs = (image: ImageSeen | undefined, registry: RegistryLook): HostFacts =>
  hostFacts('ipvlan', { image: seen(image), registry: seen(registry) });
const there = (platforms: readonly string[] = ['linux/amd64'], digest = 'sha256:new'): RegistryLook => ({
  kind: 'there',
  digest,
  platforms,
});
const silent: RegistryLook = { kind: 'silent', detail: 'pull access denied' };

describe('image', () => {
  itJudges(checkImage, [
    ['the newest', hostFacts(), /^✔ image: .*flashphoner\/webcallserver:latest is here, the newest/],
    ['an older one', imageIs(anImage, there([], 'sha256:newer')), /^✔ image: .*has a newer one/],
    ['to be pulled', imageIs(undefined, there()), /^✔ image: .*not here yet, and its registry has it/],
    [
      'here, and nobody knows',
      imageIs(anImage, silent),
      /^▲ image: .*is here, but.*pull access denied → `docker pull/,
    ],
    [
      'nowhere',
      imageIs(undefined, silent),
      /^✘ image: .*is not here, and its registry does not give it: pull access denied → .*WCS_REGISTRY_AUTH.*WCS_IMAGE/,
    ],
    [
      'nowhere to be asked',
      { ...imageIs(undefined, silent), registry: unseen('no answer') },
      /^✘ image: .*no answer/,
    ],
    [
      'not to be seen',
      hostFacts('ipvlan', { image: unseen('no answer') }),
      /^▲ image: .* → `docker image inspect/,
    ],
    ['away', hostFacts('ipvlan', { engine: { kind: 'away', address: 'x', why: 'silent', detail: '' } })],
  ]);
});

describe('image-platform', () => {
  const arm = { ...anImage, platform: 'linux/arm64' };
  itJudges(checkPlatform, [
    ['as the machine', hostFacts(), /^✔ image-platform: .*linux\/amd64/],
    [
      'another',
      imageIs(arm, there()),
      /^✘ image-platform: .*made for linux\/arm64, and this machine is linux\/amd64.*exec format error.* → set WCS_IMAGE/,
    ],
    [
      'another on an ARM machine',
      { ...imageIs(anImage, there()), engine: anEngine({ platform: 'linux/arm64' }) },
      /^✘ image-platform/,
    ],
    [
      'one of those that the registry has',
      imageIs(undefined, there(['linux/arm64', 'linux/amd64'])),
      /^✔ image-platform/,
    ],
    [
      'none of those that the registry has',
      imageIs(undefined, there(['linux/arm64', 'linux/s390x'])),
      /^✘ image-platform: .*linux\/arm64, linux\/s390x/,
    ],
    ['the registry does not say', imageIs(undefined, there([]))],
    ['nothing is known', imageIs(undefined, silent)],
  ]);
});
