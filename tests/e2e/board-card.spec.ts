// A card beside its board in a real window: everything that is said of it, kept over a restart, and what two people type at once.
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

test('[B9][B11][X4] a card has its address, title, facts, links, description and comments; its face says so; all is there after a restart', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['Measure mast sway', 'Guy wires', 'Licence']);
  await board.card('Measure mast sway').focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Card' });
  await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveValue('Measure mast sway');
  const address = page.url();
  await panel.getByRole('textbox', { name: 'Title' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' in wind');
  await expect(board.card('Measure mast sway in wind')).toBeVisible();

  await panel.getByRole('button', { name: 'Priority, change' }).click();
  await page.getByRole('menuitemradio', { name: 'High' }).click();
  await panel.getByRole('button', { name: 'New field' }).click();
  await page.getByLabel('Name').fill('Budget');
  await page.getByLabel('Holds').selectOption('number');
  await page.keyboard.press('Enter');
  await panel.getByRole('textbox', { name: 'Budget' }).fill('12,5');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('textbox', { name: 'Budget' })).toHaveValue('12.5');
  await panel.getByRole('textbox', { name: 'Budget' }).fill('much');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('alert')).toContainText('This is not a number. What stood there is kept.');
  await page.keyboard.press('Escape');

  await panel.getByRole('button', { name: 'New link' }).click();
  await page.getByRole('menuitem', { name: 'Blocks another card…' }).click();
  await page.getByRole('dialog', { name: 'Blocks a card' }).getByRole('option', { name: 'Licence' }).click();
  await page.keyboard.press('Escape');
  await expect(board.card('Licence')).toHaveAccessibleName(/^Licence; blocked/);

  await panel.getByRole('button', { name: 'Add a description…' }).click();
  await expect(app.text).toBeFocused();
  await page.keyboard.type('Tape the laser to the feed.');
  await panel.getByRole('textbox', { name: 'Comment' }).fill('Take it from the **mast** head.');
  await page.keyboard.press('Control+Enter');
  await expect(panel.getByRole('region', { name: 'Comments' })).toContainText('Take it from the mast head.');
  await expect(board.card('Measure mast sway in wind')).toHaveAccessibleName(/1 comment/);
  await panel.getByRole('textbox', { name: 'Title' }).focus();
  await picture(page, 'board-card');
  await panel.getByRole('tab', { name: 'Comments' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(panel.getByRole('tabpanel')).toContainText('Mira Okafor made this card');
  await picture(page, 'board-activity');
  await sound(page, 'a card');

  await panel.getByRole('tab', { name: 'Comments' }).click();
  await panel.getByRole('button', { name: /Next card/ }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(panel.getByRole('textbox', { name: 'Title' })).not.toHaveValue('Measure mast sway in wind');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();

  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.stopHost();
  await app.startHost();
  await app.open();
  await page.goto(address);
  await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveValue('Measure mast sway in wind');
  await expect(panel.getByRole('textbox', { name: 'Budget' })).toHaveValue('12.5');
  await expect(app.text).toContainText('Tape the laser to the feed.');
  await expect(panel.getByRole('region', { name: 'Comments' })).toContainText('Take it from the mast head.');
  await expect(panel.getByRole('button', { name: 'Priority, change' })).toHaveText('High');
});

test('[B10] a checklist: Enter adds, lines become items with their ticks, keys order them, an item becomes a card, all ticked suggests the move', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['Measure mast sway in wind']);
  await board.card('Measure mast sway').click();
  const panel = page.getByRole('complementary', { name: 'Card' });
  await panel.getByRole('button', { name: 'New checklist' }).click();
  const item = panel.getByRole('textbox', { name: 'New item of Checklist' });
  await page.keyboard.type('Borrow the laser');
  await page.keyboard.press('Enter');
  await item.fill('Three runs\n- [x] Put the table up\nCarry it back');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(panel.getByRole('checkbox')).toHaveCount(5);
  await panel.getByRole('checkbox', { name: 'Borrow the laser' }).check();
  await expect(board.card('Measure mast sway in wind')).toHaveAccessibleName(/2 of 4 ticked/);
  await panel.getByRole('checkbox', { name: 'Carry it back' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(panel.getByRole('region', { name: 'Checklist' }).getByRole('listitem')).toHaveText([
    'Borrow the laser',
    'Three runs',
    'Carry it back',
    'Put the table up',
  ]);
  await panel.getByRole('button', { name: 'More for Carry it back' }).click();
  await page.getByRole('menuitem', { name: 'Make it a card' }).click();
  await expect(board.card('Carry it back')).toBeVisible();

  await picture(page, 'board-checklist');
  await panel.getByRole('checkbox', { name: 'Three runs' }).check();
  await panel.getByRole('button', { name: 'Move to Done' }).click();
  await board.expectTitles('Done', ['Measure mast sway in wind']);
  await expect(panel.getByRole('checkbox', { name: /^Complete/ })).toBeChecked();
});
