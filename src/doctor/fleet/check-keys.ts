// Have all the same WCS_SECRET? A bot cannot say the passwords of rigs that were made with another one, and so gives none to such
// a host. Pure: secrets go by the ids of their keys.

import { listText } from '../figures.ts';
import { doubtful, type Finding, well, wrong } from '../finding.ts';
import { type FleetCheck, type FleetFacts, isPresent, machineOf } from './facts.ts';

type Party = {
  readonly who: string;
  /** What it works with. */
  readonly current: string;
  /** That, and the one before while it is changed. */
  readonly known: readonly string[];
};

const check = 'key-id';
const same = 'give it the WCS_SECRET of the bot, and start it again';

const party = (who: string, keyIds: readonly string[]): readonly Party[] => {
  const [current] = keyIds;
  return current === undefined ? [] : [{ who, current, known: keyIds }];
};

const partiesOf = ({ own, bots, hosts }: FleetFacts) => ({
  own: party('this machine', own.keyIds),
  bots: bots.flatMap(({ session, keyIds }) => party(`the bot on ${machineOf(session)}`, keyIds)),
  hosts: hosts
    .filter(isPresent)
    .flatMap(({ name, keyId }) => party(name, keyId === undefined ? [] : [keyId])),
});

export const keys: FleetCheck = (facts) => {
  const { own, bots, hosts } = partiesOf(facts);
  // A bot decides; where none says that it is there, this machine's own secret is all there is to compare with.
  const [judge, ...others] = bots.length > 0 ? bots : own;
  if (judge === undefined) return amongThemselves(hosts);
  const judged = [...others, ...(bots.length > 0 ? own : []), ...hosts];
  const faults = [...judged.flatMap((one) => compare(judge, one)), ...silent(facts)];
  if (faults.length > 0 || judged.length === 0) return faults;
  const all = listText([judge, ...judged].map(({ who }) => who));
  return [well(check, `${all} have the same WCS_SECRET (key ${judge.current})`)];
};

const compare = (judge: Party, { who, current, known }: Party): readonly Finding[] => {
  if (current === judge.current) return [];
  const isBeing = judge.known.includes(current) || known.includes(judge.current);
  if (isBeing)
    return [
      doubtful(
        check,
        `${who} works with key ${current} and ${judge.who} with ${judge.current}: the secret is being changed`,
        'go on as under "Changing the secret" in docs/operations.md',
      ),
    ];
  return [
    wrong(
      check,
      `${who} has another WCS_SECRET than ${judge.who} (key ${current}, not ${judge.current}): ${becomes(who)}`,
      same,
    ),
  ];
};

const becomes = (who: string): string => {
  if (who.startsWith('the bot')) return 'of the two bots each passes over the hosts of the other';
  return who === 'this machine'
    ? 'as a host it is passed over, and gets no rig'
    : 'it is passed over, and gets no rig';
};

/** Nobody here has a secret to compare with. */
const amongThemselves = (hosts: readonly Party[]): readonly Finding[] => {
  const groups = [...Map.groupBy(hosts, ({ current }) => current)];
  const named = groups.map(([key, by]) => `${key} (${listText(by.map(({ who }) => who))})`);
  if (groups.length > 1)
    return [
      wrong(
        check,
        `hosts work with several secrets: ${listText(named)}: those with another than the bot are passed over`,
        same,
      ),
    ];
  return groups.length === 0 || hosts.length === 1
    ? []
    : [
        well(
          check,
          `${listText(hosts.map(({ who }) => who))} have the same WCS_SECRET (key ${groups[0]?.[0]})`,
        ),
      ];
};

/** Workers of a version that does not say. */
const silent = ({ hosts }: FleetFacts): readonly Finding[] => {
  const names = hosts.filter((host) => isPresent(host) && host.keyId === undefined).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    doubtful(
      check,
      `${listText(names)} ${names.length === 1 ? 'does' : 'do'} not say with which secret: an older version`,
      '`docker compose up -d --build worker` there',
    ),
  ];
};
