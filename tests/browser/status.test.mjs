// The public page: true without anybody signed in, walked by keys, read by machines, and on paper.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertFits, endAll, openWindow, shoot, signInAs, startBrowser, startDemo } from './harness.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(() => endAll(browser, demo));

const WIDTHS = [360, 768, 1280];

for (const [language, theme] of [['pt-BR', 'light'], ['en', 'dark']]) {
  test(`it looks right in ${language}, ${theme}`, async () => {
    const window = await openWindow(browser, demo.site, { locale: language, colorScheme: theme });
    await window.page.goto('/status');
    for (const width of WIDTHS) {
      await window.page.setViewportSize({ width, height: 800 });
      await assertFits(window.page);
      await shoot(window.page, `status-${language}-${theme}-${width}`);
    }
    await window.page.locator('#status-table summary').click();
    await window.page.locator('#status-table table').waitFor();
    assert.equal(await window.page.locator('#status-table tbody tr').count(), 90);
    await assertAccessible(window.page);
    await window.close();
  });
}

test('a visitor sees the storage go and come back, and what they opened stays open', async () => {
  const window = await openWindow(browser, demo.site);
  const { page } = window;
  await page.clock.install();
  await page.goto('/');
  await page.getByRole('link', { name: 'Situação do armazenamento' }).click();
  await page.locator('.status-now.tone-attention, .status-now.tone-well').waitFor();
  await page.locator('#status-table summary').click();
  await page.evaluate(() => (document.body.dataset.stayed = ''));
  const comes = async (light) => {
    const now = page.locator(`.status-now.tone-${light}`);
    for (let tries = 0; tries < 60 && !(await now.count()); tries += 1) {
      await page.clock.runFor(18_000);
      await page.waitForTimeout(250);
    }
    await now.waitFor();
  };
  await demo.breakIt('refused');
  await comes('trouble');
  await shoot(page, 'status-away');
  assert.equal(await page.locator('#status-table').getAttribute('open'), '');
  await demo.mend('refused');
  await comes('attention');
  assert.equal(await page.locator('body[data-stayed]').count(), 1, 'the page was never loaded anew');
  await page.getByRole('link', { name: 'Entrar' }).click();
  await page.locator('#password').waitFor();
  await window.close();
});

test('whoever is signed in sees it by the socket', async () => {
  const window = await openWindow(browser, demo.site);
  const { page } = window;
  await signInAs(page, 'ana');
  await page.goto('/status');
  await demo.breakIt('refused');
  await page.locator('.status-now.tone-trouble').waitFor();
  await demo.mend('refused');
  await page.locator('.status-now.tone-attention').waitFor();
  await window.close();
});

test('the days are walked by keys, and each says how it was', async () => {
  const window = await openWindow(browser, demo.site);
  const { page } = window;
  await page.goto('/status');
  const today = page.locator('[data-days] > :last-child');
  await today.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('PageUp');
  const label = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  assert.match(label, /^\d\d\/\d\d\/\d{4} · Sem dados/);
  const shown = await page.evaluate(() => getComputedStyle(document.activeElement, '::after').content);
  assert.equal(shown, JSON.stringify(label));
  await page.keyboard.press('End');
  assert.equal(await today.evaluate((day) => day === document.activeElement), true);
  await shoot(page, 'status-day');
  await window.close();
});

test('on paper it is the same page, and it needs no script', async () => {
  const window = await openWindow(browser, demo.site, { javaScriptEnabled: false });
  await window.page.goto('/status');
  await window.page.emulateMedia({ media: 'print' });
  await shoot(window.page, 'status-print');
  await window.close();
});
