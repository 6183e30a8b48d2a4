// Chromium as the tests use it: people's language and screen, and what must hold on every page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const screens = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

// A browser of its own for one person. `complaints` fills with errors of the console and of scripts.
export async function newPerson(browser, { language = 'en', screen = 'phone', scheme = 'light', ...more } = {}) {
  const context = await browser.newContext({
    viewport: screens[screen], locale: language === 'fr' ? 'fr-FR' : 'en-GB', colorScheme: scheme, timezoneId: 'Europe/Paris',
    acceptDownloads: true, reducedMotion: 'reduce', ...more,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const elsewhere = [];
  page.on('request', (request) => {
    if (!/^(https?:\/\/127\.0\.0\.1[:/]|file:|data:|blob:)/.test(request.url())) elsewhere.push(request.url());
  });
  return { context, page, complaints, elsewhere };
}

// No violation of WCAG 2 A and AA, and nothing wider than the screen.
export async function checkPage(page, name) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    // Without preload axe asks for nothing over the network: our pages would not let it.
    const only = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];
    const { violations } = await globalThis.axe.run(document, { preload: false, runOnly: only });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`);
  });
  assert.deepEqual(found, [], `axe: ${name}`);
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(content <= screen, `${name} is ${content} px wide on a screen of ${screen} px`);
  if (process.env.SHOTS) {
    await page.screenshot({ path: `${process.env.SHOTS}/${name.replace(/[^\w-]+/g, '-')}.png`, fullPage: true });
  }
}

// Moves with the Tab key until the element with this role and name has the focus, as people without a pointer do.
export async function tabTo(page, role, name, limit = 120) {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let step = 0; step < limit; step += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluateAll((all) => all.includes(document.activeElement))) {
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, 'none', `the focus on ${name} is to be seen`);
      return;
    }
  }
  assert.fail(`${role} ${name} is not reached with the Tab key`);
}
