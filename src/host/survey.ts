// Lists all that is here for the bot: containers with their notes, and notes that have no container. It decides nothing.

import type { Clock } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { RigFile, RigFiles } from '../ports/rig-files.ts';
import type { Surveys } from '../ports/surveys.ts';
import type { HostName, RigId } from '../rig/rig.ts';
import type { RigMirror } from './mirror-rigs.ts';

export type SurveyPorts = {
  readonly engine: Pick<Engine, 'rigs'>;
  readonly rigFiles: Pick<RigFiles, 'all'>;
  readonly surveys: Pick<Surveys, 'put'>;
  readonly mirror: Pick<RigMirror, 'all'>;
  readonly clock: Clock;
};

/** `isBusy`: a job for this rig is under way, which writes its note before it makes its container. */
export const takeSurvey = async (
  { engine, rigFiles, surveys, mirror, clock }: SurveyPorts,
  host: HostName,
  isBusy: (rig: RigId) => boolean,
): Promise<void> => {
  const started = clock.now();
  const containers = await engine.rigs();
  const there = new Set(containers.map(({ rig }) => rig));
  await mirror.all(there);
  const files = new Map((await rigFiles.all()).map((file) => [file.rig, file]));
  const keptOf = ({ rig, generation }: Pick<RigFile, 'rig' | 'generation'>): RigFile | undefined => {
    const file = files.get(rig);
    return file?.generation === generation ? file : undefined;
  };
  await surveys.put({
    v: 1,
    host,
    started,
    containers: containers.map((one) => {
      const { rig, generation, address, state, madeAt, birth } = one;
      return { rig, generation, address, state, madeAt, birth, kept: keptOf(one) };
    }),
    notes: [...files.values()]
      .filter(({ rig }) => !there.has(rig) && !isBusy(rig))
      .map((file) => ({ rig: file.rig, generation: file.generation, ended: file.ended, kept: file })),
  });
};
