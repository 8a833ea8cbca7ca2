// Every screen of the app before axe, in light, dark and high contrast; zoom, reduced motion, and text of other directions.
import { expect, test, type App } from './app-window.ts';
import { sound } from './sound-look.ts';

async function written(app: App): Promise<void> {
  await app.firstRun();
  await app.newPage('Dish alignment');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('## Before the first pass');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('[] Load the elements');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('Zero the encoder');
  await app.page.keyboard.press('Control+Enter');
  await app.newPage('Antenna build');
  await app.visit('Dish alignment');
}

test('[X4] axe finds nothing serious on the first run, also with an error', async ({ app }) => {
  await expect(app.page.getByLabel('Your name')).toBeVisible();
  await sound(app.page, 'first run');
  await app.page.getByRole('radio', { name: /Join a workspace/ }).check();
  await app.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(app.page.getByRole('alert')).toBeVisible();
  await sound(app.page, 'first run with an error');
});

test('[X4] axe finds nothing serious on the page, its panel and its menu', async ({ app }) => {
  const { page } = app;
  await written(app);
  await sound(page, 'page');
  await app.status.click();
  await expect(page.getByRole('dialog', { name: 'Where this page is' })).toBeVisible();
  await sound(page, 'where it is');
  await page.keyboard.press('Escape');
  await expect(app.status).toBeFocused();
  await app.row('Antenna build').click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  await sound(page, 'menu');
  await page.keyboard.press('Escape');
  await expect(app.row('Antenna build')).toBeFocused();
});

test('[X4] axe finds nothing serious in the palette and in a toast', async ({ app }) => {
  const { page } = app;
  await written(app);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('an');
  await sound(page, 'palette');
  await page.keyboard.press('Escape');
  await app.row('Antenna build').focus();
  await page.keyboard.press('Control+Alt+a');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await sound(page, 'toast');
});

test('[X4] axe finds nothing serious in an empty workspace and in import', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await sound(page, 'empty workspace');
  await page.getByRole('button', { name: 'Import Markdown' }).click();
  await expect(page.getByRole('dialog', { name: 'Import Markdown' })).toBeVisible();
  await sound(page, 'import');
});

test('[X4] axe finds nothing serious in settings, help and archive', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Look now' }).click();
  await expect(page.getByText('data folder', { exact: true })).toBeVisible();
  await sound(page, 'settings');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await sound(page, 'help');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'Archived pages' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing is archived here' })).toBeVisible();
  await sound(page, 'archive');
});

test('[X4] at 200% zoom nothing is cut off sideways, and the page can be written', async ({ app }) => {
  const { page } = app;
  await written(app);
  // A window of 1280 at 200% has 640 CSS pixels.
  await page.setViewportSize({ width: 640, height: 400 });
  // The window hears of its size with the next frame.
  await expect(app.row('Dish alignment')).toHaveCount(0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBe(0);
  await app.text.getByText('Zero the encoder').click();
  await page.keyboard.press('End');
  await page.keyboard.type(' twice');
  await expect(app.text).toContainText('Zero the encoder twice');
});

test('[X4] reduced motion moves nothing', async ({ app }) => {
  await app.firstRun();
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.page.keyboard.press('Control+k');
  await expect(app.page.getByRole('dialog', { name: 'Search or jump' })).toBeVisible();
  const moving = await app.page.evaluate(
    () =>
      document
        .getAnimations()
        .filter((animation) => Number(animation.effect?.getComputedTiming().activeDuration ?? 0) > 0).length,
  );
  expect(moving).toBe(0);
});

test('[X4] titles and paragraphs run in the direction of their own text', async ({ app }) => {
  await app.firstRun();
  await app.newPage('محاذاة الصحن');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('يجب أن يبقى');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('Left to right');
  const starts = await app.text.locator('.block').evaluateAll((blocks) =>
    blocks.map((block) => {
      const range = document.createRange();
      range.selectNodeContents(block);
      const text = range.getBoundingClientRect();
      const box = block.getBoundingClientRect();
      return Math.abs(text.right - box.right) < Math.abs(text.left - box.left) ? 'right' : 'left';
    }),
  );
  expect(starts).toEqual(['right', 'left']);
  expect(await app.title.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl');
});

test('[X4] announcements can be turned off', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  for (const title of ['Alpha', 'Beta']) await app.newPage(title);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('group', { name: 'Announcements' }).getByText('Off').click();
  await app.row('Beta').focus();
  await page.keyboard.press('Control+Shift+ArrowUp');
  await expect.poll(() => app.tree()).toEqual(['1 Beta', '1 Alpha']);
  await expect(page.getByText('position 1 of 2')).toHaveCount(0);
});

test('[X17] the licence and the notices of what is inside are in the app', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByText('under the MIT licence')).toBeVisible();
  await page.getByRole('button', { name: 'Licences of what is inside' }).click();
  await expect(page.getByLabel('Third-party notices')).toContainText('prosemirror');
});

test('[LG5] the theme, and whether long pages are laid out whole, are chosen in the settings and kept', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('group', { name: 'Theme' }).getByText('Dark').click();
  await page.getByRole('group', { name: 'Very long pages' }).getByText('All of it', { exact: true }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-pages', 'whole');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(30, 28, 25)');
});
