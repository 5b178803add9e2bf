// The image does not come, or not whole.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { fleetImage } from '../../support/fleet.ts';
import { paced } from '../../support/pace.ts';
import { type PrivateRegistry, startPrivateRegistry } from '../../support/private-registry.ts';

const image = '127.0.0.1:5000/team/wcs';
const closedImage = '127.0.0.1:5001/team/wcs';
const { fault } = openGround({
  hosts: ['h1'],
  crew: { bots: 1, workers: ['h1'], worker: { WCS_IMAGE: `${image}:latest` } },
});

/** A registry beside the engine, for as long as the test takes. */
const withRegistry = async (
  { fleet }: Fault,
  use: (registry: PrivateRegistry) => Promise<void>,
  options: { readonly port?: number; readonly isClosed?: boolean } = {},
): Promise<void> => {
  const registry = await startPrivateRegistry({ namespace: fleet.lan.host('h1').namespace, ...options });
  try {
    await use(registry);
  } finally {
    await registry.stop();
  }
};

/** The stand-in under this name, in the registry alone. */
const publish = ({ fleet }: Fault, registry: PrivateRegistry, tag: string): Promise<string> =>
  registry.publishFrom(fleet.host('h1').engine.dockerHost, `${fleetImage}:latest`, `${image}:${tag}`, {
    STAND_IN_TAG: tag,
  });

const isPull = (piece: string): boolean => /^POST \S*\/images\/create/.test(piece);

fault('F02', 'a worker killed while pulling', (it) =>
  withRegistry(it, async (registry) => {
    await publish(it, registry, 'slow');
    const worker = it.crew.worker('h1');
    const pulling = Promise.withResolvers<void>();
    const end = worker.other.watch((piece, way) => {
      if (way === 'there' && isPull(piece)) {
        registry.silence();
        pulling.resolve();
      }
      return undefined;
    });
    await it.fleet.type('up halfway tag slow for 1h');
    await pulling.promise;
    end();
    await delay(paced(5));
    it.strikes();
    await worker.kill();
    registry.wake();
    await worker.replace();
    await it.fleet.cardSays('halfway', / is ready/, 60_000);
    it.recovered();
    expect(await it.fleet.containers('h1')).toHaveLength(1);
  }),
);

const cannotBePulled = async (it: Fault, name: string, why: RegExp): Promise<void> => {
  await it.fleet.cardSays(name, / · failed/, 60_000);
  it.recovered();
  const words = await it.reads(new RegExp(`\\*${name}\\*.*could not be pulled`));
  expect(words).toMatch(why);
  expect(await it.fleet.containers('h1')).toEqual([]);
};

fault('F19', 'a pull that is denied', (it) =>
  withRegistry(
    it,
    async () => {
      await it.crew.worker('h1').replace({ WCS_IMAGE: `${closedImage}:latest` });
      it.strikes();
      await it.fleet.type('up denied for 1h');
      await cannotBePulled(it, 'denied', /auth|denied/i);
      await it.crew.worker('h1').replace();
    },
    { port: 5001, isClosed: true },
  ),
);

fault('F19', 'a pull of a tag that there is not', (it) =>
  withRegistry(it, async () => {
    it.strikes();
    await it.fleet.type('up untagged tag nosuch for 1h');
    await cannotBePulled(it, 'untagged', /nosuch.*(manifest|not found|unknown)/is);
  }),
);

fault('F19', 'a pull from a registry that nobody answers at', async (it) => {
  it.strikes();
  await it.fleet.type('up nobody tag nosuch for 1h');
  await cannotBePulled(it, 'nobody', /refused/i);
});

fault('F19', 'a pull with an error inside the stream', (it) =>
  withRegistry(it, async () => {
    const end = it.crew.worker('h1').other.watch((piece, way) => {
      if (way !== 'there' || !isPull(piece)) return undefined;
      const lines = [
        { status: 'Pulling fs layer', id: 'a1b2c3' },
        { errorDetail: { message: 'filesystem layer verification failed' }, error: 'it failed' },
      ];
      const body = lines.map((line) => `${JSON.stringify(line)}\r\n`).join('');
      return { say: `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${body}` };
    });
    it.strikes();
    await it.fleet.type('up garbled tag odd for 1h');
    await cannotBePulled(it, 'garbled', /layer verification failed/);
    end();
  }),
);

fault('F19', 'a pull whose connection is cut: it is tried again', (it) =>
  withRegistry(it, async (registry) => {
    await publish(it, registry, 'cut');
    let asked = 0;
    const end = it.crew.worker('h1').other.watch((piece, way) => {
      if (way === 'there' && isPull(piece)) asked += 1;
      if (way === 'back' && asked === 1 && /"status":"(Pulling|Downloading)/.test(piece)) {
        asked += 1;
        it.strikes();
        return 'cut';
      }
      return undefined;
    });
    await it.fleet.type('up twice tag cut for 1h');
    await it.fleet.cardSays('twice', / is ready/, 60_000);
    it.recovered();
    end();
    // Whether it is asked for a second time depends on whether Docker had all of it by then.
    await it.crew.worker('h1').process().says('tried again later');
    expect(asked).toBeGreaterThanOrEqual(2);
  }),
);
