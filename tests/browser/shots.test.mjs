// Every page in both languages, both themes, on a desk and in a hand: pictures for people, checks for what a machine sees.
import { after, before, test } from 'node:test';
import { CARD, PEOPLE, assertAccessible, assertFits, openWindow, shoot, signIn, signInAs, startBrowser, startDemo } from './harness.mjs';

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
  sessions: (page) => page.goto('/sessions'),
  forbidden: (page) => page.goto('/download_bat?share=Backup-Mac'),
};

for (const locale of ['pt-BR', 'en-US']) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [device, viewport] of Object.entries(WIDTHS)) {
      test(`every page in ${locale}, ${colorScheme}, on a ${device}`, async () => {
        const demo = await startDemo();
        try {
          await shootAll(demo, `${locale}-${colorScheme}-${device}`, { locale, colorScheme, viewport });
        } finally {
          await demo.stop();
        }
      });
    }
  }
}

async function shootAll(demo, look, options) {
  const window = await openWindow(browser, demo.site, options);
  window.expectStatus(401, 404);
  for (const [name, reach] of Object.entries(PAGES)) {
    await reach(window.page);
    await assertFits(window.page);
    await assertAccessible(window.page);
    await shoot(window.page, `${name}-${look}`);
  }
  await window.close();
  const nobody = await openWindow(browser, demo.site, options);
  await signInAs(nobody.page, 'davi');
  await nobody.page.locator('#shares .alone').waitFor();
  await shoot(nobody.page, `empty-${look}`);
  await nobody.close();
}
