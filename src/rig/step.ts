// What an event makes of a rig: the change, what is told of it, and whether the claim is given back.

import type { Answer, News } from './news.ts';
import type { Quarantined } from './quarantine.ts';
import type { Rig, RigState } from './rig.ts';

export type Step =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'changed';
      readonly rig: Rig;
      readonly news: readonly News[];
      /** The claim (name, slot, licence, address) is given back together with this change. */
      readonly release: boolean;
      /** Its address is not given back with it, but set aside: somebody else has it. */
      readonly setAside?: Quarantined | undefined;
    }
  /** It gets another address of its host, and the one it had is set aside; `otherwise`: where none is free. */
  | {
      readonly kind: 'swap';
      readonly rig: Omit<Rig, 'address'>;
      readonly news: readonly News[];
      readonly setAside: Quarantined;
      readonly otherwise: Step & { readonly kind: 'changed' };
    };

export const unchanged: Step = { kind: 'unchanged' };

type Changed = Step & { readonly kind: 'changed' };

export const changed = (rig: Rig, news: readonly News[]): Changed => ({
  kind: 'changed',
  rig,
  news,
  release: false,
});

export const to = (rig: Rig, state: RigState, news: readonly News[], release = false): Changed => ({
  kind: 'changed',
  rig: { ...rig, state },
  news,
  release,
});

/** A reminder, a word that it is kept or unused, a crash: one message in its thread has buttons. */
export const hasOpenMessage = ({ lease, state }: Pick<Rig, 'lease' | 'state'>): boolean =>
  state.kind === 'crashed' ||
  lease.reminded !== undefined ||
  lease.keptFrom !== undefined ||
  lease.idleStop !== undefined;

/** The open message loses its buttons with whatever answers it. */
export const answered = (rig: Rig, answer: Answer): News[] =>
  hasOpenMessage(rig) ? [{ kind: 'answered', answer }] : [];
