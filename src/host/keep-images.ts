// Has the image there when a rig wants it: looked up in the registry now and then, pulled when it is missing or changed,
// once however many rigs wait for it, and older ones cleared away.

import type { Engine, LocalImage, PullOutcome, RegistryAnswer } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { Duration, Instant } from '../rig/duration.ts';
import { createSharedWork } from './share-work.ts';

export type ImageOutcome =
  /** `unchecked`: the registry did not answer, so this may not be the newest. */
  | { readonly kind: 'here'; readonly image: LocalImage; readonly unchecked: boolean }
  | { readonly kind: 'missing'; readonly detail: string };

export type OnPercent = (percent: number | undefined) => void;

export type ImageKeeper = {
  readonly ensure: (reference: string, onPercent: OnPercent, signal: AbortSignal) => Promise<ImageOutcome>;
};

export type ImageKeeperSettings = {
  /** How often a tag is looked up at most. */
  readonly checkEvery: Duration;
  /** How long the registry may take to answer a look-up. */
  readonly registryTimeout: Duration;
  /** The name without its tag: only its images are ever cleared away. */
  readonly repository: string;
  /** Unused images that stay. */
  readonly keep: number;
};

type Check = { readonly at: Instant; readonly unchecked: boolean };

export const createImageKeeper = (
  ports: { readonly engine: Engine; readonly now: () => Instant; readonly log: Log },
  settings: ImageKeeperSettings,
): ImageKeeper => {
  const { engine, now, log } = ports;
  const lookUps = createSharedWork<RegistryAnswer, never>();
  const pulls = createSharedWork<PullOutcome, number | undefined>();
  const checks = new Map<string, Check>();

  const prune = async (): Promise<void> => {
    try {
      // The one that was just pulled is used by nobody yet, and wanted.
      const removed = await engine.pruneImages(settings.repository, Math.max(1, settings.keep));
      if (removed.length > 0) log.info({ removed }, 'cleared away unused images');
    } catch (error) {
      log.warn({ err: error }, 'unused images could not be cleared away');
    }
  };

  const lookUp = (reference: string, signal: AbortSignal): Promise<RegistryAnswer> =>
    lookUps.join(
      reference,
      (given) =>
        engine.registryDigest(
          reference,
          AbortSignal.any([given, AbortSignal.timeout(settings.registryTimeout)]),
        ),
      { signal, onWord: () => undefined },
    );

  const pull = (reference: string, onPercent: OnPercent, signal: AbortSignal): Promise<PullOutcome> =>
    pulls.join(
      reference,
      async (given, say) => {
        const outcome = await engine.pull(reference, say, given);
        if (outcome.kind === 'pulled') await prune();
        return outcome;
      },
      { signal, onWord: onPercent },
    );

  const isFresh = (check: Check | undefined): check is Check =>
    check !== undefined && now() - check.at < settings.checkEvery;

  return {
    ensure: async (reference, onPercent, signal) => {
      const local = await engine.localImage(reference);
      const lastCheck = checks.get(reference);
      if (local && isFresh(lastCheck)) return { kind: 'here', image: local, unchecked: lastCheck.unchecked };

      const answer = await lookUp(reference, signal);
      const settle = (image: LocalImage, unchecked: boolean): ImageOutcome => {
        checks.set(reference, { at: now(), unchecked });
        return { kind: 'here', image, unchecked };
      };
      if (local && answer.kind === 'silent') {
        log.warn(
          { reference, detail: answer.detail },
          'the registry does not answer: the local image is used',
        );
        return settle(local, true);
      }
      if (local && answer.kind === 'digest' && local.registryDigests.includes(answer.digest)) {
        return settle(local, false);
      }

      const pulled = await pull(reference, onPercent, signal);
      const image = await engine.localImage(reference);
      if (pulled.kind === 'pulled' && image) return settle(image, false);
      const detail = pulled.kind === 'failed' ? pulled.detail : 'it was pulled and is not there';
      if (!image) return { kind: 'missing', detail };
      log.warn({ reference, detail }, 'the newer image cannot be pulled: the local one is used');
      return settle(image, true);
    },
  };
};
