// The worker's configuration: every variable right and wrong.

import { describe, expect, it } from 'vitest';
import { hour, second } from '../../../src/rig/duration.ts';
import { gibibyte, machine, worker, workerFaults } from '../../support/config-readings.ts';

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
    ['WCS_USE_EVERY', '100ms', { use: { every: 100 } }],
    ['WCS_IDLE_RATE', '1.5M', { use: { rate: 1.5 * 2 ** 20 } }],
    ['WCS_IDLE_RATE', '1kb', { use: { rate: 1024 } }],
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
    [
      'WCS_NETWORK',
      'wifi',
      'WCS_NETWORK is `wifi`; write `ipvlan`, `macvlan`, `bridge`, `publish` or `host`',
    ],
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
      'WCS_USE_EVERY',
      '99ms',
      'WCS_USE_EVERY is `99ms`; write a length of time such as `10s`, `90m`, `4h` or `1h30m`, from 100 ms to 1 h',
    ],
    [
      'WCS_IDLE_RATE',
      '32',
      'WCS_IDLE_RATE is `32`; write bytes a second such as `32k` or `1m`, at least `1k`',
    ],
    [
      'WCS_IDLE_RATE',
      '0.5k',
      'WCS_IDLE_RATE is `0.5k`; write bytes a second such as `32k` or `1m`, at least `1k`',
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
