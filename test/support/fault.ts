// One fault as a test: it strikes, the fleet recovers, people are told; then the aftermath is looked at, all rigs are stopped,
// and nothing may be left of them. Each writes a line of JSON to the file that WCS_FAULT_RESULTS names, for the table.

import { appendFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Aftermath, type AftermathOptions, lookAround } from './aftermath.ts';
import { type Crew, type CrewPlan, hireCrew } from './crew.ts';
import type { FaultLine } from './fault-table.ts';
import { type Fleet, type FleetOptions, startFleet } from './fleet.ts';
import { pacedEnvironment } from './pace.ts';
import { readRedis } from './registry-dump.ts';
import { saidSince } from './said.ts';

export type Fault = {
  readonly fleet: Fleet;
  readonly crew: Crew;
  /** The moment of the fault: from here the time to recover counts. */
  readonly strikes: () => void;
  /** The fleet is right again, as far as people can tell. */
  readonly recovered: () => void;
  /** What people read since the fault. */
  readonly said: () => readonly string[];
  /** A rig that is ready, asked for again and again: no host may be there yet that can take it. */
  readonly up: (name: string, words?: string) => Promise<void>;
  /** The rigs that live now, as Redis has them, and what is wrong at this moment. */
  readonly look: () => Promise<Aftermath>;
  /** When this rig's lease ends, as Redis has it. */
  readonly endOf: (name: string) => Promise<number>;
  /** Waits until somebody reads this. */
  readonly reads: (what: RegExp, milliseconds?: number) => Promise<string>;
};

const patience = 30_000;

/** Waits until nothing is wrong any more; what still is by then is what is wrong. */
const expectRight = async (fleet: Fleet, when: string, options: AftermathOptions): Promise<number> => {
  const begun = performance.now();
  for (;;) {
    const { faults, rigs } = await lookAround(fleet, options);
    if (faults.length === 0) return rigs.length;
    if (performance.now() - begun > patience) expect(faults, when).toEqual([]);
    await delay(200);
  }
};

/** Each by its owner's own word. */
const stopAll = async (fleet: Fleet, options: AftermathOptions): Promise<void> => {
  const { rigs } = await lookAround(fleet, options);
  for (const { name, ownerName, state } of rigs) {
    if (state !== 'stopping') await fleet.type(`down ${name}`, ownerName);
  }
  const begun = performance.now();
  while ((await lookAround(fleet, options)).rigs.length > 0) {
    if (performance.now() - begun > 2 * patience) throw new Error('not all rigs could be stopped');
    await delay(200);
  }
};

const writeLine = async (line: FaultLine): Promise<void> => {
  const file = process.env.WCS_FAULT_RESULTS;
  if (file !== undefined) await appendFile(file, `${JSON.stringify(line)}\n`);
};

export type FaultOptions = AftermathOptions & {
  /** Of the whole test. */
  readonly milliseconds?: number;
};

export type Ground = {
  /** `id`: as in the issue, `F01`. */
  readonly fault: (
    id: string,
    title: string,
    run: (fault: Fault) => Promise<void>,
    options?: FaultOptions,
  ) => void;
};

/** One fleet for the faults of a file. */
export const openGround = (options: FleetOptions & { readonly crew: CrewPlan }): Ground => {
  const open: { fleet: Fleet; crew: Crew }[] = [];
  const ground = () => {
    const [one] = open;
    if (!one) throw new Error('there is no fleet');
    return one;
  };
  beforeAll(async () => {
    const environment = { ...pacedEnvironment, WCS_RIGS_PER_USER: '300', ...options.environment };
    const fleet = await startFleet({ ...options, environment });
    try {
      open.push({ fleet, crew: await hireCrew(fleet, options.crew) });
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  });
  afterAll(async () => {
    for (const { crew, fleet } of open) {
      await crew.stop();
      await fleet.stop();
    }
  });

  const fault: Ground['fault'] = (id, title, run, { milliseconds = 240_000, ...looks } = {}) => {
    it(`${id} ${title}`, { timeout: milliseconds }, async () => {
      const { fleet, crew } = ground();
      await crew.man();
      const moments = {
        struck: [performance.now(), Date.now()] as const,
        right: undefined as number | undefined,
      };
      const said = () => saidSince(fleet.slack, moments.struck[1]);
      const write = (held: boolean, heard: readonly string[]) => {
        const seconds = ((moments.right ?? performance.now()) - moments.struck[0]) / 1000;
        return writeLine({ id, title, held, seconds: Math.round(seconds * 10) / 10, said: heard });
      };
      const about: Fault = {
        fleet,
        crew,
        strikes: () => {
          moments.struck = [performance.now(), Date.now()];
        },
        recovered: () => {
          moments.right = performance.now();
        },
        said,
        up: async (name, words = 'for 1h') => {
          const before = fleet.card(name)?.ts;
          const begun = performance.now();
          while (fleet.card(name)?.ts === before && performance.now() - begun < 2 * patience) {
            await fleet.type(`up ${name} ${words}`);
            await delay(1000);
          }
          await fleet.cardSays(name, / is ready/);
        },
        look: () => lookAround(fleet, looks),
        endOf: async (name) => {
          const { rigs } = await lookAround(fleet, looks);
          return rigs.find((one) => one.name === name)?.end ?? Number.NaN;
        },
        reads: (what, wait = patience) =>
          fleet.slack.until(
            () => said().find((words) => what.test(words)),
            wait,
            `that somebody reads ${what}`,
          ),
      };
      try {
        await run(about);
        moments.right ??= performance.now();
        await expectRight(fleet, `${id}: after it`, looks);
        const heard = said();
        await stopAll(fleet, looks);
        expect(await expectRight(fleet, `${id}: with all rigs stopped`, looks)).toBe(0);
        expect(heard.filter((words) => /Something went wrong on my side/.test(words))).toEqual([]);
        await write(true, heard);
      } catch (error) {
        console.log(`${id} ${title}: what people read\n${said().join('\n')}\n${crew.lastWords()}`);
        await write(false, said());
        await startOver(fleet, crew);
        throw error;
      }
    });
  };
  return { fault };
};

/** What a fault left behind that was not survived must not fail the next one. */
const startOver = async (fleet: Fleet, crew: Crew): Promise<void> => {
  fleet.slack.clearFaults();
  fleet.slack.outage(false);
  await crew.dismiss();
  await fleet.redis.restart();
  await fleet.clear();
  await readRedis(fleet.redis.url, (redis) => redis.flushall());
  for (const name of fleet.hosts) await rm(fleet.host(name).stateDir, { recursive: true, force: true });
};
