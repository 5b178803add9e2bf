// Names of images, `registry:5000/team/name:tag`. A person may choose the tag, and nothing else of it.

export type ImageReference = {
  /** All before the tag, with the registry's host and port where there is one. */
  readonly repository: string;
  readonly tag: string;
};

const host =
  '(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\\.)+[a-zA-Z0-9-]+(?::\\d+)?|[a-zA-Z0-9.-]+:\\d+|localhost)';
const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const repositoryPattern = new RegExp(`^(?:${host}/)?${part}(?:/${part})*$`);

export const isTag = (text: string): boolean => tagPattern.test(text);

/** Without a tag it is `latest`. `undefined` for what is no name, and for names by digest: they leave no tag to choose. */
export const parseReference = (text: string): ImageReference | undefined => {
  const colon = text.lastIndexOf(':');
  // The colon of `registry:5000/name` is the port's.
  const hasTag = colon > text.lastIndexOf('/');
  const repository = hasTag ? text.slice(0, colon) : text;
  const tag = hasTag ? text.slice(colon + 1) : 'latest';
  return repository.length <= 255 && repositoryPattern.test(repository) && isTag(tag)
    ? { repository, tag }
    : undefined;
};

/** Where its registry is: `docker.io` unless the first part is a host. */
export const registryOf = (repository: string): string => {
  const slash = repository.indexOf('/');
  const first = repository.slice(0, Math.max(slash, 0));
  return first === 'localhost' || /[.:]/.test(first) ? first : 'docker.io';
};
