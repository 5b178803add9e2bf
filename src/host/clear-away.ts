// The end of a launch that failed, and of a rig that is no more: no container of it stays on the host, and what is said of it
// holds no secret.
//
// INVARIANT: its note says why before its container goes, so that a worker that dies in between leaves the reason behind. The
// note goes when the registry knows: by a stop, or at a survey after the rig is over.

import type { RigContainer } from '../ports/engine.ts';
import { EngineDown } from '../ports/faults.ts';
import type { RigFile } from '../ports/rig-files.ts';
import { allowsStart } from '../rig/claim.ts';
import type { LaunchJob } from '../rig/job.ts';
import type { FailReason } from '../rig/rig.ts';
import { secretsIn } from '../rig/wcs-conf.ts';
import { licenceFor, licenceTexts } from './licences.ts';
import type { HostPorts, HostSettings } from './parts.ts';

type Which = Pick<LaunchJob, 'rig' | 'generation'>;

/** Cuts every secret out that its container knows. */
export const redacter = ({ secrets }: HostPorts, { licences, conf }: HostSettings, job: Which) => {
  const passwords = secrets.passwords(job.rig, job.generation);
  const known = [...passwords, ...licenceTexts(licences), ...secretsIn(conf)];
  return (text: string): string => secrets.redact(text, known);
};

/**
 * What it said last, without secrets. Nobody knows the password of one that was made under a key which is not known any more,
 * so that it cannot be cut out; nor a licence that was taken from this host since: then nothing is shown.
 */
export const showable = (
  ports: HostPorts,
  settings: HostSettings,
  { rig, generation, birth, licenceId }: Pick<RigContainer, 'rig' | 'generation' | 'birth' | 'licenceId'>,
  lines: readonly string[],
): readonly string[] => {
  const keyId = birth?.keyId;
  if (keyId !== undefined && !ports.secrets.keyIds.includes(keyId))
    return [`(not shown: this host does not know the secret that the rig was made with, key ${keyId})`];
  if (licenceFor(settings.licences, licenceId).kind === 'unknown')
    return [`(not shown: this host does not know the licence that the rig has, ${licenceId})`];
  return lines.map(redacter(ports, settings, { rig, generation }));
};

/** An engine's "no" may repeat what it was asked. */
export const withoutSecrets = (
  ports: HostPorts,
  settings: HostSettings,
  job: Which,
  reason: FailReason,
): FailReason =>
  'detail' in reason ? { ...reason, detail: redacter(ports, settings, job)(reason.detail) } : reason;

/**
 * Writes into its note that its container is cleared away, and why; `reason` without secrets. What was superseded is found so
 * again, so that it needs no note where it has none. A disk that is full must not keep a container and its address.
 */
export const markEnded = async (
  { rigFiles, records, clock, log }: HostPorts,
  { rig, generation }: Which,
  reason: FailReason,
): Promise<void> => {
  try {
    const file = await rigFiles.read(rig);
    const isOwn = file?.generation === generation;
    // A launch that fails early has none yet, or that of the generation before.
    const own: RigFile | undefined = isOwn || reason.kind === 'superseded' ? file : await records.of(rig);
    if (own?.generation !== generation || own.ended !== undefined) return;
    // A stop that threw it away meanwhile has the last word, and so has a later generation.
    await rigFiles.write({ ...own, ended: { reason, at: clock.now() } }, (present) =>
      present === undefined ? !isOwn : present.generation <= generation && present.ended === undefined,
    );
  } catch (error) {
    log.error({ rig, generation, err: error }, 'why it ended cannot be noted');
  }
};

/** How this generation ended, where an earlier run has noted that. */
export const endOf = async (
  { rigFiles }: Pick<HostPorts, 'rigFiles'>,
  { rig, generation }: Which,
): Promise<FailReason | undefined> => {
  const file = await rigFiles.read(rig);
  return file?.generation === generation ? file.ended?.reason : undefined;
};

/** Removes what there is up to this generation; its last log lines, with every known secret cut out. */
export const clearAway = async (
  ports: HostPorts,
  settings: HostSettings,
  job: Which,
): Promise<readonly string[]> => {
  const { engine } = ports;
  let tail: readonly string[] = [];
  for (const one of await engine.rigContainers(job.rig)) {
    const { container, generation } = one;
    // Of a restart the generation before may still be there, and the address is not free while it is.
    if (generation > job.generation) continue;
    // What the one before said is not what this one died of.
    if (generation === job.generation) {
      tail = showable(ports, settings, one, await lastWords(ports, container, settings.tailLines));
    }
    await engine.remove(container, settings.stopGrace);
  }
  return tail;
};

/** Removes its note, unless that is a later generation's by now: a job may run late. */
export const forget = async ({ rigFiles }: HostPorts, { rig, generation }: Which): Promise<void> => {
  const file = await rigFiles.read(rig);
  if (file === undefined || file.generation <= generation) await rigFiles.remove(rig);
};

/**
 * At the end of a process in the middle of a launch: what it leaves behind is the next one's to go on with. But where the
 * claim is gone meanwhile, another worker has looked here already, and nobody comes again.
 */
export const clearUnclaimed = async (
  ports: HostPorts,
  settings: HostSettings,
  job: LaunchJob,
): Promise<void> => {
  const claim = await ports.fence.claim(job.rig);
  if (allowsStart(claim, job.generation, job.address)) return;
  await markEnded(ports, job, { kind: 'superseded' });
  await clearAway(ports, settings, job);
};

/** A log that cannot be read must not keep a container and its address. */
const lastWords = async (
  { engine, log }: HostPorts,
  container: string,
  lines: number,
): Promise<readonly string[]> => {
  try {
    return await engine.logTail(container, lines);
  } catch (error) {
    if (error instanceof EngineDown) throw error;
    log.warn({ container, err: error }, 'its last log lines cannot be read');
    return [];
  }
};
