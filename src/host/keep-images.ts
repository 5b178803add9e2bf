// Has the image there when a rig wants it: looked up in the registry now and then, pulled when it is missing or changed,
// once however many rigs wait for it, and older ones cleared away.

import type { Engine, LocalImage, Log, PullOutcome } from '../ports.ts';
import type { Duration, Instant } from '../rig/duration.ts';

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

type Pull = {
  readonly outcome: Promise<PullOutcome>;
  readonly listeners: Set<OnPercent>;
  readonly abort: () => void;
};
type Check = { readonly at: Instant; readonly unchecked: boolean };

export const createImageKeeper = (
  ports: { readonly engine: Engine; readonly now: () => Instant; readonly log: Log },
  settings: ImageKeeperSettings,
): ImageKeeper => {
  const { engine, now, log } = ports;
  const pulls = new Map<string, Pull>();
  const checks = new Map<string, Check>();

  const beginPull = (reference: string): Pull => {
    const controller = new AbortController();
    const listeners = new Set<OnPercent>();
    const onPercent: OnPercent = (percent) => {
      for (const listener of listeners) listener(percent);
    };
    const outcome = engine
      .pull(reference, onPercent, controller.signal)
      .finally(() => pulls.delete(reference));
    const pull = { outcome, listeners, abort: () => controller.abort() };
    pulls.set(reference, pull);
    return pull;
  };

  /** Joins the pull that is under way, or begins it; the last one who leaves ends it. */
  const pull = async (reference: string, onPercent: OnPercent, signal: AbortSignal): Promise<PullOutcome> => {
    const current = pulls.get(reference) ?? beginPull(reference);
    const listener: OnPercent = (percent) => onPercent(percent);
    current.listeners.add(listener);
    try {
      return await unlessAborted(current.outcome, signal);
    } finally {
      current.listeners.delete(listener);
      if (current.listeners.size === 0) current.abort();
    }
  };

  const prune = async (): Promise<void> => {
    try {
      const removed = await engine.pruneImages(settings.repository, settings.keep);
      if (removed.length > 0) log.info({ removed }, 'cleared away unused images');
    } catch (error) {
      log.warn({ err: error }, 'unused images could not be cleared away');
    }
  };

  const isFresh = (check: Check | undefined): check is Check =>
    check !== undefined && now() - check.at < settings.checkEvery;

  return {
    ensure: async (reference, onPercent, signal) => {
      const local = await engine.localImage(reference);
      const lastCheck = checks.get(reference);
      if (local && isFresh(lastCheck)) return { kind: 'here', image: local, unchecked: lastCheck.unchecked };

      const timeout = AbortSignal.any([signal, AbortSignal.timeout(settings.registryTimeout)]);
      const answer = await engine.registryDigest(reference, timeout);
      signal.throwIfAborted();
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
      if (pulled.kind === 'pulled' && image) {
        await prune();
        return settle(image, false);
      }
      const detail = pulled.kind === 'failed' ? pulled.detail : 'it was pulled and is not there';
      if (!image) return { kind: 'missing', detail };
      log.warn({ reference, detail }, 'the newer image cannot be pulled: the local one is used');
      return settle(image, true);
    },
  };
};

const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
