// The licences that this host knows. They come in by their ids and go out into containers, and nowhere else.

import type { LicenceId } from '../rig/rig.ts';

export type KnownLicence = { readonly id: LicenceId; readonly text: string };

export type HostLicences = {
  /** Every rig has it that has claimed none; absent where each is to claim one. */
  readonly ofAll: KnownLicence | undefined;
  /** Those of which each rig claims one. */
  readonly toClaim: readonly KnownLicence[];
};

export type WhichLicence =
  | { readonly kind: 'licence'; readonly licence: KnownLicence }
  | { readonly kind: 'none' }
  /** It has claimed one that this host does not know. */
  | { readonly kind: 'unknown'; readonly id: LicenceId };

/** One that has claimed none gets none of those that are claimed: that may be another rig's. */
export const licenceFor = (
  { ofAll, toClaim }: HostLicences,
  claimed: LicenceId | undefined,
): WhichLicence => {
  const all = ofAll === undefined ? toClaim : [...toClaim, ofAll];
  const licence = claimed === undefined ? ofAll : all.find(({ id }) => id === claimed);
  if (licence !== undefined) return { kind: 'licence', licence };
  return claimed === undefined ? { kind: 'none' } : { kind: 'unknown', id: claimed };
};

/** All that is to be cut out of what people read. */
export const licenceTexts = ({ ofAll, toClaim }: HostLicences): readonly string[] =>
  [...(ofAll === undefined ? [] : [ofAll]), ...toClaim].map(({ text }) => text);
