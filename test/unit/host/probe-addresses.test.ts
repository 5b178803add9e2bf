// A host looks who is on its addresses: what a claim may rely on, what is told of strangers, and what is left alone.

import { describe, expect, it } from 'vitest';
import { createAddressProbe } from '../../../src/host/probe-addresses.ts';
import { readArping, readNeighbour } from '../../../src/machine/arping.ts';
import type { Probe } from '../../../src/ports/prober.ts';
import { hour, minute, second } from '../../../src/rig/duration.ts';
import { noon } from '../../support/a-rig.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';
import { aClaim, aRegistration } from '../../support/registries.ts';

const stranger = 'ea:03:20:43:76:99';

const open = async (count = 12) => {
  const clock = { now: noon };
  const registry = createMemoryRegistry({ now: () => clock.now, presence: 365 * 24 * hour });
  const range = Array.from({ length: count }, (_, index) => `10.0.0.${10 + index}`);
  await registry.presence.take(aRegistration({ addresses: range }), 's1');
  const on = new Map<string, Probe>();
  const asked: string[] = [];
  const whileAsking: (() => Promise<unknown>)[] = [];
  const log = rememberingLog();
  const prober = {
    ask: async (address: string): Promise<Probe> => {
      asked.push(address);
      await whileAsking.shift()?.();
      return on.get(address) ?? { kind: 'silent' };
    },
  };
  const settings = { host: 'h1', lan: 'office', fresh: minute, again: 5 * minute };
  const { addresses } = registry;
  const start = () => createAddressProbe({ prober, addresses, clock: registry.clock, log }, settings);
  let probe = start();
  return {
    ...registry,
    clock,
    range,
    on,
    whileAsking,
    log,
    restart: () => {
      probe = start();
    },
    /** One look after so long, and whom it asked about. */
    look: async (after = 0): Promise<readonly string[]> => {
      clock.now += after;
      asked.length = 0;
      await probe.look();
      return asked.toSorted();
    },
    seen: async () => (await addresses.sightings()).flatMap((one) => one.seen),
    claim: async (id: string) => {
      const outcome = await registry.rigs.claim(aClaim(id));
      return outcome.kind === 'claimed' ? outcome.rig.address : outcome.kind;
    },
  };
};

const answers = (mac = stranger): Probe => ({ kind: 'answered', mac });

describe('the next free addresses', () => {
  it('are probed ahead, and again before it counts no more', async () => {
    const host = await open();
    expect(await host.look()).toEqual(host.range.slice(0, 8));
    expect(await host.look(10 * second)).toEqual([]);
    expect(await host.look(21 * second)).toEqual(host.range.slice(0, 8));
  });

  it('follow the claims: what was taken is not probed, and the ones behind are', async () => {
    const host = await open();
    await host.look();
    expect([await host.claim('a'), await host.claim('b')]).toEqual(host.range.slice(0, 2));
    expect(await host.look(10 * second)).toEqual(host.range.slice(8, 10));
  });

  it('on which somebody answers are passed over by a claim, and reported', async () => {
    const host = await open();
    host.on.set('10.0.0.10', answers());
    await host.look();
    expect(await host.seen()).toEqual([{ address: '10.0.0.10', answered: { mac: stranger, at: noon } }]);
    expect(await host.claim('a')).toBe('10.0.0.11');
    expect(host.log.lines.join()).toContain('somebody answers');
    // And are asked again each time, until the bot has set them aside or somebody says that they are free.
    expect(await host.look(10 * second)).toContain('10.0.0.10');
    host.on.clear();
    await host.look(10 * second);
    expect(await host.seen()).toEqual([]);
  });

  it('that a rig got while they were asked about are nobody’s business', async () => {
    const host = await open();
    host.on.set('10.0.0.10', answers());
    host.whileAsking.push(() => host.claim('a'));
    await host.look();
    expect(await host.seen()).toEqual([]);
  });
});

describe('an address that is set aside', () => {
  const aside = async () => {
    const host = await open();
    host.on.set('10.0.0.10', answers());
    await host.look();
    await host.addresses.quarantine('office', '10.0.0.10', {
      why: 'answered',
      at: noon,
      host: 'h1',
      mac: stranger,
    });
    return host;
  };

  it('is asked now and then; each silence counts, and an answer ends it', async () => {
    const host = await aside();
    await host.look(10 * second);
    expect(await host.look(10 * second)).not.toContain('10.0.0.10');
    host.on.clear();
    const since = noon + 20 * second + 5 * minute;
    expect(await host.look(5 * minute)).toContain('10.0.0.10');
    await host.look(5 * minute);
    expect(await host.seen()).toEqual([
      { address: '10.0.0.10', answered: { mac: stranger, at: noon }, silent: { since, probes: 2 } },
    ]);
    host.on.set('10.0.0.10', answers());
    await host.look(5 * minute);
    expect(await host.seen()).toEqual([
      { address: '10.0.0.10', answered: { mac: stranger, at: since + 10 * minute } },
    ]);
  });

  it('is asked by the next worker, too', async () => {
    const host = await aside();
    host.on.clear();
    host.restart();
    expect(await host.look(second)).toContain('10.0.0.10');
    expect(await host.seen()).toEqual([
      { address: '10.0.0.10', silent: { since: noon + second, probes: 1 } },
    ]);
  });

  it('is forgotten when it is back', async () => {
    const host = await aside();
    host.on.clear();
    await host.look(5 * minute);
    await host.addresses.release('office', '10.0.0.10');
    await host.look(second);
    expect(await host.seen()).toEqual([]);
  });
});

describe('an answer', () => {
  it('is remembered for an hour though a rig has its address by then', async () => {
    const host = await open(2);
    host.on.set('10.0.0.10', answers());
    await host.look();
    await host.claim('a');
    expect(await host.claim('b')).toBe('10.0.0.10');
    await host.look(59 * minute);
    expect(await host.seen()).toHaveLength(1);
    await host.look(2 * minute);
    expect(await host.seen()).toEqual([]);
  });

  it('that a worker of before had seen is not said any more when nobody answers', async () => {
    const host = await open();
    host.on.set('10.0.0.10', answers());
    await host.look();
    host.on.clear();
    host.restart();
    await host.look(second);
    expect(await host.seen()).toEqual([]);
  });
});

it('a probe that fails is said once, and nothing is known by it', async () => {
  const host = await open(2);
  for (const address of host.range) host.on.set(address, { kind: 'failed', why: 'Operation not permitted' });
  await host.look();
  await host.look(second);
  expect(host.log.lines).toHaveLength(1);
  expect(host.log.lines[0]).toContain('Operation not permitted');
  expect(await host.seen()).toEqual([]);
  expect(await host.claim('a')).toBe('10.0.0.10');
});

it('what arping says is read', () => {
  const said =
    'ARPING 10.9.0.2 from 0.0.0.0 eth0\nUnicast reply from 10.9.0.2 [EA:03:20:43:76:99]  0.525ms\n';
  expect(readArping(1, said, '')).toEqual({ kind: 'answered', mac: stranger });
  expect(readArping(0, 'Received 0 response(s)', '')).toEqual({ kind: 'silent' });
  const why = 'arping: Device nope not available.';
  expect(readArping(2, '', `${why}\nUsage`)).toEqual({ kind: 'failed', why });
  expect(readArping('ENOENT', '', 'spawn arping ENOENT').kind).toBe('failed');
  expect(readNeighbour(0, said, '')).toEqual({ kind: 'answered', mac: stranger });
  expect(readNeighbour(1, 'Received 0 response(s)', 'Command failed')).toEqual({ kind: 'silent' });
  expect(readNeighbour(2, '', why)).toEqual({ kind: 'failed', why });
});
