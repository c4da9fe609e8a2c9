// The administrators' room: a second factor set up from the page itself, tables on every screen, dialogs by keyboard.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertFits, endAll, openWindow, shoot, signInAs, startBrowser, startDemo } from './harness.mjs';

const WIDTHS = { phone: 360, tablet: 768, desk: 1280 };
const ROOM = { overview: '/admin', people: '/admin/sessions', bans: '/admin/bans', trail: '/admin/audit' };
const STEP_S = 30;

let demo, browser;
before(async () => {
  demo = await startDemo('--second-factor');
  browser = await startBrowser();
});
after(() => endAll(browser, demo));

/** What an authenticator shows, `later` steps from now: the one after this is taken too. */
function codeOf(secret, later = 0) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / STEP_S) + later));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

let secret;

/** Carla, with a code: the first time she sets it up, the second time she uses the next one. */
async function enter(page, path = '/admin') {
  await signInAs(page, 'carla');
  await page.goto(path);
  await page.locator('#code').waitFor();
  const first = !secret;
  if (first) secret = (await page.locator('.enrol-secret code').innerText()).replaceAll(/\s/g, '');
  await page.locator('#code').fill(codeOf(secret, first ? 0 : 1));
  await page.locator('#code').press('Enter');
  await page.waitForURL(`**${path}`);
}

async function othersComeIn() {
  const ana = await openWindow(browser, demo.site);
  await signInAs(ana.page, 'ana');
  return ana;
}

test('an administrator sets up the second factor from what the page shows', async () => {
  const window = await openWindow(browser, demo.site, { viewport: { width: 360, height: 740 } });
  const { page } = window;
  window.expectStatus(401);
  await signInAs(page, 'carla');
  await page.locator('[popovertarget="person-menu"]').click();
  await page.getByRole('link', { name: 'Administração' }).click();
  await page.locator('.enrol-code svg').waitFor();
  assert.match(await page.locator('.enrol-secret code').innerText(), /^(\S{4}\s+){7}\S{4}$/);
  await assertAccessible(page);
  await assertFits(page);
  await shoot(page, 'enrol-phone');
  await page.locator('#code').fill('000000');
  await page.locator('#code').press('Enter');
  await page.getByRole('alert').getByText('O código não confere').waitFor();
  await shoot(page, 'enrol-wrong-phone');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'enrol-desk-dark');
  await window.close();
});

describe('the room', () => {
  let window, ana;
  before(async () => {
    ana = await othersComeIn();
    window = await openWindow(browser, demo.site);
    await enter(window.page);
  });
  after(() => endAll(window, ana));

  for (const [device, width] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`fits a ${device}, ${colorScheme}`, async () => {
        const { page } = window;
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        for (const [name, path] of Object.entries(ROOM)) {
          await page.goto(path);
          await assertFits(page);
          await assertAccessible(page);
          await shoot(page, `room-${name}-${device}-${colorScheme}`);
        }
      });
    }
  }

  test('on a phone the rail is a sheet that opens and closes by keyboard', async () => {
    const { page } = window;
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/admin');
    const rail = page.locator('#rail');
    assert.equal(await rail.isVisible(), false);
    await page.locator('.rail-open').focus();
    await page.keyboard.press('Enter');
    await rail.waitFor();
    await shoot(page, 'room-rail-phone');
    await page.keyboard.press('Escape');
    assert.equal(await rail.isVisible(), false);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Bloqueios' }).click();
    await page.waitForURL('**/admin/bans');
  });

  test('a session is ended from a dialog that names it, and escape ends nothing', async () => {
    const { page } = window;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/admin/sessions');
    const end = page.getByRole('row', { name: /Ana Lima/ }).getByRole('link', { name: /^Encerrar sessão/ });
    await end.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Encerrar esta sessão?' });
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Ana Lima · Chrome no Linux/);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancelar');
    await assertAccessible(page);
    await shoot(page, 'room-dialog-desk');
    await page.keyboard.press('Escape');
    assert.equal(await dialog.isVisible(), false);
    assert.equal(await end.evaluate((link) => link === document.activeElement), true, 'the cursor is back');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Ana Lima/ }).waitFor({ state: 'detached' });
    await ana.page.goto('/dashboard');
    await ana.page.locator('#password').waitFor();
  });

  test('the trail is verified while the page stays', async () => {
    const { page } = window;
    await page.goto('/admin/audit');
    await page.getByRole('button', { name: 'Conferir agora' }).click();
    await page.getByText(/^Íntegra: \d+ registros/).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Baixar CSV' }).click()]);
    assert.equal(file.suggestedFilename(), 'farol-auditoria.csv');
    await file.delete();
    await shoot(page, 'room-verified-desk');
  });
});

test('without scripts a page of its own asks before a session is ended', async () => {
  const window = await openWindow(browser, demo.site, { javaScriptEnabled: false });
  const ana = await othersComeIn();
  await enter(window.page, '/admin/sessions');
  await window.page.getByRole('row', { name: /Ana Lima/ }).getByRole('link', { name: /^Encerrar sessão/ }).click();
  await window.page.getByRole('heading', { name: 'Encerrar esta sessão?' }).waitFor();
  await window.page.getByRole('button', { name: 'Encerrar sessão' }).click();
  await window.page.waitForURL('**/admin/sessions');
  assert.equal(await window.page.getByRole('row', { name: /Ana Lima/ }).count(), 0);
  await window.close();
  await ana.close();
});
