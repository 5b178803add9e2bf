// The page's own program: bundled from its sources when the try-out starts, so that there is no build step to forget.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export type Bundle = { readonly script: string; readonly style: string };

const client = (name: string): string => fileURLToPath(new URL(`client/${name}`, import.meta.url));

export const bundlePage = async (): Promise<Bundle> => {
  // Not its asynchronous sister, which would leave a process that has to be ended.
  const { outputFiles } = buildSync({
    entryPoints: [client('main.tsx')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return { script: outputFiles[0]?.text ?? '', style: await readFile(client('style.css'), 'utf8') };
};
