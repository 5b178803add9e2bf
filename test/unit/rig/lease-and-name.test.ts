import { describe, expect, it } from 'vitest';
import { hour } from '../../../src/rig/duration.ts';
import { grantLease, isExpired } from '../../../src/rig/lease.ts';
import { isRigName, makeUpName } from '../../../src/rig/name.ts';
import { noon } from '../../support/a-rig.ts';

const limits = { usual: 4 * hour, most: 24 * hour };

describe('a lease', () => {
  it('is the usual one when none was asked for', () => {
    expect(grantLease(undefined, limits, noon)).toEqual({
      lease: { end: noon + 4 * hour, cap: noon + 24 * hour, rev: 1 },
      cut: false,
    });
  });

  it('is what was asked for, up to the most, and then says so', () => {
    expect(grantLease(24 * hour, limits, noon)).toMatchObject({
      lease: { end: noon + 24 * hour },
      cut: false,
    });
    expect(grantLease(25 * hour, limits, noon)).toMatchObject({
      lease: { end: noon + 24 * hour },
      cut: true,
    });
  });

  it('ends at its end, not a moment later', () => {
    const { lease } = grantLease(hour, limits, noon);
    expect(isExpired(lease, noon + hour - 1)).toBe(false);
    expect(isExpired(lease, noon + hour)).toBe(true);
  });
});

describe('a name', () => {
  it.each(['a', 'demo', 'green-otter', 'h1', 'a2345678901234567890'])('%s is one', (name) =>
    expect(isRigName(name)).toBe(true),
  );
  it.each(['', '1a', '-a', 'Demo', 'a b', 'ä', 'a_b', 'a23456789012345678901', 'a\n', '<a'])(
    '%j is none',
    (name) => expect(isRigName(name)).toBe(false),
  );

  it('is made up of a colour and an animal, and there are more than a thousand of them', () => {
    const names = new Set(Array.from({ length: 20_000 }, (_, index) => makeUpName(index / 20_000)));
    expect(names.size).toBeGreaterThan(1000);
    for (const name of names) expect(name).toSatisfy(isRigName);
  });
});
