// What an open page does when its link ends, falls silent or brings what it should not; its time is moved by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CARD, freshDemos, signInAs } from './harness.mjs';

const MINUTE = 60_000;

const demo = freshDemos();

/** Somebody's page with its time standing still, and what lies between it and the server. */
async function open(who, path = '/dashboard') {
  const window = await demo.open();
  const { page } = window;
  await signInAs(page, who);
  const link = { opened: 0, silent: false };
  await page.routeWebSocket(/\/live\?/, (route) => {
    const server = route.connectToServer();
    const answered = new Promise((heard) => {
      server.onMessage((text) => {
        if (!link.silent) route.send(text);
        heard();
      });
    });
    link.opened += 1;
    Object.assign(link, { answered, send: (text) => route.send(text) });
    link.close = (code) => Promise.all([route.close({ code }), server.close()]);
  });
  await page.clock.install();
  await page.goto(path);
  await page.locator('#cursor[data-cursor]').waitFor({ state: 'attached' });
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 100);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  /** What the page has asked for until now, those it has only just asked for too. */
  const asks = async () => {
    await page.evaluate(() => fetch('/nothing').then((answer) => answer.text()));
    return asked.filter((path) => path !== '/nothing');
  };
  window.expectStatus(404);
  return { window, page, link, asks };
}

const chance = (page, value) => page.evaluate((value) => (Math.random = () => value), value);

/** Signed in somewhere else, from where this session can be ended. */
async function elsewhere(who) {
  const window = await demo.open();
  await signInAs(window.page, who);
  return async () => {
    await window.page.goto('/sessions');
    await window.page.locator('[action="/sessions/end-others"] button').click();
  };
}

for (const [why, code, least, most] of [['restarts', 1012, 500, 5_000], ['is too busy', 1013, 5_000, 15_000]]) {
  test(`when the server ${why}, each page comes back at a moment of its own`, async () => {
    const { page, link, asks } = await open('ana');
    for (const [value, wait] of [[0, least], [0.9999, most]]) {
      await chance(page, value);
      const [before, opened] = [(await asks()).length, link.opened];
      await link.close(code);
      await page.clock.runFor(wait - 100);
      assert.equal((await asks()).length, before, 'not yet');
      const ticket = page.waitForResponse('**/live/ticket');
      const socket = page.waitForEvent('websocket');
      await page.clock.runFor(200);
      await Promise.all([ticket, socket]);
      await link.answered;
      assert.equal(link.opened, opened + 1);
    }
  });
}

test('a page that may have no socket asks for its pieces instead, and never tries one again', async () => {
  const other = await demo.open();
  await signInAs(other.page, 'bruno');
  const { page, link } = await open('ana');
  await demo.breakIt('share-added');
  await page.locator(`${CARD}`, { hasText: 'Marketing' }).waitFor();
  await link.close(4403);
  for (let round = 0; round < 12; round += 1) {
    const polled = page.waitForResponse('**/live/poll?*');
    await page.clock.runFor(round ? 10_000 : 10);
    await (await polled).finished();
    if (round === 2) {
      await demo.breakIt('power-off');
      await other.page.locator('#banner').getByText('O armazenamento está fora do ar').waitFor();
    }
  }
  await page.locator('#banner').getByText('O armazenamento está fora do ar').waitFor();
  assert.equal(link.opened, 1);
});

for (const [who, path] of [['ana', '/dashboard'], ['carla', '/admin'], ['carla', '/admin/logs']]) {
  test(`after the end of its session ${path} asks for nothing more`, async () => {
    const { page, link, asks } = await open(who, path);
    await (await elsewhere(who))();
    await page.locator('[data-farewell]').waitFor();
    const before = (await asks()).length;
    await page.clock.runFor(5 * MINUTE);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.clock.runFor(1_000);
    assert.deepEqual((await asks()).slice(before), []);
    assert.equal(link.opened, 1);
  });
}

test('a session that ended without a farewell ends at the front door', async () => {
  const { page, link } = await open('ana');
  const anew = page.waitForEvent('load');
  await link.close(4401);
  await anew;
});

test('a server that falls silent is left after one unanswered question', async () => {
  const { page, link, asks } = await open('ana');
  await chance(page, 0);
  link.silent = true;
  const before = (await asks()).length;
  await page.clock.runFor(34_500);
  assert.deepEqual((await asks()).slice(before), [], 'it may still answer');
  const socket = page.waitForEvent('websocket');
  link.silent = false;
  await page.clock.runFor(500);
  await page.clock.runFor(1_000);
  await socket;
  await link.answered;
  await demo.breakIt('power-off');
  await page.locator('#banner').getByText('O armazenamento está fora do ar').waitFor();
});

test('a tab that wakes comes back at once, and a hidden one does not', async () => {
  const { page, link, asks } = await open('ana');
  const turn = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await chance(page, 0.9999);
  await link.close(1013);
  const before = (await asks()).length;
  await turn(true);
  await page.clock.runFor(10);
  assert.deepEqual((await asks()).slice(before), []);
  let socket = page.waitForEvent('websocket');
  await turn(false);
  await page.clock.runFor(10);
  await socket;
  await link.answered;
  // The machine slept, and the link died with nobody to notice.
  link.silent = true;
  await page.clock.fastForward(10 * MINUTE);
  link.silent = false;
  socket = page.waitForEvent('websocket');
  await turn(false);
  await page.clock.runFor(10);
  await socket;
  await link.answered;
});

test('a script within a piece is neither run nor kept', async () => {
  const { page, link, asks } = await open('ana');
  link.send('<hx-partial hx-target="#said" hx-swap="innerHTML"><p>told<script src="/run.js"></script></p></hx-partial>');
  await page.locator('#said', { hasText: 'told' }).waitFor({ state: 'attached' });
  assert.equal(await page.locator('#said script').count(), 0);
  assert.equal((await asks()).includes('/run.js'), false);
});

test('a piece that cannot be shown holds up neither what comes after it nor the end of the session', async () => {
  const end = await elsewhere('ana');
  const { window, page } = await open('ana');
  window.expectComplaint(/no place for it/);
  const failOnce = () => page.evaluate(() => {
    const { swap } = htmx;
    htmx.swap = () => {
      htmx.swap = swap;
      throw new Error('no place for it');
    };
  });
  await failOnce();
  const anew = page.waitForEvent('load');
  await demo.breakIt('share-added');
  await anew;
  await page.locator(`${CARD}`, { hasText: 'Marketing' }).waitFor();
  await page.locator('#cursor[data-cursor]').waitFor({ state: 'attached' });
  // So soon again, the page goes on without it.
  await page.evaluate(() => (globalThis.same = true));
  await failOnce();
  await demo.breakIt('share-disabled');
  await page.waitForFunction(() => htmx.swap.name !== '');
  await demo.breakIt('power-off');
  await page.locator('#banner').getByText('O armazenamento está fora do ar').waitFor();
  await end();
  await page.locator('[data-farewell]').waitFor();
  assert.equal(await page.evaluate(() => globalThis.same), true, 'the page was loaded anew');
});

test('a toast stays while a key has brought somebody to it', async () => {
  const { page } = await open('ana');
  await demo.breakIt('share-added');
  const toast = page.locator('#toasts .toast:not(.is-going)', { hasText: 'Marketing' });
  // The moment a page waits before it shows what another might.
  await page.locator('.toast').waitFor({ state: 'attached' });
  await page.clock.runFor(1_000);
  await toast.waitFor();
  await page.mouse.move(5, 300);
  await toast.locator('button').focus();
  await page.clock.runFor(MINUTE);
  assert.equal(await toast.count(), 1);
  await page.locator('#content').focus();
  await page.clock.runFor(20_000);
  await toast.waitFor({ state: 'detached' });
});
