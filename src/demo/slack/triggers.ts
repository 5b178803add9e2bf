// Trigger ids: each may open one view for the person who caused it, within three seconds.

import { randomBytes } from 'node:crypto';

export type TriggerUse =
  | { readonly kind: 'fine'; readonly user: string; readonly channel: string | undefined }
  | { readonly kind: 'unknown' | 'used' | 'expired' };

export type Triggers = {
  /** `channel` is the conversation that the person is looking at. */
  readonly issue: (user: string, channel?: string) => string;
  readonly use: (id: string) => TriggerUse;
};

type Issued = {
  readonly user: string;
  readonly channel: string | undefined;
  readonly at: number;
  used: boolean;
};

export const createTriggers = (lifeMs: number, clock: () => number): Triggers => {
  const issued = new Map<string, Issued>();
  return {
    issue: (user, channel) => {
      const id = `${Math.floor(clock() / 1000)}.${issued.size + 1}.${randomBytes(8).toString('hex')}`;
      issued.set(id, { user, channel, at: clock(), used: false });
      return id;
    },
    use: (id) => {
      const trigger = issued.get(id);
      if (trigger === undefined) return { kind: 'unknown' };
      if (trigger.used) return { kind: 'used' };
      if (clock() - trigger.at > lifeMs) return { kind: 'expired' };
      trigger.used = true;
      return { kind: 'fine', user: trigger.user, channel: trigger.channel };
    },
  };
};
