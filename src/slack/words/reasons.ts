// Why something was refused, failed or ended, in the few words of the history: the audit keeps the code's own.

import type { AuditEntry } from '../../rig/audit.ts';
import type { Refusal } from '../../rig/refusal.ts';
import type { FailReason, StopReason } from '../../rig/rig.ts';
import type { Admission } from '../access.ts';

type Words = Readonly<Record<string, string>>;

const refusals: Words = {
  'name-taken': 'the name was taken',
  'user-quota': 'they had as many rigs as one person may have',
  'fleet-quota': 'as many rigs as may run were running',
  nowhere: 'no host could take it',
  'no-host': 'no host had joined yet',
  'unknown-host': 'there was no such host',
  'no-such-host': 'there was no such host',
  'only-admins': 'for admins only',
  'host-present': 'its worker was there',
  'unknown-tag': 'there was no such tag to choose',
  'no-such-rig': 'there was no such rig',
  'not-owner': "somebody else's rig",
  'already-stopping': 'it was being stopped already',
  'at-cap': 'it was extended as far as it goes already',
  'no-longer': 'it ended no earlier as it was',
  endless: 'it had no end',
  'for-admins': 'for admins only',
  'not-running': 'it was not running',
  'earlier-secret': 'it was made with a secret that is no longer known',
  'host-away': 'its host did not answer',
  'shared-already': 'they had it already',
  'shared-with-many': 'it was shared with as many as may be',
  'theirs-already': 'it was theirs already',
  'receiver-quota': 'whom it was for had as many rigs as one person may have',
  'not-set-aside': 'that address was not set aside',
  'which-lan': 'several LANs have that address',
  'no-such-lan': 'there was no such LAN',
  'not-here': 'not in that channel',
  'not-listed': 'not among those who may use the bot',
  outsider: 'a guest, or of another organisation',
  unknown: 'Slack did not tell who it was',
} satisfies Record<Refusal['kind'] | Exclude<Admission['kind'], 'welcome'>, string>;

const failures: Words = {
  exited: 'it ended by itself while it was starting',
  'not-ready': 'it did not come up in time',
  'no-image': 'its image could not be pulled',
  'address-in-use': 'something else had its address',
  'ports-taken': 'something on its host has the ports of a rig',
  'licence-in-use': 'another rig had its licence',
  died: 'it ended by itself',
  removed: 'its container was removed on the host',
  'too-late': 'its host came to it too late',
  superseded: 'its place was given up while it was starting',
  'not-resumed': 'Docker was restarted, and its time was up by then',
  overdue: 'it was long past its end, and nobody was there to end it',
  'host-forgotten': 'its host did not answer any more, and was given up',
  engine: 'its host could not start it',
} satisfies Record<FailReason['kind'], string>;

const ends: Words = {
  expired: 'its time was up',
  idle: 'nobody used it',
  drained: 'its host was to be empty',
  'not-restarted': 'its host never came to it',
  'address-twice': 'another rig had its address',
  'licence-twice': 'another rig had its licence',
  overdue: 'it was long past its end, and only its host was there to end it',
  'not-there': 'it was no longer on its host when the registry was restored',
} satisfies Record<Exclude<StopReason['kind'], 'asked'>, string>;

const wordsOf: Readonly<Record<AuditEntry['outcome'], Words>> = {
  refused: refusals,
  failed: failures,
  done: ends,
};

/** As it was written, where there are no words for it: an older audit may hold anything. */
export const reasonWords = (outcome: AuditEntry['outcome'], why: string): string => {
  const words = wordsOf[outcome];
  const known = Object.hasOwn(words, why) ? words[why] : undefined;
  return known ?? why.replace(/^generation (\d{1,9}), tag /, 'container $1, tag ');
};
