// response_url: five answers in thirty minutes to whoever typed the command or clicked, and where the ack's answer goes.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { checkContent, POST_TEXT } from './content.ts';
import type { Message } from './state.ts';
import type { Limits } from './surface.ts';
import { flag, nested } from './web-api/method.ts';
import type { Rule } from './wire.ts';
import { app, team, type Workspace } from './workspace.ts';

/** Where an answer belongs. */
export type Occasion = {
  readonly kind: 'commands' | 'actions';
  readonly user: string;
  readonly channel: string;
  /** What was clicked, or what the command's last answer was. */
  original: { readonly channel: string; readonly ts: string } | undefined;
};

export type Reply = { readonly status: number; readonly body: unknown };

export type ResponseUrls = {
  /** The path of a new one. */
  readonly issue: (occasion: Occasion) => string;
  /** `undefined` if there never was such a path. */
  readonly answer: (path: string, body: unknown) => Reply;
  /** What an acknowledgement of a command carries is shown like an answer, but does not count as one. */
  readonly showAck: (path: string, payload: unknown) => void;
};

const fields = {
  text: z.string().optional(),
  blocks: nested(z.unknown()).optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: flag.default(false),
  delete_original: flag.default(false),
  thread_ts: z.string().optional(),
  mrkdwn: flag.optional(),
  unfurl_links: flag.optional(),
  unfurl_media: flag.optional(),
};
const answer = z.object(fields);
type Answer = z.output<typeof answer>;

const ok: Reply = { status: 200, body: 'ok' };
const no = (status: number, error: string): Reply => ({ status, body: { ok: false, error } });

export const createResponseUrls = (parts: {
  readonly workspace: Workspace;
  readonly limits: Limits;
  readonly clock: () => number;
  readonly violate: (rule: Rule, where: string, detail: string) => void;
}): ResponseUrls => {
  const { workspace, limits, clock } = parts;
  const violate = (rule: Rule, detail: string) => parts.violate(rule, 'response_url', detail);
  const issued = new Map<string, { readonly occasion: Occasion; readonly at: number; uses: number }>();

  const originalOf = ({ original }: Occasion): Message | undefined =>
    original === undefined ? undefined : workspace.message(original.channel, original.ts);

  const show = (occasion: Occasion, said: Answer): Reply => {
    const original = originalOf(occasion);
    if (said.delete_original) {
      if (original !== undefined) workspace.remove(original.channel, original.ts);
      return ok;
    }
    const checked = checkContent(said, { text: POST_TEXT, allBlocks: false });
    if (checked.kind === 'refused') {
      violate(checked.rule, [checked.error, ...checked.errors].join('; '));
      return no(checked.error === 'no_text' ? 500 : 400, checked.error);
    }
    const { text } = checked;
    const blocks = checked.blocks ?? [];
    if (said.replace_original && original !== undefined) {
      workspace.edit(original, { text, blocks, metadata: original.metadata });
      return ok;
    }
    const { channel, user } = occasion;
    const audience = said.response_type === 'in_channel' ? {} : { ephemeralTo: user };
    const where = { channel, threadTs: said.thread_ts, ...audience };
    const posted = workspace.post({ ...where, user: app.botUser, text, blocks });
    if (occasion.kind === 'commands') occasion.original = posted;
    return ok;
  };

  const say = (occasion: Occasion, body: unknown): Reply => {
    const said = answer.safeParse(body);
    if (!said.success) {
      violate('bad-argument', said.error.message);
      return no(400, 'invalid_payload');
    }
    const known = Object.keys(fields);
    const unknown = Object.keys(z.record(z.string(), z.unknown()).parse(body)).filter(
      (key) => !known.includes(key),
    );
    if (unknown.length > 0) violate('unknown-field', unknown.join(', '));
    return show(occasion, said.data);
  };

  return {
    issue: (occasion) => {
      const path = `/${occasion.kind}/${team.id}/${issued.size + 1}/${randomBytes(12).toString('hex')}`;
      issued.set(path, { occasion, at: clock(), uses: 0 });
      return path;
    },
    answer: (path, body) => {
      const url = issued.get(path);
      if (url === undefined) return no(404, 'no_such_url');
      if (clock() - url.at > limits.responseUrlMs) {
        violate('response-url-expired', path);
        return no(404, 'expired_url');
      }
      url.uses += 1;
      if (url.uses > limits.responseUrlUses) {
        violate('response-url-overused', `answer ${url.uses} to ${path}`);
        return no(404, 'used_url');
      }
      return say(url.occasion, body);
    },
    showAck: (path, payload) => {
      const url = issued.get(path);
      const body = typeof payload === 'string' ? { text: payload } : payload;
      const empty =
        typeof body !== 'object' || body === null || Object.values(body).every((value) => value === '');
      if (url !== undefined && !empty) say(url.occasion, body);
    },
  };
};
