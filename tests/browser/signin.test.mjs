// Signing in, watched in a real browser.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import {
  CARD, PEOPLE, assertAccessible, assertFits, fillIn, openWindow, shareNames, signIn, signInAs, startBrowser, startDemo,
} from './harness.mjs';

let demo, browser, window, page;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
// A demo for each story: nobody is slowed down by what another story tried.
beforeEach(async () => {
  demo = await startDemo();
  window = await openWindow(browser, demo.site);
  page = window.page;
});
afterEach(async () => {
  try {
    await window.close();
  } finally {
    await demo.stop();
  }
});

/** Another kind of window than the usual one. */
async function reopen(options) {
  await window.close();
  window = await openWindow(browser, demo.site, options);
  page = window.page;
}

const REACHES = {
  ana: ['Financeiro', 'Geral', 'Publico', 'homes'],
  bruno: ['Geral', 'Projetos', 'Publico', 'homes'],
  carla: ['Financeiro', 'Geral', 'Projetos', 'Publico', 'R&D (2026)!', 'homes'],
  fabio: ['Geral', 'Publico', 'homes'],
};

for (const [who, expected] of Object.entries(REACHES)) {
  test(`${who} signs in and sees exactly their shares`, async () => {
    await signInAs(page, who);
    await page.getByRole('heading', { level: 1 }).filter({ hasText: PEOPLE[who].first }).waitFor();
    await page.locator(CARD).first().waitFor();
    const names = await shareNames(page);
    assert.deepEqual(names.filter((name) => name !== 'homes').sort(), expected.filter((name) => name !== 'homes').sort());
    await assertAccessible(page);
  });
}

test('somebody without shares is told so kindly and told whom to ask', async () => {
  await signInAs(page, 'davi');
  await page.locator('#shares .alone').waitFor();
  assert.deepEqual(await shareNames(page), []);
  await assertAccessible(page);
});

test('a locked account stays outside', async () => {
  window.expectStatus(401);
  await signIn(page, 'elisa', PEOPLE.elisa.password);
  await page.getByText('Credenciais inválidas').waitFor();
  assert.equal(new URL(page.url()).pathname, '/');
});

test('a wrong password keeps the name, clears the password and puts the cursor where it is needed', async () => {
  window.expectStatus(401);
  await signIn(page, 'ana', 'errada');
  await page.getByText('Credenciais inválidas').waitFor();
  assert.equal(await page.locator('#username').inputValue(), 'ana');
  assert.equal(await page.locator('#password').inputValue(), '');
  await page.waitForFunction(() => document.activeElement?.id === 'password');
  await assertAccessible(page);
  await fillIn(page, 'ana', PEOPLE.ana.password);
  await page.locator('#password').press('Enter');
  await page.waitForURL('**/dashboard');
});

test('each step is seen while the storage takes its time', async () => {
  await demo.breakIt('slow');
  try {
    await page.goto('/');
    await fillIn(page, 'bruno', PEOPLE.bruno.password);
    await page.locator('#password').press('Enter');
    await page.locator('.step-running').first().waitFor({ state: 'visible' });
  } finally {
    await demo.mend('slow');
  }
  await page.waitForURL('**/dashboard');
});

test('a wrong code can be put right in place', async () => {
  window.expectStatus(401);
  await signIn(page, 'fabio', PEOPLE.fabio.password);
  await page.locator('#code').waitFor();
  await assertAccessible(page);
  await page.locator('#code').fill('000000');
  await page.locator('#code').press('Enter');
  await page.getByText(/código/i).first().waitFor();
});

test('a storage that is off is told apart from a wrong password', async () => {
  window.expectStatus(503);
  await demo.breakIt('power-off');
  try {
    await signIn(page, 'ana', PEOPLE.ana.password);
    await page.getByText('TrueNAS inacessível - contate o administrador').first().waitFor();
    await assertAccessible(page);
  } finally {
    await demo.mend('power-off');
  }
});

test('everything works without scripts', async () => {
  await reopen({ javaScriptEnabled: false });
  window.expectStatus(401);
  await signIn(page, 'ana', 'errada');
  await page.getByText('Credenciais inválidas').waitFor();
  await fillIn(page, 'ana', PEOPLE.ana.password);
  await page.locator('#password').press('Enter');
  await page.waitForURL('**/dashboard');
  await page.locator(CARD, { hasText: 'Financeiro' }).waitFor();
});

test('the second factor works without scripts', async () => {
  await reopen({ javaScriptEnabled: false });
  await signInAs(page, 'fabio');
});

test('the keyboard alone is enough, from signing in to signing out', async () => {
  await page.goto('/');
  await page.waitForFunction(() => document.activeElement?.id === 'username');
  await page.keyboard.type('ana');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PEOPLE.ana.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/dashboard');
  const reached = async (what) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((selector) => document.activeElement?.matches(selector), what)) return;
    }
    assert.fail(`the keyboard does not reach ${what}`);
  };
  await reached('[popovertarget="person-menu"]');
  await page.keyboard.press('Enter');
  await reached('form[action="/logout"] button');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
});

test('a telephone shows every page without scrolling sideways', async () => {
  await reopen({ viewport: { width: 360, height: 740 } });
  await page.goto('/');
  await assertFits(page);
  await signInAs(page, 'carla');
  await page.locator(CARD).first().waitFor();
  await assertFits(page);
  await page.goto('/sessions');
  await assertFits(page);
  await assertAccessible(page);
});

test('names that look like markup are shown as they are', async () => {
  await signInAs(page, 'carla');
  await page.locator('[popovertarget="person-menu"]').click();
  await page.getByText(PEOPLE.carla.name).first().waitFor();
});

test('signing out ends the session everywhere it could be used', async () => {
  await signInAs(page, 'ana');
  const cookies = await window.context.cookies();
  await page.locator('[popovertarget="person-menu"]').click();
  await page.locator('form[action="/logout"] button').click();
  await page.waitForURL((url) => url.pathname === '/');
  await window.context.addCookies(cookies);
  const later = await window.context.newPage();
  await later.goto('/dashboard');
  assert.equal(new URL(later.url()).pathname, '/');
});
