import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Person, SlackEmulator } from '../../../src/demo/slack/surface.ts';
import { defaultPeople } from '../../../src/demo/slack/workspace.ts';
import { button, call, handClock, must, rules, section, socketApp, start } from './bolt.ts';

const CARA: Person = { id: 'U0CARA0001', name: 'cara', realName: 'Cara', isBot: false, tz: 'Asia/Tokyo' };
const scopes = ['chat:write', 'users:read', 'im:write', 'im:read', 'usergroups:read', 'commands'];

const startWith = async (person: Person, clock = Date.now) =>
  start({ scopes, people: [...defaultPeople, person], limits: { postEveryMs: 0 }, clock });

const infoOf = async (emulator: SlackEmulator, user: string) => {
  const response = await fetch(`${emulator.apiUrl}users.info`, {
    method: 'POST',
    headers: { authorization: `Bearer ${emulator.botToken}` },
    body: new URLSearchParams({ user }),
  });
  return z.object({ user: z.record(z.string(), z.unknown()) }).parse(await response.json()).user;
};

describe('users.info', () => {
  const winter = Date.UTC(2026, 0, 15);
  const summer = Date.UTC(2026, 6, 15);
  it.each([
    ['Europe/Berlin', winter, 'Central European Standard Time', 3600],
    ['Europe/Berlin', summer, 'Central European Summer Time', 7200],
    ['America/St_Johns', winter, 'Newfoundland Standard Time', -12_600],
    ['UTC', winter, 'Coordinated Universal Time', 0],
  ])('says where somebody in %s is at %i', async (tz, now, label, offset) => {
    const emulator = await startWith({ ...CARA, tz }, () => now);
    expect(await infoOf(emulator, CARA.id)).toMatchObject({
      tz,
      tz_label: label,
      tz_offset: offset,
      deleted: false,
      is_restricted: false,
      team_id: emulator.teamId,
    });
    expect(await infoOf(emulator, CARA.id)).not.toHaveProperty('is_stranger');
  });

  it('tells a guest', async () => {
    const emulator = await startWith({ ...CARA, isGuest: true });
    expect(await infoOf(emulator, CARA.id)).toMatchObject({ is_restricted: true, team_id: emulator.teamId });
  });

  it('tells people of other organisations by their team; whom a shared channel brings is no stranger', async () => {
    const emulator = await startWith({ ...CARA, isStranger: true });
    const before = await infoOf(emulator, CARA.id);
    expect(before).toMatchObject({ is_stranger: true, is_restricted: false });
    expect(before.team_id).not.toBe(emulator.teamId);
    // A channel that the app cannot see brings nobody closer.
    emulator.putChannel({ ...emulator.channel('#secret'), isExtShared: true });
    emulator.invite('#secret', '@cara');
    expect(await infoOf(emulator, CARA.id)).toMatchObject({ is_stranger: true });
    emulator.invite('#partners', '@cara');
    const after = await infoOf(emulator, CARA.id);
    expect(after).toMatchObject({ is_stranger: false });
    expect(after.team_id).not.toBe(emulator.teamId);
  });

  it('leaves most out of a deactivated person, and takes a change of person', async () => {
    const emulator = await startWith(CARA);
    emulator.putPerson({ ...CARA, isDeleted: true });
    const info = await infoOf(emulator, CARA.id);
    expect(info).toMatchObject({ deleted: true, name: 'cara' });
    expect(info).not.toHaveProperty('tz');
  });
});

describe('what they do', () => {
  const listening = (emulator: SlackEmulator, heard: Record<string, unknown>[]) =>
    socketApp(emulator, (app: App) => {
      app.command('/wcs', async ({ ack, body }) => {
        heard.push({ ...body });
        await ack();
      });
      app.action('stop', async ({ ack, body }) => {
        heard.push({ ...body });
        await ack();
      });
    });

  it('carries a stranger’s own team in a click, and the workspace’s in a command', async () => {
    const emulator = await startWith({ ...CARA, isStranger: true });
    emulator.invite('#partners', '@cara');
    const heard: Record<string, unknown>[] = [];
    await listening(emulator, heard);
    const blocks = [section('card', { accessory: button('Stop', 'stop') })];
    await call(emulator, 'chat.postMessage', { channel: 'C0PARTNER1', text: 'card', blocks });
    const on = must(emulator.messages('#partners')[0]);
    await emulator.click({ user: 'cara', on, actionId: 'stop' });
    await emulator.command({ user: 'cara', channel: '#partners', text: 'list' });
    const { team_id } = await infoOf(emulator, CARA.id);
    expect(heard).toMatchObject([
      { user: { id: CARA.id, team_id }, team: { id: emulator.teamId } },
      { user_id: CARA.id, team_id: emulator.teamId },
    ]);
  });

  it.each([{ isGuest: true }, { isStranger: true }])(
    '%j sees no channel that they are not in',
    async (kind) => {
      const emulator = await startWith({ ...CARA, ...kind });
      await listening(emulator, []);
      const typed = () => emulator.command({ user: 'cara', channel: '#lab', text: 'up' });
      await expect(typed()).rejects.toThrow('@cara is not in #lab');
      emulator.invite('#lab', '@cara');
      expect(await typed()).toMatchObject({ kind: 'acknowledged' });
    },
  );

  it('ends when they are deactivated', async () => {
    const emulator = await startWith({ ...CARA, isDeleted: true });
    await expect(emulator.command({ user: 'cara', channel: '#lab', text: 'up' })).rejects.toThrow(
      'deactivated',
    );
    await expect(emulator.openHome('cara')).rejects.toThrow('deactivated');
  });
});

describe('a deactivated person', () => {
  it('gets no new direct message, and an old one as if nothing had happened', async () => {
    const emulator = await startWith(CARA);
    const post = (channel: string) => call(emulator, 'chat.postMessage', { channel, text: 'x' });
    emulator.putPerson({ ...CARA, isDeleted: true });
    expect(await post(CARA.id)).toMatchObject({ ok: false, error: 'channel_not_found' });
    expect(await call(emulator, 'conversations.open', { users: CARA.id })).toMatchObject({
      error: 'user_disabled',
    });
    expect(emulator.directMessage('cara')).toBeUndefined();

    emulator.putPerson(CARA);
    expect(await post(CARA.id)).toMatchObject({ ok: true });
    const { id } = must(emulator.directMessage('cara'));
    emulator.putPerson({ ...CARA, isDeleted: true });
    expect(await call(emulator, 'conversations.open', { users: CARA.id })).toMatchObject({
      error: 'user_disabled',
    });
    expect(await post(id)).toMatchObject({ ok: true });
    expect(await call(emulator, 'conversations.info', { channel: id })).toMatchObject({
      channel: { user: CARA.id, is_user_deleted: true },
    });
    expect(rules(emulator)).toEqual([]);
  });

  it('sees nothing that is for them alone', async () => {
    const emulator = await startWith(CARA);
    emulator.invite('#lab', '@cara');
    const whisper = () =>
      call(emulator, 'chat.postEphemeral', { channel: 'C0LAB00001', user: CARA.id, text: 'x' });
    expect(await whisper()).toMatchObject({ ok: true });
    emulator.putPerson({ ...CARA, isDeleted: true });
    expect(await whisper()).toMatchObject({ error: 'user_not_in_channel' });
  });
});

describe('usergroups.users.list', () => {
  it('names a group’s people', async () => {
    const { clock } = handClock();
    const userGroups = [{ id: 'S0TESTERS1', handle: 'testers', members: ['U0ANNA0001'] }];
    const emulator = await start({ scopes, userGroups, clock });
    expect(await call(emulator, 'usergroups.users.list', { usergroup: 'S0TESTERS1' })).toMatchObject({
      ok: true,
      users: ['U0ANNA0001'],
    });
    expect(await call(emulator, 'usergroups.users.list', { usergroup: 'S0NONE0001' })).toMatchObject({
      error: 'no_such_subteam',
    });
  });
});
