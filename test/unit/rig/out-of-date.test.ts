// A word about an end that waited for Slack is told while it is true, and never after.

import { describe, expect, it } from 'vitest';
import { hour, minute } from '../../../src/rig/duration.ts';
import type { News } from '../../../src/rig/news.ts';
import { isOutOfDate } from '../../../src/rig/out-of-date.ts';
import type { RigState } from '../../../src/rig/rig.ts';
import { aRig, noon } from '../../support/a-rig.ts';

const end = noon + 4 * hour;
const cap = noon + 24 * hour;
const running: RigState = { kind: 'running', since: noon };
const stopping: RigState = { kind: 'stopping', since: noon, reason: { kind: 'expired' } };
const crash = { reason: { kind: 'removed' }, tail: [] } as const;
const crashed: RigState = { kind: 'crashed', since: noon, crash, until: noon + hour };
const lease = { end, cap, rev: 2 };

const reminder = (before: number, facts: Partial<News & { kind: 'reminder' }> = {}): News => ({
  kind: 'reminder',
  end,
  left: before - 1000,
  late: false,
  ...facts,
});
const kept: News = { kind: 'kept', use: { kind: 'idle' }, end, cap };
const idle: News = { kind: 'idle', unused: hour, stop: noon + hour };

describe('a word that waited', () => {
  it.each([
    [
      'a reminder before its end',
      reminder(30 * minute),
      { reminded: end - 30 * minute },
      running,
      end - minute,
      false,
    ],
    ['a reminder at its end', reminder(30 * minute), {}, running, end, true],
    ['a reminder of a rig that is being stopped', reminder(30 * minute), {}, stopping, end - minute, true],
    ['a reminder of a rig that crashed', reminder(30 * minute), {}, crashed, end - minute, true],
    [
      'a reminder of an end that has moved',
      reminder(30 * minute),
      { end: end + hour },
      running,
      end - minute,
      true,
    ],
    [
      'a reminder of an end that is no more',
      reminder(30 * minute),
      { end: undefined },
      running,
      end - minute,
      true,
    ],
    [
      'the first once the second was due',
      reminder(30 * minute),
      { reminded: end - 5 * minute },
      running,
      end - minute,
      true,
    ],
    ['the second then', reminder(5 * minute), { reminded: end - 5 * minute }, running, end - minute, false],
    [
      'that of a grace',
      reminder(10 * minute, { late: true }),
      { reminded: end },
      running,
      end - minute,
      false,
    ],
    [
      'of the cap, of a kept one',
      reminder(30 * minute, { end: cap }),
      { keptFrom: end },
      running,
      end,
      false,
    ],
    ['of the cap, once its end moved on', reminder(30 * minute, { end: cap }), {}, running, end, true],
    ['that it is kept', kept, { keptFrom: end }, running, end - minute, false],
    ['that it was kept until an earlier end', kept, { end: end + minute }, running, end - minute, true],
    ['that it was kept, and is being stopped', kept, {}, stopping, end - minute, true],
    ['that it is unused', idle, { idleStop: noon + hour }, running, noon, false],
    ['that it was unused, and is used', idle, {}, running, noon, true],
    ['that it ended', { kind: 'ended', reason: { kind: 'expired' } }, {}, stopping, end + hour, false],
  ] as const)('%s', (_, news, facts, state, now, outOfDate) => {
    expect(isOutOfDate(aRig({ state, lease: { ...lease, ...facts } }), news, now)).toBe(outOfDate);
  });
});
