// The demo as a person starts it, a real browser in front of it, and an eye on everything a page must never do.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach } from 'node:test';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = new URL('./shots/', import.meta.url).pathname;
const HOUSE = new URL('../../', import.meta.url).pathname;
const SAMPLES = `${HOUSE}target/look/`;
const START_LIMIT_MS = 30_000;
// Longer than anything here takes on a busy machine; a wait that ends this way has failed.
const WAIT_MS = 20_000;

/** A share on the dashboard; the grey ones that only keep the place do not count. */
export const CARD = '.share[id]';

export const PEOPLE = {
  ana: { password: 'demo-ana', first: 'Ana', name: 'Ana Lima' },
  bruno: { password: 'demo-bruno', first: 'Bruno', name: 'Bruno Sá' },
  carla: { password: 'demo-carla', first: 'Carla', name: 'Carla "R&D" Nunes <TI> 100%' },
  davi: { password: 'demo-davi', first: 'Davi', name: 'Davi Souza' },
  elisa: { password: 'demo-elisa', first: 'Elisa', name: 'Elisa Prado' },
  fabio: { password: 'demo-fabio', first: 'Fábio', name: 'Fábio Reis', code: '123456' },
};

/** `farol demo`, on free ports, in its own process. */
export async function startDemo(...options) {
  const program = process.env.FAROL_PROGRAM;
  assert.ok(program, 'FAROL_PROGRAM must name the program to test');
  const anywhere = ['--listen', '127.0.0.1:0', '--panel', '127.0.0.1:0'];
  const server = spawn(program, ['demo', ...anywhere, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  const addresses = await within(START_LIMIT_MS, 'the demo did not say its addresses', readAddresses(server));
  const turn = async (switched) => {
    const answer = await fetch(`${addresses.panel}/faults/${switched}`, { method: 'POST' });
    assert.ok(answer.ok, `the panel refused ${switched}: ${answer.status}`);
  };
  return {
    ...addresses,
    breakIt: turn,
    mend: (name) => turn(`${name}/off`),
    stop: async () => {
      server.kill('SIGTERM');
      const [code] = await within(START_LIMIT_MS, 'the demo did not end', exited).finally(() => server.kill('SIGKILL'));
      assert.equal(code, 0, 'the demo ended in order');
    },
  };
}

/** For each story of a file a demo of its own, before one browser with as many windows as the story opens. */
export function freshDemos() {
  const demo = {};
  let browser, windows;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    windows = [];
    Object.assign(demo, await startDemo());
  });
  afterEach(() => endAll(...windows, demo));
  demo.open = async (options) => {
    const window = await openWindow(browser, demo.site, options);
    windows.push(window);
    return window;
  };
  return demo;
}

/** Ends every one of them, whatever another complains of: one left running would keep the stories from ending at all. */
export async function endAll(...started) {
  const complaints = [];
  for (const one of started) {
    await (one?.stop ?? one?.close)?.call(one).catch((complaint) => complaints.push(complaint));
  }
  if (complaints.length) throw complaints[0];
}

async function readAddresses(server) {
  const found = {};
  for await (const line of createInterface({ input: server.stdout })) {
    const address = line.match(/http:\/\/[^\s/]+/)?.[0];
    if (address && /painel/i.test(line)) found.panel = address;
    else if (address) found.site = address;
    if (found.site && found.panel) {
      server.stdout.resume();
      return found;
    }
  }
  throw new Error('the demo ended before it said its addresses');
}

async function within(limit, what, promise) {
  const late = new AbortController();
  const timer = new Promise((_, reject) => {
    const id = setTimeout(() => reject(new Error(what)), limit);
    late.signal.addEventListener('abort', () => clearTimeout(id));
  });
  return Promise.race([promise, timer]).finally(() => late.abort());
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

/** A window of its own, as another person at another machine would have. Ends by saying what it must not have done. */
export async function openWindow(browser, site, options = {}) {
  const context = await browser.newContext({ baseURL: site, locale: 'pt-BR', ...options });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const wrongs = [];
  const expected = new Set();
  const complaints = [];
  page.on('pageerror', (error) => {
    // No script of ours: a machine too busy to fade from one page to the next shows the next one at once.
    if (!error.message.startsWith('Transition was aborted')) wrongs.push(`error in a script: ${error.message}`);
  });
  page.on('console', (message) => {
    // The browser itself notes every answer that is an error; the ones a story provokes are named by it.
    const status = message.text().match(/status of (\d{3})/)?.[1];
    // Whoever signs in sooner than the socket opens leaves it behind, which the browser notes too.
    const left = message.text().includes('WebSocket is closed before the connection is established');
    // Whoever fills in a field sooner than the browser has put the cursor somewhere has put it there themselves.
    const focused = message.text().startsWith('Autofocus processing was blocked');
    const known = complaints.some((pattern) => pattern.test(message.text()));
    if (!left && !focused && !known && !(status && expected.has(Number(status)))) wrongs.push(`on the console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.host !== new URL(site).host) wrongs.push(`asked another host: ${url}`);
  });
  return {
    context,
    page,
    expectStatus: (...statuses) => statuses.forEach((status) => expected.add(status)),
    /** What the browser itself notes when a story takes something away from it. */
    expectComplaint: (pattern) => complaints.push(pattern),
    close: async () => {
      await context.close();
      assert.deepEqual(wrongs, []);
    },
  };
}

/** Fills in the form and sends it the way a person does. */
export async function signIn(page, username, password) {
  await page.goto('/');
  await fillIn(page, username, password);
  await page.locator('#username').press('Enter');
}

/** Whoever is faster than the scripts of the page is let in as if there were none, and sees no steps. */
export async function openReady(page) {
  const socket = page.waitForEvent('websocket');
  await page.goto('/');
  await socket;
}

export async function fillIn(page, username, password) {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
}

export async function signInAs(page, who) {
  await signIn(page, who, PEOPLE[who].password);
  if (PEOPLE[who].code) {
    await page.locator('#code').fill(PEOPLE[who].code);
    await page.locator('#code').press('Enter');
  }
  await page.waitForURL('**/dashboard');
}

/** The names on the cards, in the order they are shown. */
export async function shareNames(page) {
  return page.locator(`${CARD} h3`).allTextContents();
}

/** Nothing a person with a screen reader or a keyboard would stumble over. */
export async function assertAccessible(page) {
  // What is still fading in has not its colours yet.
  await page.evaluate(() => Promise.all(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => {}))));
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  assert.deepEqual(told, []);
}

/** A page never scrolls sideways, however narrow, and nothing in its top bar lies on something else. */
export async function assertFits(page) {
  const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(needed <= there, `the page is ${needed} px wide in a window of ${there} px`);
  const overlaps = await page.evaluate(() => {
    const parts = [...document.querySelectorAll('.bar > .bar-name, .bar-tools > *:not([popover])')];
    const boxes = parts.map((part) => ({ part: part.textContent.trim().slice(0, 20), box: part.getBoundingClientRect() }));
    const shown = boxes.filter(({ box }) => box.width > 0 && box.height > 0);
    const cross = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
    return shown.flatMap((one, at) =>
      shown.slice(at + 1).filter((other) => cross(one.box, other.box)).map((other) => `${one.part} / ${other.part}`));
  });
  assert.deepEqual(overlaps, [], 'parts of the top bar overlap');
}

/** What is too rare to provoke: every dashboard and every error of ours, as the tests of the views write them down. */
export function rareSamples(language) {
  const writing = ['test', '--locked', '--quiet', '--lib', 'every_sample_is_written_down', '--', '--ignored'];
  execFileSync('cargo', writing, { cwd: HOUSE, stdio: ['ignore', 'ignore', 'inherit'] });
  const samples = readdirSync(SAMPLES).flatMap((file) => {
    const [, page, number] = file.match(/^pages_(dashboard|errors)_.*_sample_(\d+)\.html$/) ?? [];
    // The first of each page comes once in every frame, and its second frame is everybody else's too.
    if (!page || !file.includes(`__${language}__`) || (number !== '1' && number < 6)) return [];
    const html = readFileSync(SAMPLES + file, 'utf8');
    const status = html.match(/alone-status[^>]*>(\d+)/)?.[1];
    return status < 500 ? [] : [{ name: `${status ?? 'dashboard'}-${number}`, html }];
  });
  for (const rare of ['500', '502', '503']) assert.ok(samples.some(({ name }) => name.startsWith(`${rare}-`)), `no sample of ${rare}`);
  return samples;
}

/** Shows a sample as a page of this site. What it would fetch by itself never comes; it is nobody's page, and opens no socket. */
export async function openSample(page, html) {
  html = html.replace(/<script[^>]*\/js\/live-[^>]*><\/script>/, '');
  await page.route('**/sample', (route) => route.fulfill({ body: html, contentType: 'text/html; charset=utf-8' }), { times: 1 });
  await page.route('**/dashboard/shares', () => {});
  await page.goto('/sample');
}

/** For people to look at, in a folder the repository ignores. */
export async function shoot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true, animations: 'disabled' });
}
