// The licences of a story: the first two hosts know some in common, and fewer than they have slots; the rigs of the third all
// have the same one.

import type { HostLicences, KnownLicence } from '../../src/host/licences.ts';
import { licenceIdOf } from '../../src/licence-id.ts';

export const installation = 'story';

const known = (text: string): KnownLicence => ({ id: licenceIdOf(text, installation), text });

const ofAll = known('LICENCE-1234567890');
const pool = ['A', 'B', 'C', 'D', 'E'].map((letter) => known(`LICENCE-OF-ONE-${letter}`));

const toClaim: Readonly<Record<string, readonly KnownLicence[]>> = {
  h1: pool.slice(0, 4),
  h2: pool.slice(2),
};

export const licencesOf = (host: string): HostLicences => {
  const own = toClaim[host];
  return own === undefined ? { ofAll, toClaim: [] } : { ofAll: undefined, toClaim: own };
};

/** What must stand nowhere. */
export const licenceTexts: readonly string[] = [ofAll, ...pool].map(({ text }) => text);
