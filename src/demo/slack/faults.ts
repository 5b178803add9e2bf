// Faults on demand: which of the next requests are struck, and how.

import type { Fault } from './surface.ts';

export type Faults = {
  readonly add: (fault: Fault) => () => void;
  readonly clear: () => void;
  /** The fault that strikes this request, oldest first; it is used up by this. */
  readonly strike: (method: string) => Fault | undefined;
};

export const createFaults = (): Faults => {
  let waiting: readonly { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => {
      const added = { fault, left: fault.times ?? 1 };
      waiting = [...waiting, added];
      return () => {
        waiting = waiting.filter((each) => each !== added);
      };
    },
    clear: () => {
      waiting = [];
    },
    strike: (method) => {
      const striking = waiting.find(({ fault }) => fault.method === undefined || fault.method === method);
      if (striking === undefined) return undefined;
      striking.left -= 1;
      if (striking.left <= 0) waiting = waiting.filter((each) => each !== striking);
      return striking.fault;
    },
  };
};
