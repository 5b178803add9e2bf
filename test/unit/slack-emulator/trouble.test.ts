import type { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { SlackEmulator } from '../../../src/demo/slack/surface.ts';
import { call, must, respond, rules, silent, socketApp, start } from './bolt.ts';

const LAB = 'C0LAB00001';

const client = (emulator: SlackEmulator, retries: number) =>
  new WebClient(emulator.botToken, {
    slackApiUrl: emulator.apiUrl,
    timeout: 100,
    retryConfig: { retries, minTimeout: 5, maxTimeout: 5 },
    rejectRateLimitedCalls: true,
    logger: silent,
  });

const post = { channel: LAB, text: 'x' };

describe('faults', () => {
  it.each([
    ['429', 0],
    ['500', 0],
    ['hang', 0],
    ['drop', 0],
    ['lost-answer', 1],
    ['cut-answer', 1],
  ] as const)('%s: the call fails, and %i message was posted', async (kind, posted) => {
    const emulator = await start();
    emulator.fault({ method: 'chat.postMessage', kind, retryAfter: 7 });
    await expect(client(emulator, 0).chat.postMessage(post)).rejects.toThrow();
    expect(emulator.messages(LAB)).toHaveLength(posted);
    expect(emulator.journal().filter((entry) => entry.kind === 'fault')).toMatchObject([{ name: kind }]);
    expect(rules(emulator)).toEqual([]);
  });

  it('say when to come again', async () => {
    const emulator = await start();
    emulator.fault({ kind: '429', retryAfter: 7 });
    expect(await call(emulator, 'auth.test')).toMatchObject({
      status: 429,
      retryAfter: '7',
      error: 'ratelimited',
    });
    expect(await call(emulator, 'auth.test')).toMatchObject({ ok: true });
  });

  it('strike so many times, and the method that was named', async () => {
    const emulator = await start();
    emulator.fault({ method: 'chat.postMessage', kind: '500', times: 2 });
    const takeBack = emulator.fault({ method: 'chat.update', kind: 'drop' });
    expect((await client(emulator, 0).auth.test()).ok).toBe(true);
    takeBack();
    const { ts } = await client(emulator, 2).chat.postMessage(post);
    expect((await client(emulator, 0).chat.update({ ...post, ts: must(ts), text: 'y' })).ok).toBe(true);
    emulator.fault({ kind: '500' });
    emulator.clearFaults();
    expect((await client(emulator, 0).auth.test()).ok).toBe(true);
  });

  it('strike response_urls too', async () => {
    const emulator = await start();
    await quiet(emulator);
    const came = await emulator.command({ user: 'anna', channel: 'lab', text: 'up' });
    const url = came.kind === 'acknowledged' ? came.responseUrl : undefined;
    emulator.fault({ method: 'response_url', kind: '500' });
    expect(await respond(url, { text: 'x' })).toMatchObject({ status: 500 });
    expect(await respond(url, { text: 'x' })).toMatchObject({ status: 200 });
  });
});

const quiet = (emulator: SlackEmulator, heard: string[] = []) =>
  socketApp(emulator, (app: App) => {
    app.command('/wcs', async ({ ack, command }) => {
      heard.push(command.text);
      await ack();
    });
  });

const typed = (emulator: SlackEmulator, text = 'up') =>
  emulator.command({ user: 'anna', channel: 'rigs', text });

const isNames = (emulator: SlackEmulator, name: string) =>
  emulator.journal().filter((entry) => entry.kind === 'socket' && entry.name === name).length;

describe('sockets', () => {
  it('get each command once, in turn', async () => {
    const emulator = await start();
    const one: string[] = [];
    const other: string[] = [];
    await quiet(emulator, one);
    await quiet(emulator, other);
    expect(emulator.sockets()).toBe(2);
    for (const text of ['1', '2', '3', '4']) await typed(emulator, text);
    expect(one).toHaveLength(2);
    expect(other).toHaveLength(2);
    expect([...one, ...other].toSorted()).toEqual(['1', '2', '3', '4']);
  });

  it('come back after a cut', async () => {
    const emulator = await start();
    await quiet(emulator);
    emulator.disconnectSockets();
    await emulator.until(() => isNames(emulator, 'hello') === 2, 3000, 'a second hello');
    expect(await typed(emulator)).toMatchObject({ kind: 'acknowledged' });
  });

  it('leave when asked politely, and get nothing more meanwhile', async () => {
    const emulator = await start();
    await quiet(emulator);
    emulator.refreshSockets();
    expect(emulator.sockets()).toBe(0);
    expect(await typed(emulator)).toMatchObject({
      kind: 'undeliverable',
      shown: '/wcs failed with the error "dispatch_failed"',
    });
    await emulator.until(() => isNames(emulator, 'hello') === 2, 3000, 'a second hello');
    expect(isNames(emulator, 'disconnect')).toBe(1);
    expect(await typed(emulator)).toMatchObject({ kind: 'acknowledged' });
    expect(rules(emulator)).toEqual([]);
  });

  it('come back after an outage, during which nothing answers', async () => {
    const emulator = await start();
    await quiet(emulator);
    emulator.outage(true);
    await emulator.until(() => emulator.sockets() === 0);
    await expect(call(emulator, 'auth.test')).rejects.toThrow();
    expect(await typed(emulator)).toMatchObject({ kind: 'undeliverable' });
    emulator.outage(false);
    await emulator.until(() => emulator.sockets() === 1, 3000, 'a socket');
    expect(await typed(emulator)).toMatchObject({ kind: 'acknowledged' });
  });
});

/** A bare socket that says what the test tells it to. */
const bare = async (emulator: SlackEmulator) => {
  const { url } = z.object({ url: z.string() }).parse(
    await (
      await fetch(`${emulator.apiUrl}apps.connections.open`, {
        method: 'POST',
        headers: { authorization: `Bearer ${emulator.appToken}` },
      })
    ).json(),
  );
  const socket = new WebSocket(url);
  const heard: Record<string, unknown>[] = [];
  let pings = 0;
  socket.on('ping', () => {
    pings += 1;
  });
  socket.on('message', (data) =>
    heard.push(z.record(z.string(), z.unknown()).parse(JSON.parse(data.toString()))),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
  return {
    url,
    socket,
    heard,
    pings: () => pings,
    say: (message: unknown) => socket.send(JSON.stringify(message)),
  };
};

describe('the wire', () => {
  it('greets, wraps, and pings', async () => {
    const emulator = await start({ limits: { pingMs: 20 } });
    const line = await bare(emulator);
    expect(line.heard[0]).toMatchObject({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: emulator.appId },
    });
    const coming = typed(emulator);
    await new Promise((resolve) => line.socket.once('message', resolve));
    const envelope = must(line.heard[1]);
    expect(envelope).toMatchObject({
      type: 'slash_commands',
      accepts_response_payload: true,
      payload: { command: '/wcs' },
    });
    line.say({ envelope_id: envelope.envelope_id, payload: { text: 'hi' } });
    expect(await coming).toMatchObject({ kind: 'acknowledged', payload: { text: 'hi' } });
    expect(emulator.ephemerals('anna', 'rigs')).toMatchObject([{ text: 'hi' }]);
    while (line.pings() === 0) await new Promise((resolve) => line.socket.once('ping', resolve));

    line.say({ envelope_id: envelope.envelope_id });
    line.say({ envelope_id: 'nobody’s' });
    line.say('what?');
    await emulator.until(() => emulator.violations.length === 3);
    expect(rules(emulator)).toEqual(['double-ack', 'unknown-envelope', 'unknown-envelope']);
  });

  it('takes a ticket once, and ends a socket that will not go', async () => {
    const emulator = await start({ limits: { refreshMs: 30 } });
    const line = await bare(emulator);
    const again = new WebSocket(line.url);
    const refused = await new Promise<Error>((resolve) => again.once('error', resolve));
    expect(refused.message).toContain('403');
    emulator.refreshSockets();
    await new Promise((resolve) => line.socket.once('close', resolve));
    expect(line.heard.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  });

  it('lets an app hold ten sockets', async () => {
    const emulator = await start();
    for (let count = 0; count < 10; count += 1) await bare(emulator);
    const eleventh = await bare(emulator);
    if (eleventh.socket.readyState !== WebSocket.CLOSED)
      await new Promise((resolve) => eleventh.socket.once('close', resolve));
    expect(eleventh.heard.at(-1)).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(emulator.sockets()).toBe(10);
  });

  it('an answer that comes too late is still a late one', async () => {
    const emulator = await start({ limits: { ackMs: 30 } });
    const line = await bare(emulator);
    expect(await typed(emulator)).toMatchObject({ kind: 'timed-out' });
    line.say({ envelope_id: must(line.heard[1]).envelope_id, payload: { text: 'sorry' } });
    await emulator.until(() => emulator.journal().some((entry) => entry.kind === 'ack'));
    expect(rules(emulator)).toEqual(['late-ack']);
    expect(emulator.ephemerals('anna', 'rigs')).toEqual([]);
  });
});

describe('until', () => {
  it('gives what the condition found, and says what it waited for in vain', async () => {
    const emulator = await start();
    const found = emulator.until(() => emulator.messages('lab').find(({ text }) => text === 'now'));
    emulator.say({ user: 'anna', channel: 'lab', text: 'now' });
    expect((await found).text).toBe('now');
    await call(emulator, 'auth.test');
    const vain = emulator.until(() => emulator.messages('lab')[7], 20, 'an eighth message');
    await expect(vain).rejects.toThrow(/20 ms in vain for an eighth message[\s\S]*api-call auth\.test/);
    const broken = emulator.until(() => emulator.messages('#none').length > 0);
    await expect(broken).rejects.toThrow('no channel is called #none');
  });
});
