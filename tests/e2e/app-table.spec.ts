// A table in a real window: from the slash menu to a menu of a cell, stored by the host and there again after a reload.
import { expect, test } from './app-window.ts';
import { axeOn } from './sound-look.ts';

test('[W11] [X4] a table is made, written and changed by keyboard alone, and is stored', async ({ app }) => {
  await app.firstRun();
  await app.newPage('Passes');
  const { keyboard } = app.page;
  await keyboard.press('Enter');
  await keyboard.type('/table');
  await keyboard.press('Enter');
  await expect(app.page.getByRole('textbox', { name: 'Row 1, column 1', exact: true })).toBeFocused();
  await keyboard.type('Satellite');
  await keyboard.press('Tab');
  await keyboard.type('Rises');
  await keyboard.press('Alt+Enter');
  const menu = app.page.getByRole('menu', { name: 'Table' });
  await expect(menu.getByRole('menuitem', { name: 'Insert checkbox' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(app.page.getByRole('textbox', { name: 'Row 1, column 2', exact: true })).toBeFocused();
  await keyboard.press('Alt+Enter');
  await menu.getByRole('menuitem', { name: 'Delete column' }).focus();
  await keyboard.press('Enter');
  await expect(app.page.getByRole('table', { name: 'Table, 2 columns, 3 rows' })).toBeVisible();
  await keyboard.press('Control+z');
  await expect(app.page.getByRole('columnheader')).toHaveText(['Satellite', 'Rises', '']);
  const found = await axeOn(app.page).include('.page-text').analyze();
  expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.page.reload();
  await expect(app.page.getByRole('columnheader')).toHaveText(['Satellite', 'Rises', '']);
});
