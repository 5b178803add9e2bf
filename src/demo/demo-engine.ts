// The try-out's Docker engine and image: the engine that is there or one of its own, the real image or the stand-in.

import { access, constants } from 'node:fs/promises';
import { z } from 'zod';
import { connectEngine } from '../docker/connect.ts';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import { second } from '../rig/duration.ts';
import { standInName } from './clear-engine.ts';
import { askEngine, type FoundEngine, usualSocket } from './find-engine.ts';
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
  /** Without one it starts one of its own. */
  readonly found: FoundEngine | undefined;
  readonly installation: string;
  readonly say: (line: string) => void;
  readonly log: Log;
};

const realImage = 'flashphoner/webcallserver:latest';

/** Throws with one sentence, or when `signal` says so; what was made by then is removed again. */
export const takeEngine = async (options: DemoEngineOptions, signal: AbortSignal): Promise<DemoEngine> => {
  const { installation, log } = options;
  const { dockerHost, stop } = await findOrStart(options);
  const engine = connectEngine({ dockerHost, installation, registryAuthFile: undefined, log });
  try {
    const image = await takeImage(engine, dockerHost, options, signal);
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

const findOrStart = async ({ found, say }: DemoEngineOptions) => {
  if (found) {
    say(`✔ Docker ${found.version}, found at ${found.dockerHost.replace('unix://', '')}, left as it is`);
    return { dockerHost: found.dockerHost, stop: async () => undefined };
  }
  if (process.getuid?.() !== 0) throw new Error(await whyNone());
  const engine = await startPrivateEngine();
  say(`✔ Docker ${engine.version}, private`);
  return engine;
};

const whyNone = async (): Promise<string> => {
  const state = await access(usualSocket, constants.W_OK).then(
    () => 'allowed',
    (error: unknown) => error,
  );
  return state instanceof Error && 'code' in state && state.code === 'EACCES'
    ? `Docker is at ${usualSocket}, but you may not use it: try again as root or as a member of the group docker`
    : `no Docker engine answers at ${usualSocket}, and only root can start a private one: try again as root, or start Docker`;
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
  signal: AbortSignal,
): Promise<Image> => {
  const real = { reference: realImage, isStandIn: false, remove: async () => undefined };
  if (await engine.localImage(realImage)) {
    say(`✔ ${realImage}, found`);
    return real;
  }
  // Whether the registry is there at all is known soon; only then a pull is worth its minutes.
  const answer = await engine.registryDigest(
    realImage,
    AbortSignal.any([signal, AbortSignal.timeout(10 * second)]),
  );
  signal.throwIfAborted();
  if (answer.kind === 'digest') {
    say(`  pulling ${realImage} …`);
    const pulled = await engine.pull(
      realImage,
      () => undefined,
      AbortSignal.any([signal, AbortSignal.timeout(600 * second)]),
    );
    signal.throwIfAborted();
    if (pulled.kind === 'pulled') {
      say(`✔ ${realImage}, pulled`);
      return real;
    }
  }
  say('▲ flashphoner/webcallserver cannot be pulled here');
  const reference = standInName(installation);
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
