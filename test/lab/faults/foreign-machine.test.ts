// A foreign machine on the LAN holds the next address. Nobody's rig gets it, operators are told who has it, and it comes back
// when the machine is gone.

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Fault, openGround } from '../../support/fault.ts';
import { mustRun } from '../../support/run.ts';

/** The operators' own channel. */
const ops = '#lab';
const [next, second] = ['10.77.0.100', '10.77.0.101'];

const { fault } = openGround({
  hosts: ['h1'],
  environment: {
    WCS_ADMIN_CHANNEL: 'C0LAB00001',
    WCS_PROBE: '1s',
    WCS_PROBE_FRESH: '6s',
    WCS_PROBE_AGAIN: '500ms',
    WCS_PROBE_SILENT: '3s',
  },
  crew: { bots: 1, workers: ['h1'] },
});

const onMachine = ({ fleet }: Fault, ...command: string[]): Promise<string> =>
  mustRun(['nsenter', `--net=/run/netns/${fleet.lan.host('colleague').namespace}`, ...command]);

/** What anna reads when she asks for the map of addresses. */
const addressesNow = async ({ fleet }: Fault): Promise<string> => {
  const heard = () => fleet.slack.ephemerals('anna', '#rigs');
  const before = heard().length;
  await fleet.type('addresses');
  const answer = await fleet.slack.until(() => heard()[before], 10_000, 'an answer to addresses');
  return JSON.stringify(answer);
};

fault('F11', 'a foreign machine on the LAN holds the next address', async (it) => {
  const { fleet } = it;
  const mac = /link\/ether (\S+)/.exec(await onMachine(it, 'ip', 'link', 'show', 'eth0'))?.[1] ?? 'none';
  const notices = () =>
    fleet.slack.messages(ops).filter(({ text }) => text.includes('Something else answers'));
  await onMachine(it, 'ip', 'address', 'add', `${next}/24`, 'dev', 'eth0');
  it.strikes();
  try {
    const text = await it.reads(/Something else answers/);
    expect(text).toContain(next);
    expect(text).toContain(mac);
    await fleet.type('up demo for 1h');
    expect(JSON.stringify(await fleet.cardSays('demo', / is ready/))).toContain(second);
    it.recovered();
    expect(await fleet.containers('h1')).toMatchObject([{ address: second, state: 'running' }]);
    expect(await addressesNow(it)).toMatch(/10\.77\.0\.100.*answer/);
    expect(notices()).toHaveLength(1);
  } finally {
    await onMachine(it, 'ip', 'address', 'del', `${next}/24`, 'dev', 'eth0');
  }
  for (let look = 0; (await addressesNow(it)).includes('answers'); look += 1) {
    expect(look, 'looks at the map since the machine is gone').toBeLessThan(60);
    await delay(500);
  }
  expect(notices()).toHaveLength(1);
  expect(fleet.slack.violations).toEqual([]);
});
