// The names of the queues, and where they are in Redis.

import type { HostName } from '../rig/rig.ts';

export const reportsQueue = 'reports';
export const outboxQueue = 'outbox';

/** One per host. BullMQ allows no `:`; host names differ by more than case. */
export const hostQueue = (host: HostName): string => `host-${encodeURIComponent(host.toLowerCase())}`;

/** The installation is the hash tag, so that a cluster keeps all keys of its queues together. */
export const queuePrefix = (installation: string): string => `{${installation}}:queue`;
