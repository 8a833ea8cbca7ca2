// Cards that are moved and copied to other boards from a real window: by mouse and by keyboard, one and several, taken back, and found by their old address.
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

test('[B14] [GO1] a card goes to another board by keyboard; what comes of it is said before; Undo takes it back', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Flight');
  await board.make('Launch', ['Cable', 'Antenna', 'Mast']);
  await board.card('Antenna').focus();
  await page.keyboard.press('l');
  await page.keyboard.type('radio');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(board.card('Antenna')).toHaveAccessibleName(/radio/);
  await board.card('Antenna').focus();
  await page.keyboard.press('Shift+F10');
  await page.keyboard.press('m');
  const item = page.getByRole('menuitem', { name: 'Move to another board…' });
  await expect(page.getByRole('menuitem', { name: 'Move to a column…' })).toBeFocused();
  await page.keyboard.press('m');
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move “Antenna” to another board' });
  await expect(dialog.getByRole('combobox', { name: 'Board' })).toBeFocused();
  await expect(dialog.getByRole('option')).toHaveText([/Flight.*Everyone/]);
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('region', { name: 'What comes of it' })).toContainText(
    'Labels that are made there: radio.',
  );
  await sound(page, 'sending a card');
  await picture(page, 'board-send');
  await dialog.getByLabel('Column').selectOption({ label: 'Doing (0)' });
  await dialog.getByRole('button', { name: 'Move', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await board.expectTitles('Next', ['Cable', 'Mast']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await board.expectTitles('Next', ['Cable', 'Antenna', 'Mast']);
});

test('[B14] [GO1] by mouse from the card beside the board; its old address leads to where it is, and its activity says whence it came', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Flight');
  await board.make('Launch', ['Cable', 'Antenna', 'Mast']);
  await board.card('Antenna').click();
  const panel = page.getByRole('complementary', { name: 'Card' });
  await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveValue('Antenna');
  const address = page.url();
  await panel.getByRole('button', { name: 'More for this card' }).click();
  await page.getByRole('menuitem', { name: 'Move to another board…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move “Antenna” to another board' });
  await dialog.getByRole('option', { name: /Flight/ }).click();
  await expect(dialog.getByRole('region', { name: 'What comes of it' })).toContainText('Links to it lead there');
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await board.expectTitles('Next', ['Cable', 'Mast']);
  await expect(panel).toBeHidden();
  await page.goto(address);
  await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveValue('Antenna');
  await board.expectTitles('Next', ['Antenna']);
  await expect(app.row('Flight, board')).toHaveAttribute('aria-selected', 'true');
  await panel.getByRole('tab', { name: 'Activity' }).click();
  await expect(panel.getByRole('tabpanel')).toContainText('moved it here from Launch');
});

test('[B14] [GO2] several cards that are chosen are copied at once from the bar, to the top, and taken back', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Flight', ['There']);
  await board.make('Launch', ['Cable', 'Antenna', 'Mast']);
  for (const title of ['Cable', 'Mast']) await board.card(title).click({ modifiers: ['ControlOrMeta'] });
  const bar = page.getByRole('toolbar', { name: 'Chosen cards' });
  await expect(bar).toContainText('2 cards chosen');
  await picture(page, 'board-chosen');
  await bar.getByRole('button', { name: 'Copy…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Copy 2 cards to a board' });
  await page.keyboard.type('fli');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await dialog.getByText('Top', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(dialog).toBeHidden();
  await board.expectTitles('Next', ['Cable', 'Antenna', 'Mast']);
  await app.row('Flight, board').click();
  await board.expectTitles('Next', ['Cable', 'Mast', 'There']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await board.expectTitles('Next', ['There']);
});
