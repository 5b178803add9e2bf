// Files on their way in: announced, uploaded to an address of their own, then shared once.

import { randomBytes } from 'node:crypto';
import type { Rule } from './wire.ts';

export type Announced = {
  readonly name: string;
  /** In bytes. */
  readonly length: number;
  readonly snippetType: string | undefined;
};

type Reply = { readonly status: number; readonly body: unknown };

export type Upload = Announced & { readonly id: string; readonly content: string };

export type Files = {
  /** The file's id and the path to upload it to. */
  readonly announce: (announced: Announced) => { readonly id: string; readonly path: string };
  /** Takes what was sent to such a path. */
  readonly receive: (path: string, content: Buffer | undefined) => Reply;
  /** What was uploaded and not shared yet. */
  readonly waiting: (id: string) => Upload | undefined;
  /** From now on it is no longer waiting. */
  readonly finish: (id: string) => void;
};

export const UPLOAD_PATH = '/upload/v1/';

export const createFiles = (violate: (rule: Rule, where: string, detail: string) => void): Files => {
  const announced = new Map<string, Announced & { readonly id: string }>();
  const uploads = new Map<string, Upload>();
  const no = (status: number, why: string): Reply => {
    violate('bad-argument', 'upload', why);
    return { status, body: why };
  };
  return {
    announce: (file) => {
      const path = `${UPLOAD_PATH}${randomBytes(16).toString('hex')}`;
      const id = `F${String(announced.size + 1).padStart(9, '0')}`;
      announced.set(path, { ...file, id });
      return { id, path };
    },
    receive: (path, content) => {
      const file = announced.get(path);
      if (file === undefined) return no(404, 'no such upload');
      if (content === undefined) return no(400, 'no file in the form');
      if (content.length !== file.length)
        return no(400, `${content.length} bytes were uploaded, ${file.length} were announced`);
      uploads.set(file.id, { ...file, content: content.toString() });
      return { status: 200, body: `OK - ${content.length}` };
    },
    waiting: (id) => uploads.get(id),
    finish: (id) => {
      uploads.delete(id);
    },
  };
};
