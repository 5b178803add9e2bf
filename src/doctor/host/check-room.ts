// Room for rigs: memory, disks and open files.

import { type Check, well } from '../finding.ts';
import { rigCount, sizeText } from './count.ts';
import type { QuickFacts } from './facts.ts';
import { doubtful, notSeen, wrong } from './verdicts.ts';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** For the host itself: its system, Docker, and this worker. */
const forTheHost = gibibyte;

export const checkMemory: Check<Pick<QuickFacts, 'config' | 'machine'>> = ({ config, machine }) => {
  const { slots, memoryBytes } = config;
  const wanted = slots * memoryBytes;
  const rigs = `${rigCount(slots)} of ${sizeText(memoryBytes)} may take ${sizeText(wanted)}`;
  const has = sizeText(machine.memoryBytes);
  if (wanted + forTheHost <= machine.memoryBytes)
    return [well('memory', `${rigs}, and this machine has ${has}`)];
  const fitting = Math.max(1, Math.floor((machine.memoryBytes - forTheHost) / memoryBytes));
  const mend = `set WCS_SLOTS=${fitting}, or less memory for each rig (WCS_RIG_MEMORY)`;
  if (wanted <= machine.memoryBytes) {
    return [
      doubtful(
        'memory',
        `${rigs} of the ${has} that this machine has: less than 1 GiB stays for Docker and the rest`,
        mend,
      ),
    ];
  }
  return [
    wrong('memory', `${rigs}, but this machine has ${has}: when they do, the kernel kills one of them`, mend),
  ];
};

/** Two images of 1.5 GiB, the old and the new, and what each rig writes: 30 MiB of log, and its own files. */
const forImages = 3 * gibibyte;
const forEachRig = 256 * mebibyte;
const leastOfAll = gibibyte;

export const checkData: Check<Pick<QuickFacts, 'config' | 'rooms' | 'engine'>> = ({
  config,
  rooms,
  engine,
}) => {
  if (engine.kind === 'away') return [];
  const { dataRoot } = engine.facts;
  if (rooms.data.kind === 'unseen') {
    return [
      notSeen(
        'engine-disk',
        "the disk of Docker's images",
        rooms.data.why,
        `\`df -h ${dataRoot}\` on the machine itself`,
      ),
    ];
  }
  const { path, freeBytes } = rooms.data.value;
  const free = `${sizeText(freeBytes)} free in ${path}, where Docker keeps images and containers`;
  const mend = '`docker system df` says what takes it, `docker image prune` removes images without a name';
  if (freeBytes < leastOfAll) return [wrong('engine-disk', `only ${free}: images cannot be pulled`, mend)];
  if (freeBytes < forImages + config.slots * forEachRig)
    return [doubtful('engine-disk', `${free}: little for a new image and ${config.slots} rigs`, mend)];
  return [well('engine-disk', free)];
};

const forNotes = 100 * mebibyte;
const leastForNotes = 16 * mebibyte;

export const checkState: Check<Pick<QuickFacts, 'config' | 'rooms'>> = ({ config, rooms }) => {
  const { stateDir } = config;
  if (rooms.state.kind === 'unseen') {
    return [
      wrong(
        'state-dir',
        `the worker cannot write into its state directory ${stateDir} (${rooms.state.why}): without its notes a lost Redis cannot be brought back`,
        `\`sudo mkdir -p ${stateDir} && sudo chown $USER ${stateDir}\`, or set WCS_STATE_DIR`,
      ),
    ];
  }
  const free = `${sizeText(rooms.state.value.freeBytes)} free in ${stateDir}, the state directory`;
  const mend = `\`df -h ${stateDir}\` and \`df -i ${stateDir}\`; make room there, or set WCS_STATE_DIR to another disk`;
  if (rooms.state.value.freeBytes < leastForNotes)
    return [wrong('state-dir', `only ${free}: the notes about rigs cannot be kept`, mend)];
  if (rooms.state.value.freeBytes < forNotes) return [doubtful('state-dir', `only ${free}`, mend)];
  return [well('state-dir', free)];
};

/** The vendor's figure for WCS; each rig is started with it. */
const openFilesOfARig = 20_000;

export const checkOpenFiles: Check<Pick<QuickFacts, 'engine' | 'rooms' | 'switches'>> = (facts) => {
  const { engine, rooms, switches } = facts;
  const check = 'open-files';
  const need = `a rig is started with ${openFilesOfARig}`;
  const { mostOpenFiles } = switches;
  if (mostOpenFiles !== undefined && mostOpenFiles < openFilesOfARig) {
    return [
      wrong(
        check,
        `the kernel lets no process have more than ${mostOpenFiles} open files, and ${need}: none starts`,
        '`sudo sysctl -w fs.nr_open=1048576`',
      ),
    ];
  }
  if (rooms.openFiles.kind === 'unseen')
    return [notSeen(check, 'the limit of open files', rooms.openFiles.why, '`ulimit -Hn`')];
  const { of, most } = rooms.openFiles.value;
  const whose = of === 'engine' ? 'Docker' : 'this process';
  if (most >= openFilesOfARig) return [well(check, `${whose} may have ${most} open files, and ${need}`)];
  // Root may raise it, unless the engine was denied that: without root, or inside a container of its own.
  const isBound = engine.kind === 'answered' && engine.facts.isRootless;
  const says = `${whose} may have ${most} open files, and ${need}: if Docker may not raise it, rigs end with "error setting rlimit"`;
  const mend =
    '`sudo systemctl edit docker`: under `[Service]` write `LimitNOFILE=1048576`, then restart Docker';
  return [isBound ? wrong(check, says, mend) : doubtful(check, says, mend)];
};
