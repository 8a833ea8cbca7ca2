// A board in a real window: columns, cards, moving them by mouse and by keyboard, lanes, filter, and that all of it is there after a restart.
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

test('[B1] columns are added, renamed in place, moved by drag and by menu, coloured, folded and deleted with a word about their cards', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['Guy wires']);
  const heads = page.getByRole('main').getByRole('heading', { level: 2 });
  await page.getByRole('button', { name: 'New column' }).click();
  await page.keyboard.type('Review');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(heads).toHaveText(['Next', 'Doing', 'Done', 'Review']);
  await board.column('Next').getByRole('button', { name: 'Next', exact: true }).click();
  await page.keyboard.type('Backlog');
  await page.keyboard.press('Enter');
  await expect(heads).toHaveText(['Backlog', 'Doing', 'Done', 'Review']);
  await board.drag(board.column('Review').getByRole('heading'), board.column('Doing'), { x: 30, y: 200 });
  await expect(heads).toHaveText(['Backlog', 'Review', 'Doing', 'Done']);
  await page.getByRole('button', { name: 'More for Review' }).click();
  await page.getByRole('menuitem', { name: 'Move right' }).click();
  await expect(heads).toHaveText(['Backlog', 'Doing', 'Review', 'Done']);
  await page.getByRole('button', { name: 'More for Doing' }).click();
  await page.getByRole('menuitem', { name: 'Fold' }).click();
  await expect(page.getByRole('button', { name: 'Unfold Doing, 0 cards' })).toBeVisible();
  await page.getByRole('button', { name: 'More for Backlog' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Backlog?' });
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await dialog.getByLabel('Its 1 card').selectOption({ label: 'go to Review' });
  await picture(page, 'board-delete-column');
  await sound(page, 'deleting a column');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await board.expectTitles('Review', ['Guy wires']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await board.expectTitles('Backlog', ['Guy wires']);
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.stopHost();
  await app.startHost();
  await app.open();
  await app.row('Antenna build, board').click();
  await board.expectTitles('Backlog', ['Guy wires']);
  await expect(page.getByRole('button', { name: 'Unfold Doing, 0 cards' })).toBeVisible();
});

test('[B2] a card at the bottom and at the top; Enter goes on to the next; five pasted lines are five cards; a draft stays', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two']);
  await page.getByRole('button', { name: 'New card at the top of Next' }).click();
  await page.keyboard.type('Zero');
  await page.keyboard.press('Enter');
  await board.expectTitles('Next', ['Zero', 'One', 'Two']);
  const field = page.getByRole('textbox', { name: 'Title of a new card in Next' });
  await field.fill('a\nb\n\n  c\nd\ne\n');
  await expect(page.getByRole('button', { name: 'Add 5 cards' })).toBeVisible();
  await picture(page, 'board-paste');
  await page.getByRole('button', { name: 'Add 5 cards' }).click();
  await board.expectTitles('Next', ['a', 'b', 'c', 'd', 'e', 'Zero', 'One', 'Two']);
  await expect(field).toBeFocused();
  await field.fill('Not yet a card');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await page.reload();
  await page.getByRole('button', { name: /New card a draft is here/ }).click();
  await expect(field).toHaveValue('Not yet a card');
});

test('[B3] a real mouse: the slot shows where a card goes, Escape leaves it, several that are chosen go together', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two', 'Three', 'Four']);
  await board.drag(board.card('One'), board.column('Doing'), { x: 80, y: 80 }, false);
  await expect(board.column('Doing').locator('.slot')).toBeVisible();
  await picture(page, 'board-drag');
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(page.locator('.slot')).toHaveCount(0);
  await board.expectTitles('Next', ['One', 'Two', 'Three', 'Four']);
  await board.drag(board.card('One'), board.column('Doing'), { x: 80, y: 80 });
  await board.expectTitles('Doing', ['One']);
  await board.expectTitles('Next', ['Two', 'Three', 'Four']);
  await board.drag(board.card('Four'), board.card('Two'), { x: 80, y: 2 });
  await board.expectTitles('Next', ['Four', 'Two', 'Three']);
  await board.card('Four').click({ modifiers: ['ControlOrMeta'] });
  await board.card('Three').click({ modifiers: ['ControlOrMeta'] });
  await expect(board.card('Four')).toHaveAttribute('aria-selected', 'true');
  await board.drag(board.card('Three'), board.column('Doing'), { x: 80, y: 300 });
  await board.expectTitles('Doing', ['One', 'Four', 'Three']);
  await board.expectTitles('Next', ['Two']);
  await page.keyboard.press('Control+z');
  await board.expectTitles('Doing', ['One']);
});

test('[B4][X4] by keyboard alone: arrows, lifting, carrying, putting down and back, each step is said', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two', 'Three']);
  await board.card('One').focus();
  await page.keyboard.press('ArrowDown');
  await expect(board.card('Two')).toBeFocused();
  await page.keyboard.press(' ');
  await expect(board.said).toHaveText(
    /Lifted Two, position 2 of 3 in Next\. Arrows move it, Space puts it down, Escape puts it back\./,
  );
  await page.keyboard.press('ArrowUp');
  await expect(board.said).toHaveText(/^Two, position 1 of 3 in Next/);
  await page.keyboard.press('ArrowRight');
  await expect(board.said).toHaveText(/^Two, position 1 of 1 in Doing/);
  await expect(board.card('Two')).toBeFocused();
  await picture(page, 'board-lifted');
  await page.keyboard.press('Escape');
  await expect(board.said).toHaveText(/^Put back: Two, position 2 of 3 in Next/);
  await board.expectTitles('Next', ['One', 'Two', 'Three']);
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(board.said).toHaveText(/^Two, position 1 of 1 in Done: it goes no further/);
  await page.keyboard.press(' ');
  await expect(board.said).toHaveText(/^Put down: Two, position 1 of 1 in Done/);
  await board.expectTitles('Done', ['Two']);
  await expect(board.card('Two')).toHaveAccessibleName(/^Two; complete/);
  await page.keyboard.press('ArrowLeft');
  await expect(board.card('One')).toBeFocused();
  await page.keyboard.press('Shift+ArrowDown');
  await expect(board.said).toHaveText(/2 chosen/);
  await page.keyboard.press('a');
  await expect(page.getByText('Archived 2 cards')).toBeVisible();
  await board.expectTitles('Next', []);
  await page.getByRole('button', { name: 'Undo' }).click();
  await board.expectTitles('Next', ['One', 'Three']);
  await sound(page, 'a board');
});

test('[B5][B6][B7][X4] limits, labels, people and dates by key, lanes, and a filter that is remembered', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two', 'Three']);
  await board.card('One').focus();
  await page.keyboard.press('l');
  await page.keyboard.type('rf');
  await page.keyboard.press('Enter');
  await expect(board.card('One')).toHaveAccessibleName(/rf/);
  await page.keyboard.press('Escape');
  await expect(board.card('One')).toBeFocused();
  await page.keyboard.press('m');
  await expect(page.getByRole('option', { name: 'Mira Okafor' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('d');
  await page.getByRole('button', { name: /^Tomorrow/ }).click();
  await expect(board.card('One')).toHaveAccessibleName('One; rf; due Tomorrow, within 24 hours; for Mira Okafor');
  await expect(board.card('One').locator('.soon')).toHaveText('Tomorrow');
  await page.getByRole('button', { name: 'More for Next' }).click();
  await page.getByRole('menuitem', { name: 'Limit the cards…' }).click();
  await page.getByLabel('At most').fill('2');
  await picture(page, 'board-limit');
  await sound(page, 'a limit');
  await page.keyboard.press('Enter');
  await expect(board.column('Next')).toContainText('3/2');
  await expect(board.column('Next')).toContainText('1 over');
  await picture(page, 'board');
  await page.getByRole('button', { name: 'Lanes' }).click();
  await page.getByRole('menuitemradio', { name: 'By label' }).click();
  await expect(page.getByRole('listbox', { name: 'Next, rf' }).getByRole('option')).toHaveCount(1);
  await board.drag(board.card('Two'), page.getByRole('listbox', { name: 'Doing, rf' }), { x: 60, y: 10 });
  await expect(page.getByRole('listbox', { name: 'Doing, rf' }).getByRole('option')).toHaveCount(1);
  await expect(board.card('Two')).toHaveAccessibleName(/rf/);
  await picture(page, 'board-lanes');
  await sound(page, 'lanes');
  await page.getByRole('button', { name: 'By label' }).click();
  await page.getByRole('menuitemradio', { name: 'No lanes' }).click();
  await board.card('One').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('mira');
  await expect(page.getByRole('dialog', { name: 'Filter' })).toContainText('1 of 3 cards');
  await picture(page, 'board-filter');
  await sound(page, 'a filter');
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(board.card('One')).toBeVisible();
  await expect(board.card('Two')).toHaveCount(0);
  await page.getByRole('button', { name: 'Show all cards' }).click();
  await expect(board.card('Two')).toBeVisible();
});

test('[B14][X13] a board is a template for others, is copied with its cards, goes to the trash and comes back', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Sprint', ['Plan', 'Demo']);
  const menu = async (item: string): Promise<void> => {
    await page.getByRole('button', { name: 'More for this board' }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  };
  await menu('Use as a template');
  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'New from a template…' }).click();
  // The list knows of the template a moment later, and proposes its name.
  await expect(page.getByLabel('Name')).toHaveValue('Sprint');
  await page.getByLabel('Name').fill('Sprint 12');
  await page.getByRole('button', { name: 'Make the board' }).click();
  await expect(app.row('Sprint 12, board')).toHaveAttribute('aria-selected', 'true');
  await board.expectTitles('Next', ['Plan', 'Demo']);
  await menu('Duplicate');
  await expect(page.getByText('Made a copy of “Sprint 12”')).toBeVisible();
  // The same cards stand on both: the copy has taken the place of the board.
  await expect(app.row('Sprint 12 (copy), board')).toHaveAttribute('aria-selected', 'true');
  await board.expectTitles('Next', ['Plan', 'Demo']);
  await board.card('Plan').focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await board.expectTitles('Next', ['Demo']);
  await menu('Archived and deleted cards…');
  await page.getByText('Deleted 1').click();
  await picture(page, 'board-put-away');
  await sound(page, 'what was put away');
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await page.keyboard.press('Escape');
  await board.expectTitles('Next', ['Plan', 'Demo']);
  await menu('Move to the trash');
  await expect(app.row('Sprint 12 (copy), board')).toHaveCount(0);
  await page.locator('.toast', { hasText: 'Moved to the trash' }).getByRole('button', { name: 'Undo' }).click();
  await expect(app.row('Sprint 12 (copy), board')).toHaveCount(1);
});
