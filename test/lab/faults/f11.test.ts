// F11: a foreign machine on the LAN holds the next address. Nobody's rig gets it, operators are told who has it, and it comes
// back when the machine is gone.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../../support/fleet.ts';
import { mustRun } from '../../support/run.ts';

/** The operators' own channel. */
const ops = '#lab';
const [next, second] = ['10.77.0.100', '10.77.0.101'];

describe('F11 a foreign machine on the LAN holds the next address', () => {
  let fleet: Fleet;
  const inside = (...command: string[]) =>
    mustRun(['nsenter', `--net=/run/netns/${fleet.lan.host('colleague').namespace}`, ...command]);
  const notices = () => fleet.slack.messages(ops).map(({ text }) => text);
  const notice = (what: RegExp) =>
    fleet.slack.until(() => notices().find((text) => what.test(text)), 20_000, `a notice ${what}`);
  const answerTo = async (text: string, what: RegExp): Promise<string> => {
    await fleet.type(text);
    const said = () =>
      fleet.slack.ephemerals('anna', '#rigs').findLast((one) => what.test(JSON.stringify(one)));
    const found = await fleet.slack.until(said, 10_000, `an answer to ${text} that says ${what}`);
    return JSON.stringify(found);
  };

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: ['h1'],
      environment: {
        WCS_PROBE: '1s',
        WCS_PROBE_FRESH: '6s',
        WCS_PROBE_AGAIN: '500ms',
        WCS_PROBE_SILENT: '3s',
      },
    });
    await inside('ip', 'address', 'add', `${next}/24`, 'dev', 'eth0');
    await fleet.startBot({ WCS_ADMIN_CHANNEL: fleet.slack.channel(ops).id });
    await fleet.startWorker('h1');
  });
  afterAll(async () => {
    await fleet?.stop();
  });
  afterEach(() => {
    expect(fleet.slack.violations).toEqual([]);
  });

  it('is found by a probe: set aside, told once, and the rig gets the address behind it', async () => {
    const mac = /link\/ether (\S+)/.exec(await inside('ip', 'link', 'show', 'eth0'))?.[1] ?? 'none';
    const text = await notice(/Something else answers/);
    expect(text).toContain(next);
    expect(text).toContain(mac);
    await fleet.type('up demo for 1h');
    const card = await fleet.cardSays('demo', / is ready/, 60_000);
    expect(JSON.stringify(card)).toContain(second);
    expect(await fleet.containers('h1')).toMatchObject([{ address: second, state: 'running' }]);
    expect(await answerTo('addresses', /10\.77\.0\.100/)).toMatch(/answer/);
    expect(notices().filter((one) => one.includes('Something else answers'))).toHaveLength(1);
  });

  it('comes back by itself when the machine is gone', async () => {
    await inside('ip', 'address', 'del', `${next}/24`, 'dev', 'eth0');
    const isBack = async (): Promise<boolean> => {
      await fleet.type('addresses');
      const last = fleet.slack.ephemerals('anna', '#rigs').at(-1);
      return last !== undefined && !JSON.stringify(last).includes('answers');
    };
    await expect.poll(isBack, { timeout: 30_000, interval: 1_000 }).toBe(true);
    await fleet.type('down demo');
    await fleet.cardSays('demo', / · ended/, 60_000);
    expect(await fleet.containers('h1')).toEqual([]);
  });
});
