// The sentence with which a worker does not start.

import { expect, it } from 'vitest';
import { overlapSentence } from '../../../src/rig/overlap.ts';

it('names both hosts, what they have in common, and every way out', () => {
  const common = ['10.0.0.12', '10.0.0.10', '10.0.0.11', '10.0.0.40'];
  expect(overlapSentence('h2', 'office', 'h1', common)).toBe(
    'the range of host h2 overlaps that of host h1 on the LAN office: both have 10.0.0.10 to 10.0.0.12, 10.0.0.40; ' +
      'h2 does not start. Give one of them other addresses (WCS_RANGE), or set WCS_RANGE_SHARED=on on both, so that ' +
      'either may have any of them; if h1 is gone for good, an admin types `/wcs forget h1` in Slack',
  );
});

it('names the first ones of many', () => {
  const common = Array.from({ length: 10 }, (_, index) => `10.0.0.${100 + 2 * index}`);
  expect(overlapSentence('h2', 'office', 'h1', common)).toContain(
    'both have 10.0.0.100, 10.0.0.102, 10.0.0.104, 10 addresses in all;',
  );
});
