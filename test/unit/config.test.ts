// The configuration: every variable right and wrong, all faults at once, and no secret in any sentence.

import { describe, expect, it } from 'vitest';
import {
  botVariables,
  commonVariables,
  knownVariables,
  workerVariables,
} from '../../src/config/variables.ts';
import {
  type BotConfig,
  type Environment,
  readBotConfig,
  readWorkerConfig,
  type WorkerConfig,
} from '../../src/config.ts';
import type { Machine } from '../../src/machine.ts';
import { addressesOf } from '../../src/rig/address-range.ts';
import { hour, minute, second } from '../../src/rig/duration.ts';

const gibibyte = 2 ** 30;

const machine: Machine = {
  hostName: 'h1',
  memoryBytes: 16 * gibibyte,
  cores: 4,
  interfaces: [
    { name: 'enp0s3', addresses: [{ address: '192.168.23.5', prefix: 24 }] },
    { name: 'enp0s8', addresses: [] },
    { name: 'lo', addresses: [{ address: '127.0.0.1', prefix: 8 }] },
  ],
  defaultRoute: { interface: 'enp0s3', gateway: '192.168.23.1' },
};

const secret = 'correct-horse-battery-staple-0123456789';
const botEnvironment: Environment = {
  WCS_SECRET: secret,
  SLACK_BOT_TOKEN: 'xoxb-1-2-bot',
  SLACK_APP_TOKEN: 'xapp-1-A-2-app',
};
const workerEnvironment: Environment = {
  WCS_SECRET: secret,
  WCS_RANGE: '192.168.23.100-192.168.23.131',
};

const bot = (environment: Environment = {}): BotConfig => {
  const reading = readBotConfig({ ...botEnvironment, ...environment });
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  return reading.config;
};

const worker = (environment: Environment = {}, on: Machine = machine): WorkerConfig => {
  const reading = readWorkerConfig({ ...workerEnvironment, ...environment }, on);
  if (reading.kind === 'faults') throw new Error(reading.faults.join('\n'));
  return reading.config;
};

const botFaults = (environment: Environment): readonly string[] => {
  const reading = readBotConfig({ ...botEnvironment, ...environment });
  return reading.kind === 'faults' ? reading.faults : [];
};

const workerFaults = (environment: Environment, on: Machine = machine): readonly string[] => {
  const reading = readWorkerConfig({ ...workerEnvironment, ...environment }, on);
  return reading.kind === 'faults' ? reading.faults : [];
};

describe('defaults', () => {
  it('of the bot', () => {
    expect(bot()).toEqual({
      installation: 'wcs',
      secret,
      redis: expect.objectContaining({ kind: 'tcp', host: '127.0.0.1', port: 6379, tls: false }),
      logLevel: 'info',
      healthPort: undefined,
      tags: undefined,
      progressEvery: 10 * second,
      jobLock: 8 * second,
      slack: {
        botToken: 'xoxb-1-2-bot',
        apiUrl: undefined,
        connection: { kind: 'socket', appToken: 'xapp-1-A-2-app' },
      },
      lease: { usual: 4 * hour, most: 24 * hour },
      rigsPerUser: 5,
      rigsMax: undefined,
      launchDeadline: 10 * minute,
      outboxLease: 15 * second,
      note: undefined,
      sshCommand: 'ssh root@{ip}',
    });
  });

  it('of the worker', () => {
    const config = worker();
    expect({
      ...config,
      network: { ...config.network, range: addressesOf(config.network.range).length },
    }).toEqual({
      installation: 'wcs',
      secret,
      redis: expect.objectContaining({ kind: 'tcp', host: '127.0.0.1', port: 6379, tls: false }),
      logLevel: 'info',
      healthPort: undefined,
      tags: undefined,
      progressEvery: 10 * second,
      jobLock: 8 * second,
      host: 'h1',
      network: {
        mode: 'ipvlan',
        name: 'wcs-rigs',
        lan: '192.168.23.0/24@192.168.23.1',
        parent: 'enp0s3',
        subnet: '192.168.23.0/24',
        gateway: '192.168.23.1',
        range: 32,
      },
      slots: 7,
      image: { repository: 'flashphoner/webcallserver', tag: 'latest' },
      licence: undefined,
      memoryBytes: 2 * gibibyte,
      cpus: undefined,
      stateDir: '/var/lib/wcs-rigs',
      dockerHost: undefined,
      registryAuth: undefined,
      registry: { checkEvery: 10 * minute, timeout: 10 * second },
      keepImages: 3,
      ready: { ports: [8444, 8443], timeout: 3 * minute, interval: 250 },
      stopGrace: 10 * second,
      presence: 15 * second,
      tailLines: 20,
    });
  });

  it('are taken for empty variables too, as compose passes them', () => {
    const empty = Object.fromEntries(knownVariables.map((name) => [name, ' ']));
    expect(readBotConfig({ ...empty, ...botEnvironment })).toEqual({
      kind: 'ok',
      config: bot(),
      warnings: [],
    });
    expect(readWorkerConfig({ ...empty, ...workerEnvironment }, machine)).toEqual({
      kind: 'ok',
      config: worker(),
      warnings: [],
    });
  });

  it('cannot be changed afterwards', () => {
    const config = worker();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.network.range.spans)).toBe(true);
    expect(Object.isFrozen(config.ready.ports)).toBe(true);
  });
});

describe('the bot reads', () => {
  it.each<[string, string, object]>([
    [
      'REDIS_URL',
      'rediss://:pw@redis.example:6380/2',
      { redis: { kind: 'tcp', host: 'redis.example', tls: true, port: 6380, db: 2, password: 'pw' } },
    ],
    ['REDIS_URL', '/run/redis.sock', { redis: { kind: 'socket', path: '/run/redis.sock' } }],
    ['WCS_SECRET', `  ${secret}!\n`, { secret: `${secret}!` }],
    ['WCS_INSTALLATION', 'wcs-dev', { installation: 'wcs-dev' }],
    ['WCS_TAGS', 'latest, 5.2.2000,latest', { tags: ['latest', '5.2.2000'] }],
    ['WCS_LOG_LEVEL', 'DEBUG', { logLevel: 'debug' }],
    ['WCS_HEALTH_PORT', '9090', { healthPort: 9090 }],
    ['WCS_PROGRESS', '500ms', { progressEvery: 500 }],
    ['WCS_JOB_LOCK', '1s', { jobLock: second }],
    ['WCS_OUTBOX_LEASE', '2s', { outboxLease: 2 * second }],
    ['SLACK_BOT_TOKEN', 'xoxb-other', { slack: { botToken: 'xoxb-other' } }],
    ['SLACK_APP_TOKEN', 'xapp-other', { slack: { connection: { appToken: 'xapp-other' } } }],
    ['SLACK_API_URL', 'http://127.0.0.1:4001/api', { slack: { apiUrl: 'http://127.0.0.1:4001/api/' } }],
    ['SLACK_API_URL', 'https://slack-gov.com/api/', { slack: { apiUrl: 'https://slack-gov.com/api/' } }],
    ['WCS_LEASE', '90m', { lease: { usual: 90 * minute } }],
    ['WCS_LEASE_MAX', '2d', { lease: { most: 48 * hour } }],
    ['WCS_RIGS_PER_USER', '2', { rigsPerUser: 2 }],
    ['WCS_RIGS_MAX', '40', { rigsMax: 40 }],
    ['WCS_LAUNCH_DEADLINE', '1m', { launchDeadline: minute }],
    ['WCS_NOTE', 'From home: VPN "office" first.', { note: 'From home: VPN "office" first.' }],
    ['WCS_SSH', 'ssh -p 2222 root@{ip}', { sshCommand: 'ssh -p 2222 root@{ip}' }],
  ])('%s=%s', (name, value, expected) => {
    expect(bot({ [name]: value })).toMatchObject(expected);
  });

  it('HTTP in place of Socket Mode where no app token is set', () => {
    const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'f00d', PORT: '8080' };
    expect(bot(http).slack.connection).toEqual({ kind: 'http', signingSecret: 'f00d', port: 8080 });
    expect(bot({ ...http, PORT: undefined }).slack.connection).toMatchObject({ port: 3000 });
    expect(bot({ SLACK_SIGNING_SECRET: 'f00d' }).slack.connection.kind).toBe('socket');
  });
});

describe('the bot refuses', () => {
  it.each<[string, string | undefined, string]>([
    [
      'REDIS_URL',
      'http://redis',
      'REDIS_URL is not right; write `redis://[:PASSWORD@]HOST:PORT`, `rediss://…` or the absolute path of a socket',
    ],
    [
      'WCS_SECRET',
      undefined,
      'WCS_SECRET is missing; make one with `openssl rand -hex 32`, and give bot and workers the same',
    ],
    ['WCS_SECRET', 'short', 'WCS_SECRET has fewer than 32 characters; make one with `openssl rand -hex 32`'],
    [
      'WCS_INSTALLATION',
      'WCS:dev',
      'WCS_INSTALLATION is `WCS:dev`; write 2 to 31 small letters, digits and dashes that begin with a letter, say `wcs` or `wcs-dev`',
    ],
    [
      'WCS_TAGS',
      'latest,,x y',
      'WCS_TAGS is `latest,,x y`; write image tags with commas between them, say `latest,5.2.2000`',
    ],
    [
      'WCS_LOG_LEVEL',
      'loud',
      'WCS_LOG_LEVEL is `loud`; write `trace`, `debug`, `info`, `warn`, `error` or `silent`',
    ],
    ['WCS_HEALTH_PORT', '0', 'WCS_HEALTH_PORT is `0`; write a whole number from 1 to 65535'],
    [
      'WCS_PROGRESS',
      '10',
      'WCS_PROGRESS is `10`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 ms to 1 h',
    ],
    [
      'SLACK_BOT_TOKEN',
      undefined,
      'SLACK_BOT_TOKEN is missing; it is at api.slack.com/apps under *OAuth & Permissions* and begins with `xoxb-`',
    ],
    [
      'SLACK_BOT_TOKEN',
      'xapp-1',
      'SLACK_BOT_TOKEN holds an app-level token (`xapp-…`), which belongs into SLACK_APP_TOKEN; here belongs the bot token, which begins with `xoxb-`',
    ],
    [
      'SLACK_BOT_TOKEN',
      'xoxp-1',
      "SLACK_BOT_TOKEN holds a person's token (`xoxp-…`), which is not needed; here belongs the bot token, which begins with `xoxb-`",
    ],
    [
      'SLACK_BOT_TOKEN',
      'hunter2',
      "SLACK_BOT_TOKEN holds no token of Slack's; here belongs the bot token, which begins with `xoxb-`",
    ],
    [
      'SLACK_APP_TOKEN',
      'xoxb-1',
      'SLACK_APP_TOKEN holds a bot token (`xoxb-…`), which belongs into SLACK_BOT_TOKEN; here belongs the app-level token, which begins with `xapp-`',
    ],
    [
      'SLACK_APP_TOKEN',
      undefined,
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both missing; write the app-level token, which begins with `xapp-`, for Socket Mode, or the signing secret for HTTP',
    ],
    [
      'SLACK_SIGNING_SECRET',
      'xoxb-1',
      'SLACK_SIGNING_SECRET holds a bot token (`xoxb-…`); here belongs the signing secret, from *Basic Information*',
    ],
    [
      'SLACK_SIGNING_SECRET',
      'f0 0d',
      'SLACK_SIGNING_SECRET holds a space; here belongs the signing secret, from *Basic Information*',
    ],
    [
      'SLACK_API_URL',
      'slack.com',
      'SLACK_API_URL is `slack.com`; write a web address such as `https://slack.com/api/`',
    ],
    ['PORT', 'http', 'PORT is `http`; write a whole number from 1 to 65535'],
    [
      'WCS_LEASE',
      '4',
      'WCS_LEASE is `4`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 s to 365 d',
    ],
    [
      'WCS_LEASE',
      '2d',
      'WCS_LEASE (2 d) is longer than WCS_LEASE_MAX (1 d); make it shorter, or the other longer',
    ],
    [
      'WCS_LEASE_MAX',
      '900d',
      'WCS_LEASE_MAX is `900d`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 s to 365 d',
    ],
    ['WCS_RIGS_PER_USER', '0', 'WCS_RIGS_PER_USER is `0`; write a whole number from 1 to 1000'],
    ['WCS_RIGS_MAX', '-1', 'WCS_RIGS_MAX is `-1`; write a whole number from 1 to 100000'],
    [
      'WCS_LAUNCH_DEADLINE',
      'soon',
      'WCS_LAUNCH_DEADLINE is `soon`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 s to 1 d',
    ],
    [
      'WCS_JOB_LOCK',
      '1ms',
      'WCS_JOB_LOCK is `1ms`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 500 ms to 1 h',
    ],
    [
      'WCS_OUTBOX_LEASE',
      '1d',
      'WCS_OUTBOX_LEASE is `1d`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 500 ms to 1 h',
    ],
    ['WCS_NOTE', 'one\ntwo', 'WCS_NOTE is `one two`; write one line of at most 300 characters'],
    [
      'WCS_SSH',
      'ssh root@IP',
      'WCS_SSH is `ssh root@IP`; write the command with `{ip}` where the address goes, say `ssh root@{ip}`',
    ],
  ])('%s=%s', (name, value, sentence) => {
    expect(botFaults({ [name]: value })).toEqual([sentence]);
  });
});

describe('the worker reads', () => {
  it.each<[string, string, object]>([
    ['WCS_HOST', 'Rack-2.office', { host: 'Rack-2.office' }],
    ['WCS_NETWORK', 'macvlan', { network: { mode: 'macvlan', parent: 'enp0s3' } }],
    ['WCS_PARENT', 'enp0s3', { network: { parent: 'enp0s3' } }],
    [
      'WCS_SUBNET',
      '192.168.16.0/20',
      { network: { subnet: '192.168.16.0/20', lan: '192.168.16.0/20@192.168.23.1' } },
    ],
    ['WCS_GATEWAY', '192.168.23.254', { network: { gateway: '192.168.23.254' } }],
    [
      'WCS_RANGE',
      '192.168.23.96/30,192.168.23.9',
      { slots: 5, network: { range: { text: '192.168.23.96/30,192.168.23.9' } } },
    ],
    ['WCS_DHCP', '192.168.23.10-192.168.23.99', { host: 'h1' }],
    ['WCS_LAN', 'office', { network: { lan: 'office' } }],
    ['WCS_SLOTS', '32', { slots: 32 }],
    ['WCS_RIG_MEMORY', '512m', { memoryBytes: gibibyte / 2, slots: 16 }],
    ['WCS_RIG_MEMORY', '1.5G', { memoryBytes: 1.5 * gibibyte, slots: 10 }],
    ['WCS_RIG_CPUS', '0.5', { cpus: 0.5 }],
    [
      'WCS_IMAGE',
      'registry.example:5000/wcs:5.2',
      { image: { repository: 'registry.example:5000/wcs', tag: '5.2' } },
    ],
    ['WCS_LICENSE', 'A-B-C', { licence: 'A-B-C' }],
    ['WCS_REGISTRY_AUTH', '/root/.docker/config.json', { registryAuth: '/root/.docker/config.json' }],
    ['WCS_REGISTRY_CHECK', '1h', { registry: { checkEvery: hour } }],
    ['WCS_REGISTRY_TIMEOUT', '2s', { registry: { timeout: 2 * second } }],
    ['WCS_KEEP_IMAGES', '0', { keepImages: 0 }],
    ['WCS_STATE_DIR', '/srv/rigs', { stateDir: '/srv/rigs' }],
    ['WCS_READY_PORTS', '8444, 8443,1935', { ready: { ports: [8444, 8443, 1935] } }],
    ['WCS_READY_TIMEOUT', '20s', { ready: { timeout: 20 * second } }],
    ['WCS_READY_CHECK', '50ms', { ready: { interval: 50 } }],
    ['WCS_STOP_GRACE', '1s', { stopGrace: second }],
    ['WCS_PRESENCE', '1500ms', { presence: 1500 }],
    ['WCS_LOG_TAIL', '5', { tailLines: 5 }],
    ['DOCKER_HOST', 'unix:///run/docker.sock', { dockerHost: 'unix:///run/docker.sock' }],
    ['DOCKER_HOST', 'tcp://127.0.0.1:2375', { dockerHost: 'tcp://127.0.0.1:2375' }],
    ['WCS_INSTALLATION', 'wcs-dev', { network: { name: 'wcs-dev-rigs' } }],
    ['WCS_TAGS', 'latest,beta', { tags: ['latest', 'beta'] }],
  ])('%s=%s', (name, value, expected) => {
    expect(worker({ [name]: value })).toMatchObject(expected);
  });
});

describe('the worker refuses', () => {
  const here = 'this machine has enp0s3, enp0s8';

  it.each<[string, string | undefined, string]>([
    ['WCS_HOST', 'h:1', 'WCS_HOST is `h:1`; write up to 63 letters, digits, dots and dashes, say `h1`'],
    ['WCS_NETWORK', 'host', 'WCS_NETWORK is `host`; write `ipvlan`, `macvlan` or `bridge`'],
    ['WCS_PARENT', 'eth0', `WCS_PARENT is \`eth0\`, which is not there; ${here}`],
    ['WCS_PARENT', 'eth0.23', `WCS_PARENT is \`eth0.23\`, which is not there; ${here}`],
    ['WCS_PARENT', 'a b', 'WCS_PARENT is `a b`; write the name of a network interface, say `eth0`'],
    [
      'WCS_PARENT',
      'enp0s8',
      'WCS_SUBNET is missing, and enp0s8 has no IPv4 address to read it from; write it, say `192.168.23.0/24`',
    ],
    [
      'WCS_SUBNET',
      '192.168.23.5/24',
      'WCS_SUBNET is `192.168.23.5/24`; write a subnet from /8 to /30 by its first address, say `192.168.23.0/24`',
    ],
    [
      'WCS_GATEWAY',
      '10.0.0.1',
      'WCS_GATEWAY is `10.0.0.1`; the subnet 192.168.23.0/24 has addresses from 192.168.23.1 to 192.168.23.254',
    ],
    ['WCS_GATEWAY', 'router', 'WCS_GATEWAY is `router`; write an IPv4 address, say `192.168.23.1`'],
    [
      'WCS_RANGE',
      undefined,
      'WCS_RANGE is missing; write the addresses that rigs may have, say `192.168.23.100-192.168.23.131`, and keep them out of the DHCP server',
    ],
    [
      'WCS_RANGE',
      '192.168.23.100/27',
      'WCS_RANGE: `192.168.23.100/27` is 192.168.23.96–192.168.23.127, which starts before .100; for 32 addresses from .100 write `192.168.23.100-192.168.23.131`',
    ],
    [
      'WCS_RANGE',
      '192.168.23.5',
      "WCS_RANGE holds this host's own address 192.168.23.5; choose other addresses inside 192.168.23.0/24",
    ],
    [
      'WCS_DHCP',
      '192.168.23.90-192.168.23.109',
      'WCS_RANGE holds 192.168.23.100–192.168.23.109, which the DHCP server hands out (WCS_DHCP); write `192.168.23.110-192.168.23.131`',
    ],
    [
      'WCS_DHCP',
      '192.168.32.10-192.168.32.99',
      'WCS_DHCP has no address in the subnet 192.168.23.0/24, so that it would guard nothing; correct it or leave it out',
    ],
    [
      'WCS_DHCP',
      '192.168.23.10-99',
      'WCS_DHCP: `192.168.23.10-99` is not written out; write `192.168.23.10-192.168.23.99`',
    ],
    [
      'WCS_LAN',
      'of fice',
      'WCS_LAN is `of fice`; write up to 63 letters, digits, dots and dashes, say `office`',
    ],
    ['WCS_SLOTS', '33', 'WCS_SLOTS is 33, but WCS_RANGE has 32; write at most 32, or widen the range'],
    ['WCS_SLOTS', 'many', 'WCS_SLOTS is `many`; write a whole number from 1 to 10000'],
    ['WCS_RIG_MEMORY', '2', 'WCS_RIG_MEMORY is `2`; write a size such as `512m` or `2g`, at least `32m`'],
    ['WCS_RIG_MEMORY', '1k', 'WCS_RIG_MEMORY is `1k`; write a size such as `512m` or `2g`, at least `32m`'],
    [
      'WCS_RIG_MEMORY',
      '32g',
      'WCS_RIG_MEMORY is 32 GiB for each rig, but this machine has 16 GiB; write less, say `1g`',
    ],
    ['WCS_RIG_CPUS', 'all', 'WCS_RIG_CPUS is `all`; write a number of cores such as `2` or `0.5`'],
    ['WCS_RIG_CPUS', '8', 'WCS_RIG_CPUS is 8, but this machine has 4; write at most 4'],
    [
      'WCS_IMAGE',
      'wcs@sha256:0123',
      'WCS_IMAGE is `wcs@sha256:0123`; write an image such as `flashphoner/webcallserver:latest`, by tag and not by digest',
    ],
    [
      'WCS_TAGS',
      'beta',
      'WCS_TAGS leaves out `latest`, the tag of WCS_IMAGE (`flashphoner/webcallserver:latest`); add it, or write WCS_IMAGE with one of `beta`',
    ],
    ['WCS_LICENSE', 'A B', 'WCS_LICENSE holds a space or a line break; write it as it was issued'],
    ['WCS_REGISTRY_AUTH', 'config.json', 'WCS_REGISTRY_AUTH is `config.json`; write an absolute path'],
    [
      'WCS_REGISTRY_CHECK',
      'never',
      'WCS_REGISTRY_CHECK is `never`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 ms to 30 d',
    ],
    [
      'WCS_REGISTRY_TIMEOUT',
      '0s',
      'WCS_REGISTRY_TIMEOUT is `0s`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 10 ms to 1 h',
    ],
    ['WCS_KEEP_IMAGES', '3.5', 'WCS_KEEP_IMAGES is `3.5`; write a whole number from 0 to 1000'],
    ['WCS_STATE_DIR', 'rigs', 'WCS_STATE_DIR is `rigs`; write an absolute path'],
    [
      'WCS_READY_PORTS',
      '8444;8443',
      'WCS_READY_PORTS is `8444;8443`; write ports with commas between them, say `8444,8443`',
    ],
    [
      'WCS_READY_TIMEOUT',
      '3',
      'WCS_READY_TIMEOUT is `3`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 100 ms to 1 d',
    ],
    [
      'WCS_READY_CHECK',
      '5ms',
      'WCS_READY_CHECK is `5ms`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 10 ms to 1 m',
    ],
    [
      'WCS_STOP_GRACE',
      '2h',
      'WCS_STOP_GRACE is `2h`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 1 ms to 1 h',
    ],
    [
      'WCS_PRESENCE',
      '100ms',
      'WCS_PRESENCE is `100ms`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 500 ms to 1 h',
    ],
    ['WCS_LOG_TAIL', '0', 'WCS_LOG_TAIL is `0`; write a whole number from 1 to 100'],
    [
      'DOCKER_HOST',
      'ssh://root@h1',
      'DOCKER_HOST is `ssh://root@h1`; write `unix:///var/run/docker.sock` or `tcp://HOST:2375`',
    ],
  ])('%s=%s', (name, value, sentence) => {
    expect(workerFaults({ [name]: value })).toEqual([sentence]);
  });

  it('a machine whose name cannot be a host name', () => {
    expect(workerFaults({}, { ...machine, hostName: '' })).toEqual([
      "WCS_HOST is missing, and the machine's own name cannot be one; write a name, say `h1`",
    ]);
  });

  it('a machine without a default route', () => {
    expect(workerFaults({}, { ...machine, defaultRoute: undefined })).toEqual([
      `WCS_PARENT is missing, and there is no default route to read it from; ${here}`,
    ]);
    expect(workerFaults({ WCS_PARENT: 'enp0s3' }, { ...machine, defaultRoute: undefined })).toEqual([
      "WCS_GATEWAY is missing, and 192.168.23.0/24 has no default route through enp0s3 to read it from; write the router's address, or an unused one if there is none",
    ]);
  });
});

describe('the network plan', () => {
  it('takes the subnet of several in which the router is', () => {
    const both = {
      ...machine,
      interfaces: [
        {
          name: 'enp0s3',
          addresses: [
            { address: '10.9.9.9', prefix: 24 },
            { address: '192.168.23.5', prefix: 24 },
          ],
        },
      ],
    };
    expect(worker({}, both).network.subnet).toBe('192.168.23.0/24');
  });

  it('lets Docker make a VLAN interface on one that is there', () => {
    const vlan = {
      WCS_PARENT: 'enp0s8.23',
      WCS_SUBNET: '10.0.0.0/24',
      WCS_GATEWAY: '10.0.0.1',
      WCS_RANGE: '10.0.0.10',
    };
    expect(worker(vlan).network).toMatchObject({ parent: 'enp0s8.23', lan: '10.0.0.0/24@10.0.0.1' });
  });

  const bridge = { WCS_NETWORK: 'bridge', WCS_RANGE: '172.31.7.10-172.31.7.19' };

  it('puts a bridge around its range, on the host’s own LAN, without a parent or a route', () => {
    const lonely = { ...machine, defaultRoute: undefined, interfaces: [] };
    expect(worker(bridge, lonely).network).toMatchObject({
      mode: 'bridge',
      lan: 'bridge:h1',
      parent: undefined,
      subnet: '172.31.7.0/24',
      gateway: '172.31.7.1',
    });
  });

  it('knows its own bridge from an earlier start, and refuses a foreign network in its place', () => {
    const own = { name: 'br-0123456789ab', addresses: [{ address: '172.31.7.1', prefix: 24 }] };
    expect(worker(bridge, { ...machine, interfaces: [own] }).network.mode).toBe('bridge');
    const foreign = { name: 'docker0', addresses: [{ address: '172.31.0.1', prefix: 16 }] };
    expect(workerFaults(bridge, { ...machine, interfaces: [foreign] })).toEqual([
      'WCS_SUBNET 172.31.7.0/24 overlaps 172.31.0.0/16 on docker0; a bridge needs a subnet of its own, say `172.31.7.0/24` with `WCS_RANGE=172.31.7.10-172.31.7.19`',
    ]);
  });

  it('refuses a name for a bridge’s LAN, and a range that holds its gateway', () => {
    expect(workerFaults({ ...bridge, WCS_LAN: 'office' })).toEqual([
      "WCS_LAN does not go with `WCS_NETWORK=bridge`: a bridge is its host's own LAN; leave it out",
    ]);
    expect(workerFaults({ ...bridge, WCS_RANGE: '172.31.7.1-172.31.7.9' })).toEqual([
      'WCS_RANGE holds the gateway 172.31.7.1; write `172.31.7.2-172.31.7.9`',
    ]);
  });

  it('does not mind a DHCP server that is elsewhere than the bridge', () => {
    expect(workerFaults({ ...bridge, WCS_DHCP: '192.168.23.10-192.168.23.99' })).toEqual([]);
  });
});

describe('slots', () => {
  it.each([
    ['memory beside 1 GiB for the host', 16, 64, {}, 7],
    ['at most four a core', 256, 2, {}, 8],
    ['at least one', 2, 8, {}, 1],
    ['never more than the range', 256, 64, { WCS_RANGE: '192.168.23.100-192.168.23.102' }, 3],
  ])('%s', (_, memory, cores, environment, slots) => {
    expect(worker(environment, { ...machine, memoryBytes: memory * gibibyte, cores }).slots).toBe(slots);
  });
});

describe('faults', () => {
  it('come all at once', () => {
    const bad = {
      WCS_SECRET: 'short',
      WCS_NETWORK: 'wifi',
      WCS_RANGE: '192.168.23.100/27',
      WCS_RIG_MEMORY: 'lots',
      WCS_READY_PORTS: 'all',
      WCS_TAGS: '!',
      DOCKER_HOST: 'npipe:////./pipe/docker',
    };
    const names = workerFaults(bad).map((fault) => /^[A-Z_]+/.exec(fault)?.[0]);
    expect(names.sort()).toEqual(Object.keys(bad).sort());
    const none = readBotConfig({});
    expect(none.kind === 'faults' && none.faults.map((fault) => /^[A-Z_]+/.exec(fault)?.[0])).toEqual([
      'WCS_SECRET',
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
    ]);
  });

  it('never hold a secret', () => {
    const hidden = {
      REDIS_URL: 'redis://:hunter2@@/x?y',
      WCS_SECRET: 'hunter2',
      WCS_LICENSE: 'hunter2 hunter2',
      SLACK_BOT_TOKEN: 'hunter2',
      SLACK_APP_TOKEN: 'xoxb-hunter2',
      SLACK_SIGNING_SECRET: 'xoxp-hunter2',
    };
    const faults = [...botFaults(hidden), ...workerFaults(hidden)];
    expect(new Set(faults.map((fault) => /^[A-Z_]+/.exec(fault)?.[0]))).toEqual(new Set(Object.keys(hidden)));
    expect(faults.join('\n')).not.toContain('hunter2');
  });

  it('quote what was written on one line and not without end', () => {
    const [fault] = botFaults({ WCS_LEASE: `a\n\`b\`${'c'.repeat(500)}` });
    expect(fault).toMatch(/^WCS_LEASE is `a 'b'c{55}…`; write/);
  });
});

describe('names', () => {
  it('that nobody reads are warned of, with the one that was probably meant', () => {
    const reading = readBotConfig({
      ...botEnvironment,
      WCS_LEASES: '4h',
      WCS_BANANA: 'yes',
      WCS_REDIS_BIND: '10.0.0.5',
      PATH: '/bin',
    });
    expect(reading.warnings).toEqual([
      'WCS_BANANA is not a variable that is known',
      'WCS_LEASES is not a variable that is known; did you mean WCS_LEASE?',
    ]);
  });

  it('are listed exactly as they are read', () => {
    const seen = (read: (environment: Environment) => unknown, base: Environment): Set<string> => {
      const names = new Set<string>();
      read(
        new Proxy<Environment>(base, {
          get: (target, name) => {
            names.add(String(name));
            return target[String(name)];
          },
        }),
      );
      return names;
    };
    const ofBot = seen(readBotConfig, botEnvironment);
    const ofWorker = seen((environment) => readWorkerConfig(environment, machine), workerEnvironment);
    expect([...ofBot].sort()).toEqual([...commonVariables, ...botVariables].sort());
    expect([...ofWorker].sort()).toEqual([...commonVariables, ...workerVariables].sort());
  });
});
