// Rigs on addresses that the host itself has (publish, host): whether it has them, and whether their ports are free there.

import { addressesOf } from '../../rig/address-range.ts';
import { answersOn, anywhere, type Listener } from '../../rig/listening.ts';
import { usesOwnAddresses } from '../../rig/rig.ts';
import { standardPorts } from '../../rig/web-call-server.ts';
import { type Check, type Finding, well } from '../finding.ts';
import { addressCount, named } from './count.ts';
import type { QuickFacts } from './facts.ts';
import { notSeen, wrong } from './verdicts.ts';

const mostNamed = 6;

export const checkOwnAddresses: Check<Pick<QuickFacts, 'config' | 'machine'>> = ({ config, machine }) => {
  const { mode, range, parent } = config.network;
  if (!usesOwnAddresses(mode)) return [];
  const own = new Set(machine.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  const all = addressesOf(range);
  const missing = all.filter((address) => !own.has(address));
  const [first] = missing;
  if (first === undefined)
    return [
      well(
        'own-addresses',
        `this host itself has the ${addressCount(all.length)} of the range, on interfaces that are up`,
      ),
    ];
  return [
    wrong(
      'own-addresses',
      `no interface of this host that is up has ${named(missing, mostNamed)} of the range, so that no rig can listen there`,
      `\`sudo ip address add ${first}/24 dev ${parent ?? machine.defaultRoute?.interface ?? 'eth0'}\` for each (with its LAN's own mask, and into the host's network configuration), or take it out of WCS_RANGE`,
    ),
  ];
};

export const checkPorts: Check<Pick<QuickFacts, 'config' | 'listeners' | 'rigAddresses'>> = (facts) => {
  const { config, listeners, rigAddresses } = facts;
  const { mode, range } = config.network;
  if (!usesOwnAddresses(mode)) return [];
  const how = `\`sudo ss -ltnp '( ${standardPorts.map((port) => `sport = :${port}`).join(' or ')} )'\``;
  if (listeners.kind === 'unseen') return [notSeen('ports', 'who listens on this host', listeners.why, how)];
  if (rigAddresses.kind === 'unseen')
    return [notSeen('ports', 'which ports rigs have already', rigAddresses.why, how)];
  const rigs = rigAddresses.value;
  const addresses = new Set(addressesOf(range));
  const wanted = new Set([...standardPorts, ...config.ready.ports]);
  // A rig on the host's own network may listen on every address of it.
  const isOurs = ({ at }: Listener): boolean =>
    at === anywhere ? mode === 'host' && rigs.size > 0 : rigs.has(at);
  const taken = listeners.value
    .filter((one) => wanted.has(one.port) && [...addresses].some((address) => answersOn(one, address)))
    .filter((one) => !isOurs(one));
  if (taken.length === 0)
    return [well('ports', `the ports ${[...wanted].join(', ')} are free on the addresses of the range`)];
  return [portsFinding(taken, how)];
};

const portsFinding = (taken: readonly Listener[], how: string): Finding => {
  const places = [
    ...new Set(taken.map(({ at, port }) => `${at === anywhere ? 'every address' : at} port ${port}`)),
  ];
  return wrong(
    'ports',
    `another program listens where rigs would (${named(places, mostNamed)}), so that they cannot`,
    `${how} names it; stop it, have it listen on another address, or take that address out of WCS_RANGE`,
  );
};
