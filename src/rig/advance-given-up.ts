// A rig that is given up: nobody restarted it, or its host is gone for good. Nothing of it is asked of a host any more.

import type { Instant } from './duration.ts';
import { card, type News } from './news.ts';
import { type FailReason, isTerminal, type Person, type Rig } from './rig.ts';
import { answered, type Step, to, unchanged } from './step.ts';

/** What was decided about it before does not matter: nobody there does it. */
export const forget = (rig: Rig, by: Person, at: Instant): Step => {
  if (isTerminal(rig.state)) return unchanged;
  const reason: FailReason = { kind: 'host-forgotten', host: rig.host, by };
  const news: News = { kind: 'failed', reason, tail: [] };
  return to(
    rig,
    { kind: 'failed', since: at, reason },
    [card, ...answered(rig, { kind: 'failed' }), news],
    true,
  );
};

export const givenUp = (rig: Rig, at: Instant): Step => {
  if (rig.state.kind !== 'crashed' || at < rig.state.until) return unchanged;
  const { crash: crashed } = rig.state;
  const news = answered(rig, { kind: 'given-up', crash: crashed });
  return to(rig, { kind: 'failed', since: rig.state.since, reason: crashed.reason }, [card, ...news], true);
};
