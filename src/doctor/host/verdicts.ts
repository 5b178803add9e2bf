// Findings that are not well: what is, why it matters, and what mends it.

import type { Finding } from '../finding.ts';

export const doubtful = (check: string, says: string, mend: string): Finding => ({
  check,
  verdict: 'doubtful',
  says,
  mend,
});

export const wrong = (check: string, says: string, mend: string): Finding => ({
  check,
  verdict: 'wrong',
  says,
  mend,
});

/** A worker does not serve with it. */
export const hurting = (check: string, says: string, mend: string): Finding => ({
  ...wrong(check, says, mend),
  hurtsOthers: true,
});

/** Nothing is known to be wrong: `mend` is how to look for oneself. */
export const notSeen = (check: string, what: string, why: string, mend: string): Finding => ({
  ...doubtful(check, `${what} could not be looked at: ${why}`, mend),
  isUnseen: true,
});
