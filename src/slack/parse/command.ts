// What a command's text can mean, and the ways in which it can be mistyped.

import type { ListFilter } from '../../control/list-rigs.ts';
import type { Duration } from '../../rig/duration.ts';
import type { RigName } from '../../rig/name.ts';
import type { HostName, LanId, UserId } from '../../rig/rig.ts';

export const verbs = [
  'up',
  'list',
  'show',
  'extend',
  'down',
  'restart',
  'password',
  'logs',
  'share',
  'give',
  'history',
  'keep',
  'addresses',
  'hosts',
  'drain',
  'undrain',
  'forget',
  'allow',
  'help',
] as const;
export type Verb = (typeof verbs)[number];

/** About one rig, which is named. */
export type VerbOfOne = Exclude<Verb, 'up' | 'list' | 'down' | 'addresses' | 'help' | 'hosts' | VerbOfHost>;

/** About one host, which is named; for those who run the bot. */
export type VerbOfHost = 'drain' | 'undrain' | 'forget' | 'allow';

/**
 * A time of day as typed, for the asker's own zone. `next` is the next time that it is that o'clock; `tomorrow` was said.
 */
export type TimeOfDay = {
  readonly hour: number;
  readonly minute: number;
  readonly day: 'next' | 'tomorrow';
};

/** Somebody chosen from Slack's list. `name`: as Slack wrote it beside the id, or the id where it wrote none. */
export type Mentioned = { readonly id: UserId; readonly name: string };

/** Words that take what follows. */
export type Taker = 'for' | 'until' | 'on' | 'tag';

export const mostLines = 1000;

/** How much longer. */
export type Wanted =
  | { readonly kind: 'by'; readonly length: Duration }
  | { readonly kind: 'until'; readonly time: TimeOfDay };

export type Command =
  | {
      readonly kind: 'up';
      readonly name: RigName | undefined;
      /** At most one of the two: how long, or until when. */
      readonly lease: Duration | undefined;
      readonly until: TimeOfDay | undefined;
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
  | { readonly kind: 'extend'; readonly name: RigName; readonly wanted: Wanted }
  | { readonly kind: 'show'; readonly name: RigName }
  /** `tag`: another build; without it the same one. */
  | { readonly kind: 'restart'; readonly name: RigName; readonly tag: string | undefined }
  /** `lines`: from 1 to `mostLines`. */
  | { readonly kind: 'logs'; readonly name: RigName; readonly lines: number | undefined }
  /** One person at least, nobody twice. */
  | { readonly kind: 'share'; readonly name: RigName; readonly with: readonly Mentioned[] }
  | { readonly kind: 'give'; readonly name: RigName; readonly to: Mentioned }
  | { readonly kind: 'history'; readonly name: RigName }
  | { readonly kind: 'history-on'; readonly host: HostName }
  | { readonly kind: 'keep'; readonly name: RigName }
  /** `of`: a LAN, or a host on it; all LANs without it. */
  | { readonly kind: 'addresses'; readonly of: string | undefined }
  /** `lan`: where several have the address. */
  | { readonly kind: 'release-address'; readonly address: string; readonly lan: LanId | undefined }
  /** All, or one. */
  | { readonly kind: 'hosts'; readonly host: HostName | undefined }
  /** `now`: its rigs are stopped, too. */
  | { readonly kind: 'drain'; readonly host: HostName; readonly now: boolean }
  | { readonly kind: 'undrain' | 'forget' | 'allow'; readonly host: HostName }
  | { readonly kind: 'help'; readonly more: boolean }
  | { readonly kind: 'nothing' };

/** About a length of time or a time of day. */
export type TimeMistake =
  | { readonly kind: 'bare-number'; readonly number: string }
  | { readonly kind: 'bad-duration'; readonly typed: string }
  | { readonly kind: 'zero-duration'; readonly typed: string }
  | { readonly kind: 'bad-time'; readonly typed: string }
  /** `25:00`, `13pm` */
  | { readonly kind: 'no-such-time'; readonly typed: string }
  /** `until 6`: in the morning or in the evening? */
  | { readonly kind: 'which-half'; readonly hour: number }
  | { readonly kind: 'tomorrow-when' }
  /** `until tomorrow midnight`: the one before or after it? */
  | { readonly kind: 'which-midnight' }
  | { readonly kind: 'length-after-until'; readonly typed: string }
  | { readonly kind: 'time-after-for'; readonly typed: string }
  /** `1:30` without a word before it: until then, or for so long? */
  | { readonly kind: 'bare-time'; readonly typed: string }
  /** A length, and a time of day. */
  | { readonly kind: 'two-ends' };

/** `typed` is what stood there; it is escaped where it is shown, not here. */
export type Mistake =
  | TimeMistake
  /** `rest`: what stood after it, and can stand after the nearest one. */
  | {
      readonly kind: 'unknown-verb';
      readonly typed: string;
      readonly nearest: string | undefined;
      readonly rest: string | undefined;
    }
  | {
      readonly kind: 'nothing-after';
      readonly word: Taker;
      readonly verb: 'up' | 'list' | 'extend' | 'restart';
    }
  | { readonly kind: 'said-twice'; readonly what: Taker | 'lease' | 'lines' }
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
      readonly wanted:
        | 'name'
        | 'lease'
        | 'time'
        | 'host'
        | 'named-host'
        | 'lan'
        | 'tag'
        | 'person'
        | 'command';
    }
  /** `verb`: of one that takes a host alone. */
  | { readonly kind: 'bad-host'; readonly typed: string; readonly verb?: VerbOfHost | 'hosts' }
  | { readonly kind: 'which-host'; readonly verb: VerbOfHost }
  | { readonly kind: 'one-host'; readonly verb: VerbOfHost | 'hosts'; readonly typed: readonly string[] }
  | { readonly kind: 'bad-tag'; readonly typed: string }
  | { readonly kind: 'which-rig'; readonly verb: VerbOfOne }
  | { readonly kind: 'one-rig'; readonly verb: VerbOfOne; readonly typed: readonly string[] }
  /** No rig can be called that. `name`: what else stood there, and can be one's name; so below. */
  | {
      readonly kind: 'odd-word';
      readonly verb: VerbOfOne;
      readonly typed: string;
      readonly name: string | undefined;
    }
  | { readonly kind: 'how-much-longer'; readonly name: RigName }
  | { readonly kind: 'bad-lines'; readonly typed: string; readonly name: string | undefined }
  | { readonly kind: 'with-whom'; readonly verb: 'share' | 'give'; readonly name: RigName }
  /** A name as typed: Slack says who it is only of those chosen from its list. */
  | {
      readonly kind: 'not-chosen';
      readonly verb: 'share' | 'give';
      readonly typed: string;
      readonly name: string | undefined;
    }
  | { readonly kind: 'one-person'; readonly name: RigName; readonly typed: readonly string[] }
  | { readonly kind: 'odd-addresses'; readonly typed: string }
  | { readonly kind: 'release-what'; readonly typed: string | undefined }
  | { readonly kind: 'odd-list'; readonly typed: string }
  | { readonly kind: 'odd-down'; readonly typed: string }
  | { readonly kind: 'too-many-names'; readonly most: number };

export type Parsed =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };
