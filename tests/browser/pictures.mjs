// The pictures of the READMEs, taken from the demo: `FAROL_PROGRAM=target/release/farol node tests/browser/pictures.mjs`.
import { mkdirSync } from 'node:fs';
import { CARD, endAll, openWindow, signInAs, startBrowser, startDemo } from './harness.mjs';

const PLACE = new URL('./pictures/', import.meta.url).pathname;
// As a reader sees them beside the text; small enough for a repository.
const DESK = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 800 }, colorScheme: 'dark' };

const take = (page, name) =>
  page.screenshot({ path: `${PLACE}${name}.jpg`, type: 'jpeg', quality: 72, animations: 'disabled' });

/** The page as the demo office has it after something happened there. */
async function live(page, demo) {
  await signInAs(page, 'ana');
  await page.locator(CARD).first().waitFor();
  await demo.breakIt('share-added');
  await page.locator('#toasts .toast').first().waitFor();
  await page.locator(CARD, { hasText: 'Marketing' }).waitFor();
}

mkdirSync(PLACE, { recursive: true });
const demo = await startDemo();
const browser = await startBrowser();
const windows = [];
try {
  const open = async (options) => {
    const window = await openWindow(browser, demo.site, options);
    windows.push(window);
    return window.page;
  };
  const phone = await open(PHONE);
  await phone.goto('/');
  await take(phone, 'sign-in');
  const ana = await open(DESK);
  await live(ana, demo);
  await take(ana, 'dashboard');
  const carla = await open(DESK);
  await signInAs(carla, 'carla');
  await carla.goto('/admin');
  await demo.breakIt('reboot');
  await carla.locator('#banner .banner').waitFor();
  await take(carla, 'room');
  await demo.mend('reboot');
  const anybody = await open(PHONE);
  await anybody.goto('/status');
  await take(anybody, 'status');
} finally {
  await endAll(...windows, browser, demo);
}
