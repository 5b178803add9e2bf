// What is noted of acts that left a rig as it was: refusals, and what was only shown.

import { describe, expect, it } from 'vitest';
import { refused } from '../../../src/control/find-rig.ts';
import { noteDone, noteRefusal } from '../../../src/control/note-act.ts';
import { QueueDown } from '../../../src/ports/faults.ts';
import type { AuditEntry } from '../../../src/rig/audit.ts';
import { queueDown } from '../../support/a-desk.ts';
import { anna, aRig, ben, noon } from '../../support/a-rig.ts';
import { rememberingLog } from '../../support/a-worker.ts';
import { createMemoryRegistry } from '../../support/memory-registry.ts';

const open = () => {
  const { audit, clock } = createMemoryRegistry({ now: () => noon });
  const log = rememberingLog();
  return {
    ports: { audit, clock, log },
    log,
    entries: async (): Promise<readonly AuditEntry[]> => (await audit.page(undefined, 100)).entries,
    ofRig: () => audit.ofRig('demo', 100),
  };
};
const act = { what: 'extend', by: ben, name: 'demo' };
const byBen = { kind: 'person', id: ben.id, name: ben.name };

describe('a refusal', () => {
  it('is noted on its way, with why, under the name it was asked of', async () => {
    const { ports, entries, ofRig } = open();
    const no = refused({ kind: 'not-owner', name: 'demo', owner: anna });
    expect(await noteRefusal(ports, act, Promise.resolve(no))).toBe(no);
    const entry = { at: noon, by: byBen, what: 'extend', outcome: 'refused', why: 'not-owner' };
    expect(await entries()).toEqual([{ ...entry, rig: { id: undefined, name: 'demo' } }]);
    expect(await ofRig()).toHaveLength(1);
  });

  it('of a name that there is not makes no history of that name', async () => {
    const { ports, entries, ofRig } = open();
    const no = refused({ kind: 'no-such-rig', name: 'demo', mine: [] });
    await noteRefusal(ports, act, Promise.resolve(no));
    expect(await entries()).toMatchObject([{ what: 'extend', why: 'no-such-rig' }]);
    expect(await ofRig()).toEqual([]);
  });

  it('of nothing in particular is noted without a rig', async () => {
    const { ports, entries } = open();
    const no = refused({ kind: 'no-host' });
    await noteRefusal(ports, { what: 'up', by: ben }, Promise.resolve(no));
    expect((await entries()).map(({ rig }) => rig)).toEqual([undefined]);
  });

  it('is no refusal where it was done: that is noted with the change', async () => {
    const { ports, entries } = open();
    const done = { kind: 'extended' } as const;
    expect(await noteRefusal(ports, act, Promise.resolve(done))).toBe(done);
    expect(await entries()).toEqual([]);
  });

  it('is passed on while Redis is away, and the log has it', async () => {
    const { ports, log } = open();
    const no = refused({ kind: 'no-host' });
    const audit = { ...ports.audit, append: async () => queueDown() };
    expect(await noteRefusal({ ...ports, audit }, act, Promise.resolve(no))).toBe(no);
    expect(log.lines.join('\n')).toMatch(/could not be noted.*extend.*no-host/);
  });

  it('that was none, since Redis was away for the question itself, is nobody’s to note', async () => {
    const { ports, entries } = open();
    const asking: Promise<never> = Promise.reject(new QueueDown('away'));
    await expect(noteRefusal(ports, act, asking)).rejects.toThrow(QueueDown);
    expect(await entries()).toEqual([]);
  });

  it('is not hidden by a fault of the audit', async () => {
    const { ports } = open();
    const audit = { ...ports.audit, append: () => Promise.reject(new Error('a fault')) };
    const asking = Promise.resolve(refused({ kind: 'no-host' }));
    await expect(noteRefusal({ ...ports, audit }, act, asking)).rejects.toThrow('a fault');
  });
});

describe('what was done', () => {
  it('is noted with the rig, and says no more than it must', async () => {
    const { ports, ofRig } = open();
    await noteDone(ports, { what: 'password', by: ben }, aRig());
    await noteDone(ports, { what: 'logs', by: ben }, aRig(), '100 lines');
    const rig = { id: 'k3f9ab', name: 'demo' };
    expect(await ofRig()).toEqual([
      { at: noon, by: byBen, what: 'password', outcome: 'done', why: undefined, rig },
      { at: noon, by: byBen, what: 'logs', outcome: 'done', why: '100 lines', rig },
    ]);
  });
});
