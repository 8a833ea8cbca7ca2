// Pages and their tree in a real window: making, writing, renaming, moving, archiving, and finding them again.
import { expect, test } from './app-window.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

test('[W1] a new page opens with the caret in the title; Enter goes on to the text; both are stored', async ({
  app,
}) => {
  await app.newPage('Dish alignment');
  await app.page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
  await app.page.keyboard.type('The dish must stay within 0.4 degrees.');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.page.reload();
  await expect(app.title).toHaveValue('Dish alignment');
  await expect(app.text).toContainText('The dish must stay within 0.4 degrees.');
});

test('[W1] what is typed while a new page is being made stands in its title and text', async ({ app }) => {
  await app.page.keyboard.press('Control+Alt+n');
  // No step waits here: the page is not there yet.
  await app.page.keyboard.type('Dish notez');
  await app.page.keyboard.press('Backspace');
  await app.page.keyboard.type('s\nThe first words\nand the second');
  await expect(app.title).toHaveValue('Dish notes');
  await expect(app.text.locator('.block')).toHaveText(['The first words', 'and the second']);
  await app.page.keyboard.press('Control+k');
  await app.page.getByRole('combobox').fill('Antenna');
  await app.page.getByRole('option', { name: /^New page/ }).click();
  await app.page.keyboard.type(' log');
  await expect(app.title).toHaveValue('Antenna log');
});

test('[W1] ArrowUp on the first line goes back to the title, ArrowDown at its end into the text', async ({ app }) => {
  await app.newPage('Dish');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.press('ArrowUp');
  await expect(app.title).toBeFocused();
  await app.page.keyboard.press('End');
  await app.page.keyboard.press('ArrowDown');
  await expect(app.text).toBeFocused();
});

test('[W1] a click below the last line puts the caret into a new paragraph', async ({ app }) => {
  await app.newPage('Dish');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('First');
  const box = (await app.text.boundingBox())!;
  await app.page.mouse.click(box.x + 200, box.y + 300);
  await app.page.keyboard.type('Second');
  await expect(app.text.locator('.block')).toHaveText(['First', 'Second']);
});

test('[W12] undo survives switching pages', async ({ app }) => {
  await app.newPage('One');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('kept words');
  await app.newPage('Two');
  await app.visit('One');
  await app.text.getByText('kept words').click();
  await app.page.keyboard.press('Control+z');
  await expect(app.text).not.toContainText('kept words');
  await app.page.keyboard.press('Control+Shift+z');
  await expect(app.text).toContainText('kept words');
});

test('[W12] undo in the title takes back what was typed there', async ({ app }) => {
  await app.newPage('One');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.page.keyboard.press('Control+z');
  await expect(app.title).toHaveValue('');
  await app.page.keyboard.press('Control+y');
  await expect(app.title).toHaveValue('One');
});

test('[W3] the slash menu filters as typed and turns the block', async ({ app }) => {
  await app.newPage('One');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('/che');
  await expect(app.page.getByRole('option', { selected: true })).toContainText('Checklist');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('Load the elements');
  await expect(app.text.locator('.block[data-kind=check]')).toHaveText('Load the elements');
});

test('[W10] the selection toolbar makes text bold and a link', async ({ app }) => {
  await app.newPage('One');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('procedure');
  await app.page.keyboard.press('Shift+Home');
  const bar = app.page.getByRole('toolbar', { name: 'Selected text' });
  await bar.getByRole('button', { name: /^Bold/ }).click();
  await expect(app.text.locator('strong')).toHaveText('procedure');
  await app.page.keyboard.press('Control+k');
  await app.page.getByLabel('Address of the link').fill('javascript:alert(1)');
  await app.page.keyboard.press('Enter');
  await expect(bar.getByRole('alert')).toBeVisible();
  await app.page.getByLabel('Address of the link').fill('example.org/pass');
  await app.page.keyboard.press('Enter');
  await expect(app.text.locator('a')).toHaveAttribute('href', 'https://example.org/pass');
});

test('[X4][W22] the tree by keyboard: walk, rename, move, nest', async ({ app }) => {
  const { page } = app;
  for (const title of ['Alpha', 'Beta', 'Gamma']) await app.newPage(title);
  await app.row('Gamma').focus();
  await page.keyboard.press('Control+Shift+ArrowUp');
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '1 Gamma', '1 Beta']);
  await expect(app.row('Gamma')).toBeFocused();
  await expect(page.getByText('Gamma, position 2 of 3, level 1')).toBeAttached();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '2 Gamma', '1 Beta']);
  await page.keyboard.press('ArrowUp');
  await expect(app.row('Alpha')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '1 Beta']);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(app.row('Gamma')).toBeFocused();
  await page.keyboard.press('F2');
  await page.keyboard.type('Delta');
  await page.keyboard.press('Enter');
  await expect(app.row('Delta')).toBeFocused();
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '1 Delta', '1 Beta']);
  await page.reload();
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '1 Delta', '1 Beta']);
});

test('[W22] the tree by pointer: a row dropped on another stands inside it', async ({ app }) => {
  for (const title of ['Alpha', 'Beta', 'Gamma']) await app.newPage(title);
  await app.row('Gamma').dragTo(app.row('Alpha'));
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '2 Gamma', '1 Beta']);
  await app.row('Beta').dragTo(app.row('Alpha'), { targetPosition: { x: 60, y: 2 } });
  await expect.poll(() => app.tree()).toEqual(['1 Beta', '1 Alpha', '2 Gamma']);
});

test('[X13] archiving takes what stands below along; Undo brings it back; the archive restores', async ({ app }) => {
  const { page } = app;
  await app.newPage('Alpha');
  await page.getByRole('treeitem', { name: 'Alpha' }).hover();
  await page.getByRole('button', { name: 'New page in Alpha' }).click();
  await expect(app.title).toHaveValue('');
  await page.keyboard.type('Below');
  await expect(app.row('Below')).toBeVisible();
  await app.row('Alpha').focus();
  await page.keyboard.press('Control+Alt+a');
  await expect(page.getByText('Archived “Alpha” and 1 page below it')).toBeVisible();
  await expect.poll(() => app.tree()).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '2 Below']);

  await app.row('Alpha').focus();
  await page.keyboard.press('Control+Alt+a');
  await expect.poll(() => app.tree()).toEqual([]);
  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'Archived pages' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Alpha', exact: true }).click();
  await expect(page.getByText('This page is archived.')).toBeVisible();
  await expect(app.text).toHaveAttribute('contenteditable', 'false');
  await page.getByRole('main').getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '2 Below']);
});

test('[X1][X3] the palette jumps by a mistyped name, offers what can be done, and makes a page of the words', async ({
  app,
}) => {
  const { page } = app;
  for (const title of ['Dish alignment', 'Antenna build']) await app.newPage(title);
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Search or jump' });
  await expect(field).toBeFocused();
  await field.fill('alinment');
  await expect(page.getByRole('option', { selected: true })).toContainText('Dish alignment');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue('Dish alignment');
  await page.keyboard.press('Control+k');
  await field.fill('history');
  await expect(page.getByRole('option', { selected: true })).toContainText(/History: this page.*Ctrl Alt H/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'History' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+k');
  await field.fill('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('Control+k');
  await field.fill('Coast site');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue('Coast site');
});

test('[X4] the help sheet opens on ?, and not while somebody writes', async ({ app }) => {
  const { page } = app;
  await app.newPage('What?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await app.row('What?').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('spaces are made, renamed in place and closed; what is closed stays closed', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'New space' }).click();
  await page.keyboard.type('Ground station');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Ground station', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'More for Ground station' }).click();
  await page.getByRole('menuitem', { name: 'Rename space' }).click();
  await page.keyboard.type('Station');
  await page.keyboard.press('Enter');
  const toggle = page.getByRole('button', { name: 'Station', exact: true });
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await page.reload();
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
});

test('under 800 px the sidebar hides behind a key', async ({ app }) => {
  const { page } = app;
  await app.newPage('Alpha');
  await page.setViewportSize({ width: 700, height: 800 });
  await expect(app.row('Alpha')).toHaveCount(0);
  await page.keyboard.press('Control+\\');
  await expect(app.row('Alpha')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(app.row('Alpha')).toHaveCount(0);
});
