// Every page in both languages, both themes, on a desk and in a hand: pictures for people, checks for what a machine sees.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CARD, PEOPLE, assertAccessible, assertFits, openSample, openWindow, rareSamples, shoot, signIn, signInAs, startBrowser, startDemo,
} from './harness.mjs';

const WIDTHS = { desk: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** Page by page, each with how to get there. */
const PAGES = {
  signin: (page) => page.goto('/'),
  refused: async (page) => {
    await signIn(page, 'elisa', 'errada');
    await page.getByRole('alert').first().waitFor();
  },
  code: async (page) => {
    await signIn(page, 'fabio', PEOPLE.fabio.password);
    await page.locator('#code').waitFor();
  },
  emergency: (page) => page.goto('/emergency'),
  missing: (page) => page.goto('/nothing-is-here'),
  dashboard: async (page) => {
    await signInAs(page, 'carla');
    await page.locator(CARD).first().waitFor();
  },
  menu: async (page) => {
    await page.locator('[popovertarget="person-menu"]').click();
    await page.locator('#person-menu').waitFor();
  },
  how: async (page) => {
    await page.goto('/dashboard');
    await page.locator('.how > summary').click();
    await page.locator('.how-text').waitFor();
  },
  sessions: (page) => page.goto('/sessions'),
};

/** Pages of what goes wrong, each provoked as it would happen. The last ones end what the browser may do. */
const WRONGS = {
  throttled: async (page) => {
    for (let tries = 0; tries < 8; tries += 1) {
      await signIn(page, 'ana', 'errada');
      await page.getByRole('alert').first().waitFor();
      if (await page.locator('[data-countdown]').count()) return;
    }
    assert.fail('nobody has to wait');
  },
  off: async (page, demo) => {
    await demo.breakIt('power-off');
    try {
      await signIn(page, 'bruno', PEOPLE.bruno.password);
      await page.getByText('TrueNAS inacessível').or(page.getByText('TrueNAS unreachable')).first().waitFor();
    } finally {
      await demo.mend('power-off');
    }
  },
  'status-403': async (page, demo) => {
    await page.goto('about:blank');
    await page.setContent(`<form method="post" action="${demo.site}/logout"></form>`);
    await sendForm(page, 'form', 403);
  },
  'status-413': async (page) => {
    await page.goto('/');
    await page.locator('#username').evaluate((field) => (field.value = 'x'.repeat(100_000)));
    await sendForm(page, '.signin-form', 413);
  },
  'status-422': async (page) => {
    await page.goto('/');
    await page.locator('form[action="/preferences"] [name="back"]').first().evaluate((field) => (field.name = 'language'));
    await sendForm(page, 'form[action="/preferences"]', 422);
  },
  'status-429': async (page, demo) => {
    const status = async () => (await fetch(`${demo.site}/api/status`)).status;
    while (!(await Promise.all(Array.from({ length: 100 }, status))).includes(429));
    await page.goto('/');
    await expectPage(page, 429);
  },
};

/** By the browser alone, as a page without scripts would. */
async function sendForm(page, form, status) {
  await Promise.all([
    page.waitForResponse((answer) => answer.status() === status),
    page.locator(form).first().evaluate((found) => HTMLFormElement.prototype.submit.call(found)),
  ]);
  await expectPage(page, status);
}

const expectPage = (page, status) => page.locator('.alone-status', { hasText: String(status) }).waitFor();

const looks = ['pt-BR', 'en-US'].flatMap((locale) =>
  ['light', 'dark'].flatMap((colorScheme) =>
    Object.keys(WIDTHS).map((device) => ({ name: `${locale}-${colorScheme}-${device}`, locale, colorScheme, viewport: WIDTHS[device] }))));

// For what is rare two are enough: they differ in everything.
const few = looks.filter(({ name }) => ['pt-BR-light-phone', 'en-US-dark-desk'].includes(name));

// Both languages, themes and sizes; the look says nothing more to a screen reader.
const EXAMINED = /light-phone|dark-desk/;

// Mostly they wait, so several go side by side.
describe('pictures', { concurrency: 3 }, () => {
  for (const { name, ...options } of looks) {
    test(`every page, ${name}`, () => inDemo(async (demo) => {
      const window = await openWindow(browser, demo.site, options);
      window.expectStatus(401, 404);
      await shootEach(window.page, demo, PAGES, name);
      await window.close();
      const nobody = await openWindow(browser, demo.site, options);
      const empty = async (page) => {
        await signInAs(page, 'davi');
        await page.locator('#shares .alone').waitFor();
      };
      await shootEach(nobody.page, demo, { empty }, name);
      await nobody.close();
    }));
  }

  for (const { name, ...options } of few) {
    test(`every page of what goes wrong, ${name}`, () => inDemo(async (demo) => {
      const window = await openWindow(browser, demo.site, options);
      window.expectStatus(401, 403, 413, 422, 429, 503);
      await shootEach(window.page, demo, WRONGS, name);
      await window.close();
    }));

    test(`every sample of what is rare, ${name}`, () => inDemo(async (demo) => {
      const window = await openWindow(browser, demo.site, options);
      const samples = rareSamples(options.locale.startsWith('en') ? 'en' : 'pt-BR');
      const boards = samples.map(({ html }) => html.split('<li class="share" id=').length - 1);
      assert.ok(boards.includes(40), 'a board of forty');
      for (const { name: sample, html } of samples) {
        const themed = html.replace(/data-theme="\w+"/, `data-theme="${options.colorScheme}"`);
        await shootEach(window.page, demo, { [`sample-${sample}`]: (page) => openSample(page, themed) }, name);
      }
      await window.close();
    }));
  }
});

async function inDemo(story) {
  const demo = await startDemo();
  try {
    await story(demo);
  } finally {
    await demo.stop();
  }
}

async function shootEach(page, demo, pages, look) {
  for (const [name, reach] of Object.entries(pages)) {
    await reach(page, demo);
    await assertFits(page);
    if (EXAMINED.test(look)) await assertAccessible(page);
    await shoot(page, `${name}-${look}`);
  }
}
