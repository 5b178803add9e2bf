// The page's server: what it serves, whom it answers, and what each person is shown.

import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createDemoClock } from '../../../src/demo/demo-clock.ts';
import { type Page, servePage } from '../../../src/demo/page/page.ts';
import { startSlackEmulator } from '../../../src/demo/slack/emulator.ts';
import type { SlackEmulator } from '../../../src/demo/slack/surface.ts';
import { hour } from '../../../src/rig/duration.ts';
import { socketApp } from '../slack-emulator/bolt.ts';

let slack: SlackEmulator;
let page: Page;
/** What each step of a skip waits for. */
let settled: () => Promise<void>;

beforeEach(async () => {
  const clock = createDemoClock({ pause: 0 });
  slack = await startSlackEmulator({ clock: clock.now });
  settled = async () => undefined;
  const skip = (length: number) => clock.skip(length, () => settled());
  page = await servePage({ slack, clock, skip }, 0);
  return async () => {
    await page.stop();
    await slack.stop();
  };
});

const ask = async (
  path: string,
  options: { readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string } = {},
): Promise<IncomingMessage> => {
  const { method = 'GET', headers = {}, body } = options;
  const asked = request(new URL(path, page.url), { method, headers });
  asked.end(body);
  const [response] = await once(asked, 'response');
  onTestFinished(() => {
    asked.destroy();
  });
  return z.custom<IncomingMessage>((value) => value !== undefined).parse(response);
};

const act = (body: unknown, headers: OutgoingHttpHeaders = { origin: page.url }): Promise<IncomingMessage> =>
  ask('/act', { method: 'POST', headers, body: JSON.stringify(body) });

const snapshot = z.object({
  me: z.object({ name: z.string() }),
  now: z.number(),
  movingTo: z.number().optional(),
  channels: z.array(
    z.object({
      name: z.string(),
      messages: z.array(
        z.object({ ts: z.string(), text: z.string(), replies: z.array(z.object({ text: z.string() })) }),
      ),
    }),
  ),
});

/** What this person sees, as it changes. */
const watch = async (user: string) => {
  const response = await ask(`/events?as=${user}`);
  const seen: z.infer<typeof snapshot>[] = [];
  const lines = createInterface(response);
  lines.on('line', (line) => {
    if (line.startsWith('data: ')) seen.push(snapshot.parse(JSON.parse(line.slice('data: '.length))));
  });
  // It ends with the page, in the middle of its stream.
  for (const stream of [response, lines]) stream.on('error', () => undefined);
  const last = () => seen.at(-1);
  return { last, texts: (name: string) => channelOf(last(), name)?.messages.map((message) => message.text) };
};

const channelOf = (seen: z.infer<typeof snapshot> | undefined, name: string) =>
  seen?.channels.find((channel) => channel.name === name);

describe('what is served', () => {
  it.each([
    ['/', /<div id="page">/, 'text/html'],
    ['/page.js', /EventSource/, 'text/javascript'],
    ['/style.css', /\.sidebar/, 'text/css'],
  ])('%s, and nothing in it leads away from the machine', async (path, what, type) => {
    const response = await ask(path);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain(type);
    expect(response.headers['content-security-policy']).toMatch(/default-src 'none'.*connect-src 'self'/);
    const body = await text(response);
    expect(body).toMatch(what);
    expect(body).not.toMatch(/(src|href)="?https?:|url\(|@import/);
  });

  it('is refused to whoever comes by another name or from another page', async () => {
    expect((await ask('/', { headers: { host: 'evil.example' } })).statusCode).toBe(403);
    expect((await ask('/events?as=anna', { headers: { origin: 'http://evil.example' } })).statusCode).toBe(
      403,
    );
    const typed = { act: 'type', as: 'anna', channel: '#rigs', text: 'up' };
    expect((await act(typed, { origin: 'http://evil.example' })).statusCode).toBe(403);
    expect((await act(typed, {})).statusCode).toBe(403);
    expect(slack.journal()).toEqual([]);
  });

  it('is 404 where there is nothing, and 400 with the reason where an act makes no sense', async () => {
    expect((await ask('/constructor')).statusCode).toBe(404);
    const response = await act({ act: 'fly' });
    expect(response.statusCode).toBe(400);
    expect(await text(response)).toMatch(/act/);
    expect((await ask('/events?as=nobody')).statusCode).toBe(400);
  });

  it('cannot be where something else is', async () => {
    const parts = { slack, clock: createDemoClock(), skip: async () => ({ kind: 'busy' }) as const };
    await expect(servePage(parts, Number(new URL(page.url).port))).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('what a person sees and does', () => {
  it('comes at once and after each change', async () => {
    const { last, texts } = await watch('anna');
    await expect.poll(() => last()?.me.name).toBe('anna');
    slack.say({ user: 'ben', channel: '#rigs', text: 'anybody here?' });
    await expect.poll(() => texts('rigs')).toEqual(['anybody here?']);
  });

  it('answers in a thread, and is told what Slack says of a command there', async () => {
    const { ts } = slack.say({ user: 'ben', channel: '#rigs', text: 'anybody here?' });
    const { last } = await watch('ben');
    const place = { as: 'anna', channel: '#rigs', threadTs: ts };
    expect(await text(await act({ act: 'type', ...place, text: 'yes' }))).toBe('{"kind":"done"}');
    await expect.poll(() => channelOf(last(), 'rigs')?.messages[0]?.replies).toMatchObject([{ text: 'yes' }]);
    const refused = await text(await act({ act: 'type', ...place, text: '/wcs list' }));
    expect(refused).toMatch(/not supported in threads/);
  });

  it('talks to colleagues, who see it; of a slip in a command one is told', async () => {
    const { texts } = await watch('ben');
    const type = async (typed: string) =>
      text(await act({ act: 'type', as: 'anna', channel: '#rigs', text: typed }));
    expect(await type('hello everybody')).toBe('{"kind":"done"}');
    expect(await type('dwon demo')).toMatch(/did you mean \/wcs down demo\?/);
    await expect.poll(() => texts('rigs')).toEqual(['hello everybody', 'dwon demo']);
  });

  it('is told when no bot is there, and when what is clicked is gone', async () => {
    const typed = { act: 'type', as: 'anna', channel: '#rigs', text: 'list' };
    expect(await text(await act(typed))).toMatch(/"said".*dispatch_failed/);
    const on = { kind: 'message', channel: '#rigs', ts: '1.2' };
    expect(await text(await act({ act: 'click', as: 'anna', on, actionId: 'a', blockId: 'b' }))).toMatch(
      /not there any more/,
    );
    expect(await text(await act({ act: 'submit', as: 'anna', values: {} }))).toMatch(/not there any more/);
  });

  it('invites the bot, by the name that it has', async () => {
    const type = async (typed: string) =>
      text(await act({ act: 'type', as: 'anna', channel: '#secret', text: typed }));
    expect(await type('/invite @robot')).toMatch(/Nobody is called @robot; the bot is @rigs/);
    expect(slack.channel('#secret').members).not.toContain(slack.botUser);
    expect(await type('/invite @rigs')).toMatch(/@rigs is in #secret now/);
    expect(slack.channel('#secret').members).toContain(slack.botUser);
  });

  it('sees how far a skip has to go, and is warned when a command comes in its midst', async () => {
    await socketApp(slack, (app) => app.command('/wcs', ({ ack }) => ack()));
    const { last } = await watch('anna');
    const gate = Promise.withResolvers<void>();
    settled = () => gate.promise;
    const skipped = act({ act: 'skip', as: 'anna', length: hour });
    await expect.poll(() => last()?.movingTo).toBeDefined();
    expect((last()?.movingTo ?? 0) - (last()?.now ?? 0)).toBeGreaterThan(hour / 2);
    const typed = { act: 'type', as: 'anna', channel: '#rigs', text: '/wcs up demo for 5m' };
    expect(await text(await act(typed))).toMatch(/still moving on to .* may be over by then/);
    gate.resolve();
    await skipped;
    await expect.poll(() => last()?.movingTo).toBeUndefined();
    expect(await text(await act(typed))).toBe('{"kind":"done"}');
  });

  it('moves the time on', async () => {
    const { last } = await watch('anna');
    const before = slack.say({ user: 'anna', channel: '#rigs', text: 'now' }).postedAt;
    expect(await text(await act({ act: 'skip', as: 'anna', length: hour }))).toMatch(/1 h later/);
    await expect.poll(() => last()?.now).toBeGreaterThanOrEqual(before + hour);
    const typed = { act: 'type', as: 'anna', channel: '#rigs', text: '/skip 30m' };
    expect(await text(await act(typed))).toMatch(/30 m later/);
    expect(slack.say({ user: 'anna', channel: '#rigs', text: 'then' }).postedAt).toBeGreaterThanOrEqual(
      before + 1.5 * hour,
    );
  });
});
