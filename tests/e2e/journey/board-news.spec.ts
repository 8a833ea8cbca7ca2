// What is new on a board to whoever opens it: on two computers, over restarts and without a connection.
import { expect, test } from '@playwright/test';
import { BoardWindow } from '../board-steps.ts';
import { picture } from '../pictures.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';
import { axeOn } from '../sound-look.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

async function onRelay(...people: Person[]): Promise<void> {
  for (const person of people) await expect(person.status).toHaveAccessibleName(/On relay/);
}

async function comment(person: Person, board: BoardWindow, card: string, words: string): Promise<void> {
  await board.card(card).click();
  await person.window.getByRole('textbox', { name: 'Comment' }).fill(words);
  await person.window.keyboard.press('Control+Enter');
  await expect(person.window.getByRole('region', { name: 'Comments' })).toContainText(words);
  await person.window.getByRole('button', { name: 'Close (Esc)' }).click();
}

test('[B11] [B7] a card that another changed, moved or commented is unread until it is opened, over a restart and without a connection; my own work never is', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [new BoardWindow({ page: ana.window }), new BoardWindow({ page: bo.window })];
  const unread = (): Promise<string[]> =>
    his.page
      .getByRole('option', { name: /; unread/ })
      .evaluateAll((all) => all.map((card) => card.querySelector('.name')?.textContent ?? '').toSorted());
  await hers.make('Antenna build', ['Guy wires', 'Licence', 'Marker', 'Fence']);
  await bo.newPage('Everyone', 'Elsewhere');
  await bo.treeItem('Antenna build, board').click();
  await his.expectTitles('Next', ['Guy wires', 'Licence', 'Marker', 'Fence']);
  expect(await unread()).toEqual([]);

  await test.step('what happens while Bo is elsewhere is unread when he comes back', async () => {
    await bo.open('Elsewhere');
    await hers.card('Guy wires').focus();
    for (const key of [' ', 'ArrowRight', ' ']) await ana.window.keyboard.press(key);
    await comment(ana, hers, 'Licence', 'Filed on Monday.');
    await onRelay(ana);
    await bo.treeItem('Antenna build, board').click();
    await expect.poll(unread).toEqual(['Guy wires', 'Licence']);
    // His own work is nothing new to him.
    await his.card('Fence').click();
    await bo.window.getByRole('textbox', { name: 'Title' }).fill('Fence, west');
    await bo.window.getByRole('button', { name: 'Close (Esc)' }).click();
    await expect(his.card('Fence, west')).toHaveAccessibleName(/^Fence, west$/);
    await picture(bo.window, 'board-unread');
  });

  await test.step('the filter shows them, counted; opening one reads it', async () => {
    await bo.window.keyboard.press('/');
    const panel = bo.window.getByRole('dialog', { name: 'Filter' });
    await panel.getByText('Unread').click();
    await expect(panel.getByRole('status')).toHaveText('2 of 4 cards');
    await picture(bo.window, 'board-filter');
    const found = await axeOn(bo.window).analyze();
    expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    await bo.window.keyboard.press('Escape');
    await his.card('Guy wires').click();
    await expect.poll(unread).toEqual(['Licence']);
    await bo.window.getByRole('button', { name: 'Close (Esc)' }).click();
  });

  await test.step('it stays so without a connection and after a restart', async () => {
    await onRelay(ana, bo);
    expect(await stage.stopRelay()).toBe(0);
    expect(await bo.quit()).toBe(0);
    await bo.start();
    his.page = bo.window;
    await bo.treeItem('Antenna build, board').click();
    await expect.poll(unread).toEqual(['Licence']);
    await stage.startRelay();
    await hers.card('Guy wires').click();
    await ana.window.getByRole('textbox', { name: 'Title' }).fill('Guy wires, steel');
    await expect.poll(unread).toEqual(['Guy wires, steel', 'Licence']);
  });

  await test.step('all are read at once, and that is taken back', async () => {
    await bo.window.getByRole('button', { name: 'Filter', exact: true }).click();
    await bo.window.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(unread).toEqual([]);
    await bo.window.keyboard.press('Escape');
    await bo.window.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(unread).toEqual(['Guy wires, steel', 'Licence']);
    await bo.window.getByRole('button', { name: 'Filter', exact: true }).click();
    await bo.window.getByRole('button', { name: 'Mark all as read' }).click();
    await bo.window.getByRole('dialog', { name: 'Filter' }).getByText('Unread').click();
    await expect(bo.window.getByText('Nothing is unread: nobody else changed a card')).toBeVisible();
  });
});

test('[B9] [B7] a card, a column and a board are watched, the filter shows what is', async ({ browser }) => {
  test.setTimeout(60_000);
  const [ana] = await stage.pair(browser);
  const board = new BoardWindow({ page: ana.window });
  const page = ana.window;
  await board.make('Antenna build', ['Guy wires', 'Licence', 'Marker']);
  await board.card('Licence').click();
  await page.getByRole('button', { name: 'Follow this card' }).click();
  await expect(page.getByRole('button', { name: 'Follow this card' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Close (Esc)' }).click();
  await page.keyboard.press('/');
  await page.getByRole('dialog', { name: 'Filter' }).getByText('Followed').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.getByRole('button', { name: 'More for Next' }).click();
  await page.getByRole('menuitemradio', { name: 'Follow this column' }).click();
  await expect(page.getByRole('option')).toHaveCount(3);
  await expect(board.column('Next').getByLabel('Followed')).toBeVisible();
  await page.getByRole('button', { name: 'More for Next' }).click();
  await page.getByRole('menuitemradio', { name: 'Follow this column' }).click();
  await board.card('Licence').focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitemradio', { name: 'Follow this card' }).click();
  await expect(page.getByText('You follow none of these cards.')).toBeVisible();
  await page.getByRole('button', { name: 'More for this board' }).click();
  await page.getByRole('menuitem', { name: /^Follow\b/ }).click();
  await expect(page.getByRole('option')).toHaveCount(3);
});

test('[B11] [X8] a card of which something is nowhere but here says so, exactly, until the relay has it: words, places, what was taken away, comments', async ({
  browser,
}) => {
  test.setTimeout(90_000);
  const [ana] = await stage.pair(browser);
  const board = new BoardWindow({ page: ana.window });
  const page = ana.window;
  const unsent = (): Promise<string[]> =>
    page
      .getByRole('option', { name: /only on this computer/ })
      .evaluateAll((all) => all.map((card) => card.querySelector('.name')?.textContent ?? '').toSorted());
  await board.make('Antenna build', ['Guy wires', 'Licence', 'Marker', 'Fence', 'Rotator']);
  await board.card('Fence').click();
  await page.getByRole('button', { name: 'Priority, change' }).click();
  await page.getByRole('menuitemradio', { name: 'High' }).click();
  await page.getByRole('button', { name: 'Close (Esc)' }).click();
  await onRelay(ana);
  await expect.poll(unsent).toEqual([]);

  expect(await stage.stopRelay()).toBe(0);
  await board.card('Guy wires').focus();
  for (const key of [' ', 'ArrowRight', ' ']) await page.keyboard.press(key);
  await expect.poll(unsent).toEqual(['Guy wires']);
  await board.card('Fence').click();
  await page.getByRole('button', { name: 'Priority, change' }).click();
  await page.getByRole('menuitemradio', { name: 'None' }).click();
  await page.getByRole('button', { name: 'Close (Esc)' }).click();
  await expect.poll(unsent).toEqual(['Fence', 'Guy wires']);
  await comment(ana, board, 'Marker', 'Red, not orange.');
  await expect.poll(unsent).toEqual(['Fence', 'Guy wires', 'Marker']);
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('dialog', { name: 'Filter' }).getByText('Only on this computer').click();
  await expect(page.getByRole('dialog', { name: 'Filter' }).getByRole('status')).toHaveText('3 of 5 cards');
  await page.keyboard.press('Escape');
  await picture(page, 'board-unsent');

  await test.step('over a restart as well, and gone with the relay', async () => {
    await expect(ana.status).toHaveAccessibleName(/Saved here/);
    await ana.host.kill();
    await ana.quit();
    await ana.start();
    board.page = ana.window;
    await ana.treeItem('Antenna build, board').click();
    const again = (): Promise<string[]> =>
      ana.window
        .getByRole('option', { name: /only on this computer/ })
        .evaluateAll((all) => all.map((card) => card.querySelector('.name')?.textContent ?? '').toSorted());
    await expect.poll(again).toEqual(['Fence', 'Guy wires', 'Marker']);
    await stage.startRelay();
    await onRelay(ana);
    await expect.poll(again).toEqual([]);
  });
});

test('[B7] [D1] what others changed while this computer was away is a filter, after it was off for more than five minutes', async ({
  browser,
}) => {
  test.setTimeout(90_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [new BoardWindow({ page: ana.window }), new BoardWindow({ page: bo.window })];
  await hers.make('Antenna build', ['Guy wires', 'Licence', 'Marker']);
  await bo.treeItem('Antenna build, board').click();
  await his.expectTitles('Next', ['Guy wires', 'Licence', 'Marker']);
  await his.card('Marker').click();
  await bo.window.getByRole('textbox', { name: 'Title' }).fill('Marker, red');
  await onRelay(ana, bo);
  expect(await bo.quit()).toBe(0);
  await hers.card('Licence').focus();
  for (const key of [' ', 'ArrowRight', ' ']) await ana.window.keyboard.press(key);
  await onRelay(ana);
  // The computer is switched on ten minutes later, as far as its clock says.
  process.env['NODE_OPTIONS'] =
    `--import=data:text/javascript,${encodeURIComponent('const now=Date.now;Date.now=()=>now()+600000')}`;
  try {
    await bo.start();
  } finally {
    delete process.env['NODE_OPTIONS'];
  }
  his.page = bo.window;
  await bo.treeItem('Antenna build, board').click();
  await his.expectTitles('Doing', ['Licence']);
  // Live from here on: it did not come while he was away.
  await hers.card('Guy wires').click();
  await ana.window.getByRole('textbox', { name: 'Title' }).fill('Guy wires, steel');
  await expect(his.card('Guy wires, steel')).toBeVisible();
  await bo.window.getByRole('button', { name: 'Filter', exact: true }).click();
  const panel = bo.window.getByRole('dialog', { name: 'Filter' });
  await panel.getByText('Changed while I was away').click();
  await expect(panel.getByRole('status')).toHaveText('1 of 3 cards');
  await expect(panel.getByText(/^Away: \d\d:\d\d to \d\d:\d\d\.$/)).toBeVisible();
  await picture(bo.window, 'board-away');
  await bo.window.keyboard.press('Escape');
  await expect(his.card('Licence')).toBeVisible();
  await expect(bo.window.getByRole('option')).toHaveCount(1);
});
