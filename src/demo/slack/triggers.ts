// Trigger ids: each may open one view for the person who caused it, within three seconds.

import { randomBytes } from 'node:crypto';

export type TriggerUse =
  | { readonly kind: 'fine'; readonly user: string }
  | { readonly kind: 'unknown' | 'used' | 'expired' };

export type Triggers = {
  readonly issue: (user: string) => string;
  readonly use: (id: string) => TriggerUse;
};

export const createTriggers = (lifeMs: number, clock: () => number): Triggers => {
  const issued = new Map<string, { readonly user: string; readonly at: number; used: boolean }>();
  return {
    issue: (user) => {
      const id = `${Math.floor(clock() / 1000)}.${issued.size + 1}.${randomBytes(8).toString('hex')}`;
      issued.set(id, { user, at: clock(), used: false });
      return id;
    },
    use: (id) => {
      const trigger = issued.get(id);
      if (trigger === undefined) return { kind: 'unknown' };
      if (trigger.used) return { kind: 'used' };
      if (clock() - trigger.at > lifeMs) return { kind: 'expired' };
      trigger.used = true;
      return { kind: 'fine', user: trigger.user };
    },
  };
};
