// What the doctor looks at on an engine, in our words. It changes nothing there, and an engine that is away is a value.

import { z } from 'zod';
import type { RigContainer } from '../ports/engine.ts';
import { silent } from '../ports/log.ts';
import { second } from '../rig/duration.ts';
import { ask, openClient, tryToAsk } from './client.ts';
import { list } from './containers.ts';
import type { Context } from './context.ts';
import { type EngineFacts, type NetworkSeen, readEngineFacts, readNetworks } from './engine-facts.ts';
import { localImage, lookAtRegistry, type RegistryLook } from './images.ts';
import { oneLine } from './one-line.ts';

export type EngineLook =
  | { readonly kind: 'answered'; readonly address: string; readonly facts: EngineFacts }
  | { readonly kind: 'away'; readonly address: string; readonly why: WhyAway; readonly detail: string };

/** `no-socket`: nothing at that path. `not-permitted`: this user may not use it. `refused`: it answered, and said no. */
export type WhyAway = 'no-socket' | 'nobody-listens' | 'not-permitted' | 'silent' | 'refused' | 'odd';

export type ImageSeen = {
  /** `linux/amd64` */
  readonly platform: string;
  readonly bytes: number;
  readonly registryDigests: readonly string[];
};

/** All but `engine` throw EngineDown or EngineRefused. */
export type Examiner = {
  readonly engine: () => Promise<EngineLook>;
  readonly networks: () => Promise<readonly NetworkSeen[]>;
  readonly rigs: () => Promise<readonly RigContainer[]>;
  /** `undefined`: it is not on the engine. */
  readonly image: (reference: string) => Promise<ImageSeen | undefined>;
  readonly registry: (reference: string) => Promise<RegistryLook>;
  readonly close: () => void;
};

export type ExaminerOptions = {
  readonly dockerHost: string | undefined;
  readonly installation: string;
  readonly registryAuthFile: string | undefined;
};

/** An engine in trouble is to be named, and not waited for. */
const timeouts = { answer: 5 * second, action: 5 * second, registry: 10 * second, pullSilence: second };

export const openExaminer = ({ dockerHost, installation, registryAuthFile }: ExaminerOptions): Examiner => {
  const client = openClient(dockerHost, timeouts.answer);
  const context: Context = {
    ...{ client, installation, registryAuthFile, timeouts, log: silent },
    noNewPrivileges: true,
    toldOf: new Set(),
    ranOut: new Set(),
  };
  return {
    engine: () => lookAtEngine(context),
    networks: async () =>
      readNetworks(await ask(client, timeouts.answer, () => client.quick.listNetworks()), installation),
    rigs: () => list(context),
    image: (reference) => lookAtImage(context, reference),
    registry: (reference) => lookAtRegistry(context, reference, new AbortController().signal),
    close: client.close,
  };
};

const lookAtEngine = async ({ client }: Context): Promise<EngineLook> => {
  const { address, quick } = client;
  try {
    // By itself, so that the library's own error with its code is at hand.
    const version: unknown = await quick.version();
    const info: unknown = await quick.info();
    return { kind: 'answered', address, facts: readEngineFacts(version, info) };
  } catch (error) {
    return { kind: 'away', address, ...whyAway(error) };
  }
};

const failureSchema = z.object({
  statusCode: z.number().optional(),
  code: z.string().optional(),
  message: z.string().default(''),
});

const reasons: Readonly<Record<string, WhyAway>> = {
  ENOENT: 'no-socket',
  ECONNREFUSED: 'nobody-listens',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
};

const whyAway = (error: unknown): { readonly why: WhyAway; readonly detail: string } => {
  if (error instanceof z.ZodError) return { why: 'odd', detail: 'its answer is not one of a Docker engine' };
  const { statusCode, code, message } = failureSchema.catch({ message: String(error) }).parse(error);
  const detail = oneLine(message);
  if (statusCode !== undefined) return { why: 'refused', detail };
  return { why: reasons[code ?? ''] ?? 'silent', detail };
};

const platformSchema = z.object({ Os: z.string(), Architecture: z.string(), Size: z.number().default(0) });

const lookAtImage = async (context: Context, reference: string): Promise<ImageSeen | undefined> => {
  const { client } = context;
  const found = await localImage(context, reference);
  if (!found) return undefined;
  const seen = await tryToAsk(client, timeouts.answer, () => client.quick.getImage(found.id).inspect());
  if (!seen.ok) return undefined; // gone meanwhile
  const { Os, Architecture, Size } = platformSchema.parse(seen.value);
  return { platform: `${Os}/${Architecture}`, bytes: Size, registryDigests: found.registryDigests };
};
