// A probe rig from its beginning to its end, on the registry in memory: what it takes, what it asks, and that nothing is left of
// it, however it ends.

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ProbePlaces, ProbeWish } from '../../../src/doctor/probe/places.ts';
import { runProbe } from '../../../src/doctor/probe/run-probe.ts';
import type { ContainerSpec } from '../../../src/ports/engine.ts';
import { EngineDown, EngineRefused } from '../../../src/ports/faults.ts';
import type { ReachJob } from '../../../src/rig/job.ts';
import type { ReachAnswer } from '../../../src/rig/reach.ts';
import { placeOf } from '../../../src/worker/networking.ts';
import { aSpec } from '../../support/a-spec.ts';
import { worker } from '../../support/config-readings.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aRegistration } from '../../support/registries.ts';

const lan = '192.168.23.0/24@192.168.23.1';
const addresses = ['192.168.23.100', '192.168.23.101', '192.168.23.102'];
const range = '192.168.23.100-192.168.23.102';

const now = Date.now();

/** An engine with nothing but what a probe asks of it. */
const openEngine = () => {
  const rigs = new Map<string, ContainerSpec>();
  const faults = new Map<'create' | 'start' | 'clear' | 'listen', Error>();
  const told: string[] = [];
  const state = { listens: true, runs: true, inUse: false, image: true, peers: [] as readonly string[] };
  const may = (what: 'create' | 'start' | 'clear' | 'listen'): void => {
    const fault = faults.get(what);
    if (fault) throw fault;
  };
  const engine: ProbePlaces['engine'] = {
    layOver: async (_, conf) =>
      void told.push(`settings ${[...conf.settings.keys(), ...conf.options].join(' ')}`),
    ensureNetwork: async ({ name }) => ({ kind: 'found', name }),
    localImage: async () => (state.image ? { id: 'sha256:1', digest: '1', registryDigests: [] } : undefined),
    start: async () => {
      may('start');
      return state.inUse ? 'address-in-use' : 'started';
    },
    listeningPorts: async () => {
      may('listen');
      if (!state.runs) return undefined;
      return new Set(state.listens ? [8444, 8443] : [8444]);
    },
    logTail: async () => {
      const [spec] = rigs.values();
      return [`its password is ${spec?.password}`];
    },
    announcer: async (leftovers) => ({
      announce: async (_, address) => void told.push(`${leftovers} ${address}`),
    }),
    probeRigs: {
      create: async (spec) => {
        may('create');
        const id = `c${rigs.size + 1}`;
        rigs.set(id, spec);
        return id;
      },
      state: async () => (state.runs ? 'running' : 'exited'),
      peers: async () => state.peers,
      clear: async () => {
        may('clear');
        const count = rigs.size;
        rigs.clear();
        return count;
      },
    },
  };
  return { engine, rigs, faults, state, told };
};

type Change = {
  readonly hosts?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly answer?: (
    job: ReachJob,
    host: string,
  ) => ReachAnswer | undefined | Promise<ReachAnswer | undefined>;
  readonly wish?: Partial<ProbeWish>;
  readonly mayTurn?: () => boolean;
};

const reaches = ({ ports }: ReachJob, host: string): ReachAnswer => ({
  v: 1,
  host,
  skew: 0,
  saw: { kind: 'tried', ports: ports.map((port) => ({ port, outcome: { kind: 'open', took: 2 } })) },
});

const open = async ({
  hosts = ['h1', 'h2'],
  environment = {},
  answer = reaches,
  wish,
  mayTurn = () => true,
}: Change = {}) => {
  const registry = createMemoryRegistry({ now: () => now });
  for (const name of hosts)
    await registry.presence.take(
      aRegistration({
        ...{ name, lan, shared: false, version: '0.1.0' },
        ...(name === 'h1' ? { range, addresses } : { range: `10.0.0.${name.slice(1)}`, addresses: [] }),
      }),
      name,
    );
  const { engine, ...rest } = openEngine();
  const asked: ReachJob[] = [];
  const turns: string[] = [];
  const withdrawn: string[] = [];
  const controller = new AbortController();
  const config = worker({ WCS_HOST: 'h1', WCS_RANGE: range, WCS_READY_CHECK: '10ms', ...environment });
  const places: ProbePlaces = {
    config,
    registry,
    engine,
    placeOf,
    // Nothing goes out on a network.
    reach: async (_, ports) => ports.map((port) => ({ port, outcome: { kind: 'silent' } })),
    examiner: {
      takeTurn: async (host, session) => {
        if (!mayTurn()) return false;
        if (!turns.includes(`take ${host} ${session}`)) turns.push(`take ${host} ${session}`);
        return true;
      },
      giveTurn: async (host, session) => void turns.push(`give ${host} ${session}`),
    },
    asker: {
      ask: async (host, job) => {
        asked.push(job);
        const said = await answer(job, host);
        if (said) await registry.reaches.answer(job.request, said);
      },
      withdraw: async (host) => void withdrawn.push(host),
      close: async () => undefined,
    },
  };
  const full: ProbeWish = {
    session: 's1',
    wait: 0,
    pace: { turn: 200, answer: 300, own: 60 },
    progress: () => undefined,
    signal: controller.signal,
    ...wish,
  };
  const free = async () => (await registry.hosts.list()).find(({ name }) => name === 'h1')?.freeAddresses;
  const setAside = async () => [...((await registry.addresses.quarantined()).get(lan)?.keys() ?? [])];
  return {
    ...rest,
    registry,
    asked,
    turns,
    withdrawn,
    controller,
    free,
    setAside,
    run: async () => {
      const findings = await runProbe(places, full);
      return findings.map(({ check, verdict, says }) => `${verdict} ${check}: ${says}`);
    },
    /** As it was before. */
    isClean: async () => {
      expect(await free()).toBe(hosts.includes('h1') ? 3 : undefined);
      expect(await setAside()).toEqual([]);
      expect(rest.rigs.size).toBe(0);
    },
  };
};

describe('a probe rig', () => {
  it('is up on an address that nobody else takes meanwhile, is announced, and gone again', async () => {
    const seen: { setAside?: readonly string[]; spec?: ContainerSpec | undefined } = {};
    const desk = await open({
      answer: async (job, host) => {
        [seen.spec] = desk.rigs.values();
        seen.setAside = await desk.setAside();
        return reaches(job, host);
      },
    });
    const said = await desk.run();
    expect(said).toEqual([
      expect.stringMatching(/^well probe-rig: a probe rig was up at 192\.168\.23\.102 after/),
      'well probe-reach: h2 reaches a rig of h1 at 192.168.23.102 (8444 in 2 ms, 8443 in 2 ms)',
      'well probe-self: h1 itself does not reach it, as is usual with ipvlan',
    ]);
    expect(seen.setAside).toEqual(['192.168.23.102']);
    expect(seen.spec).toMatchObject({ licence: undefined, job: { address: '192.168.23.102' } });
    expect(seen.spec?.password).toMatch(/^[\w-]{24}$/);
    // With the settings that a rig has, and before it starts.
    expect(desk.told).toEqual(['settings -Xmx1024m -Xms1024m', 'leave 192.168.23.102']);
    expect(desk.asked).toMatchObject([
      { kind: 'reach', lan, address: '192.168.23.102', ports: [8444, 8443], deadline: now + 300 },
    ]);
    expect(desk.turns).toEqual(['take h1 s1', 'give h1 s1']);
    await desk.isClean();
  });

  it('has another one where a rig has got it, and takes rather one that was silent a moment ago', async () => {
    const desk = await open();
    await desk.registry.addresses.silent(lan, 'h1', ['192.168.23.101'], now + 60_000);
    expect((await desk.run())[0]).toContain('192.168.23.101');
    const entry = { why: 'in-use', at: now, host: 'h1' } as const;
    await desk.registry.addresses.quarantine(lan, '192.168.23.101', entry);
    expect((await desk.run())[0]).toContain('192.168.23.102');
  });

  it('stays inside of what this environment gives to rigs', async () => {
    const desk = await open({ environment: { WCS_RANGE: '192.168.23.100' } });
    expect((await desk.run())[0]).toContain('192.168.23.100');
  });

  it('clears what a doctor on this host left that was killed, and nothing else', async () => {
    const desk = await open();
    const entry = { why: 'doctor', at: now, host: 'H1' } as const;
    await desk.registry.addresses.quarantine(lan, '192.168.23.100', entry);
    await desk.registry.addresses.quarantine(lan, '192.168.23.101', { ...entry, host: 'h2' });
    desk.rigs.set('left', aSpec({}));
    const said = await desk.run();
    expect(said[0]).toMatch(/^well probe-cleared: .*192\.168\.23\.100 is back/);
    expect(said[1]).toContain('192.168.23.102');
    expect(await desk.setAside()).toEqual(['192.168.23.101']);
  });

  it('asks every present host of its LAN, and no other', async () => {
    const desk = await open({ hosts: ['h1', 'h2', 'h3', 'h4'] });
    await desk.registry.presence.giveBack('h4', 'h4');
    await desk.registry.presence.giveBack('h3', 'h3');
    await desk.registry.presence.take(aRegistration({ name: 'h3', lan: 'lab', addresses: [] }), 'h3');
    expect((await desk.run()).filter((line) => line.includes('probe-reach'))).toEqual([
      expect.stringContaining('h2 reaches'),
    ]);
  });

  it('says of one that is silent that it is, in time, and takes the question back', async () => {
    const desk = await open({ answer: () => undefined });
    expect(await desk.run()).toContainEqual(
      expect.stringMatching(/^doubtful probe-reach: h2 did not answer within 300 ms .* \(0\.1\.0\)/),
    );
    expect(desk.withdrawn).toEqual(['h2']);
    await desk.isClean();
  });

  it('waits for a colleague where there is nobody to ask, and sees who came', async () => {
    const desk = await open({ hosts: ['h1'], wish: { wait: 5_000 } });
    desk.state.peers = ['192.168.23.7'];
    expect(await desk.run()).toContainEqual('well probe-reach: 192.168.23.7 reached it while it was up');
    const broken = await open({ hosts: ['h1'], wish: { wait: 60_000 } });
    const running = broken.run();
    await delay(100);
    broken.controller.abort(new Error('broken off'));
    expect(await running).toContainEqual(expect.stringMatching(/^well probe-rig: .* and is gone again/));
    await broken.isClean();
    const alone = await open({ hosts: ['h1'] });
    expect(await alone.run()).toContainEqual(expect.stringMatching(/no other worker is on this LAN/));
    await alone.isClean();
  });
});

describe('it ends as it should, and nothing is left', () => {
  it.each<[string, (desk: Awaited<ReturnType<typeof open>>) => void, RegExp]>([
    [
      'without its image',
      ({ state }) => Object.assign(state, { image: false }),
      /doubtful probe-rig: .*flashphoner\/webcallserver:latest is not on this engine/,
    ],
    [
      'where Docker says that the address is in use',
      ({ state }) => Object.assign(state, { inUse: true }),
      /wrong probe-rig: Docker says that 192\.168\.23\.102 is in use/,
    ],
    [
      'where it ends by itself, without a word of its password',
      ({ state }) => Object.assign(state, { runs: false }),
      /wrong probe-rig: .*its last line: its password is \(secret\)$/,
    ],
    [
      'where it never listens',
      ({ state }) => Object.assign(state, { listens: false }),
      /wrong probe-rig: the probe rig did not listen on 8443 within 300 ms/,
    ],
    [
      'where the engine refuses it',
      (desk) => void desk.faults.set('create', new EngineRefused('no such network')),
      /wrong probe-rig: a probe rig could not be started: no such network/,
    ],
    [
      'where the engine goes away',
      (desk) => void desk.faults.set('start', new EngineDown('Docker does not answer')),
      /wrong probe-rig: .*Docker does not answer/,
    ],
  ])('%s', async (_, change, said) => {
    const desk = await open({ environment: { WCS_READY_TIMEOUT: '300ms' } });
    change(desk);
    expect(await desk.run()).toEqual([expect.stringMatching(said)]);
    await desk.isClean();
  });

  it('where this host has not joined', async () => {
    const desk = await open({ hosts: ['h2'] });
    expect(await desk.run()).toEqual([expect.stringMatching(/h1 has not joined the fleet yet/)]);
    expect(desk.turns).toEqual([]);
  });

  it('where its worker is on another LAN', async () => {
    const desk = await open({ environment: { WCS_LAN: 'office' } });
    expect(await desk.run()).toEqual([
      expect.stringMatching(/the worker of h1 is on the LAN 192\.168\.23\.0\/24@/),
    ]);
  });

  it('where no address is free', async () => {
    const desk = await open();
    for (const address of addresses)
      await desk.registry.addresses.quarantine(lan, address, { why: 'in-use', at: now, host: 'h1' });
    expect(await desk.run()).toEqual([expect.stringMatching(/no address of h1 is free/)]);
    expect(desk.rigs.size).toBe(0);
  });

  it('where another doctor has its turn', async () => {
    const desk = await open({ mayTurn: () => false });
    expect(await desk.run()).toEqual([expect.stringMatching(/another doctor has one on h1/)]);
    await desk.isClean();
  });

  it('after another doctor that was killed a moment ago', async () => {
    const tries = { left: 3 };
    const desk = await open({
      mayTurn: () => {
        tries.left -= 1;
        return tries.left < 0;
      },
    });
    expect((await desk.run())[0]).toMatch(/^well probe-rig/);
    await desk.isClean();
  });

  it('where it takes too long', async () => {
    const desk = await open({ wish: { signal: AbortSignal.timeout(60) } });
    desk.state.listens = false;
    expect(await desk.run()).toEqual([expect.stringMatching(/^wrong probe-rig: .*it took too long/)]);
    await desk.isClean();
  });

  it.each(['while it boots', 'while others are asked'])('where it is broken off %s', async (when) => {
    const desk = await open({
      answer: () => undefined,
      wish: { pace: { turn: 200, answer: 60_000, own: 60 } },
    });
    if (when === 'while it boots') desk.state.listens = false;
    const running = desk.run();
    await delay(50);
    expect(await desk.setAside()).toEqual(['192.168.23.102']);
    desk.controller.abort(new Error('broken off'));
    expect(await running).toEqual([
      expect.stringMatching(/^doubtful probe-rig: .*the doctor was broken off/),
    ]);
    await desk.isClean();
    expect(desk.turns.at(-1)).toBe('give h1 s1');
  });

  it('not where the engine does not let it: then the address stays set aside, and that is said', async () => {
    const away = [new EngineDown('Docker does not answer')];
    const desk = await open({
      answer: (job, host) => {
        for (const fault of away.splice(0)) desk.faults.set('clear', fault);
        return reaches(job, host);
      },
    });
    const said = await desk.run();
    expect(said.at(-1)).toMatch(
      /^doubtful probe-left: .*192\.168\.23\.102, could not be taken back: Docker does not answer/,
    );
    expect(await desk.setAside()).toEqual(['192.168.23.102']);
    desk.faults.clear();
    expect((await desk.run())[0]).toMatch(/^well probe-cleared/);
    await desk.isClean();
  });
});
