// What deals with rigs that are no more, and with those that their engine has ended.

import type { RigId } from '../rig/rig.ts';
import { createRigEnder, type RigEnder } from './end-rig.ts';
import type { EngineLife } from './engine-life.ts';
import type { HostPorts, HostSettings } from './parts.ts';
import { createRigResumer, type RigResumer } from './resume-rigs.ts';

export type RigCare = {
  readonly life: EngineLife;
  readonly ender: RigEnder;
  readonly resumer: RigResumer;
  /** A job for this rig is under way, or we are at it by ourselves. */
  readonly isAtWork: (rig: RigId) => boolean;
};

export const createRigCare = (
  ports: HostPorts,
  settings: HostSettings,
  life: EngineLife,
  isBusy: (rig: RigId) => boolean,
): RigCare => {
  const ender = createRigEnder(ports, settings);
  const resumer = createRigResumer(ports, settings, { life, ender, isBusy });
  const isAtWork = (rig: RigId): boolean => isBusy(rig) || ender.isEnding(rig) || resumer.isResuming(rig);
  return { life, ender, resumer, isAtWork };
};
