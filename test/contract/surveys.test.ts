// What hosts say that they have: the newest of each, in the order in which they came.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPrivateRedis } from '../../src/demo/private-redis.ts';
import type { RigFile } from '../../src/ports/rig-files.ts';
import { connectRedis } from '../../src/redis/connection.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { connectRegistry } from '../../src/redis/registry.ts';
import type { Survey } from '../../src/rig/survey.ts';
import { rememberingLog } from '../support/a-worker.ts';
import { aClaim, aRegistration, registryKinds } from '../support/registries.ts';
import { addressOf } from '../support/registry-address.ts';

const aSurvey = (host: string, started: number, kept?: RigFile): Survey<RigFile> => ({
  v: 1,
  host,
  started,
  containers: [
    {
      rig: 'a',
      generation: 1,
      address: '10.0.0.10',
      state: 'running',
      madeAt: 5,
      birth: {
        name: 'a',
        owner: { id: 'U1', name: 'u' },
        lan: 'l',
        tag: 't',
        created: 1,
        cap: undefined,
        keyId: undefined,
      },
      kept,
    },
  ],
  notes: [{ rig: 'b', generation: 2, ended: { reason: { kind: 'removed' }, at: 3 }, kept: undefined }],
});

describe.each(registryKinds())('surveys %s', (_, kind) => {
  beforeAll(kind.start);
  afterAll(kind.stop);

  test('are read as they were written, with the rig as the registry had it', async () => {
    const { rigs, presence, records, surveys } = await kind.open();
    await presence.take(aRegistration(), 's1');
    const outcome = await rigs.claim(aClaim('a'));
    const record = await records.of('a');
    await surveys.put(aSurvey('H1', 100, record));
    const { surveys: found, cursor } = await surveys.since(0);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ host: 'H1', started: 100, notes: [{ rig: 'b', ended: { at: 3 } }] });
    expect(found[0]?.containers[0]?.kept).toMatchObject({
      version: 1,
      rig: 'rig' in outcome ? outcome.rig : 0,
    });
    expect(await surveys.since(cursor)).toEqual({ surveys: [], cursor });
    expect((await surveys.of('h1'))?.started).toBe(100);
    expect(await surveys.of('h2')).toBeUndefined();
  });

  test('of a host are only the newest, and come again when they are new', async () => {
    const { surveys } = await kind.open();
    await surveys.put(aSurvey('h1', 100));
    await surveys.put(aSurvey('h2', 100));
    const first = await surveys.since(0);
    await surveys.put(aSurvey('h1', 200));
    const second = await surveys.since(first.cursor);
    expect(second.surveys.map(({ host, started }) => [host, started])).toEqual([['h1', 200]]);
    expect((await surveys.all()).map(({ host }) => host).sort()).toEqual(['h1', 'h2']);
  });

  test('remember what nobody knew, until it is not there any more', async () => {
    const { surveys } = await kind.open();
    await surveys.sight(
      'h1',
      new Map([
        ['a.1', 100],
        ['b.2', 200],
      ]),
    );
    expect(await surveys.sighted('H1')).toEqual(
      new Map([
        ['a.1', 100],
        ['b.2', 200],
      ]),
    );
    await surveys.sight('h1', new Map([['b.2', 200]]));
    expect(await surveys.sighted('h1')).toEqual(new Map([['b.2', 200]]));
    await surveys.sight('h1', new Map());
    expect(await surveys.sighted('h1')).toEqual(new Map());
  });
});

test('one that cannot be read is left out with a line in the log, and so is a note that is none of ours', async () => {
  const redis = await startPrivateRedis();
  const log = rememberingLog();
  const address = addressOf(redis.url);
  const registry = await connectRegistry({ address, installation: 'wcs', log });
  const connection = await connectRedis({ address, log });
  try {
    const forged = {
      rig: 'a',
      generation: 1,
      version: 1,
      lease: { end: 1, cap: 1, rev: 1 },
      text: '{"version":1}',
    };
    await registry.surveys.put(aSurvey('h1', 100, forged));
    await registry.surveys.put(aSurvey('h2', 100));
    for (const text of ['{', '{"v":2}', 'null', '']) {
      await connection.ask((client) => client.set(createKeys('wcs').survey('h2'), text));
      const { surveys } = await registry.surveys.since(0);
      expect(surveys.map(({ host }) => host)).toEqual(['h1']);
      expect(surveys[0]?.containers[0]?.kept).toBeUndefined();
    }
    expect(log.lines.filter((line) => line.includes('a survey that cannot be read'))).toHaveLength(4);
  } finally {
    registry.close();
    connection.close();
    await redis.stop();
  }
});

test('an entry that cannot be read does not take the others along, and is told of once', async () => {
  const redis = await startPrivateRedis();
  const log = rememberingLog();
  const registry = await connectRegistry({ address: addressOf(redis.url), installation: 'wcs', log });
  try {
    const good = aSurvey('h1', 100);
    const [container] = good.containers;
    const [left] = good.notes;
    if (!container || !left) throw new Error('an empty survey');
    const { birth } = container;
    const bad = [
      { ...container, generation: 0 },
      { ...container, rig: 'x:y' },
      { ...container, rig: 'ABC' },
      { ...container, address: 'here' },
      { ...container, birth: birth && { ...birth, name: '*x* <!channel>' } },
      { ...container, birth: birth && { ...birth, owner: { id: '<!here>', name: 'u' } } },
    ];
    await registry.surveys.put({
      ...good,
      containers: [...bad, container],
      notes: [{ ...left, rig: '../b' }, left],
    });
    for (let look = 0; look < 3; look += 1) {
      expect(await registry.surveys.of('h1')).toEqual(good);
    }
    expect(log.lines.filter((line) => line.includes('cannot be read'))).toMatchObject([
      expect.stringContaining('"count":7'),
    ]);
  } finally {
    registry.close();
    await redis.stop();
  }
});
