// What a request to the emulator asks: a Web API call, an answer to a response_url, or a file's content.

import type { IncomingMessage } from 'node:http';
import { UPLOAD_PATH } from './files.ts';

export type Asked = {
  /** The method, `response_url` or `upload`: what a fault names. */
  readonly name: string;
  /** For whoever reads the journal. */
  readonly shown: unknown;
} & (
  | {
      readonly kind: 'call';
      readonly token: string | undefined;
      readonly args: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'respond'; readonly path: string; readonly body: unknown }
  | { readonly kind: 'upload'; readonly path: string; readonly content: Buffer | undefined }
);

const MOST_BYTES = 2_000_000;

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error('the body is too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks);
};

const legible = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const object = (text: string): Record<string, unknown> | undefined => {
  const value = legible(text);
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
};

const argsOf = (type: string, text: string): Record<string, unknown> =>
  type.includes('json') ? (object(text) ?? {}) : Object.fromEntries(new URLSearchParams(text));

/** Nested fields as objects. */
const readable = (args: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      typeof value === 'string' && /^[[{]/.test(value) ? legible(value) : value,
    ]),
  );

/** Raw, or the one file of a form. */
const fileContent = async (type: string, body: Buffer): Promise<Buffer | undefined> => {
  if (!type.startsWith('multipart/')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file === undefined ? undefined : Buffer.from(await file.arrayBuffer());
};

export const askedBy = async (request: IncomingMessage): Promise<Asked> => {
  const path = new URL(request.url ?? '/', 'http://slack').pathname;
  const type = request.headers['content-type'] ?? '';
  const body = await read(request);
  if (path.startsWith(UPLOAD_PATH)) {
    const content = await fileContent(type, body);
    return { kind: 'upload', name: 'upload', path, content, shown: { bytes: content?.length } };
  }
  const text = body.toString();
  if (!path.startsWith('/api/')) {
    const said = object(text);
    return { kind: 'respond', name: 'response_url', path, body: said, shown: said ?? text };
  }
  const { token: inBody, ...args } = argsOf(type, text);
  const token =
    request.headers.authorization?.replace(/^Bearer /, '') ??
    (typeof inBody === 'string' ? inBody : undefined);
  return { kind: 'call', name: path.slice('/api/'.length), token, args, shown: readable(args) };
};
