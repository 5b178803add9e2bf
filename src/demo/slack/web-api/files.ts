// files.getUploadURLExternal and files.completeUploadExternal: the two calls around an upload.

import { z } from 'zod';
import type { Upload } from '../files.ts';
import type { Channel, SharedFile } from '../state.ts';
import { app } from '../workspace.ts';
import { fileShape } from './message-shape.ts';
import {
  type CallContext,
  defineMethod,
  isMember,
  livingThread,
  type Method,
  nested,
  type Refusal,
  refuse,
  text,
  timestamp,
  visibleChannel,
} from './method.ts';

/** The kinds of text among Slack's file types; `log` is none. */
const SNIPPET_TYPES = new Set(
  (
    'auto text applescript boxnote c csharp cpp css csv clojure coffeescript cfm crystal d dart diff dockerfile ' +
    'erlang fsharp fortran go groovy html handlebars haskell haxe java javascript json kotlin latex lisp lua ' +
    'markdown matlab mumps objc ocaml pascal perl php pig powershell puppet python r ruby rust sql sass scala ' +
    'scheme shell smalltalk swift tsv vb vbscript velocity verilog xml yaml'
  ).split(' '),
);
const MOST_SNIPPET_BYTES = 1_000_000;

const getUploadUrl = defineMethod({
  scopes: ['files:write'],
  fields: {
    filename: text,
    length: z.coerce.number().int().min(0),
    snippet_type: text.optional(),
    alt_txt: text.max(1000).optional(),
  },
  run: ({ filename, length, snippet_type: snippetType }, { files, uploadUrl }) => {
    if (length === 0) return refuse('missing_argument');
    if (snippetType !== undefined) {
      if (!SNIPPET_TYPES.has(snippetType)) return refuse('unknown_snippet_type');
      if (length > MOST_SNIPPET_BYTES) return refuse('snippet_too_large');
    }
    const { id, path } = files.announce({ name: filename, length, snippetType });
    return { ok: true, upload_url: uploadUrl(path), file_id: id };
  },
});

const given = z.strictObject({
  id: z.string().regex(/^F[A-Z0-9]{8,}$/, 'input must match regex pattern: ^F[A-Z0-9]{8,}$'),
  title: z.string().optional(),
  highlight_type: z.string().optional(),
});

/** A person's id will not do here, and `chat:write.public` does not reach (getnao/nao#1372). */
const destination = (id: string, context: CallContext): Channel | Refusal => {
  const channel = visibleChannel(id, context);
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.isArchived) return refuse('is_archived');
  return isMember(channel) ? channel : refuse('not_in_channel');
};

const shared = (upload: Upload, title: string | undefined): SharedFile => ({
  id: upload.id,
  name: upload.name,
  title: title ?? upload.name,
  content: upload.content,
  ...(upload.snippetType === undefined ? {} : { snippetType: upload.snippetType }),
});

const completeUpload = defineMethod({
  scopes: ['files:write'],
  fields: {
    files: nested(z.array(given).min(1)),
    channel_id: z
      .string()
      .regex(/^[CGDZ][A-Z0-9]{8,}$/, 'input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$')
      .optional(),
    initial_comment: z.string().optional(),
    thread_ts: timestamp.optional(),
  },
  run: (args, context) => {
    const uploads = args.files.flatMap(({ id, title }) => {
      const upload = context.files.waiting(id);
      return upload === undefined ? [] : [shared(upload, title)];
    });
    if (uploads.length < args.files.length) return refuse('file_not_found');
    const channel = args.channel_id === undefined ? undefined : destination(args.channel_id, context);
    if (channel !== undefined && 'error' in channel) return channel;
    for (const { id } of uploads) context.files.finish(id);
    if (channel !== undefined)
      context.workspace.post({
        channel: channel.id,
        user: app.botUser,
        text: args.initial_comment ?? '',
        blocks: [],
        threadTs: livingThread(channel, args.thread_ts, context),
        files: uploads,
      });
    return { ok: true, files: uploads.map(fileShape) };
  },
});

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
};
