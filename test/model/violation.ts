// An invariant of the design that does not hold.

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly rule: string;
  constructor(rule: string, what: string) {
    super(`${rule}: ${what}`);
    this.rule = rule;
  }
}

/** `rule`: as docs and design name it. Noted, and the story ends at its next step: a throw inside a port would be caught. */
export type Violate = (rule: string, what: string) => void;
