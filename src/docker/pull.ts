// A pull with one figure for its progress. It counts as done when the image is there, whatever the stream said.

import type { PullOutcome } from '../ports/engine.ts';
import { type ImageReference, parseReference, registryOf } from '../rig/image-reference.ts';
import { asFailure, refusalOf, tryToAsk } from './client.ts';
import type { Context } from './context.ts';
import { localImage } from './images.ts';
import { oneLine } from './one-line.ts';
import { type ProgressLine, readProgress } from './progress.ts';
import { addProgress, noProgress } from './pull-progress.ts';
import { type Credentials, readCredentials } from './registry-auth.ts';

type OnPercent = (percent: number | undefined) => void;

const failed = (detail: string): PullOutcome => ({ kind: 'failed', detail: oneLine(detail) });

/** Throws EngineDown when the engine goes away under it; all else that can go wrong is a value. */
export const pull = async (
  context: Context,
  reference: string,
  onPercent: OnPercent,
  signal: AbortSignal,
): Promise<PullOutcome> => {
  const name = parseReference(reference);
  if (!name) return failed(`${reference} is not an image's name`);
  const auth = await readCredentials(context.registryAuthFile, registryOf(name.repository));
  if (auth.kind === 'unusable') return failed(auth.detail);
  const credentials = auth.kind === 'found' ? auth.credentials : undefined;

  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), context.timeouts.pullSilence);
  try {
    const stop = AbortSignal.any([signal, silence.signal]);
    const fault = await followPull(context, name, credentials, onPercent, stop, () => timer.refresh());
    if (fault !== undefined) return failed(fault);
  } catch (error) {
    if (signal.aborted) return failed('the pull was given up');
    if (silence.signal.aborted) return failed('the pull was given up: the registry went silent');
    const refusal = refusalOf(error);
    if (refusal) return failed(refusal.detail);
    throw asFailure(error, context.client.address);
  } finally {
    clearTimeout(timer);
  }
  const image = await localImage(context, reference);
  if (!image) return failed(`${reference} was pulled and is not there`);
  await noteTime(context, reference, name);
  return { kind: 'pulled' };
};

// A pull leaves no date on an image, only a tag does: given the name that it has, it says when it was last wanted, which
// is what decides which images are cleared away first.
const noteTime = async (
  { client, timeouts, log }: Context,
  reference: string,
  { repository, tag }: ImageReference,
): Promise<void> => {
  const image = client.quick.getImage(reference);
  const noted = await tryToAsk(client, timeouts.answer, () => image.tag({ repo: repository, tag }));
  if (!noted.ok) log.warn({ reference, detail: noted.detail }, 'the time of a pull could not be noted');
};

/** The first error that stands in the stream: the request as a whole succeeds even so. */
const followPull = async (
  { client }: Context,
  name: ImageReference,
  credentials: Credentials | undefined,
  onPercent: OnPercent,
  signal: AbortSignal,
  onWord: () => void,
): Promise<string | undefined> => {
  const options = { fromImage: name.repository, tag: name.tag, abortSignal: signal };
  const answer = await (credentials
    ? client.patient.createImage(credentials, options)
    : client.patient.createImage(options));
  let progress = noProgress;
  let fault: string | undefined;
  onPercent(undefined);
  for await (const line of readProgress(answer)) {
    onWord();
    fault ??= faultOf(line);
    const next = addProgress(progress, line);
    if (next.percent !== progress.percent) onPercent(next.percent);
    progress = next;
  }
  return fault;
};

const faultOf = ({ errorDetail, error }: ProgressLine): string | undefined => errorDetail?.message ?? error;
