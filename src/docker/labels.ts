// A container's labels: its birth facts, which never change. What changes is in the registry and in the rig file.

import { z } from 'zod';
import type { ContainerSpec } from '../ports/engine.ts';
import type { Instant } from '../rig/duration.ts';
import type { RigId } from '../rig/rig.ts';

/** By this one everything of ours is found; what does not carry it is foreign. */
export const installationLabel = 'wcs-rigs.installation';
export const rigLabel = 'wcs-rigs.rig';
/** Of ours, and no rig: what it helps with. */
export const helperLabel = 'wcs-rigs.helper';

export type Labels = Readonly<Record<string, string>>;

const asText = (instant: Instant): string => new Date(instant).toISOString();

export const labelsOf = (installation: string, { job, licenceId, keyId }: ContainerSpec): Labels => ({
  [installationLabel]: installation,
  [rigLabel]: job.rig,
  'wcs-rigs.generation': String(job.generation),
  'wcs-rigs.name': job.name,
  'wcs-rigs.owner': job.owner.id,
  'wcs-rigs.owner-name': job.owner.name,
  'wcs-rigs.lan': job.lan,
  'wcs-rigs.address': job.address,
  'wcs-rigs.tag': job.tag,
  'wcs-rigs.created': asText(job.created),
  'wcs-rigs.cap': job.lease.cap === undefined ? 'none' : asText(job.lease.cap),
  'wcs-rigs.key-id': keyId,
  ...(licenceId === undefined ? {} : { 'wcs-rigs.licence-id': licenceId }),
});

/** What the engine port needs of them again. */
export type BirthFacts = { readonly rig: RigId; readonly generation: number; readonly address: string };

const schema = z
  .object({
    [rigLabel]: z.string().min(1),
    'wcs-rigs.generation': z.string().regex(/^\d{1,9}$/),
    'wcs-rigs.address': z.ipv4(),
  })
  .transform((labels) => ({
    rig: labels[rigLabel],
    generation: Number(labels['wcs-rigs.generation']),
    address: labels['wcs-rigs.address'],
  }));

export const isOurs = (labels: Labels | null | undefined, installation: string): boolean =>
  labels?.[installationLabel] === installation;

/** `undefined` where they are not what we write: somebody has set our label by hand. */
export const readLabels = (labels: Labels): BirthFacts | undefined => schema.safeParse(labels).data;
