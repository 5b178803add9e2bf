// The bot as it is deployed, a process of its own in front of the emulated Slack: what it occupies and uses while its passes run,
// and how soon `/wcs list` is answered from the typed command to the answer.

import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startSlackEmulator } from '../../../src/demo/slack/emulator.ts';
import { fleetSecret } from '../../support/a-worker.ts';
import { deployedProgram } from '../../support/fleet.ts';
import { type Process, startProcess } from '../../support/process.ts';
import { memoryOf } from '../main-job/memory.ts';
import { median } from '../rows.ts';
import type { SimulatedHosts } from './hosts.ts';

export type BotFigures = {
  /** RSS in MB. */
  readonly memory: number;
  /** Of one core, in per cent. */
  readonly share: number;
  /** The same while every host writes a survey every 30 s. */
  readonly surveyed: number;
  /** ms, median. */
  readonly list: number;
};

const lists = 15;
const settle = 3_000;
const surveyEvery = 30_000;
/** The clock ticks of /proc are hundredths of a second. */
const ticksPerSecond = 100;
const manifest = new URL('../../../manifest.yml', import.meta.url);

const processorSeconds = async (pid: number): Promise<number> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold spaces; what follows begins with the third field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

/** Of one core, in per cent. */
const shareOf = async (pid: number, seconds: number): Promise<number> => {
  const before = await processorSeconds(pid);
  await delay(seconds * 1000);
  return (100 * ((await processorSeconds(pid)) - before)) / seconds;
};

/** `seconds`: how long it is watched while nobody asks anything. */
export const measureBot = async (
  url: string,
  installation: string,
  hosts: SimulatedHosts,
  seconds: number,
): Promise<BotFigures> => {
  const slack = await startSlackEmulator({ manifest: await readFile(manifest, 'utf8') });
  let bot: Process | undefined;
  const answers = (): number => slack.ephemerals('anna', '#rigs').length;
  const list = async (): Promise<number> => {
    const before = answers();
    const begun = performance.now();
    await slack.command({ user: 'anna', channel: '#rigs', text: 'list' });
    await slack.until(() => answers() > before, 30_000, 'an answer to list');
    return performance.now() - begun;
  };
  try {
    bot = startProcess([...(await deployedProgram()), 'bot'], {
      REDIS_URL: url,
      WCS_SECRET: fleetSecret,
      WCS_INSTALLATION: installation,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    });
    await bot.says('"msg":"serving"');
    await list();
    // A bot looks through all rigs once when it starts.
    await delay(settle);
    const share = await shareOf(bot.pid, seconds);
    await hosts.tell({ kind: 'survey', every: surveyEvery });
    const surveyed = await shareOf(bot.pid, seconds);
    await hosts.tell({ kind: 'survey' });
    const took: number[] = [];
    for (let round = 0; round < lists; round += 1) took.push(await list());
    return { memory: (await memoryOf(bot.pid)).rss, share, surveyed, list: median(took) };
  } finally {
    await bot?.end('SIGTERM');
    await slack.stop();
  }
};
