import { describe, expect, test } from 'vitest';
import { findCredentials, readCredentials } from '../../../src/docker/registry-auth.ts';

const auth = Buffer.from('anna:pass:word').toString('base64');
const anna = { username: 'anna', password: 'pass:word' };

describe('credentials in a Docker config.json', () => {
  test.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['registry.example:5000', 'registry.example:5000'],
    ['https://registry.example:5000/v2/', 'registry.example:5000'],
    ['ghcr.io', 'ghcr.io'],
  ])('under %s are for %s', (key, registry) => {
    expect(findCredentials({ auths: { [key]: { auth } } }, registry)).toEqual({
      kind: 'found',
      credentials: { ...anna, serveraddress: key },
    });
  });

  test('of another registry are not sent', () => {
    expect(findCredentials({ auths: { 'ghcr.io': { auth } } }, 'docker.io')).toEqual({ kind: 'none' });
    expect(findCredentials({ auths: { 'registry.example': { auth } } }, 'registry.example:5000')).toEqual({
      kind: 'none',
    });
  });

  test('with an identity token', () => {
    expect(findCredentials({ auths: { 'a.example': { auth, identitytoken: 't' } } }, 'a.example')).toEqual({
      kind: 'found',
      credentials: { username: 'anna', identitytoken: 't', serveraddress: 'a.example' },
    });
  });

  test.each([
    [{ credHelpers: { 'a.example': 'ecr-login' } }, 'docker-credential-ecr-login'],
    [{ credsStore: 'desktop', auths: { 'a.example': {} } }, 'docker-credential-desktop'],
    [{ auths: { 'a.example': { auth: 'nonsense' } } }, 'not base64 of NAME:PASSWORD'],
    [{ auths: 7 }, 'not a Docker config.json'],
    [[], 'not a Docker config.json'],
  ])('that cannot be used say why: %j', (config, words) => {
    expect(findCredentials(config, 'a.example')).toEqual({
      kind: 'unusable',
      detail: expect.stringContaining(words),
    });
  });

  test('a store that knows nothing of the registry does not bar a public one', () => {
    expect(findCredentials({ credsStore: 'desktop', auths: {} }, 'docker.io')).toEqual({ kind: 'none' });
  });

  test('an entry wins over a helper', () => {
    const config = { auths: { 'a.example': { auth } }, credHelpers: { 'a.example': 'x' } };
    expect(findCredentials(config, 'a.example').kind).toBe('found');
  });
});

test('without a file nothing is sent; one that is not there is named', async () => {
  expect(await readCredentials(undefined, 'docker.io')).toEqual({ kind: 'none' });
  expect(await readCredentials('/no/such/config.json', 'docker.io')).toEqual({
    kind: 'unusable',
    detail: 'registry credentials: /no/such/config.json cannot be read',
  });
});
