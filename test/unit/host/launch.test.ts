// One launch: fenced, repeatable, told about, and without a trace when it fails.

import { describe, expect, it } from 'vitest';
import { takeSurvey } from '../../../src/host/survey.ts';
import { deriveSecrets } from '../../../src/secrets.ts';
import { licence, openHost, queueDown } from '../../support/a-host.ts';
import { fleetSecret } from '../../support/a-worker.ts';

const containers = ({ docker }: Awaited<ReturnType<typeof openHost>>) => docker.containers();
const nothing = async (): Promise<void> => undefined;

describe('a launch', () => {
  it('goes from pull to ready, leaves a note, and says what runs', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    expect(host.reports.kinds().filter((kind) => kind !== 'pulling')).toEqual(['starting', 'ready']);
    expect(host.reports.kinds()[0]).toBe('pulling');
    const [container] = containers(host);
    expect(container).toMatchObject({ name: 'wcs-k3f9ab-g1', state: 'running' });
    const image = { digest: container?.image.slice(7, 19), unchecked: false, licensed: true };
    expect(host.reports.all.at(-1)).toEqual({
      v: 1,
      host: 'h1',
      rig: 'k3f9ab',
      generation: 1,
      at: 5_000,
      saw: { kind: 'ready', image },
    });
    expect(host.reports.all.at(-2)?.saw).toEqual({ kind: 'starting', image });
    expect(host.files.get('k3f9ab')).toEqual(await host.registry.records.of(rig.id));
    expect(container?.spec).toMatchObject({ password: host.secrets.password('k3f9ab', 1), licence });
  });

  it('is made with the key that the registry has noted, though this host has a newer one', async () => {
    const secrets = deriveSecrets(`${fleetSecret}!`, 'wcs', fleetSecret);
    const earlier = deriveSecrets(fleetSecret, 'wcs');
    const host = await openHost({ ports: { secrets }, settings: { keyId: secrets.keyId } });
    const rig = await host.claim();
    const log = [earlier, secrets].map(({ password }) => `password ${password(rig.id, 1)}`);
    host.docker.publish('example/wcs:latest', { log });
    await host.launch(rig, { keyId: earlier.keyId });
    const { keyId, password } = containers(host)[0]?.spec ?? {};
    expect({ keyId, password }).toEqual({ keyId: earlier.keyId, password: earlier.password(rig.id, 1) });
    await host.askLog(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ lines: ['password (secret)', 'password (secret)'] });
  });

  it('of a key that this host does not know fails, names the key, and leaves nothing', async () => {
    const host = await openHost();
    await host.launch(await host.claim(), { keyId: '0badc0de' });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      kind: 'failed',
      reason: { kind: 'engine', detail: expect.stringContaining('0badc0de') },
    });
    expect(containers(host)).toEqual([]);
  });

  it('run a second time finds the first one’s container, and reports again', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    const before = containers(host);
    const [first] = before;
    expect(host.announced).toEqual([{ container: first?.id, address: rig.address }]);
    await host.launch(rig);
    expect(containers(host)).toEqual(before);
    expect(host.announced).toHaveLength(1);
    expect(host.reports.kinds().slice(-2)).toEqual(['starting', 'ready']);
  });

  it('whose report of ready was lost with Redis is tried again, and says it then', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.reports.before('ready', queueDown);
    await expect(host.launch(rig)).rejects.toThrow('Redis does not answer');
    expect(containers(host)).toHaveLength(1);
    host.reports.before('ready', nothing);
    await host.launch(rig);
    expect(host.reports.kinds().slice(-2)).toEqual(['starting', 'ready']);
    expect(containers(host)).toHaveLength(1);
  });

  it('goes on with a container that an earlier run only made, and tells of its image, not of a newer one', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.atFence(nothing, queueDown); // the first run ends right before the start
    await expect(host.launch(rig)).rejects.toThrow();
    const [made] = containers(host);
    expect(made?.state).toBe('created');
    host.clock.now += 600_000; // the registry is asked again, and has another image
    host.docker.publish('example/wcs:latest');
    const asked = host.docker.calls.length;
    await host.launch(rig);
    expect(
      host.docker.calls.slice(asked).filter((call) => /^(pull|registryDigest|create) /.test(call)),
    ).toEqual([]);
    expect(containers(host)).toMatchObject([{ id: made?.id, state: 'running' }]);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ image: { digest: made?.image.slice(7, 19) } });
  });

  it('removes containers of earlier generations first', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig);
    const [first] = containers(host);
    await expect(host.launch({ ...rig, generation: 2 })).resolves.toBeUndefined();
    expect(containers(host).map(({ id }) => id)).not.toContain(first?.id);
    // The claim is for the first generation, so the second one is not started.
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ reason: { kind: 'superseded' } });
  });
});

describe('the fence', () => {
  it.each(['stopping', 'ended'] as const)('closed before the job: nothing is made (%s)', async (how) => {
    const host = await openHost();
    const rig = await host.claim();
    await host.change(rig, how);
    await host.launch(rig);
    expect(host.docker.calls.filter((call) => /^(create|start|pull) /.test(call))).toEqual([]);
    expect(host.reports.all.map(({ saw }) => saw)).toEqual([
      { kind: 'failed', reason: { kind: 'superseded' }, tail: [] },
    ]);
  });

  it('closed while the image was pulled: made, never started, removed', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.atFence(nothing, () => host.change(rig, 'stopping'));
    await host.launch(rig);
    expect(host.docker.calls.some((call) => call.startsWith('create '))).toBe(true);
    expect(host.docker.calls.some((call) => call.startsWith('start '))).toBe(false);
    expect(containers(host)).toEqual([]);
    expect(host.files.get(rig.id)?.ended).toMatchObject({ reason: { kind: 'superseded' } });
    expect(host.reports.kinds()).not.toContain('starting');
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'failed', reason: { kind: 'superseded' } });
  });

  it('lost with the registry while the image was pulled: a survey tells of it, as its owner has heard nothing', async () => {
    const lost = { is: false };
    const { registry } = await openHost();
    const host = await openHost({
      ports: {
        records: {
          ...registry.records,
          of: async (id) => (lost.is ? undefined : host.registry.records.of(id)),
        },
        fence: { claim: async (id) => (lost.is ? undefined : host.registry.fence.claim(id)) },
      },
    });
    const rig = await host.claim();
    host.docker.before('pull', () => {
      lost.is = true;
    });
    await host.launch(rig);
    expect(host.docker.calls.some((call) => call.startsWith('start '))).toBe(false);
    expect(containers(host)).toEqual([]);
    const { surveys } = registry;
    const mirror = { all: async () => undefined };
    await takeSurvey({ ...host.parts, surveys, mirror }, 'h1', host.isBusy);
    expect((await surveys.of('h1'))?.notes).toMatchObject([
      {
        rig: rig.id,
        generation: 1,
        ended: { reason: { kind: 'superseded' } },
        kept: { rig: { id: rig.id } },
      },
    ]);
  });

  it('that was begun again under an older copy keeps the later note', async () => {
    const host = await openHost();
    const rig = await host.claim();
    const record = await host.registry.records.of(rig.id);
    if (!record) throw new Error('no record');
    const later = { ...record, lease: { ...record.lease, rev: record.lease.rev + 1 } };
    host.files.set(rig.id, later);
    await host.launch(rig);
    expect(host.files.get(rig.id)).toEqual(later);
  });

  it('closed during the start itself: stopped again, and never called started', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.atFence(nothing, nothing, () => host.change(rig, 'ended'));
    await host.launch(rig);
    expect(host.docker.calls.some((call) => call.startsWith('start '))).toBe(true);
    expect(containers(host)).toEqual([]);
    expect(host.reports.kinds()).not.toContain('starting');
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ kind: 'failed', reason: { kind: 'superseded' } });
  });

  it('that cannot be read after the start is read first thing by the next run', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.atFence(nothing, nothing, queueDown);
    await expect(host.launch(rig)).rejects.toThrow('Redis does not answer');
    expect(containers(host)).toHaveLength(1);
    await host.change(rig, 'ended');
    await host.launch(rig);
    expect(containers(host)).toEqual([]);
    expect(host.reports.kinds()).not.toContain('ready');
  });

  it('that names another address is closed', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch({ ...rig, address: '10.0.0.99' });
    expect(containers(host)).toEqual([]);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ reason: { kind: 'superseded' } });
  });
});

describe('a launch that fails', () => {
  it('on an address that somebody has says so and leaves nothing but a note of why', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.occupy(rig.address);
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toEqual({
      kind: 'failed',
      reason: { kind: 'address-in-use', address: rig.address },
      tail: [],
    });
    expect(containers(host)).toEqual([]);
    expect([...host.files.values()]).toMatchObject([{ ended: { reason: { kind: 'address-in-use' } } }]);
  });

  it('after its deadline with nothing begun says that it is too late', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig, { deadline: 4_999 });
    expect(host.docker.calls.filter((call) => call.startsWith('create '))).toEqual([]);
    expect(host.reports.all.map(({ saw }) => saw)).toEqual([
      { kind: 'failed', reason: { kind: 'too-late' }, tail: [] },
    ]);
  });

  it('not: what was begun in time goes on after the deadline', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.reports.before('ready', queueDown);
    await expect(host.launch(rig)).rejects.toThrow();
    await expect(host.launch(rig, { deadline: 4_999 })).rejects.toThrow('Redis does not answer');
    expect(containers(host)).toMatchObject([{ state: 'running' }]);
    host.reports.before('ready', nothing);
    await host.launch(rig, { deadline: 4_999 });
    expect(host.reports.kinds().at(-1)).toBe('ready');
  });

  it('since the container ended: its last words without the secrets in them', async () => {
    const host = await openHost();
    const rig = await host.claim();
    const password = host.secrets.password(rig.id, 1);
    const log = [`login with ${password}`, `licence ${licence} refused`];
    host.docker.publish('example/wcs:latest', { exits: 137, log });
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toEqual({
      kind: 'failed',
      reason: { kind: 'exited', exitCode: 137, outOfMemory: false },
      tail: ['login with (secret)', 'licence (secret) refused'],
    });
    expect(containers(host)).toEqual([]);
  });

  it('since it never listened: the ports that were missing', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.publish('example/wcs:latest', { listens: [8444] });
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      reason: { kind: 'not-ready', missingPorts: [8443], waited: 150 },
    });
    expect(containers(host)).toEqual([]);
  });

  it('since there is no image: its name and why', async () => {
    const host = await openHost();
    const rig = await host.claim();
    await host.launch(rig, { tag: 'none' });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      reason: { kind: 'no-image', reference: 'example/wcs:none', detail: expect.stringContaining('unknown') },
    });
  });

  it('since the engine refused: no secret is told or logged, though the engine repeats what it was asked', async () => {
    const host = await openHost();
    const rig = await host.claim();
    const password = host.secrets.password(rig.id, 1);
    host.docker.refuseNext('create', `invalid environment: PASSWORD=${password} LICENSE=${licence}`);
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      reason: { kind: 'engine', detail: 'invalid environment: PASSWORD=(secret) LICENSE=(secret)' },
    });
    const everything = `${host.log.lines.join('\n')}${JSON.stringify(host.reports.all)}`;
    expect(everything).not.toContain(password);
    expect(everything).not.toContain(licence);
  });

  it('whose log cannot be read is removed all the same', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.publish('example/wcs:latest', { exits: 1 });
    host.docker.refuseNext('logTail', 'configured logging driver does not support reading');
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ reason: { kind: 'exited' }, tail: [] });
    expect(containers(host)).toEqual([]);
  });

  it('since its note cannot be written: told at once, and nothing is made', async () => {
    const full = async (): Promise<never> => {
      throw new Error('ENOSPC: no space left on device');
    };
    const rigFiles = {
      write: full,
      read: async () => undefined,
      all: async () => [],
      remove: async () => undefined,
    };
    const host = await openHost({ ports: { rigFiles } });
    const rig = await host.claim();
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      reason: {
        kind: 'engine',
        detail: expect.stringContaining('state directory cannot be written: ENOSPC'),
      },
    });
    expect(containers(host)).toEqual([]);
  });

  it('keeps its container and its silence only as long as the report cannot be made', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.occupy(rig.address);
    host.reports.before('failed', queueDown);
    await expect(host.launch(rig)).rejects.toThrow('Redis does not answer');
    host.reports.before('failed', nothing);
    await host.launch(rig);
    expect(host.reports.all.at(-1)?.saw).toMatchObject({ reason: { kind: 'address-in-use' } });
  });
});

describe('trouble that may pass', () => {
  it('an engine that is away: tried again, nothing is reported; then it goes on', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.setDown(true);
    await expect(host.launch(rig)).rejects.toThrow('does not answer');
    expect(host.reports.all).toEqual([]);
    host.docker.setDown(false);
    await host.launch(rig);
    expect(host.reports.kinds().at(-1)).toBe('ready');
  });

  it('an engine that goes while the rig boots: the next run finds the container', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.before('listeningPorts', () => host.docker.setDown(true));
    await expect(host.launch(rig)).rejects.toThrow('does not answer');
    const before = containers(host).map(({ id }) => id);
    host.docker.setDown(false);
    host.docker.before('listeningPorts', nothing);
    await host.launch(rig);
    expect(containers(host).map(({ id }) => id)).toEqual(before);
    expect(host.reports.kinds().at(-1)).toBe('ready');
  });

  it('an engine that is away is waited for even after the deadline, since only it knows what there is', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.setDown(true);
    await expect(host.launch(rig, { deadline: 4_999 })).rejects.toThrow('does not answer');
    expect(host.reports.all).toEqual([]);
  });

  it('a fault: tried again, but after the deadline somebody hears of it', async () => {
    const host = await openHost();
    const rig = await host.claim();
    host.docker.before('listeningPorts', () => {
      throw new TypeError('Invalid input: expected string');
    });
    await expect(host.launch(rig)).rejects.toThrow(TypeError);
    expect(host.reports.kinds()).not.toContain('failed');
    await host.launch(rig, { deadline: 4_999 });
    expect(host.reports.all.at(-1)?.saw).toMatchObject({
      kind: 'failed',
      reason: { kind: 'engine', detail: 'Invalid input: expected string' },
    });
    expect(containers(host)).toEqual([]);
  });
});

describe('a job', () => {
  it('of another registry is dropped, and one of the present registry is run', async () => {
    const host = await openHost();
    const { epoch } = await host.registry.epochs.look({ seen: undefined });
    const rig = await host.claim();
    await host.launch(rig, { epoch: 'another' });
    expect(host.docker.calls).not.toContain(expect.stringMatching(/^create/));
    expect(host.log.lines.join()).toContain('a job of another registry was dropped');
    await host.launch(rig, { epoch: epoch.id });
    expect(host.reports.all.at(-1)?.saw.kind).toBe('ready');
  });

  it('of a copy that was restored is dropped: a launch looks whether this host has seen more', async () => {
    const answer = { current: async () => 'copy', look: async () => 'anew' };
    const host = await openHost({ ports: { epochs: answer } });
    const rig = await host.claim();
    await host.launch(rig, { epoch: 'copy' });
    expect(host.docker.calls.filter((call) => call.startsWith('create '))).toEqual([]);
    await host.launch(rig, { epoch: 'anew' });
    expect(host.reports.all.at(-1)?.saw.kind).toBe('ready');
    const away = await openHost({ ports: { epochs: { ...answer, look: async () => queueDown() } } });
    await expect(away.launch(await away.claim(), { epoch: 'copy' })).rejects.toThrow('Redis does not answer');
    expect(away.docker.containers()).toEqual([]);
  });
});
