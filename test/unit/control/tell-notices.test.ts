// Notices to operators: told once, tried again where Slack did not take them, and the weekly list of rigs without an end.

import { describe, expect, it } from 'vitest';
import { keepRig } from '../../../src/control/extend-rig.ts';
import { launchRig } from '../../../src/control/launch-rig.ts';
import { stopRig } from '../../../src/control/stop-rig.ts';
import { daily, noteEndless, tellNotices } from '../../../src/control/tell-notices.ts';
import { day, minute } from '../../../src/rig/duration.ts';
import type { Notice } from '../../../src/rig/notice.ts';
import { aPolicy, aRequest, openDesk } from '../../support/a-desk.ts';
import { anna, ben, olga } from '../../support/a-rig.ts';

const gone = (id: string): Notice => ({ kind: 'gone-person', person: { id, name: id }, rig: 'demo' });

const open = async () => {
  const desk = await openDesk();
  const { notices, rigs } = desk.registry;
  const told: Notice[] = [];
  return {
    ...desk,
    notices,
    told,
    tell: () =>
      tellNotices(notices, async (notice) => {
        told.push(notice);
        return true;
      }),
    noteEndless: () => noteEndless({ rigs, notices }),
    up: (name: string, owner = anna) => launchRig(desk.ports, aPolicy(), aRequest({ name, owner })),
    keep: (name: string) => keepRig(desk.ports, { name }, olga),
  };
};

describe('a notice', () => {
  it('is told once, and of one cause once a day', async () => {
    const desk = await open();
    await desk.notices.put(gone('UEVE'), daily);
    await desk.notices.put(gone('UJIM'), daily);
    await desk.tell();
    await desk.tell();
    expect(desk.told).toEqual([gone('UEVE'), gone('UJIM')]);
    desk.clock.now += day - minute;
    await desk.notices.put(gone('UEVE'), daily);
    await desk.tell();
    expect(desk.told).toHaveLength(2);
    desk.clock.now += minute;
    await desk.notices.put(gone('UEVE'), daily);
    await desk.tell();
    expect(desk.told).toHaveLength(3);
  });

  it('that Slack did not take is told a minute later, and holds up no other', async () => {
    const desk = await open();
    await desk.notices.put(gone('UEVE'), daily);
    await desk.notices.put(gone('UJIM'), daily);
    const tried: Notice[] = [];
    const refuse = async (notice: Notice): Promise<boolean> => {
      tried.push(notice);
      return false;
    };
    await tellNotices(desk.notices, refuse);
    expect(tried).toHaveLength(2);
    await desk.tell();
    expect(desk.told).toEqual([]);
    desk.clock.now += minute;
    await desk.tell();
    expect(desk.told).toEqual([gone('UEVE'), gone('UJIM')]);
  });

  it('whose telling failed waits for the next try as well', async () => {
    const desk = await open();
    await desk.notices.put(gone('UEVE'), daily);
    const fail = () => Promise.reject(new Error('a fault'));
    await expect(tellNotices(desk.notices, fail)).rejects.toThrow('a fault');
    desk.clock.now += minute;
    await desk.tell();
    expect(desk.told).toEqual([gone('UEVE')]);
  });
});

describe('rigs without an end', () => {
  it('are listed once a week, all in one notice', async () => {
    const desk = await open();
    await desk.up('kept');
    await desk.up('bens', ben);
    await desk.up('usual');
    for (const name of ['kept', 'bens']) await desk.keep(name);
    for (let hours = 0; hours < 3; hours += 1) {
      await desk.noteEndless();
      await desk.tell();
    }
    expect(desk.told).toEqual([
      {
        kind: 'endless-rigs',
        rigs: [
          { name: 'kept', owner: { id: anna.id, name: anna.name }, host: 'h1' },
          { name: 'bens', owner: { id: ben.id, name: ben.name }, host: 'h1' },
        ],
      },
    ]);
    desk.clock.now += 7 * day - minute;
    await desk.noteEndless();
    await desk.tell();
    expect(desk.told).toHaveLength(1);
    desk.clock.now += minute;
    await desk.noteEndless();
    await desk.tell();
    expect(desk.told).toHaveLength(2);
  });

  it('of which there is none, or none but what stops, are not worth a word', async () => {
    const desk = await open();
    await desk.up('usual');
    await desk.noteEndless();
    await desk.up('kept');
    await desk.keep('kept');
    await stopRig(desk.ports, { name: 'kept' }, anna);
    await desk.noteEndless();
    await desk.tell();
    expect(desk.told).toEqual([]);
  });
});
