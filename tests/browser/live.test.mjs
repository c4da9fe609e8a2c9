// The live page: it keeps itself true without a reload, says so when it cannot, and goes when its session does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CARD, assertAccessible, assertFits, freshDemos, shareNames, shoot, signInAs } from './harness.mjs';

const demo = freshDemos();

async function open(who, options) {
  const window = await demo.open(options);
  if (who) {
    await signInAs(window.page, who);
    await window.page.locator(CARD).first().waitFor();
    await linked(window.page);
  }
  return window;
}

/** The socket has told the present: the cursor comes with it. */
const linked = (page) => page.locator('#cursor[data-cursor]').waitFor({ state: 'attached' });

/** The page anew, with its time standing still: what it began with ticks by hand too. */
async function still(page) {
  await page.clock.install();
  await page.reload();
  await linked(page);
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 100);
}

/** Marks the page, so that a reload would show. */
const stay = (page) => page.evaluate(() => (globalThis.same = true));
const assertStayed = async (page) => assert.equal(await page.evaluate(() => globalThis.same), true, 'the page was loaded anew');

test('the banner and the light follow the storage on an open page', async () => {
  const { page } = await open('ana');
  await stay(page);
  await demo.breakIt('power-off');
  const banner = page.locator('#banner');
  await banner.getByText('O armazenamento está fora do ar').waitFor();
  await page.locator('#storage.is-trouble').waitFor();
  await page.locator('#state.is-trouble').waitFor();
  await page.locator('.toast', { hasText: 'fora do ar' }).waitFor();
  await banner.locator('summary').click();
  await banner.getByText('Salve o que estiver aberto').waitFor();
  await assertAccessible(page);
  await shoot(page, 'live-off');
  await demo.mend('power-off');
  await page.locator('#storage.is-well, #storage.is-attention').waitFor();
  await banner.locator('.banner').waitFor({ state: 'detached' });
  await assertStayed(page);
});

test('a share comes and goes on an open page, and leaves the reader where they are', async () => {
  const { page } = await open('ana');
  await stay(page);
  const details = page.locator(`${CARD}:has(h3:text-is("Publico")) .share-others`);
  await details.locator('summary').click();
  await details.locator('[data-copy]').first().focus();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  const before = await focused();
  await demo.breakIt('share-added');
  await page.locator(`${CARD}.is-new`, { hasText: 'Marketing' }).waitFor();
  await page.locator('.toast', { hasText: 'Nova pasta: Marketing' }).waitFor();
  await demo.breakIt('share-disabled');
  await page.locator('.toast', { hasText: 'Pasta retirada: Geral' }).waitFor();
  await page.locator('.share[id]', { hasText: 'Geral' }).waitFor({ state: 'detached' });
  assert.deepEqual(await shareNames(page), ['Financeiro', 'Marketing', 'Publico']);
  assert.equal(await focused(), before);
  assert.equal(await details.getAttribute('open'), '', 'what the reader opened stays open');
  await assertStayed(page);
});

test('a toast shows once over two tabs, waits while it is read, closes by keyboard and stays in the centre', async () => {
  const window = await open('ana');
  const { page } = window;
  const other = await window.context.newPage();
  await other.goto('/dashboard');
  for (const tab of [page, other]) await still(tab);
  await demo.breakIt('share-added');
  for (const tab of [page, other]) await tab.locator(`${CARD}.is-new`, { hasText: 'Marketing' }).waitFor();
  // Without a screen each tab takes itself for the one in front: whichever is first shows it.
  const toasts = [page, other].map((tab) => tab.locator('.toasts .toast', { hasText: 'Marketing' }));
  // A tab that is not in front waits a moment for the one that is.
  for (const tab of [page, other]) await tab.clock.runFor(1_000);
  for (const tab of [page, other]) await tab.locator('#toasts-waiting:empty').waitFor({ state: 'attached' });
  const counts = await Promise.all(toasts.map((toast) => toast.count()));
  assert.deepEqual([...counts].sort(), [0, 1]);
  const holder = counts[0] ? page : other;
  const toast = toasts[counts.indexOf(1)];
  await holder.bringToFront();
  await toast.hover();
  await holder.clock.runFor(20_000);
  assert.equal(await toast.count(), 1, 'it waits while somebody looks at it');
  await holder.keyboard.press('Escape');
  await toast.waitFor({ state: 'detached' });
  await holder.clock.resume();
  await holder.locator('.bell-count').waitFor();
  await holder.locator('#bell').click();
  await holder.locator('.entry.is-unread', { hasText: 'Nova pasta: Marketing' }).waitFor();
  await holder.locator('.bell-count').waitFor({ state: 'detached' });
  await assertAccessible(holder);
  await shoot(holder, 'live-notices');
});

test('three toasts at most show at once, and each goes by itself', async () => {
  const { page } = await open('ana');
  await still(page);
  for (const [at, turn] of ['share-added', 'share-disabled', 'share-added/off'].entries()) {
    await demo.breakIt(turn);
    await page.locator('.toast').nth(at).waitFor({ state: 'attached' });
    await page.clock.runFor(10);
    await page.locator('#toasts .toast').nth(at).waitFor();
  }
  await demo.mend('share-disabled');
  await page.locator('#toasts-waiting .toast').waitFor({ state: 'attached' });
  assert.equal(await page.locator('#toasts .toast').count(), 3);
  await page.mouse.move(5, 300);
  await page.clock.runFor(7_500);
  assert.equal(await page.locator('#toasts .toast').count(), 3);
  await page.clock.runFor(3_000);
  await page.locator('#toasts .toast', { hasText: 'Geral' }).waitFor();
  await page.clock.runFor(15_000);
  await page.locator('#toasts:empty').waitFor({ state: 'attached' });
});

test('a lost link is shown after a while, makes figures old, and leaves no trace once it is back', async () => {
  const window = await open('ana');
  const { page } = window;
  window.expectComplaint(/ERR_INTERNET_DISCONNECTED/);
  await stay(page);
  await page.clock.install();
  await window.context.setOffline(true);
  await page.clock.runFor(1_500);
  assert.equal(await page.locator('.storage-link').isVisible(), false, 'a short break is nobody’s business');
  await page.clock.runFor(1_000);
  await page.locator('.storage-link', { hasText: 'reconectando' }).waitFor();
  assert.equal(await page.locator('#storage.is-old').count(), 0);
  await page.clock.runFor(10_000);
  await page.locator('#storage.is-old').waitFor();
  await shoot(page, 'live-old');
  await page.clock.runFor(5 * 60_000);
  // Ages tick with the timers the page began with, which nobody moves.
  await page.locator('.storage-age', { hasText: /há 5 min$/ }).waitFor();
  assert.equal(await page.locator('#storage .lamp').isVisible(), false);
  await window.context.setOffline(false);
  await page.locator('.storage-link').waitFor({ state: 'hidden' });
  await page.clock.runFor(1_500);
  await page.locator('#storage:not(.is-old)').waitFor();
  await assertStayed(page);
});

test('a session ended elsewhere takes its page along and says why', async () => {
  const { page } = await open('ana');
  await stay(page);
  const elsewhere = await open('ana');
  await elsewhere.page.goto('/sessions');
  await elsewhere.page.locator('[action="/sessions/end-others"] button').click();
  await page.getByRole('alert').getByText('Sua sessão terminou: você a encerrou em outro navegador').waitFor();
  assert.equal(await page.locator(CARD).count(), 0);
  assert.equal(await page.getByText('Ana Lima').count(), 0);
  await assertStayed(page);
  await assertAccessible(page);
  await shoot(page, 'live-farewell');
  const enter = page.getByRole('link', { name: 'Entrar' });
  assert.equal(await enter.evaluate((link) => link === document.activeElement), true);
  await enter.click();
  await page.locator('#password').waitFor();
  assert.equal(await page.locator('[name="next"]').inputValue(), '/dashboard');
});

test('what somebody had typed comes back to them alone, and no password does', async () => {
  const window = await open('ana');
  const { page } = window;
  // No page of employees has such a form yet; this one stands where theirs will.
  await page.addInitScript(() => {
    const fields = '<textarea name="text"></textarea><input name="secret" type="password" autocomplete="off">';
    new MutationObserver((_, observer) => {
      const place = document.querySelector('#announcements');
      if (!place) return;
      observer.disconnect();
      place.insertAdjacentHTML('beforebegin', `<form data-draft="note">${fields}</form>`);
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto('/dashboard');
  await linked(page);
  await page.locator('[name="text"]').fill('Relatório pela metade');
  await page.locator('[name="secret"]').fill('segredo');
  const elsewhere = await open('ana');
  await elsewhere.page.goto('/sessions');
  await elsewhere.page.locator('[action="/sessions/end-others"] button').click();
  await page.locator('[data-farewell]').waitFor();
  await signInAs(page, 'ana');
  await page.waitForFunction(() => document.querySelector('[name="text"]')?.value === 'Relatório pela metade');
  assert.equal(await page.locator('[name="secret"]').inputValue(), '');
  // Not a reload, at which the browser itself puts back what stood in a field.
  await page.goto('/dashboard');
  assert.equal(await page.locator('[name="text"]').inputValue(), '');
});

test('a page whose socket is blocked polls, and is as true as any other', async () => {
  const window = await demo.open();
  const { page } = window;
  await page.addInitScript(() => {
    const Real = WebSocket;
    globalThis.WebSocket = function Blocked(address) {
      return new Real(new URL(address).pathname === '/live' ? `ws://${location.host}/blocked` : address);
    };
    Object.assign(globalThis.WebSocket, { OPEN: 1, CONNECTING: 0 });
  });
  window.expectComplaint(/WebSocket connection to .*blocked/);
  await signInAs(page, 'ana');
  await page.locator(CARD).first().waitFor();
  await page.clock.install();
  await stay(page);
  const polled = page.waitForResponse((answer) => answer.url().includes('/live/poll'));
  await page.clock.runFor(10_000);
  await polled;
  await demo.breakIt('power-off');
  await page.clock.runFor(20_000);
  await page.locator('#storage.is-trouble').waitFor();
  await page.locator('.toast', { hasText: 'fora do ar' }).waitFor();
  await page.locator('.storage-link').waitFor({ state: 'hidden' });
  await assertStayed(page);
});

for (const [place, viewport] of Object.entries({ desk: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } })) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the live parts fit and can be read: ${place}, ${colorScheme}`, async () => {
      const { page } = await open('carla', { viewport, colorScheme });
      await demo.breakIt('share-added');
      await page.locator('.toast').first().waitFor();
      await demo.breakIt('reboot');
      await page.locator('.banner').waitFor();
      await assertFits(page);
      await assertAccessible(page);
      await shoot(page, `live-${place}-${colorScheme}`);
    });
  }
}
