// Maintenance, announcements and incidents: planned at one desk, seen at another while its page stays open.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertFits, endAll, openWindow, shoot, signInAs, startBrowser, startDemo } from './harness.mjs';

const WIDTHS = { phone: 360, desk: 1280 };
const EVIL = '"><img src=x onerror=1>';

let demo, browser, carla, ana, bruno;
before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  [carla, ana, bruno] = await Promise.all(['carla', 'ana', 'bruno'].map(async (who) => {
    const window = await openWindow(browser, demo.site);
    window.expectStatus(422);
    await signInAs(window.page, who);
    await window.page.locator('#shares .share[id]').first().waitFor();
    return window;
  }));
});
after(() => endAll(carla, ana, bruno, browser, demo));

/** What a field for a moment takes, some minutes from now, in the zone the form says. */
async function moment(page, minutes) {
  const zone = await page.locator('#zone').inputValue();
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return parts.format(new Date(Date.now() + minutes * 60_000)).replace(' ', 'T');
}

async function planSoon(page, title, from, to) {
  await page.goto('/admin/maintenance/new');
  await page.locator('#title_portuguese').fill(title);
  await page.locator('#starts').fill(await moment(page, from));
  await page.locator('#ends').fill(await moment(page, to));
}

test('a form that is wrong keeps what was typed and goes to the first field that is', async () => {
  const { page } = carla;
  await planSoon(page, '', 60, 30);
  await page.locator('#text_portuguese').fill('Salve tudo.');
  await page.getByRole('button', { name: 'Planejar' }).click();
  await page.getByRole('alert').getByText('Nada foi salvo ainda').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'title_portuguese');
  assert.equal(await page.locator('#text_portuguese').inputValue(), 'Salve tudo.');
  await page.locator('#ends-wrong').getByText('O fim precisa vir depois').waitFor();
  await assertAccessible(page);
  await shoot(page, 'planning-wrong-desk');
});

test('the rule decides which fields there are, and the preview follows what is typed', async () => {
  const { page } = carla;
  await page.goto('/admin/maintenance/new');
  assert.equal(await page.locator('#starts').isVisible(), true);
  assert.equal(await page.locator('#day').isVisible(), false);
  await page.locator('#title_portuguese').fill('Troca de discos');
  await page.getByLabel('Todo mês').check();
  assert.equal(await page.locator('#starts').isVisible(), false);
  await page.locator('#day').selectOption('last sunday');
  await page.locator('#preview').getByText('Manutenção amanhã').waitFor();
  assert.equal(await page.locator('#preview .plain-list li').count(), 4);
  await page.getByLabel('Toda semana').check();
  await page.locator('#preview').getByText('Preencha título e horário').waitFor();
  await page.getByLabel('sábado').check();
  await page.locator('#preview').getByText('A manutenção começou').waitFor();
  await shoot(page, 'planning-preview-desk');
});

test('a window is seen coming, moved, given more time and called off on a page that stays open', async () => {
  await ana.page.goto('/dashboard');
  await planSoon(carla.page, 'Troca de discos', 2, 40);
  await carla.page.getByRole('button', { name: 'Planejar' }).click();
  await carla.page.waitForURL('**/admin/maintenance');
  await ana.page.locator('#banner').getByText('Troca de discos').first().waitFor();
  await ana.page.locator('#banner [data-left]').first().waitFor();
  await ana.page.locator('.toast').getByText('Manutenção em').waitFor();
  await ana.page.locator('.bell-count').waitFor();
  assert.equal(await ana.page.locator('.toast').count(), 1, 'told once');
  await shoot(ana.page, 'planning-coming-employee');
  await carla.page.locator('#maintenance').getByRole('link', { name: /^Editar/ }).click();
  await carla.page.locator('#starts').fill(await moment(carla.page, 0));
  await carla.page.getByRole('button', { name: 'Salvar mudanças' }).click();
  await carla.page.waitForURL('**/admin/maintenance');
  await carla.page.getByRole('heading', { name: 'Em andamento' }).waitFor();
  await ana.page.locator('#banner').getByText("Manutenção em andamento").waitFor();
  await shoot(carla.page, 'planning-running-desk');
  await carla.page.getByRole('button', { name: /^Mais 30 min/ }).click();
  await ana.page.locator('.toast').getByText('A manutenção mudou').first().waitFor();
  const off = carla.page.getByRole('link', { name: /^Cancelar esta/ });
  await off.focus();
  await carla.page.keyboard.press('Enter');
  const dialog = carla.page.getByRole('dialog', { name: 'Cancelar esta manutenção?' });
  await dialog.getByText('Troca de discos').waitFor();
  assert.equal(await carla.page.evaluate(() => document.activeElement.textContent), 'Manter');
  await assertAccessible(carla.page);
  await shoot(carla.page, 'planning-dialog-desk');
  await carla.page.keyboard.press('Escape');
  assert.equal(await off.evaluate((link) => link === document.activeElement), true, 'the cursor is back');
  await carla.page.keyboard.press('Enter');
  await carla.page.keyboard.press('Tab');
  await carla.page.keyboard.press('Enter');
  await carla.page.getByText('cancelada').first().waitFor({ state: 'attached' });
  await ana.page.locator('#banner').getByText('Troca de discos').first().waitFor({ state: 'detached' });
});

test('an announcement reaches its group alone, and who has read it shows at the desk of whoever wrote it', async () => {
  await Promise.all([ana.page.goto('/dashboard'), bruno.page.goto('/dashboard'), carla.page.goto('/admin/announcements')]);
  const { page } = carla;
  await page.locator('#title_portuguese').fill(EVIL);
  await page.locator('#text_portuguese').fill('Feche o caixa até sexta.\nDúvidas: ramal 12.');
  await page.locator('#group').fill('financeiro');
  await page.getByLabel(/^Pedir/).check();
  await page.getByRole('button', { name: 'Publicar' }).click();
  await page.locator('#published').getByText('grupo financeiro').waitFor();
  await ana.page.locator('#announcements').getByText('Feche o caixa').waitFor();
  await ana.page.locator('.toast').getByText(EVIL).waitFor();
  await ana.page.getByRole('button', { name: /^Li/ }).click();
  await page.getByRole('link', { name: /^Ver quem leu \(1\)/ }).waitFor();
  assert.equal(await bruno.page.locator('.announcement').count(), 0);
  await page.getByRole('link', { name: /^Ver quem leu \(1\)/ }).click();
  await page.getByRole('rowheader', { name: 'ana' }).waitFor();
  await shoot(page, 'planning-confirmed-desk');
});

test('an incident is opened, updated and resolved', async () => {
  const { page } = carla;
  await page.goto('/admin/incidents');
  await page.getByText('Abrir incidente').click();
  await page.locator('#title_portuguese').fill('Rede lenta no segundo andar');
  await page.locator('#text_portuguese').fill('Estamos olhando.');
  await page.getByRole('button', { name: 'Abrir e avisar todos' }).click();
  await bruno.page.locator('.toast').getByText('Rede lenta').waitFor();
  await page.getByRole('link', { name: /^Atualizar/ }).click();
  await page.locator('#incident-state').selectOption('resolved');
  await page.locator('#text_portuguese').fill('Um cabo foi trocado.');
  await page.getByRole('button', { name: 'Publicar atualização' }).click();
  // The toast beside it says so too.
  await page.locator('#content').getByText('Um cabo foi trocado.').waitFor();
  await bruno.page.locator('.toast').getByText('Incidente resolvido').waitFor();
});

// Before the many pages below: nobody may ask for more than a hundred a minute.
test('without scripts a window is looked at first, planned, and called off from a page of its own', async () => {
  const window = await openWindow(browser, demo.site, { javaScriptEnabled: false });
  const { page } = window;
  await signInAs(page, 'carla');
  await planSoon(page, 'Sem scripts', 90, 120);
  await page.getByRole('button', { name: 'Conferir antes' }).click();
  await page.locator('#preview').getByText('A manutenção começou').waitFor();
  await page.getByRole('button', { name: 'Planejar' }).click();
  await page.waitForURL('**/admin/maintenance');
  await page.locator('li', { hasText: 'Sem scripts' }).getByRole('link', { name: /^Cancelar esta/ }).click();
  await page.getByRole('button', { name: 'Cancelar esta' }).click();
  await page.waitForURL('**/admin/maintenance');
  await window.close();
});

describe('every page of it', () => {
  before(async () => {
    await planSoon(carla.page, 'Atualização do Departamento de Infraestrutura e Obras Públicas', 600, 720);
    await carla.page.getByRole('button', { name: 'Planejar' }).click();
    await carla.page.waitForURL('**/admin/maintenance');
  });

  for (const [device, width] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`fits a ${device}, ${colorScheme}`, async () => {
        const { page } = carla;
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const incident = await page.goto('/admin/incidents').then(() => page.locator('.plan h3 a').first().getAttribute('href'));
        const pages = {
          maintenance: '/admin/maintenance',
          plan: '/admin/maintenance/new',
          announcements: '/admin/announcements',
          incidents: '/admin/incidents',
          incident,
        };
        for (const [name, path] of Object.entries(pages)) {
          await page.goto(path);
          await assertFits(page);
          await assertAccessible(page);
          await shoot(page, `planning-${name}-${device}-${colorScheme}`);
        }
      });
    }
  }
});
