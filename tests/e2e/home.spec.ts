// Home, bookmarks, the directory of spaces and insights in one person's window, by keys where there are some.
import { expect, test } from './app-window.ts';
import { sound } from './sound-look.ts';

test('[P3] home opens first; a page is bookmarked by a key, for all of a space, and featured; an address of the web is kept, a script is not', async ({
  app,
  page,
}) => {
  await app.firstRun();
  const side = page.getByRole('navigation', { name: 'Workspace' });
  await expect(page.getByRole('heading', { name: 'Home', exact: true })).toBeVisible();
  await expect(side.getByRole('button', { name: 'Home' })).toHaveAttribute('aria-current', 'page');
  await app.newPage('Frequency plan');
  await page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
  await page.keyboard.press('Control+Alt+d');
  const dialog = page.getByRole('dialog', { name: 'Bookmark' });
  await expect(dialog.getByLabel('Called')).toBeFocused();
  await page.keyboard.type('Who listens where');
  await dialog.getByLabel('Who sees it').selectOption({ label: 'Everybody in Everyone' });
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('Feature in');
  await page.getByRole('option', { name: /Feature in its space/ }).click();
  await expect(page.getByText('Featured for everybody in Everyone.')).toBeVisible();

  await side.getByRole('button', { name: 'Bookmarks' }).click();
  await expect(page.getByRole('link', { name: 'Who listens where' })).toBeVisible();
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await expect(dialog.getByLabel('Address')).toBeFocused();
  await page.keyboard.type('javascript:alert(1)');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('no address of the web');
  await dialog.getByLabel('Address').fill('example.org/passes');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('link', { name: 'https://example.org/passes' })).toBeVisible();

  await side.getByRole('button', { name: 'Home' }).click();
  await expect(
    page.getByRole('region', { name: /^Featured/ }).getByRole('link', { name: 'Frequency plan' }),
  ).toBeVisible();
  const marks = page.getByRole('region', { name: 'Bookmarks' });
  await expect(marks.getByRole('link')).toHaveCount(2);
  await sound(page, 'home');
  await marks.getByRole('link', { name: 'Who listens where' }).click();
  await expect(app.title).toHaveValue('Frequency plan');
});

test('[P4][P5] the directory says who manages what and what needs attention, with a place for what is off topic; figures have a table', async ({
  app,
  page,
}) => {
  await app.firstRun();
  await app.newPage('Frequency plan');
  await page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: 'Spaces' }).click();
  // A place for what is off topic comes with every workspace.
  await expect(page.getByRole('button', { name: /^Off topic Manager/ })).toContainText('lunch');
  await page.getByRole('button', { name: /^Everyone Manager/ }).click();
  await expect(page.getByRole('region', { name: 'Needs attention' })).toContainText('Nothing: no question waits');
  await page.locator('main').getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'Change what it is for…' }).click();
  await expect(page.getByLabel('What it is for')).toBeFocused();
  await page.keyboard.type('News for all');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Everyone Manager/ })).toContainText('News for all');
  await sound(page, 'directory of spaces');

  await page.getByRole('button', { name: 'Insights', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Insights' })).toBeVisible();
  await page.getByRole('button', { name: 'A week later' }).click();
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(13);
  await expect(rows.nth(1).getByRole('cell').first()).toHaveText('1');
  await sound(page, 'insights');
});
