// What is derived from the fleet's secret, and what is cut out of texts.

import { describe, expect, it } from 'vitest';
import { licenceIdOf } from '../../src/licence-id.ts';
import { isLicenceId } from '../../src/rig/birth-facts.ts';
import { deriveSecrets } from '../../src/secrets.ts';

const secret = 'a secret of at least thirty-two characters';
const { password, redact, keyId } = deriveSecrets(secret, 'wcs');

describe('a password', () => {
  it('is the same for bot and worker, and another for each rig, generation, installation and secret', () => {
    expect(deriveSecrets(secret, 'wcs').password('k3f9ab', 1)).toBe(password('k3f9ab', 1));
    const others = [
      password('k3f9ab', 1),
      password('k3f9ab', 2),
      password('k3f9ac', 1),
      deriveSecrets(secret, 'dev').password('k3f9ab', 1),
      deriveSecrets(`${secret}!`, 'wcs').password('k3f9ab', 1),
    ];
    expect(new Set(others).size).toBe(others.length);
    for (const one of others) expect(one).toMatch(/^([a-hj-km-np-z2-9]{5}-){3}[a-hj-km-np-z2-9]{5}$/);
  });
});

describe('what may be shown', () => {
  it('of the secret and of a licence is not the thing itself, and tells equal from different', () => {
    expect(keyId).toMatch(/^[0-9a-f]{8}$/);
    const ids = [
      licenceIdOf('LICENCE-1', 'wcs'),
      licenceIdOf('LICENCE-2', 'wcs'),
      licenceIdOf('LICENCE-1', 'dev'),
    ];
    expect(ids.every(isLicenceId)).toBe(true);
    expect(new Set(ids).size).toBe(3);
    expect(licenceIdOf('LICENCE-1', 'wcs')).toBe(ids[0]);
  });

  it('of a licence stays what it is from one version to the next: rigs live through updates', () => {
    expect(licenceIdOf('LICENCE-1234567890', 'wcs')).toBe('158b5f5d7614');
  });
});

describe('a text', () => {
  it('loses every known secret, wherever and however often', () => {
    expect(redact(`x ${secret} L-123456 y L-123456`, ['L-123456', ''])).toBe(
      'x (secret) (secret) y (secret)',
    );
  });

  it('loses the beginning of one that was cut off with the line', () => {
    expect(redact('licence LICENCE-12345…', ['LICENCE-1234567890'])).toBe('licence (secret)…');
    expect(redact('licence LICE…', ['LICENCE-1234567890'])).toBe('licence (secret)…');
    // A letter or three are no secret, and cutting them out would spoil words.
    expect(redact('a lovely L…', ['LICENCE-1234567890'])).toBe('a lovely L…');
    expect(redact('not cut LICENCE-12345', ['LICENCE-1234567890'])).toBe('not cut LICENCE-12345');
  });

  it('without any is as it was', () => {
    expect(redact('all fine…', ['LICENCE-1234567890'])).toBe('all fine…');
  });
});

describe('after the secret was changed', () => {
  const later = 'another secret of thirty-two characters';
  const before = deriveSecrets(secret, 'wcs');
  const both = deriveSecrets(later, 'wcs', secret);
  const after = deriveSecrets(later, 'wcs');
  const rig = { id: 'k3f9ab', generation: 1 };

  it('a rig has the password of the key that it was made with, while that is known', () => {
    expect(both.keyIds).toEqual([after.keyId, before.keyId]);
    expect(both.keyId).toBe(after.keyId);
    expect(both.passwordUnder(before.keyId, rig)).toBe(before.password('k3f9ab', 1));
    expect(both.passwordUnder(after.keyId, rig)).toBe(after.password('k3f9ab', 1));
    expect(both.password('k3f9ab', 1)).toBe(after.password('k3f9ab', 1));
    expect(after.passwordUnder(before.keyId, rig)).toBeUndefined();
  });

  it('one that says no key was made with the earliest', () => {
    expect(both.passwordUnder(undefined, rig)).toBe(before.password('k3f9ab', 1));
    expect(after.passwordUnder(undefined, rig)).toBe(after.password('k3f9ab', 1));
  });

  it('notes of the one before are believed, and told from those of now', () => {
    const signature = before.sign('note');
    expect([both.isSigned('note', signature), both.isSignedNow('note', signature)]).toEqual([true, false]);
    expect([both.isSigned('note', both.sign('note')), both.isSignedNow('note', both.sign('note'))]).toEqual([
      true,
      true,
    ]);
    expect(after.isSigned('note', signature)).toBe(false);
    expect(both.isSigned('other', signature)).toBe(false);
  });

  it('either is cut out, and so is the password under either', () => {
    expect(both.redact(`${secret} ${later}`, [])).toBe('(secret) (secret)');
    expect(both.passwords('k3f9ab', 1)).toEqual([after.password('k3f9ab', 1), before.password('k3f9ab', 1)]);
  });
});
