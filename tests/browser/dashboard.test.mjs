// The dashboard: the file that maps drives is saved, nothing else ever is, and ages stay true while the page is open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CARD, openWindow, shareNames, signInAs, startBrowser, startDemo } from './harness.mjs';

let demo, browser;
before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

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

test('the age of what is known of the storage runs on, and is marked once it is old', async () => {
  const window = await openWindow(browser, demo.site);
  await window.page.clock.install();
  await signInAs(window.page, 'ana');
  const storage = window.page.locator('#storage');
  assert.match(await storage.innerText(), /há \d+ s$/);
  assert.equal(await storage.locator('.lamp').isVisible(), true);
  await window.page.clock.runFor(5 * 60_000 + 5_000);
  assert.match(await storage.innerText(), /há 5 min$/);
  assert.equal(await storage.locator('.lamp').isVisible(), false);
  assert.equal(await storage.locator('svg').isVisible(), true);
  await window.close();
});
