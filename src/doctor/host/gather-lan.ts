// Asks the LAN who is on the gateway's address and on those of the range. Takes seconds: each address that is silent is one.

import { createArping, hasArping } from '../../machine/arping.ts';
import type { Probe, Prober } from '../../ports/prober.ts';

export type Answer = { readonly address: string; readonly probe: Probe };

export type LanFacts =
  /** Nobody is to be asked: a bridge is a LAN of one machine. */
  | { readonly kind: 'nobody-to-ask' }
  | { readonly kind: 'no-arping' }
  | {
      readonly kind: 'asked';
      /** Of the gateway; not asked where rigs use the host's own. */
      readonly gateway: Answer | undefined;
      readonly range: readonly Answer[];
      /** Addresses of the range that were too many to be asked. */
      readonly left: number;
    };

/** An address, and the interface through which it is asked for. */
export type Question = { readonly address: string; readonly through: string };

/** As many as a /24 has; more take too long, and the worker looks at each before it gives it out. */
export const mostAsked = 254;
const sideBySide = 32;

export const gatherLan = async (
  gateway: Question | undefined,
  range: readonly Question[],
  proberOf: (through: string) => Prober = createArping,
): Promise<LanFacts> => {
  if (gateway === undefined && range.length === 0) return { kind: 'nobody-to-ask' };
  if (!(await hasArping())) return { kind: 'no-arping' };
  const ask = async ({ address, through }: Question): Promise<Answer> => ({
    address,
    probe: await proberOf(through).ask(address),
  });
  const asked = range.slice(0, mostAsked);
  const answers: Answer[] = [];
  const waiting = asked.entries();
  const lane = async (): Promise<void> => {
    for (const [index, question] of waiting) answers[index] = await ask(question);
  };
  const [answered] = await Promise.all([
    gateway === undefined ? undefined : ask(gateway),
    ...Array.from({ length: Math.min(sideBySide, asked.length) }, lane),
  ]);
  return { kind: 'asked', gateway: answered ?? undefined, range: answers, left: range.length - asked.length };
};
