// What a command's text can mean, and the ways in which it can be mistyped.

import type { ListFilter } from '../control/list-rigs.ts';
import type { Duration } from '../rig/duration.ts';
import type { RigName } from '../rig/name.ts';
import type { HostName } from '../rig/rig.ts';

export const verbs = ['up', 'list', 'extend', 'down', 'password', 'help'] as const;
export type Verb = (typeof verbs)[number];

/**
 * A time of day as typed, for the asker's own zone. `next` is the next time that it is that o'clock; `tomorrow` was said.
 */
export type TimeOfDay = {
  readonly hour: number;
  readonly minute: number;
  readonly day: 'next' | 'tomorrow';
};

/** Words of `up` that take what follows. */
export type Taker = 'for' | 'on' | 'tag';

export type Command =
  | {
      readonly kind: 'up';
      readonly name: RigName | undefined;
      readonly lease: Duration | undefined;
      readonly host: HostName | undefined;
      readonly tag: string | undefined;
      readonly quietly: boolean;
    }
  | { readonly kind: 'list'; readonly filter: ListFilter }
  /** One name at least, as typed but in small letters; whether there are such rigs is another question. */
  | { readonly kind: 'down'; readonly names: readonly RigName[] }
  | { readonly kind: 'down-which' }
  | { readonly kind: 'down-all' }
  | { readonly kind: 'password'; readonly name: RigName }
  | { readonly kind: 'extend'; readonly name: RigName; readonly by: Duration }
  | { readonly kind: 'help'; readonly more: boolean }
  | { readonly kind: 'nothing' };

/** `typed` is what stood there; it is escaped where it is shown, not here. */
export type Mistake =
  | { readonly kind: 'unknown-verb'; readonly typed: string; readonly nearest: string | undefined }
  | { readonly kind: 'bare-number'; readonly number: string }
  | { readonly kind: 'bad-duration'; readonly typed: string }
  | { readonly kind: 'zero-duration'; readonly typed: string }
  | { readonly kind: 'nothing-after'; readonly word: Taker; readonly verb: 'up' | 'list' }
  | { readonly kind: 'said-twice'; readonly what: Taker | 'lease' }
  | { readonly kind: 'two-names'; readonly first: string; readonly second: string }
  /** Two names, and one of them looks like a word that was meant. */
  | { readonly kind: 'near-word'; readonly typed: string; readonly nearest: string }
  | {
      readonly kind: 'bad-name';
      readonly typed: string;
      readonly why: 'too-long' | 'first-letter' | 'characters';
      readonly proposal: RigName | undefined;
    }
  | { readonly kind: 'keyword-as-name'; readonly word: string }
  | {
      readonly kind: 'mention';
      readonly of: 'person' | 'channel' | 'group';
      readonly typed: string;
      readonly wanted: 'name' | 'lease' | 'host' | 'tag' | 'command';
    }
  | { readonly kind: 'bad-host'; readonly typed: string }
  | { readonly kind: 'bad-tag'; readonly typed: string }
  | { readonly kind: 'which-password' }
  | { readonly kind: 'which-extend' }
  | { readonly kind: 'how-much-longer'; readonly name: RigName }
  | { readonly kind: 'one-extend'; readonly typed: readonly string[] }
  | { readonly kind: 'one-password'; readonly typed: readonly string[] }
  | { readonly kind: 'odd-list'; readonly typed: string }
  | { readonly kind: 'odd-down'; readonly typed: string }
  | { readonly kind: 'too-many-names'; readonly most: number };

export type Parsed =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };
