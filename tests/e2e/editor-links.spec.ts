// Links in pages, in real windows: signs and menus, live titles, previews, places on a page, and who links here.
import type { Page } from '@playwright/test';
import type { App } from './app-window.ts';
import { expect, test } from './app-window.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

/** A page with the caret in its text. */
async function write(app: App, title: string, text = ''): Promise<void> {
  await app.newPage(title);
  await app.page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
  if (text !== '') await app.page.keyboard.type(text);
}
const menu = (page: Page) => page.getByRole('listbox', { name: 'Link to a page' });
const embeds = (app: App, kind: string) => app.text.locator(`[data-embed="${kind}"]`);

test('[W4] [[ finds a page with its path and puts in its title, which follows a renaming; own words stay', async ({
  app,
}) => {
  const { page } = app;
  await write(app, 'Winter plan', 'The plan itself.');
  await write(app, 'Notes', 'See [[wint');
  const row = menu(page).getByRole('option').first();
  await expect(row).toContainText('Winter plan');
  await expect(row).toContainText('Everyone');

  await page.keyboard.press('Enter');
  await expect(embeds(app, 'page')).toHaveText('Winter plan');
  await page.keyboard.type(' and [[winter|our words');
  await expect(menu(page).getByRole('option').first()).toContainText('Winter plan');
  await page.keyboard.press('Enter');
  await expect(app.text.locator('.block')).toHaveText('See Winter plan and our words');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await expect(second.locator('.page-text [data-embed="page"]')).toHaveText('Winter plan');
  await app.row('Winter plan').click();
  await expect(app.title).toHaveValue('Winter plan');
  await page.keyboard.press('Escape');
  await app.title.fill('Summer plan');
  await expect(second.locator('.page-text .block')).toHaveText('See Summer plan and our words');
  await second.locator('.page-text [data-embed="page"]').click();
  await expect(second.getByRole('textbox', { name: 'Title' })).toHaveValue('Summer plan');
  await second.close();
});
