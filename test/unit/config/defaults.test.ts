// The configuration without a word said, and what is said of wrong ones: all at once, and no secret in any sentence.

import { describe, expect, it } from 'vitest';
import {
  botVariables,
  commonVariables,
  knownVariables,
  workerVariables,
} from '../../../src/config/variables.ts';
import { type Environment, readBotConfig, readWorkerConfig } from '../../../src/config.ts';
import { addressesOf } from '../../../src/rig/address-range.ts';
import { day, hour, minute, second } from '../../../src/rig/duration.ts';
import {
  bot,
  botEnvironment,
  botFaults,
  gibibyte,
  machine,
  secret,
  worker,
  workerEnvironment,
  workerFaults,
} from '../../support/config-readings.ts';
import { aHold, aLeasePolicy } from '../../support/policies.ts';

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
      leases: aLeasePolicy(),
      crashHold: aHold,
      reconcile: { every: 2 * second, grace: 2 * minute, fresh: 90 * second, adoption: minute, hold: aHold },
      auditKeep: 90 * day,
      access: { users: undefined, admins: [], channels: undefined },
      adminChannel: undefined,
      sweepEvery: 2 * second,
      probeSilent: 10 * minute,
      redisTimeout: 800,
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
        outside: {},
        inner: undefined,
        dhcp: [],
      },
      rangeShared: false,
      slots: 7,
      image: { repository: 'flashphoner/webcallserver', tag: 'latest' },
      licence: undefined,
      licences: [],
      memoryBytes: 2 * gibibyte,
      cpus: undefined,
      conf: { settings: new Map(), options: ['-Xmx1024m', '-Xms1024m'], files: new Map() },
      stateDir: '/var/lib/wcs-rigs',
      dockerHost: undefined,
      registryAuth: undefined,
      registry: { checkEvery: 10 * minute, timeout: 10 * second },
      keepImages: 3,
      ready: { ports: [8444, 8443], timeout: 3 * minute, interval: 250 },
      stopGrace: 10 * second,
      mirrorEvery: second,
      surveyEvery: 30 * second,
      watchEvery: 5 * second,
      overdueAfter: hour,
      use: { every: minute, rate: 32_768 },
      probe: { every: 10 * second, fresh: minute, again: 5 * minute },
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
      WCS_SECRET_PREVIOUS: 'hunter2',
      WCS_LICENSE: 'hunter2 hunter2',
      SLACK_BOT_TOKEN: 'hunter2',
      SLACK_APP_TOKEN: 'xoxb-hunter2',
      SLACK_SIGNING_SECRET: 'xoxp-hunter2',
      WCS_CONF: 'hunter2,password=hunter2,password=hunter2,-Dpassword=hunter2 hunter2,ip=hunter2,-Xmxhunter2',
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
