// A container's labels: its birth facts, which never change. What changes is in the registry and in the rig file.

import { z } from 'zod';
import type { ContainerSpec } from '../ports/engine.ts';
import { asPersonName, isLanId, isLicenceId, isRigId, isUserId } from '../rig/birth-facts.ts';
import type { Instant } from '../rig/duration.ts';
import { isTag } from '../rig/image-reference.ts';
import { isRigName } from '../rig/name.ts';
import type { LicenceId, RigId } from '../rig/rig.ts';
import type { Birth } from '../rig/survey.ts';

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
  // It is this rig's alone. One that all rigs of a host have is nobody's.
  ...(job.licenceId === undefined ? {} : { 'wcs-rigs.licence-claimed': 'yes' }),
});

/** What the engine port needs of them again. */
export type BirthFacts = {
  readonly rig: RigId;
  readonly generation: number;
  readonly address: string;
  readonly licenceId: LicenceId | undefined;
  readonly birth: Birth | undefined;
};

const instant = z.iso.datetime().transform((text): Instant => Date.parse(text));

const birthSchema = z
  .object({
    'wcs-rigs.name': z.string().refine(isRigName),
    'wcs-rigs.owner': z.string().refine(isUserId),
    'wcs-rigs.owner-name': z.string().transform(asPersonName),
    'wcs-rigs.lan': z.string().refine(isLanId),
    'wcs-rigs.tag': z.string().refine(isTag),
    'wcs-rigs.created': instant,
    'wcs-rigs.cap': z.union([z.literal('none').transform(() => undefined), instant]),
    'wcs-rigs.key-id': z.string().max(64).optional(),
    'wcs-rigs.licence-id': z.string().max(64).optional(),
    'wcs-rigs.licence-claimed': z.string().max(64).optional(),
  })
  .transform(
    (labels): Birth => ({
      name: labels['wcs-rigs.name'],
      owner: { id: labels['wcs-rigs.owner'], name: labels['wcs-rigs.owner-name'] },
      lan: labels['wcs-rigs.lan'],
      tag: labels['wcs-rigs.tag'],
      created: labels['wcs-rigs.created'],
      cap: labels['wcs-rigs.cap'],
      keyId: labels['wcs-rigs.key-id'],
      licenceId: claimedLicence(labels['wcs-rigs.licence-id'], labels['wcs-rigs.licence-claimed']),
    }),
  );

const claimedLicence = (id: string | undefined, claimed: string | undefined): LicenceId | undefined =>
  claimed === 'yes' && id !== undefined && isLicenceId(id) ? id : undefined;

const schema = z
  .object({
    [rigLabel]: z.string().refine(isRigId),
    'wcs-rigs.generation': z.string().regex(/^[1-9]\d{0,8}$/),
    'wcs-rigs.address': z.ipv4(),
    'wcs-rigs.licence-id': z.string().refine(isLicenceId).optional().catch(undefined),
  })
  .transform((labels) => ({
    rig: labels[rigLabel],
    generation: Number(labels['wcs-rigs.generation']),
    address: labels['wcs-rigs.address'],
    licenceId: labels['wcs-rigs.licence-id'],
  }));

export const isOurs = (labels: Labels | null | undefined, installation: string): boolean =>
  labels?.[installationLabel] === installation;

/** `undefined` where they are not what we write: somebody has set our label by hand. */
export const readLabels = (labels: Labels): BirthFacts | undefined => {
  const facts = schema.safeParse(labels).data;
  return facts && { ...facts, birth: birthSchema.safeParse(labels).data };
};

export const birthOf = ({ job, keyId }: Pick<ContainerSpec, 'job' | 'keyId'>): Birth => ({
  name: job.name,
  owner: job.owner,
  lan: job.lan,
  tag: job.tag,
  created: job.created,
  cap: job.lease.cap,
  keyId,
  licenceId: job.licenceId,
});
