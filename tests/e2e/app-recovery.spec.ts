// The recovery screen of a host whose store is damaged, in a real window: by keyboard, in all looks, with what came of it.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { damageTable } from '../support/damage.ts';
import { App, expect, test } from './app-window.ts';
import { startHost } from './journey/programs.ts';
import { axeOn } from './sound-look.ts';

/** Pages enough for a table; the store's middle is damaged while nothing runs. */
async function damaged(app: App): Promise<void> {
  await app.firstRun();
  await app.newPage('Dish alignment');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('The encoder lies when it is cold.');
  await app.newPage('Antenna build');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.page.goto('about:blank');
  await app.stopHost();
  // A second run makes a table of what lay in the log.
  await (await startHost(app.data)).stop();
  damageTable(join(app.data, 'store'));
}

test('[RV1] [RV2] [X4] [X10] repairs by keyboard, says what came of it, and goes on in the same window', async ({
  app,
}) => {
  const { page } = app;
  await damaged(app);
  await app.startHost();
  await app.open();
  await expect(page.getByRole('heading', { name: 'The stored documents are damaged' })).toBeFocused();
  await expect(page.getByText('Nothing was changed and nothing was sent to anybody.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText('checksums');
  await expect(page.getByRole('radio', { name: /Restore a snapshot/ })).toBeDisabled();
  await expect(page.getByText('There is no snapshot on this computer.')).toBeVisible();
  for (const look of ['light', 'dark', 'contrast'] as const) {
    await page.emulateMedia({
      colorScheme: look === 'dark' ? 'dark' : 'light',
      contrast: look === 'contrast' ? 'more' : null,
    });
    await expect(page.locator('html[data-contrast=more]')).toHaveCount(look === 'contrast' ? 1 : 0);
    await page.screenshot({ path: test.info().outputPath(`recovery-${look}.png`) });
    const { violations } = await axeOn(page).analyze();
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(
      grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`),
      look,
    ).toEqual([]);
  }
  await page.keyboard.press('Tab');
  await expect(page.getByRole('region', { name: 'Findings' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: /Repair/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'The store can be used again' })).toBeFocused();
  await expect(page.getByText(/The store as it was is kept in/)).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('recovery-report.png') });
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Go on' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Workspace' })).toBeVisible();
  expect(readdirSync(app.data).filter((name) => name.startsWith('store-before-repair-'))).toHaveLength(1);
});

test('[ID2] [X14] a copied data folder says so once in its window', async ({ app, folder, browser }) => {
  await app.firstRun();
  await app.stopHost();
  const copy = join(folder, 'copy');
  cpSync(app.data, copy, { recursive: true });
  rmSync(join(copy, 'host.json'), { force: true });
  const host = await startHost(copy);
  const context = await browser.newContext();
  try {
    const second = new App(await context.newPage(), copy, host);
    await second.open();
    await expect(second.page.getByText(/This data folder was copied or restored/)).toBeVisible();
    await second.page.reload();
    await expect(second.page.getByRole('navigation', { name: 'Workspace' })).toBeVisible();
    await expect(second.page.getByText(/This data folder was copied or restored/)).toHaveCount(0);
  } finally {
    await context.close();
    await host.stop();
    await app.startHost();
  }
});
