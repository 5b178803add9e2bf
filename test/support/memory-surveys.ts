// Surveys in memory, with the same behaviour as the ones in Redis.

import type { RigFile } from '../../src/ports/rig-files.ts';
import type { KeptRig, Surveys } from '../../src/ports/surveys.ts';
import { readRecord } from '../../src/redis/records.ts';
import type { Instant } from '../../src/rig/duration.ts';
import type { Survey } from '../../src/rig/survey.ts';

const again = (file: RigFile | undefined): KeptRig | undefined => file && readRecord(file.text);

const reread = (survey: Survey<RigFile>): Survey<KeptRig> => ({
  ...survey,
  containers: survey.containers.map((one) => ({ ...one, kept: again(one.kept) })),
  notes: survey.notes.map((one) => ({ ...one, kept: again(one.kept) })),
});

export const createMemorySurveys = (): Surveys => {
  const stored = new Map<string, { readonly number: number; readonly survey: Survey<RigFile> }>();
  const sightings = new Map<string, ReadonlyMap<string, Instant>>();
  let count = 0;
  const inOrder = () => [...stored.values()].sort((one, other) => one.number - other.number);
  return {
    put: async (survey) => {
      count += 1;
      stored.set(survey.host.toLowerCase(), { number: count, survey: structuredClone(survey) });
    },
    since: async (cursor) => {
      const found = inOrder().filter(({ number }) => number > cursor);
      return {
        surveys: found.map(({ survey }) => reread(survey)),
        cursor: found.at(-1)?.number ?? cursor,
      };
    },
    of: async (host) => {
      const found = stored.get(host.toLowerCase());
      return found && reread(found.survey);
    },
    all: async () => inOrder().map(({ survey }) => reread(survey)),
    sighted: async (host) => new Map(sightings.get(host.toLowerCase())),
    sight: async (host, seen) => void sightings.set(host.toLowerCase(), new Map(seen)),
  };
};
