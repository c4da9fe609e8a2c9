// The dashboard: the file that maps drives is saved, and nothing else ever is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CARD, endAll, openWindow, shareNames, signInAs, startBrowser, startDemo } from './harness.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(() => endAll(browser, demo));

test('each button of the dashboard saves the script', async () => {
  const window = await openWindow(browser, demo.site);
  await signInAs(window.page, 'ana');
  await window.page.locator(CARD).first().waitFor();
  const buttons = await window.page.locator('a[href^="/download_bat"]').all();
  assert.equal(buttons.length, (await shareNames(window.page)).length + 1);
  for (const button of buttons) {
    const [file] = await Promise.all([window.page.waitForEvent('download'), button.click()]);
    assert.equal(file.suggestedFilename(), 'mapear-drives.bat');
    await file.delete();
  }
  assert.equal(new URL(window.page.url()).pathname, '/dashboard');
  await window.close();
});

test('a click after the session ended shows the sign-in and saves nothing', async () => {
  const window = await openWindow(browser, demo.site);
  await signInAs(window.page, 'ana');
  await window.page.locator(CARD).first().waitFor();
  const saved = [];
  window.page.on('download', (file) => saved.push(file.suggestedFilename()));
  await window.context.clearCookies();
  await window.page.locator('.map-all').click();
  await window.page.locator('#password').waitFor();
  assert.equal(new URL(window.page.url()).pathname, '/');
  assert.deepEqual(saved, []);
  await window.close();
});
