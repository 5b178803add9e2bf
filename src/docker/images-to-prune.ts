// PURE: which images of a repository go. Only those that have no other name, that no container uses, and that are not
// among the newest.

export type ImageFacts = {
  readonly id: string;
  /** All its names: `repository:tag` and `repository@sha256:…`. */
  readonly names: readonly string[];
  /** When it was made or last pulled, whichever is later; milliseconds since 1970. */
  readonly since: number;
};

export const imagesToPrune = (
  images: readonly ImageFacts[],
  used: ReadonlySet<string>,
  repository: string,
  keep: number,
): readonly ImageFacts[] =>
  images
    .filter(
      ({ id, names }) => !used.has(id) && names.length > 0 && names.every((name) => isOf(name, repository)),
    )
    .sort((one, other) => other.since - one.since || one.id.localeCompare(other.id))
    .slice(keep);

/** `docker.io/library/x` and `x` are the same repository; the engine writes the short form. */
export const shortName = (repository: string): string =>
  repository.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');

export const isOf = (name: string, repository: string): boolean =>
  shortName(repositoryOf(name)) === shortName(repository);

const repositoryOf = (name: string): string => {
  const at = name.indexOf('@');
  if (at >= 0) return name.slice(0, at);
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
};
