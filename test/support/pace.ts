// How fast a lab's fleet lives: at a tenth of what is deployed, or as deployed (`WCS_LAB_PACE=real`). The only place for it.

import type { Environment } from './process.ts';

/** 1 as deployed. */
export const pace: number = process.env.WCS_LAB_PACE === 'real' ? 1 : 0.1;

/** A time of the real world in this lab, in milliseconds. */
export const paced = (seconds: number): number => Math.round(seconds * 1000 * pace);

/** As deployed, in seconds. Each has its default in src/config. */
const deployed = {
  WCS_PRESENCE: [15],
  WCS_JOB_LOCK: [8],
  WCS_OUTBOX_LEASE: [15],
  WCS_STOP_GRACE: [10],
  WCS_PROGRESS: [10],
  WCS_SWEEP: [2],
  WCS_WATCH: [5],
  WCS_SURVEY: [30],
  WCS_MIRROR: [1],
  WCS_RECONCILE: [2],
  WCS_SURVEY_FRESH: [90],
  WCS_ORPHAN_GRACE: [120],
  WCS_ADOPTION: [60],
  WCS_USE_EVERY: [60],
  WCS_USE_FRESH: [180],
  WCS_REMIND: [1800, 300],
  WCS_GRACE: [600],
  WCS_KEEP_BY: [900],
  WCS_KEEP_UNKNOWN: [3600],
  WCS_CRASH_HOLD: [600],
  WCS_LAUNCH_DEADLINE: [600],
  WCS_READY_TIMEOUT: [180],
  WCS_READY_CHECK: [0.25],
  WCS_REGISTRY_CHECK: [600],
  WCS_REGISTRY_TIMEOUT: [10],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export const pacedEnvironment: Environment = Object.fromEntries(
  Object.entries(deployed).map(([name, times]) => [name, times.map((each) => `${paced(each)}ms`).join()]),
);
