// What is said of a page beside its text: owner, status, tags, review, lock; by keyboard, and on paper.
import { expect, test } from './app-window.ts';
import { picture } from './pictures.ts';

test('[W23][W4][DD7][X4] properties and other names by keyboard; they are there after a reload, an overdue review warns until it is reviewed', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish alignment');
  await page.getByRole('button', { name: 'Add properties' }).press('Enter');
  const form = page.getByRole('dialog', { name: 'Properties of the page' });
  await expect(form.getByLabel('Owner')).toBeFocused();
  await form.getByLabel('Owner').selectOption('Mira Okafor (me)');
  await form.getByLabel('Status').fill('in review');
  await form.getByLabel('Tags', { exact: true }).fill('#rf, field');
  await page.keyboard.press('Enter');
  await form.getByLabel('Other names', { exact: true }).fill('Pointing, coarse');
  await page.keyboard.press('Enter');
  await form.getByLabel('Other names', { exact: true }).fill('Schüsseltanz');
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: 'Remove Pointing, coarse' }).click();
  await expect(form.getByLabel('Other names', { exact: true })).toBeFocused();
  await form.getByLabel('Review by').fill('2020-01-12');
  await form.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('group', { name: 'Properties' });
  await expect(row).toContainText('Owner Mira Okafor');
  await expect(row).toContainText('Status In review');
  await expect(row).toContainText('Tags field, rf');
  await expect(row).toContainText('Other names Schüsseltanz');
  await expect(row.getByRole('button', { name: /^Review overdue since/ })).toHaveClass(/warn/);
  await picture(page, 'properties');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await page.reload();
  await row.getByRole('button', { name: /^Review overdue/ }).press('Enter');
  await expect(form.getByLabel('Review by')).toBeFocused();
  await form.getByRole('button', { name: 'Mark as reviewed' }).click();
  await expect(form).toContainText('Last by Mira Okafor');
  await page.keyboard.press('Escape');
  await expect(row.getByRole('button', { name: /^Review by/ })).toBeVisible();
  await app.newPage('Elsewhere');
  await page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
  await page.keyboard.type('[[schussel');
  await expect(page.getByRole('option', { name: /Schüsseltanz \(Dish alignment\)/ })).toBeVisible();
});

test('[W24] a locked page is read only, says by whom, and is unlocked; on paper stands the page alone, in light', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish alignment');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Stay within 0.4 degrees.');
  await page.getByRole('button', { name: 'More for this page' }).click();
  await page.getByRole('menuitem', { name: 'Lock', exact: true }).click();
  const notice = page.getByRole('note', { name: 'Locked' });
  await expect(notice).toContainText('Locked by Mira Okafor');
  await expect(app.text).toHaveAttribute('contenteditable', 'false');
  await picture(page, 'locked');
  await page.keyboard.press('Control+Alt+h');
  await page.locator('.history .session').first().click();
  const version = page.getByRole('document', { name: 'Page as it was' });
  await expect(version).toContainText('Stay within');
  const restore = page.getByRole('button', { name: 'Restore this page' });
  await expect(restore).toHaveAttribute('title', /locked/);
  await expect(version.getByRole('button', { name: 'Bring back' })).toHaveCount(0);
  await restore.press('Enter');
  await expect(version).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Alt+h');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByRole('navigation', { name: 'Workspace' })).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Dish alignment' })).toBeVisible();
  await expect(notice).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('.page-text')!).color)).toBe(
    'rgb(36, 33, 28)',
  );
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await notice.getByRole('button', { name: 'Unlock' }).click();
  await expect(app.text).toHaveAttribute('contenteditable', 'true');
});
