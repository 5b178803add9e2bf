// `list`: the living rigs, the asker's first, a page at a time.

import type { Clock } from '../ports/clock.ts';
import type { Rigs } from '../ports/registry.ts';
import type { Instant } from '../rig/duration.ts';
import { type HostName, isOwnedBy, type Person, type Rig } from '../rig/rig.ts';

export type ListFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'mine' }
  | { readonly kind: 'on'; readonly host: HostName };

export type ListPage = {
  /** Those on this page. */
  readonly rigs: readonly Rig[];
  /** On all pages. */
  readonly total: number;
  /** Counted from 0. */
  readonly page: number;
  readonly pages: number;
};

export type RigList = ListPage & { readonly now: Instant };

/** Few enough that the longest lines stay under Slack's sum over all blocks (about 12,000 characters). */
export const rigsOnAPage = 20;

export type ListPorts = { readonly rigs: Rigs; readonly clock: Clock };

/** `page`: counted from 0; beyond the last it is the last. */
export const listRigs = async (
  { rigs, clock }: ListPorts,
  filter: ListFilter,
  by: Person,
  page: number,
): Promise<RigList> => {
  const found = await find(rigs, filter, by, Math.max(0, page));
  return { ...found, now: clock.now() };
};

const find = async (rigs: Rigs, filter: ListFilter, by: Person, page: number): Promise<ListPage> => {
  switch (filter.kind) {
    case 'all':
      return pageOfAll(rigs, by, page);
    case 'mine':
      return pageOf(await rigs.ownedBy(by.id), page);
    case 'on':
      return pageOf(mineFirst(await rigsOnHost(rigs, filter.host), by), page);
  }
};

const rigsOnHost = async (rigs: Rigs, host: HostName): Promise<readonly Rig[]> =>
  (await rigs.onHost(host)).map(({ rig }) => rig);

const mineFirst = (all: readonly Rig[], by: Person): readonly Rig[] => [
  ...all.filter((rig) => isOwnedBy(rig, by.id)),
  ...all.filter((rig) => !isOwnedBy(rig, by.id)),
];

const pagesOf = (total: number): number => Math.ceil(total / rigsOnAPage);

/** Of a fleet of thousands nobody reads more than is shown. */
const pageOfAll = async (rigs: Rigs, by: Person, page: number): Promise<ListPage> => {
  const found = await rigs.page({ first: by.id, offset: page * rigsOnAPage, count: rigsOnAPage });
  const pages = pagesOf(found.total);
  // There were more when the reader turned the page.
  return page > 0 && page >= pages ? pageOfAll(rigs, by, Math.max(0, pages - 1)) : { ...found, page, pages };
};

export const pageOf = (all: readonly Rig[], wanted: number): ListPage => {
  const pages = pagesOf(all.length);
  const page = Math.max(0, Math.min(wanted, pages - 1));
  const rigs = all.slice(page * rigsOnAPage, (page + 1) * rigsOnAPage);
  return { rigs, total: all.length, page, pages };
};
