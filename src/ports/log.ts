// The log that is handed to everybody.

/** One line, facts as fields; secrets never. */
export type Log = {
  readonly info: (facts: Readonly<Record<string, unknown>>, message: string) => void;
  readonly warn: (facts: Readonly<Record<string, unknown>>, message: string) => void;
  readonly error: (facts: Readonly<Record<string, unknown>>, message: string) => void;
};

/** For those whose faults are said by whoever called. */
export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
