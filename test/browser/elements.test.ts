// Everything that the page can draw, and what the bot hears of it: mrkdwn, menus, a modal with its errors, the Home tab,
// files.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLan, type Lan } from '../support/lan.ts';
import { type RunningBrowser, startBrowser } from './chromium.ts';

const results = fileURLToPath(new URL('../../test-results/', import.meta.url));
const script = fileURLToPath(new URL('scripted-bot.ts', import.meta.url));

const startBot = async (lan: Lan) => {
  const command = [`--net=/run/netns/${lan.host('laptop').namespace}`, process.execPath, script];
  const bot = spawn('nsenter', command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(bot, 'exit');
  for await (const line of createInterface(bot.stdout)) {
    const [, url] = /^page (http\S+)/.exec(line) ?? [];
    if (url !== undefined) return { bot, url, ended };
  }
  throw new Error('the scripted bot did not start');
};

describe('what the page draws', () => {
  let lan: Lan;
  let started: Awaited<ReturnType<typeof startBot>>;
  let browser: RunningBrowser;
  let page: Page;

  beforeAll(async () => {
    await mkdir(results, { recursive: true });
    lan = await createLan({ hosts: ['laptop'] });
    started = await startBot(lan);
    browser = await startBrowser(lan.host('laptop').namespace);
    page = await browser.browser.newPage({
      viewport: { width: 1280, height: 800 },
      // Neither this machine's nor Anna's.
      timezoneId: 'Asia/Tokyo',
    });
    page.setDefaultTimeout(10_000);
    await page.goto(started.url);
    await page.getByRole('button', { name: '# lab' }).click();
  });
  afterAll(async () => {
    await browser?.stop();
    started?.bot.stdin.end();
    await started?.ended;
    await lan?.stop();
  });

  const channel = () => page.getByRole('main');
  const message = (what: string) => channel().getByRole('article').filter({ hasText: what }).last();
  const type = async (text: string): Promise<void> => {
    const field = channel().getByRole('textbox');
    await field.fill(text);
    await field.press('Enter');
  };
  const picture = (name: string) => page.screenshot({ path: `${results}elements-${name}.png` });

  it('is mrkdwn as Slack reads it', async () => {
    await type('/wcs everything');
    const shown = message('Everything');
    await shown.waitFor();
    for (const [tag, text] of [
      ['strong', 'bold'],
      ['em', 'italic'],
      ['s', 'struck'],
      ['code', 'code <b>'],
      ['pre', '10:30:45 *line* <1>\n  second'],
      ['h3', 'Everything'],
    ] as const) {
      expect(await shown.locator(`.block ${tag}`).first().textContent(), tag).toBe(text);
    }
    expect(await shown.getByRole('link', { name: 'https://127.0.0.1:1/?a=1&b=2' }).getAttribute('href')).toBe(
      'https://127.0.0.1:1/?a=1&b=2',
    );
    const words = (await shown.textContent()) ?? '';
    expect(words).toMatch(/a name @anna # ?lab a_b_c 10:30:45/);
    expect(words).toContain('2025-10-09 at 10:53*plain*');
    await picture('1-message');
  });

  it('keeps short code in one piece, and lets no long one stick out', async () => {
    await type('/wcs chips');
    const shown = message('chips:');
    await shown.waitFor();
    const chips = shown.locator('code');
    const heights = await chips.evaluateAll((all) =>
      all.map((chip) => [...chip.getClientRects()].reduce((sum, { height }) => sum + height, 0)),
    );
    expect(heights).toHaveLength(61);
    expect(Math.max(...heights.slice(0, 60))).toBeLessThan(30);
    expect(heights[60]).toBeGreaterThan(30);
    const [outer, inner] = await Promise.all([shown.boundingBox(), chips.last().boundingBox()]);
    expect(inner?.width ?? 0).toBeGreaterThan(0);
    expect(inner?.width ?? 0).toBeLessThanOrEqual(outer?.width ?? 0);
  });

  it.each([
    ['Extend …', '4 hours', /heard .*"4 hours".* from @anna/],
    ['Share with …', 'Ben Okafor (ben)', /heard "U0BEN00001" from @anna/],
    ['Where …', '#rigs', /heard "C0RIGS0001" from @anna/],
  ])('is a menu whose choice the bot hears: %s', async (label, choice, heard) => {
    const menu = message('Everything').getByLabel(label);
    await menu.selectOption(choice);
    await channel().getByText(heard).waitFor();
    // The same once more is a choice, too.
    await expect.poll(() => menu.inputValue()).toBe('');
    await menu.selectOption(choice);
    await expect.poll(() => channel().getByText(heard).count()).toBe(2);
  });

  it('is an overflow menu, which closes when one clicks elsewhere', async () => {
    const open = message('Everything').getByRole('button', { name: 'More actions' });
    await open.click();
    await page.getByRole('menuitem', { name: 'Logs' }).waitFor();
    await channel().getByRole('heading', { name: '# lab' }).click();
    expect(await page.getByRole('menuitem').count()).toBe(0);
    await open.click();
    await page.getByRole('menuitem', { name: 'Restart' }).click();
    await channel()
      .getByText(/heard .*"Restart"/)
      .waitFor();
  });

  it('is a modal with errors where they belong, and what was typed stays', async () => {
    await message('Everything').getByRole('button', { name: 'Ask me' }).click();
    const modal = page.getByRole('dialog');
    await modal.getByRole('heading', { name: 'Start a rig' }).waitFor();
    // Whoever opens it may type at once.
    await page.keyboard.type('taken');
    await modal.getByRole('button', { name: 'Start', exact: true }).click();
    await modal.getByText('There is a rig of this name already.').waitFor();
    expect(await modal.getByPlaceholder('demo').inputValue()).toBe('taken');
    await picture('2-errors');
    await modal.getByPlaceholder('demo').fill('demo');
    await modal.getByLabel('For how long').selectOption('1 hour');
    await modal.getByLabel('Share with').selectOption('Ben Okafor (ben)');
    // Just what the emulator takes from Anna: nothing archived or shared with others, and no direct message.
    const places = await modal.getByLabel('Where').getByRole('option').allTextContents();
    expect(places).toEqual(['Choose …', '#rigs', '#lab', '#secret']);
    await modal.getByLabel('Where').selectOption('#lab');
    await modal.getByLabel('quietly').check();
    await modal.getByLabel('licensed').check();
    await modal.getByLabel('5.2').check();
    await modal.getByRole('button', { name: 'Start', exact: true }).click();
    await modal.waitFor({ state: 'detached' });
    await channel()
      .getByText('submitted demo · 1 hour · U0BEN00001 · C0LAB00001 · quietly+licensed · 5.2')
      .waitFor();
  });

  it('is a modal that Slack itself does not submit while something is missing, and that can be left', async () => {
    await message('Everything').getByRole('button', { name: 'Ask me' }).click();
    const modal = page.getByRole('dialog');
    await modal.getByRole('button', { name: 'Start', exact: true }).click();
    await modal.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
    await message('Everything').getByRole('button', { name: 'Ask me' }).click();
    await modal.getByRole('button', { name: 'Not now' }).click();
    await modal.waitFor({ state: 'detached' });
  });

  it('is a file, of which the whole can be read', async () => {
    await type('/wcs file');
    await channel().getByText('Logs of demo').waitFor();
    expect(await channel().getByText('line 20').count()).toBe(0);
    await channel().getByRole('button', { name: 'Show 8 more lines' }).click();
    await channel().getByText('line 20').waitFor();
  });

  it('is the Home tab, which the bot fills when it is opened', async () => {
    await page.getByRole('navigation').getByRole('button', { name: 'rigs', exact: true }).click();
    await channel().getByRole('heading', { name: 'Your rigs' }).waitFor();
    await picture('3-home');
    await channel().getByRole('button', { name: 'Start a rig' }).click();
    await page.getByRole('dialog').getByPlaceholder('demo').fill('from-home');
    await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('button', { name: '# lab' }).click();
    await channel().getByText('submitted from-home').waitFor();
  });

  it('leads to a linked message, and not out of the page', async () => {
    await page.getByRole('button', { name: '# rigs' }).click();
    await type('/wcs link');
    await channel().getByRole('button', { name: 'over there' }).click();
    await channel().getByRole('heading', { name: '# lab' }).waitFor();
    await channel().locator('.found', { hasText: 'what was linked' }).waitFor();
  });

  it('marks a channel in which something was said meanwhile', async () => {
    const entry = page.getByRole('navigation').getByRole('button', { name: '# lab' });
    await page.getByRole('button', { name: '# rigs' }).click();
    const field = channel().getByRole('textbox');
    await field.fill('/wcs file');
    await field.press('Enter');
    await expect.poll(() => entry.getAttribute('class')).toContain('unread');
    await entry.click();
    await expect.poll(() => entry.getAttribute('class')).not.toContain('unread');
  });

  it('says so when the try-out has ended', async () => {
    started.bot.stdin.end();
    await page.getByText('The demo has ended').waitFor();
  });
});
