// The page of the try-out in real Chromium, as a person goes through it: a rig up, its reminder, an hour more, stopped, up
// again, and its end. Inside a namespace of its own from which no packet can leave the machine.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/demo.ts';
import { createLan, type Lan } from '../support/lan.ts';
import { type RunningBrowser, startBrowser } from './chromium.ts';

const results = fileURLToPath(new URL('../../test-results/', import.meta.url));

describe('the page of the try-out', () => {
  let lan: Lan;
  let demo: Demo;
  let browser: RunningBrowser;
  let page: Page;
  const faults: string[] = [];
  const elsewhere: string[] = [];

  beforeAll(async () => {
    await mkdir(results, { recursive: true });
    lan = await createLan({ hosts: ['laptop'] });
    demo = startDemo(lan, []);
    const [, url = ''] = await demo.says(/✔ page (http:\/\/127\.0\.0\.1:\d+)/);
    browser = await startBrowser(lan.host('laptop').namespace);
    page = await browser.browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) elsewhere.push(request.url());
    });
    await page.goto(url);
  });
  afterAll(async () => {
    await browser?.stop();
    demo?.child.kill('SIGINT');
    await demo?.ended;
    await lan?.stop();
  });

  const channel = () => page.getByRole('main');
  const thread = () => page.getByRole('complementary', { name: 'Thread' });
  /** The newest message of the channel that says this. */
  const card = (what: RegExp) => channel().getByRole('article').filter({ hasText: what }).last();
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const type = async (text: string): Promise<void> => {
    const field = channel().getByRole('textbox');
    await field.fill(text);
    await field.press('Enter');
  };
  const picture = (name: string) => page.screenshot({ path: `${results}page-${name}.png` });

  it('starts a rig with what is typed, and shows how it becomes ready', async () => {
    await channel().getByText('Nothing has been said here yet').waitFor();
    await picture('1-empty');
    await type('/wcs up demo for 1h');
    await card(/demo is ready/).waitFor();
    const link = card(/demo is ready/).getByRole('link', { name: 'Two Way Streaming' });
    expect(await link.getAttribute('href')).toMatch(/^https:\/\/172\.31\.\d+\.\d+:8444\/.*two_way_streaming/);
    await card(/demo is ready/)
      .getByRole('button', { name: '1 reply' })
      .click();
    await thread().getByText('Your browser will warn twice').waitFor();
  });

  it('opens the link in a tab of its own', async () => {
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      card(/demo is ready/)
        .getByRole('link', { name: 'Two Way Streaming' })
        .click(),
    ]);
    await tab.close();
  });

  it('shows what only this person may see to this person only', async () => {
    await card(/demo is ready/)
      .getByRole('button', { name: 'Password' })
      .click();
    const secret = channel().getByRole('article').filter({ hasText: 'Only visible to you' });
    await secret.waitFor();
    expect(await secret.textContent()).toMatch(/ssh root@172\.31/);
    await button('@ben').click();
    await expect.poll(() => secret.count()).toBe(0);
    expect(await card(/demo is ready/).count()).toBe(1);
    await button('@anna').click();
    await secret.waitFor();
  });

  it('reminds in the thread once its time has been moved on, and keeps the rig at a click', async () => {
    await button('30 min').click();
    const reminder = thread().getByRole('article').filter({ hasText: 'Do you need it for longer?' });
    await reminder.waitFor();
    await page.getByText(/For the rigs it is 30 m later/).waitFor();
    await picture('2-reminder');
    await reminder.getByRole('button', { name: '+1 h' }).click();
    await thread().getByText('was extended by').waitFor();
    // No dead button stays.
    expect(await reminder.count()).toBe(0);
    expect(await thread().getByRole('button', { name: '+1 h' }).count()).toBe(0);
  });

  it('asks before it stops a rig, and does not when the answer is no', async () => {
    const stop = card(/demo is ready/).getByRole('button', { name: 'Stop', exact: true });
    await stop.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Stop demo?').waitFor();
    await picture('3-confirm');
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await card(/demo is ready/).count()).toBe(1);
    await stop.click();
    await dialog.getByRole('button', { name: 'Stop it' }).click();
    await card(/demo · ended/).waitFor();
    await thread().getByText('its container is gone').waitFor();
  });

  it('starts it again, and ends it when its time is up', async () => {
    await type('up demo for 1h');
    await card(/demo is ready/).waitFor();
    await card(/demo is ready/)
      .getByRole('button', { name: /1 repl/ })
      .click();
    await button('1 h').click();
    await card(/demo · ended, its time was up/).waitFor();
    await thread().getByText('since its time was up').waitFor();
    await picture('4-expired');
  });

  it('starts it once more at a click, where its end was told', async () => {
    await thread().getByRole('button', { name: 'Up again' }).click();
    await card(/demo is ready/).waitFor();
  });

  it('tells what it does not understand, and what /skip does', async () => {
    await type('/wcs dwon demo');
    await channel()
      .getByText(/did you mean/i)
      .waitFor();
    await type('dwon demo');
    await page
      .getByRole('status')
      .getByText(/did you mean \/wcs down demo/)
      .waitFor();
    await type('/skip');
    await page.getByText(/moves the time of the rigs on by an hour/).waitFor();
  });

  it('starts one from the form, which says what is wrong under its field', async () => {
    await type('/wcs');
    await button('Start a rig …').last().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('two words');
    await form.getByLabel('For how long').fill('1h');
    await form.getByRole('button', { name: 'Start', exact: true }).click();
    await form.getByText('One word only').waitFor();
    await picture('5-form');
    await form.getByLabel('Name').fill('formed');
    await form.getByRole('button', { name: 'Start', exact: true }).click();
    await form.waitFor({ state: 'detached' });
    await card(/formed is ready/).waitFor();
  });

  it('shares it from its menu, and shows it to whom it is shared with, at home', async () => {
    await card(/formed is ready/)
      .getByRole('button', { name: 'More' })
      .click();
    await page.getByRole('menuitem', { name: 'Share' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('listbox').selectOption({ label: 'Ben Okafor (ben)' });
    await form.getByRole('button', { name: 'Share', exact: true }).click();
    await form.getByText('is shared with ben').waitFor();
    await form.getByRole('button', { name: 'Close' }).last().click();
    await form.waitFor({ state: 'detached' });
    await card(/shared with ben/).waitFor();
    await button('@ben').click();
    await button('rigs').click();
    await page.getByText('Home', { exact: true }).click();
    await page.getByRole('heading', { name: /Shared with me/ }).waitFor();
    await page.getByText('formed').waitFor();
    await picture('6-home');
    await page.getByRole('button', { name: 'Password' }).click();
    await page.getByRole('dialog').getByText('The SSH password of').waitFor();
    await button('Close').last().click();
    await button('@anna').click();
  });

  it('had no fault, asked nothing from elsewhere, and gave Slack no cause to object', async () => {
    expect(faults).toEqual([]);
    expect(elsewhere).toEqual([]);
    expect(await page.getByText('Slack would object').count()).toBe(0);
  });
});
