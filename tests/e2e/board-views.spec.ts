// The further views of a board in a real window: how they are chosen, and what mouse and keyboard do in each.
import { readFile } from 'node:fs/promises';
import { isoDay } from '../../app/renderer/window/times.ts';
import type { Card } from '../../shared/model/board/card.ts';
import { setCardDue, setCardStart } from '../../shared/model/board/card-details.ts';
import { addCards, moveCard, renameCard } from '../../shared/model/board/card-commands.ts';
import { renameColumn } from '../../shared/model/board/column-commands.ts';
import { addChoice, addField } from '../../shared/model/board/definition-commands.ts';
import { readBoard } from '../../shared/model/board/read.ts';
import { TypingClient } from '../support/typing-client.ts';
import { expect, test, type App } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

test('[B8][X4] list: chosen by key and remembered, arrows over groups, Space completes, labels by key, a drag to another column', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two', 'Three']);
  await page.getByRole('tab', { name: 'Board' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tab', { name: 'Figures' })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('tab', { name: 'List' })).toBeFocused();
  await expect(page.getByRole('tab', { name: 'List' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('button', { name: 'Lanes' })).toHaveCount(0);
  await board.drag(board.card('Three'), board.column('Doing').getByRole('listbox'), { x: 200, y: 10 });
  await board.expectTitles('Doing', ['Three']);
  await board.card('One').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(board.card('Three')).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(board.card('One')).toBeFocused();
  await page.keyboard.press(' ');
  await expect(board.said).toHaveText(/^One: complete/);
  await expect(board.card('One')).toHaveAccessibleName(/complete/);
  await page.keyboard.press('l');
  await page.keyboard.type('rf');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(board.card('One')).toBeFocused();
  await expect(board.card('One')).toHaveAccessibleName('One; complete; rf');
  await board.card('One').getByTitle('Reopen').click();
  await expect(board.card('One')).toHaveAccessibleName('One; rf');
  await page.keyboard.press('c');
  await page.keyboard.type('Four');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await board.expectTitles('Next', ['One', 'Two', 'Four']);
  await picture(page, 'board-list');
  await sound(page, 'list');
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(board.card('One')).toHaveCount(0);
  await page.reload();
  await expect(board.card('Three')).toBeVisible();
  await expect(page.getByRole('tab', { name: 'List' })).toHaveAttribute('aria-selected', 'true');
  await expect(board.card('One')).toHaveCount(0);
});

/** A second window of the same person in the room of the board, over the wire; it has all `cards`, also what the first window typed last. */
async function colleague(app: App, title: string, cards: number): Promise<TypingClient> {
  await expect(app.row(`${title}, board`)).toBeVisible();
  const { workspaces } = await app.call('hello', {});
  const documents = await app.call('doc.list', { workspace: workspaces[0]!.id });
  const { room } = documents.find((one) => one.title === title)!;
  const { origin } = new URL(app.page.url());
  const cookies = await app.page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const client = new TypingClient({ url: `${origin.replace('http', 'ws')}/${room}`, headers: { cookie, origin } });
  await client.synced;
  const counted = (): number => readBoard(client.doc).columns.reduce((sum, column) => sum + column.cards.length, 0);
  await expect.poll(counted).toBe(cards);
  return client;
}

test('[B8][B18][X4] table: edited in place by key, sorted, columns hidden, words that are being typed stay, CSV of what is shown', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['Two', 'One', '=Sum']);
  const other = await colleague(app, 'Antenna build', 3);
  // A column's new name stays in its field while a colleague changes the column: it began anew with the old one, and what was typed was gone.
  await board.column('Next').getByRole('button', { name: 'Next', exact: true }).click();
  await page.keyboard.type('Lat');
  const { id: next } = readBoard(other.doc).columns[0]!;
  renameColumn(other.doc, next, 'Soon');
  await expect(page.getByRole('region', { name: 'Soon', exact: true })).toBeVisible();
  await page.keyboard.type('er');
  await expect(page.getByRole('textbox', { name: 'Name of the column' })).toHaveValue('Later');
  await page.keyboard.press('Escape');
  renameColumn(other.doc, next, 'Next');
  addField(other.doc, { name: 'Metres', kind: 'number' });
  const site = addField(other.doc, { name: 'Site', kind: 'choice' });
  addChoice(other.doc, site, { name: 'North mast' });
  addField(other.doc, { name: 'Note', kind: 'text' });
  addField(other.doc, { name: 'Visit', kind: 'date' });
  addField(other.doc, { name: 'Lead', kind: 'person' });
  await page.getByRole('tab', { name: 'Board' }).focus();
  await page.keyboard.press('ArrowRight');
  const grid = page.getByRole('grid', { name: 'Cards' });
  await expect(grid).toHaveAttribute('aria-rowcount', '4');
  await expect(grid.getByRole('columnheader', { name: 'Metres' })).toBeVisible();
  const cell = (row: string, column: number) =>
    grid
      .getByRole('row', { name: new RegExp(`^(Complete )?${row}`) })
      .getByRole('gridcell')
      .nth(column - 1);
  await page.keyboard.press('ArrowDown');
  await expect(grid.getByRole('rowheader', { name: /^Two/ })).toBeFocused();
  // Typing in a title while a colleague changes the same title and takes the card behind the others.
  await page.keyboard.press('F2');
  const field = grid.getByRole('textbox', { name: 'Title' });
  await field.fill('Two masts');
  const { id } = readBoard(other.doc).columns[0]!.cards[0]!;
  renameCard(other.doc, id, 'Order Two');
  moveCard(other.doc, id, { column: readBoard(other.doc).columns[1]!.id }, { by: 'colleague-1', at: 1 });
  await expect(cell('Two', 1)).toHaveText('Doing');
  await expect(field).toHaveValue('Two masts');
  await expect(field).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(grid.getByRole('rowheader', { name: /^Order Two masts/ })).toBeFocused();
  // Each kind of cell by key.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'Done' }).click();
  await expect(cell('Order Two masts', 1)).toHaveText('Done');
  await expect(cell('Order Two masts', 1)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: 'Mira Okafor' })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(cell('Order Two masts', 2)).toHaveText(/Mira Okafor/);
  await expect(cell('Order Two masts', 2)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'Mira Okafor' }).click();
  await expect(cell('Order Two masts', 13)).toHaveText(/Mira Okafor/);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Tomorrow/ }).click();
  await expect(cell('Order Two masts', 12)).toHaveText('Tomorrow');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await grid.getByRole('textbox', { name: 'Note' }).fill('Bring the long ladder');
  await page.keyboard.press('Enter');
  await expect(cell('Order Two masts', 11)).toHaveText('Bring the long ladder');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: 'North mast' }).click();
  await expect(cell('Order Two masts', 10)).toHaveText('North mast');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const number = grid.getByRole('textbox', { name: 'Metres' });
  await number.fill('many');
  await page.keyboard.press('Enter');
  await expect(grid.getByRole('alert')).toHaveText('This is not a number.');
  await number.fill('-2,5');
  await page.keyboard.press('Enter');
  await expect(cell('Order Two masts', 9)).toHaveText('-2.5');
  await page.keyboard.press('Enter');
  await number.fill('7');
  await page.keyboard.press('Escape');
  await expect(cell('Order Two masts', 9)).toHaveText('-2.5');
  // Sorted, hidden, saved.
  const head = grid.getByRole('columnheader', { name: 'Title' });
  await head.click();
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await page.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await expect(grid.getByRole('rowheader')).toHaveText(['Order Two masts', 'One', '=Sum']);
  await page.getByRole('button', { name: 'Columns' }).click();
  for (const name of ['Start', 'Created', 'Labels', 'Priority', 'Checklist', 'Due', 'Note', 'Visit', 'Lead']) {
    await page.getByRole('checkbox', { name }).uncheck();
  }
  await picture(page, 'board-table-columns');
  await page.keyboard.press('Escape');
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('Antenna build.csv');
  expect(await readFile(await saved.path(), 'utf8')).toBe(
    "\ufeffTitle,Column,People,Metres,Site\r\nOrder Two masts,Done,Mira Okafor,-2.5,North mast\r\nOne,Next,,,\r\n'=Sum,Next,,,\r\n",
  );
  await page.reload();
  await expect(grid.getByRole('columnheader')).toHaveText(['Title', 'Column', 'People', 'Metres', 'Site']);
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await page.getByRole('button', { name: 'Columns, 9 hidden' }).click();
  for (const name of ['Labels', 'Due', 'Priority']) await page.getByRole('checkbox', { name }).check();
  await page.keyboard.press('Escape');
  await grid.getByRole('rowheader', { name: /^One/ }).click();
  await page.keyboard.press('l');
  await page.keyboard.type('rf');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await picture(page, 'board-table');
  await page.keyboard.press('a');
  await expect(grid.getByRole('rowheader')).toHaveText(['Order Two masts', '=Sum']);
  await expect(grid.getByRole('rowheader', { name: '=Sum' })).toBeFocused();
  other.close();
  await sound(page, 'table');
});

test('[B8][X4] calendar: cards on their day by mouse and by key, times kept, a bar over days, the tray, more than fit', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two', 'Long', 'Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon']);
  const other = await colleague(app, 'Antenna build', 8);
  const month = isoDay(Date.now()).slice(0, 8);
  const at = (day: number): string => `${month}${String(day).padStart(2, '0')}`;
  const ids = new Map(readBoard(other.doc).columns[0]!.cards.map(({ id, title }) => [title, id]));
  const half = new Date(`${at(10)}T09:30`).getTime();
  setCardDue(other.doc, ids.get('Two')!, half);
  setCardStart(other.doc, ids.get('Long')!, at(12));
  setCardDue(other.doc, ids.get('Long')!, at(13));
  for (const title of ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon']) setCardDue(other.doc, ids.get(title)!, at(20));
  const says = (title: string): Card => readBoard(other.doc).columns[0]!.cards.find((card) => card.title === title)!;
  await page.getByRole('tab', { name: 'Board' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const chip = (title: string) => page.getByRole('button', { name: new RegExp(`^${title};`) });
  const day = (number: number) => page.locator(`[data-day="${at(number)}"]`);
  const tray = page.getByRole('complementary', { name: 'Unscheduled' });
  await expect(chip('Two')).toContainText('09:30');
  await expect(chip('Long')).toHaveAccessibleName(/ to /);
  // The last of what the colleague set: no week grows under the pointer any more.
  await expect(page.getByRole('button', { name: /^\d more cards? on / })).toBeVisible();
  // By mouse: from the tray onto a day, a time onto another day, a bar by its second day.
  await board.drag(tray.getByRole('option', { name: 'One' }), day(11), { x: 30, y: 60 });
  await expect.poll(() => says('One').due).toBe(at(11));
  await board.drag(chip('Two'), day(11), { x: 30, y: 60 });
  await expect.poll(() => says('Two').due).toBe(new Date(`${at(11)}T09:30`).getTime());
  await board.drag(chip('Long'), day(15), { x: 40, y: 60 });
  await expect.poll(() => [says('Long').start, says('Long').due]).toEqual([at(15), at(16)]);
  await board.drag(chip('One'), tray, { x: 60, y: 120 });
  await expect.poll(() => says('One').due).toBeNull();
  // By keyboard: a day on, a week on, and back.
  await chip('Two').focus();
  await page.keyboard.press(' ');
  await expect(board.said).toHaveText(/^Lifted Two, due .*Arrows move it by a day or a week/);
  await page.keyboard.press('ArrowRight');
  await expect(board.said).toHaveText(/^Two, due .*12/);
  await page.keyboard.press('ArrowUp');
  await expect(board.said).toHaveText(/^Two, due .*5/);
  await expect(chip('Two')).toBeFocused();
  await picture(page, 'board-calendar-lifted');
  await page.keyboard.press('Escape');
  await expect(board.said).toHaveText(/^Put back: Two, .*11/);
  await page.keyboard.press(' ');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press(' ');
  await expect(board.said).toHaveText(/^Put down: Two, due .*10/);
  await expect.poll(() => says('Two').due).toBe(half);
  await expect(chip('Two')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(chip('Long')).toBeFocused();
  // More than fit.
  await page.getByRole('button', { name: /^\d more cards? on / }).click();
  await expect(page.getByRole('dialog').getByRole('button')).toHaveText(['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon']);
  await page.keyboard.press('Escape');
  await picture(page, 'board-calendar');
  await sound(page, 'calendar');
  await page.getByRole('button', { name: 'Next month' }).click();
  await expect(chip('Two')).toHaveCount(0);
  await page.getByRole('button', { name: 'Today' }).click();
  await page.getByRole('button', { name: 'Week', exact: true }).click();
  await picture(page, 'board-calendar-week');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Week', exact: true })).toHaveAttribute('aria-pressed', 'true');
  other.close();
});

test('[B22][X4] figures: count and age by column, cycle time and flow, each as a table too', async ({ app }) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One']);
  const other = await colleague(app, 'Antenna build', 1);
  const [next, doing, done] = readBoard(other.doc).columns.map(({ id }) => id) as [string, string, string];
  const ago = (days: number): number => Date.now() - days * 86_400_000;
  for (let at = 0; at < 24; at++) {
    const made = { by: 'colleague-1', at: ago(40 - at) };
    const [id = ''] = addCards(other.doc, [{ title: `Card ${at}` }], { column: next }, made);
    if (at % 4 === 3) continue;
    moveCard(other.doc, id, { column: doing }, { by: 'colleague-1', at: ago(36 - at) });
    if (at % 4 !== 2) moveCard(other.doc, id, { column: done }, { by: 'colleague-2', at: ago(34 - at - (at % 5)) });
  }
  await page.getByRole('tab', { name: 'Figures' }).click();
  const ages = page.getByRole('region', { name: 'Cards and their age' });
  await expect(ages.getByRole('row', { name: /^Next 7 / })).toContainText(/days?/);
  await expect(ages.getByRole('row', { name: /^Doing 6 / })).toBeVisible();
  await expect(ages.getByRole('row', { name: /^Done 12 / })).toBeVisible();
  const cycle = page.getByRole('region', { name: 'Cycle time' });
  await expect(cycle).toContainText('Half of the 12 cards took 3.5 days or less');
  await cycle.getByText('As a table').click();
  await expect(cycle.getByRole('row')).toHaveCount(13);
  const flow = page.getByRole('region', { name: 'Cumulative flow' });
  await expect(flow.getByRole('img')).toBeVisible();
  await flow.getByText('As a table').click();
  await expect(flow.getByRole('row').nth(1)).toContainText('Today7612');
  await sound(page, 'figures');
  await flow.getByText('As a table').click();
  await cycle.getByText('As a table').click();
  await picture(page, 'board-figures');
  await flow.scrollIntoViewIfNeeded();
  await picture(page, 'board-figures-flow');
  other.close();
});
