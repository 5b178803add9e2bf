// The audit: one stream for all, and a short list for each rig's name. Entries are only ever added; old ones fall off the end.

import { z } from 'zod';
import type { Audit } from '../ports/audit.ts';
import type { AuditEntry } from '../rig/audit.ts';
import type { Duration } from '../rig/duration.ts';
import { type Connection, script } from './connection.ts';
import type { Keys } from './keys.ts';
import { auditEntry, parseStored, parseStoredJson } from './schema.ts';

/** What `/wcs history` can show of one name. */
const mostOfRig = 200;

/**
 * Lua: `note(stream, list, entry, keep)` adds an entry (JSON, nothing if empty) to the stream and to the list of its rig's
 * name. `keep`: milliseconds. For scripts that write it together with what it tells of.
 */
export const noteLua = `
local note = function(stream, list, entry, keep)
  if entry == '' then return end
  local time = redis.call('TIME')
  local oldest = time[1] * 1000 + time[2] / 1000 - keep
  redis.call('XADD', stream, 'MINID', string.format('%.0f', math.max(0, oldest)), '*', 'entry', entry)
  if list == '' then return end
  local first = redis.call('LINDEX', list, 0)
  while first and cjson.decode(first).at < oldest do
    redis.call('LPOP', list)
    first = redis.call('LINDEX', list, 0)
  end
  redis.call('RPUSH', list, entry)
  redis.call('LTRIM', list, -${mostOfRig}, -1)
  redis.call('PEXPIRE', list, keep)
end
`;

const appendScript = script(`${noteLua}
note(KEYS[1], KEYS[2] or '', ARGV[1], ARGV[2])
return 1
`);

const page = z.array(z.tuple([z.string(), z.array(z.string())]));

export const createAudit = ({ ask, run }: Connection, keys: Keys, keep: Duration): Audit => {
  const read = (key: string, text: unknown): AuditEntry => parseStoredJson(auditEntry, key, text);
  const last = async (key: string, count: number): Promise<readonly AuditEntry[]> => {
    const texts = await ask((redis) => redis.lrange(key, -Math.max(1, count), -1));
    return texts.map((text) => read(key, text));
  };
  const listOf = ({ rig, host }: AuditEntry): string[] => {
    if (rig !== undefined) return [keys.auditOf(rig.name)];
    return host === undefined ? [] : [keys.auditOfHost(host)];
  };
  return {
    append: async (entry) => {
      await run(appendScript, [keys.audit, ...listOf(entry)], [JSON.stringify(entry), keep]);
    },
    ofRig: (name, count) => last(keys.auditOf(name), count),
    ofHost: (host, count) => last(keys.auditOfHost(host), count),
    page: async (after, count) => {
      const start = after === undefined ? '-' : `(${after}`;
      const answer = await ask((redis) => redis.xrange(keys.audit, start, '+', 'COUNT', count));
      const rows = parseStored(page, keys.audit, answer);
      return {
        entries: rows.map(([, [, text]]) => read(keys.audit, text)),
        next: rows.length < count ? undefined : rows.at(-1)?.[0],
      };
    },
  };
};
