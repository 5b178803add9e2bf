// Makes the stand-in image on an engine, under the real image's name, so that a worker takes it as it is.

import { Readable } from 'node:stream';
import { openClient } from '../../docker/client.ts';
import { importImage, removeImage } from '../../docker/import-image.ts';
import { parseReference } from '../../rig/image-reference.ts';
import { packImage } from './image-files.ts';

export type StandIn = {
  /** `sha256:…` */
  readonly id: string;
  /** Takes the name away again, and with its last name the image. */
  readonly remove: () => Promise<void>;
};

export type StandInOptions = {
  readonly dockerHost: string;
  /** `flashphoner/webcallserver:latest`; whatever has that name on the engine loses it. */
  readonly reference: string;
  /**
   * Defaults of its variables: `STAND_IN_BOOT_MS` (800), `STAND_IN_FAIL` (`exit`: ends with 7 before it listens; `hang`:
   * never listens), `STAND_IN_BIND` (`own`: listens on LOCAL_IP alone). Any other makes the image differ, as another build would.
   */
  readonly env?: Readonly<Record<string, string>> | undefined;
};

/** The label that tells it from the real image. */
export const standInLabel = 'wcs-rigs.stand-in';

/** About a second. Needs Debian's `busybox-static`. */
export const buildStandIn = async ({ dockerHost, reference, env = {} }: StandInOptions): Promise<StandIn> => {
  const name = parseReference(reference);
  if (!name) throw new Error(`${reference} is not an image's name`);
  const client = openClient(dockerHost, 10_000);
  const tar = Readable.from(await packImage(), { objectMode: false });
  const changes = [
    'CMD ["/bin/node", "/stand-in/server.mjs"]',
    'ENV PATH=/bin:/usr/bin:/sbin',
    `LABEL ${standInLabel}=true`,
    ...Object.entries(env).map(([key, value]) => `ENV ${key}=${JSON.stringify(value)}`),
  ];
  try {
    const id = await importImage(client, tar, { ...name, changes });
    return { id, remove: () => removeImage(client, reference).finally(client.close) };
  } catch (error) {
    client.close();
    throw error;
  }
};
