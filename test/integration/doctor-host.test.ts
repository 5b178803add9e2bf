// `doctor host` on real things: a real engine in a namespace on a LAN, whose interfaces, rules and neighbours are broken one by
// one. Each fault is found, and is not found where it is not.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PrivateEngine, startPrivateEngine } from '../../src/demo/private-engine.ts';
import { buildStandIn } from '../../src/demo/stand-in/build.ts';
import { type Examined, examineIn, type How } from '../support/examine-in.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { loadImageFor } from '../support/load-image.ts';
import { mustRun, run } from '../support/run.ts';

const image = 'localhost/stand-in';
let lan: Lan;
let engine: PrivateEngine;
let stateDir = '';
const undo: (() => Promise<unknown>)[] = [];

const namespace = (): string => lan.host('h1').namespace;
const inside = (name: string, ...command: readonly string[]): Promise<string> =>
  mustRun(['ip', 'netns', 'exec', lan.host(name).namespace, ...command]);
const ip = (...command: readonly string[]): Promise<string> => mustRun(['ip', '-n', namespace(), ...command]);
const docker = (...command: readonly string[]): Promise<string> =>
  mustRun(['docker', '--host', engine.dockerHost, ...command]);

beforeAll(async () => {
  lan = await createLan({ hosts: ['h1', 'router'], colleague: true });
  engine = await startPrivateEngine({ namespace: namespace() });
  stateDir = await mkdtemp(join(tmpdir(), 'wcs-rigs-state-'));
  await buildStandIn({ dockerHost: engine.dockerHost, reference: `${image}:latest` });
  await mustRun(['ip', '-n', lan.host('router').namespace, 'address', 'add', '10.77.0.1/24', 'dev', 'eth0']);
});
afterAll(async () => {
  await engine?.stop();
  await lan?.stop();
  await rm(stateDir, { recursive: true, force: true });
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const usual = (): Readonly<Record<string, string>> => ({
  DOCKER_HOST: engine.dockerHost,
  WCS_SECRET: 'a secret of at least thirty-two characters',
  WCS_HOST: 'h1',
  WCS_NETWORK: 'macvlan',
  WCS_PARENT: 'eth0',
  // Written out, so that a parent which is down does not take them along.
  WCS_SUBNET: '10.77.0.0/24',
  WCS_GATEWAY: '10.77.0.1',
  WCS_RANGE: '10.77.0.100-10.77.0.103',
  WCS_DHCP: '10.77.0.200-10.77.0.250',
  WCS_IMAGE: `${image}:latest`,
  WCS_RIG_MEMORY: '128m',
  WCS_STATE_DIR: stateDir,
});

const examine = (
  environment: Readonly<Record<string, string>> = {},
  how: Partial<Omit<How, 'environment'>> = {},
): Promise<Examined> =>
  examineIn({ namespace: namespace(), environment: { ...usual(), ...environment }, ...how });

/** What a worker looks at: enough for most, and without the seconds that the LAN takes to be silent. */
const glance = (environment: Readonly<Record<string, string>> = {}): Promise<Examined> =>
  examine(environment, { quickly: true });

const marks = { well: '✔', doubtful: '▲', wrong: '✘' } as const;
const said = ({ findings }: Examined, check: string): readonly string[] =>
  findings.filter((one) => one.check === check).map(({ verdict, says }) => `${marks[verdict]} ${says}`);
const wrongs = ({ findings }: Examined): readonly string[] =>
  findings.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check);

const hasIpvlan = async (): Promise<boolean> => {
  const made = await run([
    'ip',
    '-n',
    namespace(),
    'link',
    'add',
    'link',
    'eth0',
    'name',
    'try0',
    'type',
    'ipvlan',
  ]);
  if (made.code === 0) await ip('link', 'delete', 'try0');
  return made.code === 0;
};

describe('a good host', () => {
  it('has nothing wrong, and what matters was really looked at', async () => {
    const examined = await examine();
    expect(wrongs(examined)).toEqual([]);
    for (const check of [
      'engine',
      'engine-rights',
      'engine-here',
      'driver',
      'parent',
      'parent-up',
      'parent-kind',
      'mtu',
      'subnet',
      'network',
      'network-overlap',
      'memory',
      'state-dir',
      'kernel-module',
      'arping',
      'gateway',
      'range-answers',
      'image-platform',
    ]) {
      expect(said(examined, check), check).toEqual([expect.stringMatching(/^✔/)]);
    }
    expect(said(examined, 'engine')[0]).toContain(engine.version);
    expect(said(examined, 'kernel-module')[0]).toContain('as was tried');
    expect(said(examined, 'range-answers')[0]).toContain('nobody answers on the 4 addresses');
    // How much there is depends on the machine that this runs on.
    expect(said(examined, 'engine-disk')[0]).toMatch(/^[✔▲] .* free in /);
    expect(said(examined, 'open-files')[0]).toMatch(/^[✔▲] this process may have \d+|Docker may have/);
    expect(said(examined, 'image')[0]).toMatch(/^▲ the image localhost\/stand-in:latest is here, but/);
  });

  it('leaves nothing behind', async () => {
    const before = [
      await ip('-brief', 'link'),
      await docker('network', 'ls', '-q'),
      await mustRun(['ip', '-brief', 'link']),
    ];
    await examine();
    expect([
      await ip('-brief', 'link'),
      await docker('network', 'ls', '-q'),
      await mustRun(['ip', '-brief', 'link']),
    ]).toEqual(before);
    expect(await mustRun(['ls', '-A', stateDir])).toBe('');
  });

  it('is looked at within moments by a worker that starts, without a word on the LAN', async () => {
    const arp = async (): Promise<string> => inside('colleague', 'ip', 'neigh', 'show', 'nud', 'all');
    await inside('colleague', 'ip', 'neigh', 'flush', 'all');
    const { findings, took } = await examine({}, { quickly: true });
    expect(findings.length).toBeGreaterThan(15);
    expect(findings.map(({ check }) => check)).not.toContain('range-answers');
    expect(took).toBeLessThan(1000);
    expect(await arp()).not.toContain('10.77.0.2 ');
  });
});

describe('the parent', () => {
  it('is down', async () => {
    undo.push(() => ip('link', 'set', 'eth0', 'up'));
    await ip('link', 'set', 'eth0', 'down');
    const examined = await glance();
    expect(wrongs(examined)).toContain('parent-up');
    expect(said(examined, 'parent-up')[0]).toContain('switched off');
  });

  it('is unplugged', async () => {
    undo.push(() => lan.plug('h1', 'in'));
    await lan.plug('h1', 'out');
    const examined = await glance();
    expect(said(examined, 'parent-up')).toEqual([expect.stringMatching(/^✘ eth0 has no carrier/)]);
  });

  it('has jumbo frames', async () => {
    undo.push(() => ip('link', 'set', 'eth0', 'mtu', '1500'));
    await ip('link', 'set', 'eth0', 'mtu', '9000');
    expect(said(await glance(), 'mtu')).toEqual([expect.stringMatching(/^▲ eth0 has an MTU of 9000/)]);
  });

  it('is a port of a bridge', async () => {
    await ip('link', 'add', 'br0', 'type', 'bridge');
    undo.push(() => ip('link', 'delete', 'br0'));
    await ip('link', 'set', 'eth0', 'master', 'br0');
    const examined = await glance();
    expect(said(examined, 'parent-part')).toEqual([
      expect.stringMatching(/^✘ eth0 is a part of the bridge br0/),
    ]);
  });

  it('carries a macvlan that somebody made by hand', async () => {
    await ip('link', 'add', 'link', 'eth0', 'name', 'mv0', 'type', 'macvlan', 'mode', 'bridge');
    undo.push(() => ip('link', 'delete', 'mv0'));
    const examined = await glance({ WCS_NETWORK: 'ipvlan' });
    expect(said(examined, 'parent-kind')).toEqual([
      expect.stringMatching(/^✘ the interface mv0 is macvlan on eth0/),
    ]);
    expect(examined.findings.find(({ check }) => check === 'parent-kind')).toMatchObject({
      hurtsOthers: true,
    });
    expect(said(await glance(), 'parent-kind')).toEqual([expect.stringMatching(/^✔/)]);
  });

  it('carries a Docker network of the other kind', async () => {
    await docker(
      'network',
      'create',
      '-d',
      'macvlan',
      '-o',
      'parent=eth0',
      '--subnet',
      '10.79.0.0/24',
      'lab',
    );
    undo.push(() => docker('network', 'rm', 'lab'));
    const examined = await glance({ WCS_NETWORK: 'ipvlan' });
    expect(said(examined, 'parent-kind')).toEqual([
      expect.stringMatching(/^✘ the Docker network lab is macvlan on eth0/),
    ]);
    expect(said(await glance(), 'parent-kind')).toEqual([expect.stringMatching(/^✔/)]);
  });

  it('is not taken for one of the same name that another namespace’s /sys shows', async () => {
    const examined = await examine({}, { quickly: true, withForeignSys: true });
    expect(said(examined, 'parent')).toEqual([
      expect.stringMatching(/^▲ the interface eth0 could not be looked at: .* of another network namespace/),
    ]);
    expect(said(examined, 'parent-up')).toEqual([]);
    expect(examined.findings.find(({ check }) => check === 'parent')).toMatchObject({ isUnseen: true });
  });

  // Whether this kernel has ipvlan decides which of the two it is.
  it('is on a kernel with or without ipvlan, as it is', async () => {
    const expected = (await hasIpvlan()) ? /^✔ .*as was tried/ : /^✘ .*has no ipvlan/;
    expect(said(await examine({ WCS_NETWORK: 'ipvlan' }), 'kernel-module')).toEqual([
      expect.stringMatching(expected),
    ]);
  });
});

describe('networks', () => {
  it('one overlaps', async () => {
    await docker('network', 'create', '--subnet', '10.77.0.64/26', 'old');
    undo.push(() => docker('network', 'rm', 'old'));
    expect(said(await glance(), 'network-overlap')).toEqual([
      expect.stringMatching(
        /^✘ the Docker network old \(bridge\) has 10\.77\.0\.64\/26, which overlaps 10\.77\.0\.0\/24/,
      ),
    ]);
  });

  it('one fits that somebody made by hand', async () => {
    const options = ['--subnet', '10.77.0.0/24', '--gateway', '10.77.0.1', '--ip-range', '10.77.0.96/27'];
    await docker('network', 'create', '-d', 'macvlan', '-o', 'parent=eth0', ...options, 'new-testnet');
    undo.push(() => docker('network', 'rm', 'new-testnet'));
    const examined = await glance();
    expect(said(examined, 'network')).toEqual([
      expect.stringMatching(/^✔ the Docker network new-testnet fits/),
    ]);
    expect(said(examined, 'network-handed-out')).toEqual([expect.stringMatching(/^▲ .*10\.77\.0\.96\/27/)]);
    expect(wrongs(examined)).toEqual([]);
  });

  it('ours is another than is configured', async () => {
    await docker('network', 'create', '--subnet', '10.78.0.0/24', 'wcs-rigs');
    undo.push(() => docker('network', 'rm', 'wcs-rigs'));
    expect(said(await glance(), 'network')).toEqual([
      expect.stringMatching(/^✘ .*its driver is bridge and should be macvlan/),
    ]);
  });

  const bridge = {
    WCS_NETWORK: 'bridge',
    WCS_RANGE: '172.31.7.10-172.31.7.13',
    WCS_PARENT: '',
    WCS_SUBNET: '',
    WCS_GATEWAY: '',
    WCS_DHCP: '',
  };
  it('a bridge is where this machine goes elsewhere', async () => {
    for (const [route, expected] of [
      ['172.31.7.0/24', /^✘ this machine reaches 172\.31\.7\.0\/24 through eth0/],
      ['172.31.7.64/26', /^▲ this machine reaches 172\.31\.7\.64\/26 through eth0/],
      ['172.31.0.0/16', /^▲ this machine reaches 172\.31\.0\.0\/16 through eth0/],
    ] as const) {
      await ip('route', 'add', route, 'via', '10.77.0.3');
      undo.push(() => run(['ip', '-n', namespace(), 'route', 'delete', route]));
      expect(said(await glance(bridge), 'route-overlap')).toEqual([expect.stringMatching(expected)]);
      await ip('route', 'delete', route);
    }
  });

  it('a bridge that is there already is no stranger to itself', async () => {
    await docker('network', 'create', '--subnet', '172.31.7.0/24', '--gateway', '172.31.7.1', 'wcs-rigs');
    undo.push(() => docker('network', 'rm', 'wcs-rigs'));
    const examined = await glance(bridge);
    expect(said(examined, 'route-overlap')).toEqual([expect.stringMatching(/^✔/)]);
    expect(wrongs(examined)).toEqual([]);
  });

  it('a firewall drops what a bridge is sent', async () => {
    expect(said(await examine(bridge), 'firewall')).toEqual([expect.stringMatching(/^✔/)]);
    undo.push(() => inside('h1', 'iptables', '-P', 'FORWARD', 'ACCEPT'));
    await inside('h1', 'iptables', '-P', 'FORWARD', 'DROP');
    await inside('h1', 'iptables', '-N', 'DOCKER-USER');
    undo.push(() => inside('h1', 'iptables', '-X', 'DOCKER-USER'));
    await inside('h1', 'iptables', '-A', 'DOCKER-USER', '-s', '10.0.0.0/8', '-j', 'DROP');
    undo.push(() => inside('h1', 'iptables', '-F', 'DOCKER-USER'));
    const examined = await examine(bridge);
    expect(said(examined, 'firewall')).toEqual([
      expect.stringMatching(/^✘ iptables drops what is forwarded \(its policy is DROP\)/),
      expect.stringMatching(/^▲ the chain DOCKER-USER drops/),
    ]);
    expect(said(examined, 'forwarding')).toEqual([expect.stringMatching(/^[✔▲]/)]);
    expect(said(await examine(), 'firewall')).toEqual([
      expect.stringMatching(/^✔ .*do not matter with macvlan/),
    ]);
  });
});

describe('the LAN', () => {
  const colleague = (...command: readonly string[]): Promise<string> =>
    mustRun(['ip', '-n', lan.host('colleague').namespace, ...command]);

  it('has somebody on an address of the range', async () => {
    const mac = (await inside('colleague', 'cat', '/sys/class/net/eth0/address')).trim();
    const examined = await examine({ WCS_RANGE: '10.77.0.4-10.77.0.6' });
    expect(said(examined, 'range-answers')).toEqual([
      expect.stringContaining(`somebody answers on 10.77.0.4 (${mac})`),
    ]);
    expect(wrongs(examined)).toEqual(['range-answers']);
  });

  it('has no gateway', async () => {
    expect(said(await examine({ WCS_GATEWAY: '10.77.0.254', WCS_DHCP: '' }), 'gateway')).toEqual([
      expect.stringMatching(/^▲ nobody answers as the gateway 10\.77\.0\.254/),
    ]);
  });

  it('has a machine with many of the addresses', async () => {
    for (const last of [100, 101, 102]) {
      await colleague('address', 'add', `10.77.0.${last}/24`, 'dev', 'eth0');
      undo.push(() => colleague('address', 'delete', `10.77.0.${last}/24`, 'dev', 'eth0'));
    }
    expect(said(await examine(), 'proxy-arp')).toEqual([
      expect.stringMatching(
        /^✘ one machine \(.*\) answers for 10\.77\.0\.100, 10\.77\.0\.101, 10\.77\.0\.102 of the range/,
      ),
    ]);
  });

  it('has a router that answers for others, to neighbours alone', async () => {
    await colleague('link', 'add', 'name', 'far0', 'type', 'veth', 'peer', 'name', 'far1');
    undo.push(() => colleague('link', 'delete', 'far0'));
    for (const link of ['far0', 'far1']) await colleague('link', 'set', link, 'up');
    await colleague('address', 'add', '10.77.0.97/27', 'dev', 'far0');
    const switches = ['net.ipv4.conf.eth0.proxy_arp', 'net.ipv4.ip_forward'];
    undo.push(() => inside('colleague', 'sysctl', '-qw', ...switches.map((name) => `${name}=0`)));
    await inside('colleague', 'sysctl', '-qw', ...switches.map((name) => `${name}=1`));
    const examined = await examine();
    expect(said(examined, 'proxy-arp')).toEqual([
      expect.stringMatching(/^✘ .* answers for 10\.77\.0\.100, .* of the range: that is proxy ARP/),
    ]);
  });
});

describe('addresses of the host’s own', () => {
  // A configuration that is read as a bridge's: only the checks are looked at here. With /32 it is on no LAN.
  const own = {
    ...{ WCS_NETWORK: 'bridge', WCS_PARENT: '', WCS_DHCP: '', WCS_SLOTS: '1' },
    ...{ WCS_RANGE: '10.88.0.2', WCS_SUBNET: '10.88.0.0/24', WCS_GATEWAY: '10.88.0.1' },
  };
  const examineOwn = () => examine(own, { mode: 'publish' });
  const have = async (): Promise<void> => {
    await ip('address', 'add', '10.88.0.2/32', 'dev', 'eth0');
    undo.push(() => ip('address', 'delete', '10.88.0.2/32', 'dev', 'eth0'));
  };
  const listen = async (address: string, port: number): Promise<void> => {
    const script = `require('net').createServer().listen(${port}, '${address}', () => console.log('listening'))`;
    const command = ['netns', 'exec', namespace(), process.execPath, '-e', script];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    undo.push(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    await once(child.stdout, 'data');
  };

  it('are missing', async () => {
    const examined = await examineOwn();
    expect(said(examined, 'own-addresses')).toEqual([
      expect.stringMatching(/^✘ no interface .* has 10\.88\.0\.2/),
    ]);
  });

  it('are there, with free ports', async () => {
    await have();
    await listen('127.0.0.1', 8443);
    await listen('10.77.0.2', 8444);
    const examined = await examineOwn();
    for (const check of ['own-addresses', 'ports', 'range-answers']) {
      expect(said(examined, check)).toEqual([expect.stringMatching(/^✔/)]);
    }
    expect(wrongs(examined)).toEqual([]);
  });

  it('are there, with ports that somebody has', async () => {
    await have();
    await listen('::', 8443);
    await listen('10.88.0.2', 8081);
    expect(said(await examineOwn(), 'ports')).toEqual([
      expect.stringMatching(/^✘ .*\((every address port 8443|10\.88\.0\.2 port 8081), (every|10)/),
    ]);
  });

  it('are another machine’s, too', async () => {
    await have();
    const colleague = lan.host('colleague').namespace;
    await mustRun(['ip', '-n', colleague, 'address', 'add', '10.88.0.2/32', 'dev', 'eth0']);
    undo.push(() => mustRun(['ip', '-n', colleague, 'address', 'delete', '10.88.0.2/32', 'dev', 'eth0']));
    expect(said(await examineOwn(), 'range-answers')).toEqual([
      expect.stringMatching(/^✘ another machine answers on this host's own 10\.88\.0\.2/),
    ]);
  });
});

describe('the engine, the disks and the image', () => {
  it('is nowhere', async () => {
    const examined = await glance({ DOCKER_HOST: `unix://${stateDir}/none.sock` });
    expect(said(examined, 'engine')).toEqual([
      expect.stringMatching(/^✘ there is no Docker at .*none\.sock/),
    ]);
    expect(wrongs(examined)).toEqual(['engine']);
  });

  it('is not for this user, who is told so, and nothing throws', async () => {
    const examined = await examine({}, { asNobody: true });
    expect(said(examined, 'engine-rights')).toEqual([
      expect.stringMatching(/^✘ this user may not use Docker's socket/),
    ]);
    expect(examined.findings.find(({ check }) => check === 'engine-rights')?.mend).toContain(
      'usermod -aG docker',
    );
    expect(said(examined, 'state-dir')).toEqual([expect.stringMatching(/^✘ .*cannot write/)]);
    expect(said(examined, 'parent')).toEqual([expect.stringMatching(/^✔/)]);
  });

  it('is looked at also where the configuration has faults', async () => {
    const { findings } = await examine({ WCS_RANGE: '10.77.0.100/27' });
    expect(findings.map(({ check, verdict }) => `${marks[verdict]} ${check}`)).toEqual([
      '✘ configuration',
      '✔ engine',
    ]);
  });

  it('a state directory has no room', async () => {
    await mustRun(['mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', stateDir]);
    undo.push(() => mustRun(['umount', stateDir]));
    expect(said(await glance(), 'state-dir')).toEqual([expect.stringMatching(/^✘ only 4 MiB free/)]);
  });

  it('a state directory that is not there yet will be made; one below a file cannot', async () => {
    expect(said(await glance({ WCS_STATE_DIR: join(stateDir, 'a', 'b') }), 'state-dir')).toEqual([
      expect.stringMatching(/^✔/),
    ]);
    expect(said(await glance({ WCS_STATE_DIR: '/proc/here' }), 'state-dir')).toEqual([
      expect.stringMatching(/^✘/),
    ]);
  });

  it('an image is not there', async () => {
    expect(said(await examine({ WCS_IMAGE: `${image}:none` }), 'image')).toEqual([
      expect.stringMatching(/^✘ .*stand-in:none is not here, and its registry does not give it/),
    ]);
  });

  it('an image is for another processor', async () => {
    const archive = join(stateDir, 'image.tar');
    undo.push(() => rm(archive, { force: true }));
    await loadImageFor(engine.dockerHost, 's390x', `${image}:other`, archive);
    undo.push(() => docker('rmi', `${image}:other`));
    expect(said(await examine({ WCS_IMAGE: `${image}:other` }), 'image-platform')).toEqual([
      expect.stringMatching(/^✘ .* is made for linux\/s390x, and this machine is linux\//),
    ]);
  });

  it('the rigs may take more memory than there is', async () => {
    const half = `${Math.floor(totalmem() / 2 ** 21)}m`;
    expect(said(await glance({ WCS_RIG_MEMORY: half, WCS_SLOTS: '4' }), 'memory')).toEqual([
      expect.stringMatching(/^✘ 4 rigs of .* this machine has/),
    ]);
  });
});
