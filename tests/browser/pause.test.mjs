// What moves on the sign-in card: the list of steps, and the countdown of a pause.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { PEOPLE, assertAccessible, fillIn, freshDemos, openReady, shoot, signIn } from './harness.mjs';

// The narrowest telephone still in use: whatever can wrap, wraps here.
const NARROW = { viewport: { width: 320, height: 640 } };

const demo = freshDemos();
let window, page;
beforeEach(async () => {
  window = await demo.open(NARROW);
  page = window.page;
});

test('the list of steps stays where it is while the lights move on', async () => {
  await openReady(page);
  await demo.breakIt('slow');
  await page.evaluate(() => {
    globalThis.seen = [];
    const look = () => {
      const list = document.querySelector('#signin-steps');
      const running = list?.querySelector('.step-running .step-text');
      if (running) globalThis.seen.push([running.textContent.trim(), [...list.children].map((step) => step.offsetHeight).join(' ')]);
      requestAnimationFrame(look);
    };
    look();
  });
  await fillIn(page, 'bruno', 'errada');
  await page.evaluate(() => document.fonts.ready);
  window.expectStatus(401);
  await page.locator('#password').press('Enter');
  // Answers that take five seconds each come first.
  await page.locator('.step-running', { hasText: 'Conferindo a senha' }).waitFor({ timeout: 60_000 });
  await shoot(page, 'steps-running');
  await page.getByText('Credenciais inválidas').waitFor();
  await demo.mend('slow');
  const seen = await page.evaluate(() => globalThis.seen);
  const steps = new Set(seen.map(([step]) => step));
  assert.ok(steps.size > 1, `only ${[...steps]}`);
  assert.deepEqual([...new Set(seen.map(([, heights]) => heights))], [seen[0][1]]);
});

test('a pause says how long it lasts, counts down, and says once that it is over', async () => {
  window.expectStatus(401, 429);
  await page.clock.install();
  await page.goto('/');
  for (let tries = 0; tries < 5; tries += 1) {
    await signIn(page, 'ana', 'errada');
    await page.getByText('Credenciais inválidas').waitFor();
  }
  await signIn(page, 'ana', PEOPLE.ana.password);
  const alert = page.getByRole('alert').filter({ hasText: 'Tentativas demais' });
  await alert.waitFor();
  await page.evaluate(() => {
    globalThis.told = [];
    const note = () => globalThis.told.push(document.querySelector('#said').textContent);
    new MutationObserver(note).observe(document.querySelector('#said'), { childList: true });
  });
  assert.match(await alert.innerText(), /Aguarde \d+ s\./);
  assert.match(await page.locator('[data-countdown]').innerText(), /^Aguarde 0[01]:\d\d$/);
  assert.ok(await page.locator('.signin-button').isDisabled());
  await assertAccessible(page);
  await shoot(page, 'throttled');
  await page.clock.runFor(61_000);
  assert.equal(await page.locator('[data-countdown]').innerText(), 'Já pode tentar de novo.');
  assert.doesNotMatch(await alert.innerText(), /Aguarde/);
  assert.deepEqual(await page.evaluate(() => globalThis.told), ['Já pode tentar de novo.']);
  assert.ok(await page.locator('.signin-button').isEnabled());
  await shoot(page, 'throttled-over');
});
