// Objects in a real window: a board shown live inside a page, and what can be done with every object under the same keys.
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test('[W3] [PG19] a board inside a page: put in by keys, filtered, live, opened at a card, kept by copy and paste, and unknown where it may not be read', async ({
  app,
}) => {
  const { page, text } = app;
  await app.firstRun();
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Mast', 'Guy wires', 'Licence']);
  await app.newPage('Site visit');
  await page.keyboard.press('Enter');
  await page.keyboard.type('/board v');
  await expect(page.getByRole('option', { name: 'Board view' }).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Board in this page' });
  await expect(dialog.getByRole('combobox', { name: 'Board' })).toBeFocused();
  await expect(dialog.getByRole('option', { name: /^Antenna build/ })).toBeVisible();
  await page.keyboard.press('Enter');
  const shown = page.getByRole('group', { name: 'Board', exact: true });
  const first = shown.getByRole('region', { name: /, 3 cards$/ });
  await expect(first.getByRole('button', { name: 'Mast' })).toBeVisible();

  // What the board is told shows here at once.
  const { workspace, document } = await page.evaluate(() => {
    const [, , id = '', , at = ''] = location.hash.split('/');
    return { workspace: id, document: at };
  });
  expect(document).not.toBe('');
  await page.keyboard.press('Enter');
  await expect(shown.getByRole('button', { name: 'What it shows' })).toBeFocused();
  await page.keyboard.press('Enter');
  const choices = page.getByRole('dialog', { name: 'What the board shows here' });
  await choices.getByRole('textbox', { name: 'Cards that say' }).fill('lic');
  await choices.getByText('List', { exact: true }).click();
  await choices.getByRole('button', { name: 'Show this' }).click();
  await expect(shown.getByRole('button', { name: 'Licence' })).toBeVisible();
  await expect(shown.getByRole('button', { name: 'Mast' })).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(shown.getByRole('button', { name: 'What it shows' })).toBeFocused();
  await page.keyboard.press('Enter');
  await choices.getByText('Columns', { exact: true }).click();
  await choices.getByRole('textbox', { name: 'Cards that say' }).fill('');
  await choices.getByRole('button', { name: 'Show this' }).click();
  await expect(first.getByRole('button')).toHaveCount(3);
  await picture(page, 'page-board');
  await sound(page, 'page with a board');

  // One stop of Tab, arrows inside, Enter opens the card on its board, where it is renamed; back, the page says so.
  await first.getByRole('button', { name: 'Mast' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(first.getByRole('button', { name: 'Guy wires' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/w\/[^/]+\/d\/[^/]+\/at\//);
  const name = page.getByRole('complementary').getByRole('textbox', { name: 'Title' });
  await expect(name).toHaveValue('Guy wires');
  await name.fill('Guy ropes');
  await page.keyboard.press('Escape');
  await app.visit('Site visit');
  await expect(first.getByRole('button', { name: 'Guy ropes' })).toBeVisible();

  // Copied with the page's Markdown, and pasted as what it is; of a board that may not be read nothing is said.
  const { markdown } = await app.call('doc.markdown', { workspace, document });
  expect(markdown).toContain('```caravan-board\nAntenna build\ncaravan:');
  await text.locator('.block').last().click();
  await text.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', `<p data-kind="board" data-props='{"board":"elsewhere-1"}'>x</p>`);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(shown.nth(1)).toContainText('This board is not here.');
});
