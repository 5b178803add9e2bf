// What is derived from the fleet's secret, so that no password is ever stored or sent.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secrets } from './ports/secrets.ts';
import type { RigId } from './rig/rig.ts';

/** Without letters and digits that are easily taken for one another: it is read from a screen and typed. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

const mac = (secret: string, purpose: string, ...parts: readonly (string | number)[]): Buffer =>
  createHmac('sha256', secret)
    .update(JSON.stringify([purpose, ...parts]))
    .digest();

/** Four groups of five letters and digits: 31^20, about 99 bits. */
const readable = (bytes: Buffer): string => {
  // 31 divides no power of two; from 256 bits on, the unevenness of the remainders is of no use to anybody.
  let number = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  for (let place = 0; place < 20; place += 1) {
    text += alphabet[Number(number % BigInt(alphabet.length))];
    number /= BigInt(alphabet.length);
  }
  return text.replaceAll(/(.{5})(?=.)/g, '$1-');
};

/** Fewer letters are no secret, and stand in too many words. */
const tellingLength = 4;

/** Long lines are cut off and end in `…`, perhaps in the middle of a secret. */
const withoutBeginning = (text: string, secret: string): string => {
  if (!text.endsWith('…')) return text;
  const body = text.slice(0, -1);
  for (let length = Math.min(secret.length, body.length); length >= tellingLength; length -= 1) {
    if (body.endsWith(secret.slice(0, length))) return `${body.slice(0, -length)}(secret)…`;
  }
  return text;
};

export type FleetSecrets = Secrets & {
  /** Names the current secret without telling it: 8 hex digits, a label of each rig. */
  readonly keyId: string;
  /** Signs the worker's notes on its own disk. */
  readonly sign: (text: string) => string;
  /** With the current secret or the one before. */
  readonly isSigned: (text: string, signature: string) => boolean;
  readonly isSignedNow: (text: string, signature: string) => boolean;
};

const keyOf = (secret: string, installation: string) => ({
  id: mac(secret, 'key-id').toString('hex').slice(0, 8),
  password: (rig: RigId, generation: number) =>
    readable(mac(secret, 'password', installation, rig, generation)),
  sign: (text: string) => mac(secret, 'rig-file', installation, text).toString('hex'),
});

const isEqual = (one: string, other: string): boolean => {
  const [mine, given] = [Buffer.from(one), Buffer.from(other)];
  return mine.length === given.length && timingSafeEqual(mine, given);
};

/**
 * `secret`: the fleet's (`WCS_SECRET`); `installation` keeps fleets apart that share it by mistake. `previous`: the secret
 * before (`WCS_SECRET_PREVIOUS`), while rigs live that were made with it.
 */
export const deriveSecrets = (secret: string, installation: string, previous?: string): FleetSecrets => {
  const now = keyOf(secret, installation);
  const before = previous === undefined ? undefined : keyOf(previous, installation);
  const keys = before === undefined ? [now] : [now, before];
  return {
    keyId: now.id,
    keyIds: keys.map(({ id }) => id),
    password: now.password,
    passwordUnder: (keyId, { id, generation }) => {
      const key = keyId === undefined ? keys.at(-1) : keys.find((one) => one.id === keyId);
      return key?.password(id, generation);
    },
    passwords: (rig, generation) => keys.map(({ password }) => password(rig, generation)),
    sign: now.sign,
    isSigned: (text, signature) => keys.some(({ sign }) => isEqual(sign(text), signature)),
    isSignedNow: (text, signature) => isEqual(now.sign(text), signature),
    redact: (text, known) =>
      [secret, previous ?? '', ...known]
        .filter((one) => one.length > 0)
        .reduce((rest, one) => withoutBeginning(rest.replaceAll(one, '(secret)'), one), text),
  };
};
