// What the doctor says: one finding for each thing that was looked at. Checks are pure: facts in, findings out; gathering the
// facts is apart from them.

/** ✔, ▲ (it works, and somebody should know), ✘ (it does not, or will not). */
export type Verdict = 'well' | 'doubtful' | 'wrong';

export type Finding = {
  /** Short and stable, `range-dhcp`: what scripts look for. */
  readonly check: string;
  readonly verdict: Verdict;
  /** One sentence without a full stop. */
  readonly says: string;
  /** The command that mends it, or what to write instead. */
  readonly mend?: string | undefined;
  /** It would hurt others on the LAN: a worker does not serve with it. */
  readonly hurtsOthers?: boolean | undefined;
  /** It could not be looked at; `mend` is how to look by hand. */
  readonly isUnseen?: boolean | undefined;
};

export type Check<Facts> = (facts: Facts) => readonly Finding[];

export const well = (check: string, says: string): Finding => ({ check, verdict: 'well', says });

export const doubtful = (check: string, says: string, mend?: string): Finding => ({
  ...{ check, verdict: 'doubtful', says },
  ...(mend === undefined ? {} : { mend }),
});

export const wrong = (check: string, says: string, mend?: string): Finding => ({
  ...{ check, verdict: 'wrong', says },
  ...(mend === undefined ? {} : { mend }),
});
