// Who is on the LAN: the gateway, strangers on the range's addresses, proxy ARP; and ports of the host's own addresses.

import { describe } from 'vitest';
import {
  checkArping,
  checkGateway,
  checkOwnGateway,
  checkStrangers,
} from '../../../../src/doctor/host/check-lan.ts';
import { checkOwnAddresses, checkPorts } from '../../../../src/doctor/host/check-own.ts';
import type { HostFacts } from '../../../../src/doctor/host/facts.ts';
import type { Answer, LanFacts } from '../../../../src/doctor/host/gather-lan.ts';
import { seen, unseen } from '../../../../src/doctor/host/looked.ts';
import type { Listener } from '../../../../src/rig/listening.ts';
import type { NetworkMode } from '../../../../src/rig/rig.ts';
import { configured, hostFacts } from '../../../support/host-facts.ts';
import { itJudges } from '../../../support/judged.ts';

const router = '02:00:00:00:00:01';
const stranger = '02:00:00:00:00:99';
const silent = (address: string): Answer => ({ address, through: 'enp0s3', probe: { kind: 'silent' } });
const answered = (address: string, mac = stranger): Answer => ({
  address,
  through: 'enp0s3',
  probe: { kind: 'answered', mac },
});
const failed = (address: string): Answer => ({
  address,
  through: 'enp0s3',
  probe: { kind: 'failed', why: 'interface is down' },
});
const [a, b, c, d] = ['.100', '.101', '.102', '.103'].map((last) => `192.168.23${last}`) as [
  string,
  string,
  string,
  string,
];

const asked = (
  range: readonly Answer[],
  gateway = answered('192.168.23.1', router),
  left = 0,
): Extract<LanFacts, { kind: 'asked' }> => ({
  kind: 'asked',
  gateway,
  range,
  asNeighbour: [],
  left,
});
const lanIs = (lan: LanFacts, mode: NetworkMode = 'ipvlan'): HostFacts => hostFacts(mode, { lan });

describe('arping', () => {
  itJudges(checkArping, [
    ['there', hostFacts(), /^✔ arping/],
    [
      'missing',
      lanIs({ kind: 'no-arping' }),
      /^▲ arping: .*not installed.* → .*apt-get install iputils-arping/,
    ],
    ['not needed', hostFacts('bridge')],
  ]);
});

describe('gateway', () => {
  itJudges(checkGateway, [
    ['answers', hostFacts(), /^✔ gateway: .*192\.168\.23\.1 answers \(02:00:00:00:00:01\)/],
    [
      'is silent',
      lanIs(asked([], silent('192.168.23.1'))),
      /^▲ gateway: nobody answers.* → .*WCS_GATEWAY.*`ip route show default`/,
    ],
    [
      'cannot be asked',
      lanIs(asked([], failed('192.168.23.1'))),
      /^▲ gateway: .*interface is down → `sudo arping -D -c 2 -I enp0s3 192\.168\.23\.1`/,
    ],
    ['is the host’s own affair', hostFacts('publish')],
    ['without arping', lanIs({ kind: 'no-arping' })],
  ]);
});

describe('gateway, by its address', () => {
  const own = { gateway: '192.168.23.5' };
  itJudges(checkOwnGateway, [
    ['the router’s', hostFacts()],
    [
      'the host’s own',
      configured(hostFacts(), {}, own),
      /^✘ gateway: the gateway 192\.168\.23\.5 is this host's own address, which its own ipvlan rigs cannot reach/,
    ],
    ['a bridge’s is the host’s own', hostFacts('bridge')],
  ]);
  itJudges(checkGateway, [
    ['the host’s own does not answer itself', configured(lanIs(asked([], silent('192.168.23.5'))), {}, own)],
  ]);
});

describe('strangers', () => {
  const shared = (range: readonly Answer[], heldElsewhere: ReadonlySet<string> = new Set()): HostFacts =>
    configured(hostFacts('ipvlan', { lan: asked(range), heldElsewhere }), { rangeShared: true });
  itJudges(checkStrangers, [
    ['none', lanIs(asked([silent(a), silent(b)])), /^✔ range-answers: nobody answers on the 2 addresses/],
    [
      'none among the first',
      lanIs(asked([silent(a)], answered('192.168.23.1', router), 300)),
      /^✔ range-answers: .*first 1 address.*300 more were not asked/,
    ],
    [
      'one',
      lanIs(asked([silent(a), answered(b)])),
      /^✘ range-answers: somebody answers on 192\.168\.23\.101 \(02:00:00:00:00:99\).* → take that machine off/,
    ],
    ['two that are one', lanIs(asked([answered(a), answered(b)])), /^✘ range-answers: .*\.100 .*\.101 /],
    ['a rig of another host that shares the range', shared([answered(a)], new Set([a])), /^✔ range-answers/],
    [
      'somebody on a shared range',
      shared([answered(a)]),
      /^▲ range-answers: .*WCS_RANGE_SHARED.* → `\/wcs addresses`/,
    ],
    [
      'proxy ARP',
      lanIs(asked([answered(a), answered(b), answered(c)])),
      /^✘ proxy-arp: one machine \(02:00:00:00:00:99\) answers for 192\.168\.23\.100, .*proxy_arp=0/,
    ],
    [
      'proxy ARP of the router',
      lanIs(asked([answered(a, router), answered(b, router), answered(c, router)])),
      /^✘ proxy-arp: the gateway \(02:00:00:00:00:01\) answers for 192\.168\.23\.100, /,
    ],
    [
      'one more address of the router',
      lanIs(asked([answered(a, router)])),
      /^✘ range-answers: somebody answers on 192\.168\.23\.100 \(02:00:00:00:00:01, the gateway\)/,
    ],
    [
      'proxy ARP that answers neighbours alone',
      lanIs({ ...asked([silent(a), silent(b)]), asNeighbour: [answered(a)] }),
      /^✘ proxy-arp: one machine \(02:00:00:00:00:99\) answers for 192\.168\.23\.100 of the range/,
    ],
    [
      'proxy ARP and a stranger',
      lanIs({ ...asked([silent(a), answered(b)]), asNeighbour: [answered(a, router)] }),
      /^✘ proxy-arp: the gateway /,
      /^✘ range-answers: somebody answers on 192\.168\.23\.101/,
    ],
    [
      'some that cannot be asked',
      lanIs(asked([failed(a), silent(b), answered(c)])),
      /^▲ range-answers: 1 of the 3 .*interface is down/,
      /^✘ range-answers: .*\.102/,
    ],
    [
      'more than are worth a name',
      lanIs(
        asked(
          [a, b, c, d, '192.168.23.104', '192.168.23.105'].map((address, index) =>
            answered(address, `02:00:00:00:00:8${index}`),
          ),
        ),
      ),
      /\.104 \(02:00:00:00:00:84\) and 1 more of the range/,
    ],
    [
      'a double of the host’s own address',
      lanIs(
        { kind: 'asked', gateway: undefined, range: [answered('192.168.23.5')], asNeighbour: [], left: 0 },
        'host',
      ),
      /^✘ range-answers: another machine answers on this host's own 192\.168\.23\.5/,
    ],
    ['without arping', lanIs({ kind: 'no-arping' })],
  ]);
});

describe('own-addresses', () => {
  const spans = [{ first: 3_232_241_413, last: 3_232_241_415 }];
  const wider = configured(hostFacts('publish'), {}, { range: { text: '192.168.23.5-192.168.23.7', spans } });
  itJudges(checkOwnAddresses, [
    ['there', hostFacts('publish'), /^✔ own-addresses: this host itself has the 1 address of/],
    [
      'missing',
      wider,
      /^✘ own-addresses: .*192\.168\.23\.6, 192\.168\.23\.7.* → `sudo ip address add 192\.168\.23\.6\/24 dev enp0s3`/,
    ],
    ['missing, host', configured(wider, {}, { mode: 'host' }), /^✘ own-addresses/],
    ['a LAN’s', hostFacts('macvlan')],
  ]);
});

describe('ports', () => {
  const listening = (
    mode: NetworkMode,
    rigs: readonly string[],
    ...listeners: readonly Listener[]
  ): HostFacts => hostFacts(mode, { listeners: seen(listeners), rigAddresses: seen(new Set(rigs)) });
  const own = '192.168.23.5';
  itJudges(checkPorts, [
    [
      'free',
      listening('publish', [], { at: own, port: 22 }, { at: '127.0.0.1', port: 8443 }),
      /^✔ ports: the ports 554, 1935, .*8443, 8444/,
    ],
    [
      'taken on the address',
      listening('publish', [], { at: own, port: 8443 }),
      /^✘ ports: .*192\.168\.23\.5 port 8443.* → `sudo ss -ltnp/,
    ],
    [
      'taken everywhere',
      listening('host', [], { at: '0.0.0.0', port: 8081 }),
      /^✘ ports: .*every address port 8081/,
    ],
    ['taken by a rig', listening('publish', [own], { at: own, port: 8443 }), /^✔ ports/],
    [
      'taken everywhere by a rig on the host’s network',
      listening('host', [own], { at: '0.0.0.0', port: 8443 }),
      /^✔ ports/,
    ],
    [
      'taken everywhere beside a rig that publishes',
      listening('publish', [own], { at: '0.0.0.0', port: 8443 }),
      /^✘ ports/,
    ],
    ['taken on another address', listening('publish', [], { at: '10.0.0.5', port: 8443 }), /^✔ ports/],
    ['not to be seen', hostFacts('host', { listeners: unseen('no right') }), /^▲ ports/],
    ['rigs not to be seen', hostFacts('host', { rigAddresses: unseen('no answer') }), /^▲ ports/],
    ['of addresses of their own', listening('ipvlan', [], { at: '0.0.0.0', port: 8443 })],
  ]);
});
