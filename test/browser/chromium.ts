// Real Chromium inside a namespace: what is on loopback there it can reach, and nothing else.

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const program = '/usr/bin/chromium';

/** Quiet as well: it asks nobody about updates, accounts or safe sites. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type RunningBrowser = { readonly browser: Browser; readonly stop: () => Promise<void> };

/** With a new, empty profile. It ends when its pipe to us closes, whatever becomes of us. */
export const startBrowser = async (namespace: string): Promise<RunningBrowser> => {
  const directory = await mkdtemp(join(tmpdir(), 'wcs-rigs-browser-'));
  const inside = join(directory, 'chromium');
  await writeFile(inside, `#!/bin/sh\nexec nsenter --net=/run/netns/${namespace} ${program} "$@"\n`);
  await chmod(inside, 0o755);
  const browser = await chromium.launch({ executablePath: inside, args: flags });
  return {
    browser,
    stop: async () => {
      await browser.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
