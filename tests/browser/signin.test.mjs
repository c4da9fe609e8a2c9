// Signing in, watched in a real browser.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CARD, PEOPLE, assertAccessible, assertFits, fillIn, freshDemos, openReady, shareNames, signIn, signInAs } from './harness.mjs';

// Nobody is slowed down by what another story tried.
const demo = freshDemos();
let window, page;
beforeEach(async () => {
  window = await demo.open();
  page = window.page;
});

/** Another kind of window than the usual one. */
async function reopen(options) {
  await window.close();
  window = await demo.open(options);
  page = window.page;
}

// As they are told, in this order; the first and the last pass in no time.
const ALL_STEPS = ['Na fila', 'Falando com o TrueNAS', 'Conferindo a senha', 'Conferindo permissões', 'Pronto'];
const STEPS = ALL_STEPS.slice(1, 4);

/** Notes each step while it runs, also past the page that shows it. */
async function watchSteps(watched) {
  const seen = [];
  await watched.exposeFunction('noteStep', (step) => seen.push({ step, at: performance.now() }));
  await watched.addInitScript(() => {
    new MutationObserver(() => {
      const step = document.querySelector('.steps:not(.steps-idle) .step-running .step-text');
      if (step) globalThis.noteStep(step.firstChild.textContent.trim());
    }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  });
  return seen;
}

const ms = (time) => `${Math.round(time)} ms`;

const REACHES = {
  ana: ['Financeiro', 'Geral', 'Publico'],
  bruno: ['Geral', 'Projetos', 'Publico'],
  carla: ['Financeiro', 'Geral', 'Projetos', 'Publico', 'R&D (2026)!', 'homes'],
  fabio: ['Geral', 'Publico'],
};

for (const [who, expected] of Object.entries(REACHES)) {
  test(`${who} signs in and sees exactly their shares`, async () => {
    await signInAs(page, who);
    await page.getByRole('heading', { level: 1 }).filter({ hasText: PEOPLE[who].first }).waitFor();
    await page.locator(CARD).first().waitFor();
    assert.deepEqual((await shareNames(page)).sort(), expected);
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

test('each step is seen in its turn while the storage takes its time', async (story) => {
  const seen = await watchSteps(page);
  await openReady(page);
  await fillIn(page, 'bruno', PEOPLE.bruno.password);
  await demo.breakIt('slow');
  const start = performance.now();
  try {
    await page.locator('#password').press('Enter');
    // Three answers that take five seconds each come first.
    await Promise.race([
      page.locator('.step-running', { hasText: STEPS[2] }).waitFor({ timeout: 60_000 }),
      page.waitForURL('**/dashboard', { timeout: 60_000 }),
    ]);
  } finally {
    await demo.mend('slow');
  }
  await page.waitForURL('**/dashboard');
  story.diagnostic(`slow storage: first step after ${ms(seen[0].at - start)}, in after ${ms(performance.now() - start)}`);
  // What is quick may pass unseen; nothing is seen out of its turn.
  const running = seen.map(({ step }) => step).filter((step, at, all) => step !== all[at - 1]);
  assert.deepEqual(running.filter((step) => STEPS.includes(step)), STEPS);
  assert.deepEqual(running, [...running].sort((a, b) => ALL_STEPS.indexOf(a) - ALL_STEPS.indexOf(b)));
});

test('the first step is seen at once', async (story) => {
  const seen = await watchSteps(page);
  await openReady(page);
  await fillIn(page, 'bruno', PEOPLE.bruno.password);
  const start = performance.now();
  await page.locator('#password').press('Enter');
  await page.waitForURL('**/dashboard');
  story.diagnostic(`first step after ${seen.length ? ms(seen[0].at - start) : 'the end'}, in after ${ms(performance.now() - start)}`);
});

test('after a wrong code the password is asked for again, and then the way is open', async () => {
  window.expectStatus(401);
  await signIn(page, 'fabio', PEOPLE.fabio.password);
  await page.locator('#code').waitFor();
  await assertAccessible(page);
  await page.locator('#code').fill('000000');
  await page.locator('#code').press('Enter');
  await page.getByRole('alert').filter({ hasText: /não confere/ }).waitFor();
  assert.equal(await page.locator('#username').inputValue(), 'fabio');
  await page.locator('#password').fill(PEOPLE.fabio.password);
  await page.locator('#password').press('Enter');
  await page.locator('#code').fill(PEOPLE.fabio.code);
  await page.locator('#code').press('Enter');
  await page.waitForURL('**/dashboard');
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
