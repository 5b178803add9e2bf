// Containers end with their engine, and come back with it where their leases allow that.

/** Asked to end and did (0, 143), was killed (137), or nobody was there to see how it ended (255). */
const codes: ReadonlySet<number> = new Set([0, 137, 143, 255]);

/** True at the call site: may the stop of its engine have ended it? */
export const mayBeEngineStop = ({
  exitCode,
  outOfMemory,
}: {
  readonly exitCode: number;
  readonly outOfMemory: boolean;
}): boolean => codes.has(exitCode) && !outOfMemory;
