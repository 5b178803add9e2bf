// Asks the LAN who is on the gateway's address and on those of the range. Takes seconds: each address that is silent is one.

import { createArping, createNeighbour, hasArping } from '../../machine/arping.ts';
import type { Probe, Prober } from '../../ports/prober.ts';

/** An address, and the interface through which it is asked for. */
export type Question = { readonly address: string; readonly through: string };

export type Answer = Question & { readonly probe: Probe };

export type LanFacts =
  /** Nobody is to be asked: a bridge is a LAN of one machine. */
  | { readonly kind: 'nobody-to-ask' }
  | { readonly kind: 'no-arping' }
  | {
      readonly kind: 'asked';
      /** Of the gateway; not asked where rigs use the host's own. */
      readonly gateway: Answer | undefined;
      readonly range: readonly Answer[];
      /** Some on which nobody answered, asked as a neighbour asks, too: who answers only then answers for others. */
      readonly asNeighbour: readonly Answer[];
      /** Addresses of the range that were too many to be asked. */
      readonly left: number;
    };

/** As many as a /24 has; more take too long, and the worker looks at each before it gives it out. */
export const mostAsked = 254;
const sideBySide = 32;
const askedAgain = 3;

export type Askers = {
  readonly plainly: (through: string) => Prober;
  readonly asNeighbour: (through: string) => Prober;
};

export const gatherLan = async (
  gateway: Question | undefined,
  range: readonly Question[],
  askers: Askers = { plainly: createArping, asNeighbour: createNeighbour },
): Promise<LanFacts> => {
  if (gateway === undefined && range.length === 0) return { kind: 'nobody-to-ask' };
  if (!(await hasArping())) return { kind: 'no-arping' };
  const some = range.slice(0, mostAsked);
  // Where rigs have the host's own addresses, the kernel itself is who would be asked as a neighbour.
  const again = gateway === undefined ? [] : some.slice(0, askedAgain);
  const [router, answers, neighbours] = await Promise.all([
    askAll(askers.plainly, gateway === undefined ? [] : [gateway]),
    askAll(askers.plainly, some),
    askAll(askers.asNeighbour, again),
  ]);
  // Who answers in any case has the address.
  const asNeighbour = neighbours.filter((_, index) => answers[index]?.probe.kind === 'silent');
  return { kind: 'asked', gateway: router[0], range: answers, asNeighbour, left: range.length - some.length };
};

const askAll = async (
  proberOf: (through: string) => Prober,
  questions: readonly Question[],
): Promise<readonly Answer[]> => {
  const answers: Answer[] = [];
  const waiting = questions.entries();
  const lane = async (): Promise<void> => {
    for (const [index, { address, through }] of waiting) {
      answers[index] = { address, through, probe: await proberOf(through).ask(address) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, questions.length) }, lane));
  return answers;
};
