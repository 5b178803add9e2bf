// The try-out's Docker engine and image: the engine that is there or one of its own, the real image or the stand-in.

import { z } from 'zod';
import { readEnvironment } from '../config.ts';
import { connectEngine } from '../docker/connect.ts';
import type { Engine, Log } from '../ports.ts';
import { second } from '../rig/duration.ts';
import { askEngine, findEngine } from './find-engine.ts';
import { startPrivateEngine } from './private-engine.ts';
import { buildStandIn } from './stand-in/build.ts';

export type DemoEngine = {
  readonly dockerHost: string;
  /** What WCS_IMAGE takes. */
  readonly image: string;
  readonly isStandIn: boolean;
  /** The subnets of its networks, for the choice of a free one. */
  readonly subnets: () => Promise<readonly string[]>;
  /** Removes this installation's containers and its network. */
  readonly removeRigs: () => Promise<void>;
  /** Removes the stand-in, and ends the engine if it is the demo's own. */
  readonly stop: () => Promise<void>;
};

export type DemoEngineOptions = {
  /** An engine of its own even where one is found. */
  readonly own: boolean;
  readonly installation: string;
  readonly say: (line: string) => void;
  readonly log: Log;
};

const realImage = 'flashphoner/webcallserver:latest';

export const takeEngine = async (options: DemoEngineOptions): Promise<DemoEngine> => {
  const { installation, log } = options;
  const { dockerHost, stop } = await findOrStart(options);
  const engine = connectEngine({ dockerHost, installation, registryAuthFile: undefined, log });
  try {
    const image = await takeImage(engine, dockerHost, options);
    return {
      dockerHost,
      image: image.reference,
      isStandIn: image.isStandIn,
      subnets: () => subnetsOf(dockerHost),
      removeRigs: () => removeRigs(engine, dockerHost, installation),
      stop: async () => {
        engine.close();
        try {
          await image.remove();
        } finally {
          await stop();
        }
      },
    };
  } catch (error) {
    engine.close();
    await stop();
    throw error;
  }
};

const findOrStart = async ({ own, say }: DemoEngineOptions) => {
  const found = own ? undefined : await findEngine(readEnvironment().DOCKER_HOST);
  if (found) {
    say(`✔ Docker ${found.version}, found at ${found.dockerHost.replace('unix://', '')}, left as it is`);
    return { dockerHost: found.dockerHost, stop: async () => undefined };
  }
  const engine = await startPrivateEngine();
  say(`✔ Docker ${engine.version}, private`);
  return engine;
};

type Image = {
  readonly reference: string;
  readonly isStandIn: boolean;
  readonly remove: () => Promise<void>;
};

/** The real image if it is there or can be had, which is left there; else the stand-in, which is not. */
const takeImage = async (
  engine: Engine,
  dockerHost: string,
  { installation, say }: DemoEngineOptions,
): Promise<Image> => {
  const real = { reference: realImage, isStandIn: false, remove: async () => undefined };
  if (await engine.localImage(realImage)) {
    say(`✔ ${realImage}, found`);
    return real;
  }
  // Whether the registry is there at all is known soon; only then a pull is worth its minutes.
  const answer = await engine.registryDigest(realImage, AbortSignal.timeout(10 * second));
  if (answer.kind === 'digest') {
    say(`  pulling ${realImage} …`);
    const pulled = await engine.pull(realImage, () => undefined, AbortSignal.timeout(600 * second));
    if (pulled.kind === 'pulled') {
      say(`✔ ${realImage}, pulled`);
      return real;
    }
  }
  say('▲ flashphoner/webcallserver cannot be pulled here');
  // `localhost` as the registry's name: nobody else is ever asked for it.
  const reference = `localhost/${installation}/stand-in:latest`;
  const { remove } = await buildStandIn({ dockerHost, reference });
  say('  → stand-in: same ports and pages, no real media');
  return { reference, isStandIn: true, remove };
};

const networksSchema = z.array(
  z.object({
    Name: z.string(),
    IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional() })).nullish() }).nullish(),
  }),
);

const subnetsOf = async (dockerHost: string): Promise<readonly string[]> => {
  const { body } = await askEngine(dockerHost, 'GET', '/networks');
  return networksSchema
    .parse(JSON.parse(body))
    .flatMap(({ IPAM }) =>
      (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet?.includes('.') ? [Subnet] : [])),
    );
};

const removeRigs = async (engine: Engine, dockerHost: string, installation: string): Promise<void> => {
  const rigs = await engine.rigs();
  await Promise.all(rigs.map(({ container }) => engine.remove(container, second)));
  const { status, body } = await askEngine(
    dockerHost,
    'DELETE',
    `/networks/${installation}-rigs`,
    10 * second,
  );
  if (status !== 204 && status !== 404) throw new Error(`the network could not be removed: ${body}`);
};
