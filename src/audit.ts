// `audit`: prints who did what, as lines of JSON, oldest first. It reads the registry alone, and needs nobody's tokens.

import { parseArgs } from 'node:util';
import type { RegistryPlace } from './config.ts';
import { silent } from './ports/log.ts';
import { connectRegistry } from './redis/registry.ts';
import type { AuditEntry } from './rig/audit.ts';
import { type Duration, parseDuration } from './rig/duration.ts';
import { isRigName, type RigName } from './rig/name.ts';

export type AuditWish = {
  /** Only what is about rigs of this name. */
  readonly rig: RigName | undefined;
  /** Only what is younger than this. */
  readonly since: Duration | undefined;
};

export type AuditWords =
  | { readonly kind: 'wish'; readonly wish: AuditWish }
  | { readonly kind: 'wrong'; readonly why: string };

const wrong = (why: string): AuditWords => ({ kind: 'wrong', why });

/** `--rig NAME`, `--since 24h`, in any order. */
export const readAuditWords = (words: readonly string[]): AuditWords => {
  const options = { rig: { type: 'string' }, since: { type: 'string' } } as const;
  let read: { readonly rig?: string | undefined; readonly since?: string | undefined };
  try {
    read = parseArgs({ args: [...words], options }).values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  const rig = read.rig?.toLowerCase();
  if (rig !== undefined && !isRigName(rig)) return wrong(`--rig ${JSON.stringify(rig)} is no name of a rig`);
  const since = read.since === undefined ? undefined : parseDuration(read.since);
  if (read.since !== undefined && since === undefined) {
    return wrong(
      `--since ${JSON.stringify(read.since)} is no length of time; write \`90m\`, \`24h\` or \`7d\``,
    );
  }
  return { kind: 'wish', wish: { rig, since } };
};

const atOnce = 1000;

/** `write`: false if nobody reads any more. */
export const printAudit = async (
  { redis, installation }: RegistryPlace,
  { rig, since }: AuditWish,
  write: (line: string) => Promise<boolean>,
): Promise<void> => {
  const registry = await connectRegistry({ address: redis, installation, log: silent });
  try {
    const oldest = since === undefined ? Number.NEGATIVE_INFINITY : registry.clock.now() - since;
    const isWanted = (entry: AuditEntry): boolean =>
      entry.at >= oldest && (rig === undefined || entry.rig?.name === rig);
    let after: string | undefined;
    do {
      const page = await registry.audit.page(after, atOnce);
      for (const entry of page.entries.filter(isWanted)) {
        if (!(await write(lineOf(entry)))) return;
      }
      after = page.next;
    } while (after !== undefined);
  } finally {
    registry.close();
  }
};

/** With the time as people read it. */
const lineOf = (entry: AuditEntry): string =>
  JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() });
