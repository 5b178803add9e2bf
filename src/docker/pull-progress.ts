// PURE: one figure for a pull out of what the engine says of each layer.

import type { ProgressLine } from './progress.ts';

type Layer = { readonly size: number | undefined; readonly fetched: number; readonly unpacked: number };

export type PullProgress = {
  readonly layers: ReadonlyMap<string, Layer>;
  readonly percent: number | undefined;
};

export const noProgress: PullProgress = { layers: new Map(), percent: undefined };

/** Fetching and unpacking count half each; a layer of unknown size counts as the known ones do on average. Never falls. */
export const addProgress = (progress: PullProgress, line: ProgressLine): PullProgress => {
  const layer = line.id === undefined ? undefined : layerAfter(line, progress.layers.get(line.id));
  if (line.id === undefined || layer === undefined) return progress;
  const layers = new Map(progress.layers).set(line.id, layer);
  const percent = percentOf([...layers.values()]);
  if (percent === undefined) return { layers, percent: progress.percent };
  return { layers, percent: Math.max(progress.percent ?? 0, percent) };
};

const layerAfter = (
  { status, progressDetail }: ProgressLine,
  before: Layer | undefined,
): Layer | undefined => {
  const size = progressDetail?.total ?? before?.size;
  const { fetched, unpacked } = before ?? { fetched: 0, unpacked: 0 };
  const share = size === undefined ? 0 : Math.min(1, (progressDetail?.current ?? 0) / size);
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      return { size, fetched, unpacked };
    case 'Downloading':
      return { size, fetched: Math.max(fetched, share), unpacked };
    case 'Verifying Checksum':
    case 'Download complete':
      return { size, fetched: 1, unpacked };
    case 'Extracting':
      return { size, fetched: 1, unpacked: Math.max(unpacked, share) };
    case 'Pull complete':
      return { size, fetched: 1, unpacked: 1 };
    default:
      return undefined; // `Already exists`, and lines about the whole image: nothing to wait for
  }
};

const percentOf = (layers: readonly Layer[]): number | undefined => {
  const known = layers.flatMap(({ size }) => (size === undefined ? [] : [size]));
  if (known.length === 0) return undefined;
  const usual = known.reduce((sum, size) => sum + size, 0) / known.length || 1;
  const weight = ({ size }: Layer): number => size ?? usual;
  const whole = layers.reduce((sum, layer) => sum + weight(layer), 0) || 1;
  const done = layers.reduce((sum, layer) => sum + (weight(layer) * (layer.fetched + layer.unpacked)) / 2, 0);
  return Math.floor((100 * done) / whole);
};
