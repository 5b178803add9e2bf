// Who is there, and of which version. Pure.

import { type Duration, formatDuration, type Instant, minute, second } from '../../rig/duration.ts';
import { isSameHost } from '../../rig/host.ts';
import { count, listText } from '../figures.ts';
import { doubtful, type Finding, well } from '../finding.ts';
import { type FleetCheck, type FleetHost, isPresent, machineOf } from './facts.ts';

export const bots: FleetCheck = ({ bots: there }) => {
  if (there.length === 0)
    return [
      doubtful(
        'fleet-bots',
        'no bot says that it is there: nobody answers in Slack, and no lease ends',
        '`docker compose up -d bot`, and its log',
      ),
    ];
  const places = listText([...new Set(there.map(({ session }) => machineOf(session)))]);
  const be = there.length === 1 ? 'is' : 'are';
  return [well('fleet-bots', `${count(there.length, 'bot')} ${be} there, on ${places}`)];
};

export const hosts: FleetCheck = ({ hosts: all, now }) => {
  if (all.length === 0)
    return [
      doubtful(
        'fleet-hosts',
        'no host has joined yet',
        '`docker compose up -d worker`, on each machine with Docker',
      ),
    ];
  const ready = all.filter(({ state }) => state === 'ready').map(({ name }) => name);
  const be = ready.length === 1 ? 'is' : 'are';
  return [
    ...(ready.length === 0 ? [] : [well('fleet-hosts', `${listText(ready)} ${be} ready`)]),
    ...unreachable(
      all.filter((host) => !isPresent(host)),
      now,
    ),
  ];
};

const unreachable = (away: readonly FleetHost[], now: Instant): readonly Finding[] => {
  const [first] = away;
  if (first === undefined) return [];
  const named = away.map(({ name, seen }) =>
    seen === undefined ? name : `${name} (last heard of ${since(now - seen)} ago)`,
  );
  const says =
    away.length === 1
      ? `${listText(named)} is unreachable: its rigs run on unwatched`
      : `${listText(named)} are unreachable: their rigs run on unwatched`;
  const mend = `\`docker compose logs worker\` there; \`/wcs forget ${first.name}\` in Slack, where it is gone for good`;
  return [doubtful('fleet-unreachable', says, mend)];
};

const since = (length: Duration): string =>
  length < minute ? `${Math.round(length / second)} s` : formatDuration(length);

export const draining: FleetCheck = ({ hosts: all }) => {
  const names = all.filter((host) => host.state === 'draining').map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    doubtful(
      'fleet-draining',
      `${listText(names)} ${names.length === 1 ? 'is' : 'are'} draining: no new rig starts there`,
      `\`/wcs undrain ${names[0]}\` in Slack, when it may take rigs again`,
    ),
  ];
};

/** What workers noted of their hosts when they started. This host is looked at by itself. */
export const notes: FleetCheck = ({ own: { worker }, hosts: all }) => {
  const others = all.filter((host) => isPresent(host) && !(worker && isSameHost(host.name, worker.host)));
  const said = others.flatMap(({ name, notes: its }) => its.map((note) => ({ name, note })));
  return [...Map.groupBy(said, ({ note }) => note)].map(([note, by]) =>
    doubtful('fleet-note', `on ${listText(by.map(({ name }) => name))}: ${note}`),
  );
};

export const versions: FleetCheck = ({ own, hosts: all, bots: there }) => {
  const parties = [
    { who: 'this doctor', version: own.version },
    ...there.map(({ session, version }) => ({ who: `the bot on ${machineOf(session)}`, version })),
    ...all.filter(isPresent).map(({ name, versions: { worker } }) => ({ who: name, version: worker })),
  ];
  const groups = [...Map.groupBy(parties, ({ version }) => version)];
  if (groups.length === 1)
    return parties.length === 1 ? [] : [well('fleet-versions', `all are of version ${own.version}`)];
  const named = groups.map(([version, by]) => `${version} (${listText(by.map(({ who }) => who))})`);
  return [
    doubtful(
      'fleet-versions',
      `there are several versions: ${listText(named)}`,
      'bring all to one, bots first, then the workers: `docker compose up -d --build`',
    ),
  ];
};
