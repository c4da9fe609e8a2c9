// The pages about the server itself: the log as it comes, the system, the messages; on every screen, in both themes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertFits, endAll, openWindow, shoot, signInAs, startBrowser, startDemo } from './harness.mjs';

const WIDTHS = { phone: 360, desk: 1280 };
const PAGES = { messages: '/admin/messages', logs: '/admin/logs', system: '/admin/system' };

let demo, browser;
before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(() => endAll(browser, demo));

describe('the pages about the server', () => {
  let window;
  before(async () => {
    window = await openWindow(browser, demo.site);
    await signInAs(window.page, 'carla');
  });
  after(() => window?.close());

  for (const [device, width] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`fit a ${device}, ${colorScheme}`, async () => {
        const { page } = window;
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        for (const [name, path] of Object.entries(PAGES)) {
          await page.goto(path);
          await assertFits(page);
          await assertAccessible(page);
          await shoot(page, `works-${name}-${device}-${colorScheme}`);
        }
      });
    }
  }

  test('the log follows its end, and waits for whoever reads further up or pauses', async () => {
    const page = await window.context.newPage();
    // Its time is moved by hand, so that nothing coming is seen at once.
    await page.clock.install();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/admin/logs');
    const state = page.locator('#log-state');
    const line = (text) => page.locator('.log-lines > li', { hasText: text });
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/live/log')) asked += 1;
    });
    await state.getByText('Acompanhando').waitFor();
    await page.request.get('/nothing-new');
    await page.clock.runFor(3500);
    await line('/nothing-new').waitFor();
    assert.equal(await isAtEnd(page), true, 'the newest line is in sight');
    const hold = page.getByRole('button', { name: 'Pausar' });
    await hold.focus();
    await page.keyboard.press('Enter');
    await state.getByText('Pausado').waitFor();
    assert.equal(await hold.getAttribute('aria-pressed'), 'true');
    await page.request.get('/nothing-seen');
    const before = asked;
    await page.clock.runFor(10_000);
    assert.equal(asked, before, 'nothing is asked for meanwhile');
    await page.keyboard.press('Enter');
    await line('/nothing-seen').waitFor();
    await page.setViewportSize({ width: 1280, height: 500 });
    await page.locator('#log').evaluate((log) => log.scrollTo(0, 0));
    await state.getByText('Parado enquanto você lê').waitFor();
    await page.locator('#log-wrap').uncheck();
    assert.equal(await page.locator('.log-lines > li').first().evaluate((line) => getComputedStyle(line).whiteSpace), 'pre');
    await assertFits(page);
    await shoot(page, 'works-logs-unwrapped');
    await page.close();
  });

  test('the log is filtered and downloaded', async () => {
    const { page } = window;
    await page.goto('/admin/logs');
    await page.getByLabel('Contém').first().fill('listening');
    await page.getByLabel('Contém').first().press('Enter');
    await page.waitForURL('**/admin/logs?*');
    assert.equal(await page.locator('.log-lines > li').count(), 1);
    const button = page.getByRole('button', { name: 'Baixar' });
    const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
    assert.match(file.suggestedFilename(), /^farol-\d{4}-\d{2}-\d{2}\.log$/);
    await file.delete();
  });

  test('rounds change while the page stays', async () => {
    const { page } = window;
    await page.goto('/admin/system');
    const count = page.getByRole('row', { name: /rights/ }).getByRole('cell').last();
    await count.waitFor();
    const before = await count.innerText();
    await page.waitForFunction(
      (text) => [...document.querySelectorAll('#rounds tr')].some((row) => /rights/.test(row.innerText) && !row.innerText.includes(text)),
      before,
    );
  });
});

function isAtEnd(page) {
  return page.locator('#log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 32);
}
