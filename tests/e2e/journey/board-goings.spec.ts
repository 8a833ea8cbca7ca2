// One card that two people take to two boards while apart, and one in which somebody writes where it is not any more: on two computers with a relay between them.
import { expect, test } from '@playwright/test';
import { BoardWindow } from '../board-steps.ts';
import { picture } from '../pictures.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

async function send(board: BoardWindow, title: string, to: string): Promise<void> {
  await board.card(title).focus();
  await board.page.keyboard.press('Shift+F10');
  await board.page.getByRole('menuitem', { name: 'Move to another board…' }).click();
  const dialog = board.page.getByRole('dialog');
  await dialog.getByRole('option', { name: new RegExp(to) }).click();
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(dialog).toBeHidden();
}

test('[B14] [B16] [GO3] [GO4] apart: a card that two take to two boards is on one, and both are told; words that came too late are offered and put there', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [new BoardWindow({ page: ana.window }), new BoardWindow({ page: bo.window })];
  const saved = async (...people: Person[]): Promise<void> => {
    for (const person of people) await expect(person.status).toHaveAccessibleName(/Saved here/);
  };
  await hers.make('Flight');
  await hers.make('Ground');
  await hers.make('Launch', ['Guy wires', 'Licence']);
  await bo.treeItem('Launch, board').click();
  await his.expectTitles('Next', ['Guy wires', 'Licence']);
  for (const title of ['Flight', 'Ground']) await expect(bo.treeItem(`${title}, board`)).toBeVisible();

  await test.step('apart', async () => {
    await expect(ana.status).toHaveAccessibleName(/On relay/);
    await saved(bo);
    expect(await stage.stopRelay()).toBe(0);
    await send(hers, 'Guy wires', 'Flight');
    await send(hers, 'Licence', 'Flight');
    await send(his, 'Guy wires', 'Ground');
    // Bo writes in a card that Ana has taken away.
    await his.card('Licence').focus();
    await bo.window.keyboard.press('Enter');
    await bo.window.getByRole('textbox', { name: 'Title' }).click();
    await bo.window.keyboard.press('End');
    await bo.window.keyboard.type(' for 437 MHz');
    await expect(his.card('Licence for 437 MHz')).toBeVisible();
    await bo.window.keyboard.press('Tab');
    await bo.window.getByRole('button', { name: 'Close (Esc)' }).click();
    await saved(ana, bo);
  });

  await test.step('together: one card, and both are told', async () => {
    await stage.startRelay();
    for (const board of [hers, his]) await board.expectTitles('Next', []);
    const late = his.page.getByRole('note', { name: 'Written too late' });
    await expect(late).toContainText(
      'Ana moved it to Flight while it was changed here: the title “Licence for 437 MHz”.',
    );
    await picture(his.page, 'board-too-late');
    await late.getByRole('button', { name: 'Put it there' }).click();
    await expect(late).toBeHidden();
    await ana.treeItem('Flight, board').click();
    await bo.treeItem('Ground, board').click();
    await expect(hers.card('Licence for 437 MHz')).toHaveCount(1);
    const told = [hers, his].map((board) => board.page.getByRole('note', { name: 'Moved by two' }));
    await expect(told[0]!).toContainText(
      /Guy wires:\s+Bo moved it to Ground while you moved it here\. It is (here|there)\s+now\./,
    );
    await expect(told[1]!).toContainText(
      /Guy wires:\s+Ana moved it to Flight while you moved it here\. It is (here|there)\s+now\./,
    );
    await picture(hers.page, 'board-taken-by-two');
    const onHers = await hers.card('Guy wires').count();
    expect(onHers + (await his.card('Guy wires').count())).toBe(1);
    // Ana keeps hers, whichever holds: then it is with her.
    await told[0]!.getByRole('button', { name: 'Keep yours' }).click();
    await expect(hers.card('Guy wires')).toHaveCount(1);
    await expect(his.card('Guy wires')).toHaveCount(0);
    await expect(told[0]!).toBeHidden();
  });
});
