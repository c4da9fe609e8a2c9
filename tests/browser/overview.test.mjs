// How the storage is, as administrators see it: the overview, health with its chart, the link tried layer by layer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertFits, endAll, openWindow, shoot, signInAs, startBrowser, startDemo } from './harness.mjs';

const WIDTHS = { phone: 360, desk: 1280 };
const PAGES = { overview: '/admin', health: '/admin/health?range=1h', feed: '/admin/health/feed', connection: '/admin/connection' };

let demo, browser;
before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(() => endAll(browser, demo));

async function enter(options) {
  const window = await openWindow(browser, demo.site, options);
  await signInAs(window.page, 'carla');
  return window;
}

/** Whether something was drawn on the canvas. */
const isDrawn = (page) => page.locator('[data-chart] canvas').evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return data.some((byte) => byte > 0);
});

describe('how the storage is', () => {
  let window;
  before(async () => {
    window = await enter();
  });
  after(() => window?.close());

  for (const [device, width] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`fits a ${device}, ${colorScheme}`, async () => {
        const { page } = window;
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        for (const [name, path] of Object.entries(PAGES)) {
          await page.goto(path);
          if (await page.locator('[data-chart]').count()) {
            await page.locator('[data-chart] canvas').waitFor();
            assert.ok(await isDrawn(page), `${path} has a chart`);
          }
          await assertFits(page);
          await assertAccessible(page);
          await shoot(page, `watch-${name}-${device}-${colorScheme}`);
        }
      });
    }
  }

  test('new lines enter on top, and wait behind a button while the reader is elsewhere or has paused', async () => {
    const { page } = window;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/admin/health');
    await page.locator('[data-feed-pause]').click();
    await demo.breakIt('scrub');
    await page.getByRole('button', { name: /^\d+ novos?$/ }).waitFor();
    const line = page.locator('.fact', { hasText: 'Verificação do pool tank começou' }).first();
    assert.equal(await line.isVisible(), false);
    await shoot(page, 'watch-held-desk');
    await page.locator('[data-feed-pause]').click();
    await line.waitFor();
    await demo.mend('scrub');
    await page.locator('.fact', { hasText: 'Verificação do pool tank terminou' }).first().waitFor();
    await page.getByRole('link', { name: 'Problemas', exact: true }).click();
    assert.equal(await line.isVisible(), false);
  });

  test('the link is tried layer by layer while the page stays', async () => {
    const { page } = window;
    await page.goto('/admin/connection');
    await page.getByRole('button', { name: 'Testar a conexão' }).click();
    await page.locator('.probe-done', { hasText: 'Poder da chave' }).waitFor();
    await assertAccessible(page);
    await shoot(page, 'watch-tried-desk');
    await page.setViewportSize({ width: 360, height: 740 });
    await assertFits(page);
    await shoot(page, 'watch-tried-phone');
  });
});

test('without scripts the figures stand in a table, lights are links, and a test is waited for', async () => {
  const window = await enter({ javaScriptEnabled: false });
  const { page } = window;
  await page.goto('/admin/health');
  await page.getByText('Ver os números em tabela').click();
  await page.getByRole('columnheader', { name: 'Média' }).waitFor();
  await page.locator('[data-feed-lights]').getByRole('link', { name: 'Avisos' }).click();
  await page.waitForURL('**/admin/health/feed?light=attention');
  await window.close();
});
