// A survey lists what is here, with the notes that belong to it, and the notes that belong to nothing.

import { describe, expect, it } from 'vitest';
import { createRigMirror } from '../../../src/host/mirror-rigs.ts';
import { takeSurvey } from '../../../src/host/survey.ts';
import type { RigFiles } from '../../../src/ports/rig-files.ts';
import { openHost } from '../../support/a-host.ts';

const open = async () => {
  const host = await openHost();
  const rigFiles: RigFiles = {
    read: async (rig) => host.files.get(rig),
    all: async () => [...host.files.values()],
    write: async (file, may) => {
      if (!may || may(host.files.get(file.rig))) host.files.set(file.rig, file);
    },
    remove: async (rig) => void host.files.delete(rig),
  };
  const { records, surveys, clock } = host.registry;
  const mirror = createRigMirror({ records, rigFiles, log: host.log }, 'h1');
  const survey = async (busy: readonly string[] = []) => {
    const ports = { engine: host.docker.engine('wcs'), rigFiles, surveys, mirror, clock };
    await takeSurvey(ports, 'h1', (rig) => busy.includes(rig));
    return surveys.of('h1');
  };
  return { host, survey };
};

describe('a survey', () => {
  it('has each container with its birth and its note', async () => {
    const { host, survey } = await open();
    const rig = await host.claim();
    await host.launch(rig);
    expect(await survey()).toMatchObject({
      host: 'h1',
      started: host.clock.now,
      containers: [
        {
          rig: rig.id,
          generation: 1,
          state: 'running',
          birth: { name: rig.name, owner: rig.owner, lan: rig.network.lan },
          kept: { rig: { id: rig.id }, version: 1 },
        },
      ],
      notes: [],
    });
  });

  it('gives a rig that has lost its note a new one', async () => {
    const { host, survey } = await open();
    const rig = await host.claim();
    await host.launch(rig);
    host.files.clear();
    expect((await survey())?.containers[0]?.kept?.rig.id).toBe(rig.id);
  });

  it('has the notes of what is not here any more, but not of what a job is about to make', async () => {
    const { host, survey } = await open();
    const rig = await host.claim();
    await host.launch(rig);
    for (const { id } of host.docker.containers()) await host.docker.engine('wcs').remove(id, 0);
    expect(await survey()).toMatchObject({ containers: [], notes: [{ rig: rig.id, generation: 1 }] });
    expect(await survey([rig.id])).toMatchObject({ containers: [], notes: [] });
  });

  it('has no note of another generation with a container', async () => {
    const { host, survey } = await open();
    const rig = await host.claim();
    await host.launch(rig);
    const [file] = host.files.values();
    if (file) host.files.set(rig.id, { ...file, generation: 2 });
    expect((await survey())?.containers[0]?.kept).toBeUndefined();
  });
});
