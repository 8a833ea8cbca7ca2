// Saved views of a board in a real window: kept for everybody or for me alone, picked, changed, renamed, deleted and brought back.
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { axeOn } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

test('[B7] [X13] a filter with its view is saved under a name, says when I changed it, and is saved again, reset, renamed, deleted and brought back', async ({
  app,
}) => {
  const { page } = app;
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Mast', 'Guy wires', 'Licence']);
  const menu = async (button: RegExp, item: string): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('menu', { name: 'Saved views' }).getByText(item, { exact: true }).click();
  };
  const shown = (count: number): Promise<void> => expect(page.getByRole('option')).toHaveCount(count);
  const filter = async (words: string): Promise<void> => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('searchbox').fill(words);
    await page.keyboard.press('Escape');
  };

  await filter('mast');
  await page.getByRole('tab', { name: 'List' }).click();
  await menu(/^Saved views$/, 'Save as a new view…');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('  ');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('1 to 100 characters');
  await page.getByRole('textbox', { name: 'Name' }).fill('Mast work');
  await picture(page, 'board-view-save');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'View Mast work', exact: true })).toBeFocused();

  await test.step('my own beside it', async () => {
    await filter('');
    await page.getByRole('tab', { name: 'Board' }).click();
    await expect(page.getByRole('button', { name: 'View Mast work, changed' })).toBeVisible();
    await menu(/^View Mast work/, 'Save as a new view…');
    await page.getByRole('textbox', { name: 'Name' }).fill('All of it');
    await page.getByText('Only me').click();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'View All of it', exact: true })).toBeVisible();
    await shown(3);
    await menu(/^View All of it/, 'Mast work');
    await shown(1);
    await expect(page.getByRole('tab', { name: 'List' })).toHaveAttribute('aria-selected', 'true');
  });

  await test.step('changed: reset, and saved under its name with an undo', async () => {
    await filter('guy');
    await page.getByRole('button', { name: 'View Mast work, changed' }).click();
    await picture(page, 'board-views');
    await page.keyboard.press('Escape');
    await menu(/^View Mast work/, 'Reset to “Mast work”');
    await expect(board.card('Mast')).toBeVisible();
    await filter('guy');
    await menu(/^View Mast work/, 'Save in “Mast work”');
    await expect(page.getByRole('button', { name: 'View Mast work', exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    // What was saved before is shown again, since I changed nothing since.
    await expect(board.card('Mast')).toBeVisible();
    await expect(page.getByRole('button', { name: 'View Mast work', exact: true })).toBeVisible();
  });

  await test.step('renamed, deleted, brought back; all of it is there after a restart', async () => {
    await menu(/^View Mast work/, 'Rename…');
    await page.getByRole('textbox', { name: 'Name' }).fill('Tower');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'View Tower', exact: true })).toBeVisible();
    await menu(/^View Tower/, 'Delete');
    await expect(page.getByRole('button', { name: 'Saved views' })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('button', { name: 'View Tower', exact: true })).toBeVisible();
    await expect(app.status).toHaveAccessibleName(/Saved here/);
    await app.killHost();
    await app.startHost();
    await app.open();
    await app.row('Antenna build, board').click();
    await expect(page.getByRole('button', { name: 'View Tower', exact: true })).toBeVisible();
    await shown(1);
    await page.getByRole('button', { name: 'View Tower', exact: true }).click();
    await expect(page.getByRole('menuitemradio')).toHaveText(['Tower', 'All of it (only me)']);
    const found = await axeOn(page).analyze();
    expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });
});
