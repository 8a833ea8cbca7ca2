// One board on two computers, apart and together again: a card that both moved, one that one deleted while the other edited it, a column that went.
import { expect, test } from '@playwright/test';
import { BoardWindow } from '../board-steps.ts';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import type { Person } from './person.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

async function keyboardMove(board: BoardWindow, title: string, steps: readonly string[]): Promise<void> {
  await board.card(title).focus();
  for (const key of [' ', ...steps, ' ']) await board.page.keyboard.press(key);
}

test('[B16] [B17] [B18] apart: one card moved by two is one card and both are told; deleted but edited comes back; what stood in a deleted column is unsorted', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  const [hers, his] = [new BoardWindow({ page: ana.window }), new BoardWindow({ page: bo.window })];
  const saved = async (...people: Person[]): Promise<void> => {
    for (const person of people) await expect(person.status).toHaveAccessibleName(/Saved here/);
  };
  await hers.make('Antenna build', ['Guy wires', 'Licence', 'Marker']);
  await bo.treeItem('Antenna build, board').click();
  await his.expectTitles('Next', ['Guy wires', 'Licence', 'Marker']);

  await test.step('apart', async () => {
    await saved(ana, bo);
    expect(await stage.stopRelay()).toBe(0);
    await keyboardMove(hers, 'Guy wires', ['ArrowRight']);
    await hers.expectTitles('Doing', ['Guy wires']);
    await keyboardMove(his, 'Guy wires', ['ArrowRight', 'ArrowRight']);
    await his.expectTitles('Done', ['Guy wires']);
    // Ana deletes a card in which Bo writes.
    await hers.card('Licence').focus();
    await ana.window.keyboard.press('Shift+F10');
    await ana.window.getByRole('menuitem', { name: 'Delete' }).click();
    await his.card('Licence').focus();
    await bo.window.keyboard.press('Enter');
    await bo.window.getByRole('textbox', { name: 'Title' }).click();
    await bo.window.keyboard.press('End');
    await bo.window.keyboard.type(' for 437 MHz');
    // Bo puts a card into the column that Ana deletes.
    await bo.window.keyboard.press('Tab');
    await bo.window.getByRole('button', { name: 'Close (Esc)' }).click();
    await his.column('Doing').getByRole('button', { name: 'New card', exact: true }).click();
    await bo.window.keyboard.type('Rotator');
    await bo.window.keyboard.press('Enter');
    await bo.window.keyboard.press('Escape');
    await his.expectTitles('Doing', ['Rotator']);
    await saved(ana, bo);
  });

  await test.step('together: the same board on both, and what was done apart is said', async () => {
    await stage.startRelay();
    for (const board of [hers, his]) {
      await expect(board.page.getByRole('option', { name: /^Guy wires/ })).toHaveCount(1);
      await board.expectTitles('Restored', ['Licence for 437 MHz']);
    }
    await expect(hers.page.getByRole('note', { name: 'Moved by two' })).toContainText(
      /Guy wires:\s+Bo moved it to Done while you moved it to Doing\. It is in (Done|Doing) now\./,
    );
    await expect(his.page.getByRole('note', { name: 'Moved by two' })).toContainText(
      /Guy wires:\s+Ana moved it to Doing while you moved it to Done\. It is in (Done|Doing) now\./,
    );
    await picture(hers.page, 'board-apart');
    await sound(hers.page, 'moved by two');
    await his.page.getByRole('note', { name: 'Moved by two' }).getByRole('button', { name: "Take Ana's" }).click();
    for (const board of [hers, his]) {
      await expect(board.page.getByRole('note', { name: 'Moved by two' })).toBeHidden();
      await expect.poll(() => board.titles('Doing')).toContain('Guy wires');
    }
    // Keeping the card that came back is moving it.
    await keyboardMove(hers, 'Licence for 437 MHz', ['ArrowRight']);
    for (const board of [hers, his]) {
      await expect(board.column('Restored')).toBeHidden();
      await expect.poll(() => board.titles('Next')).toContain('Licence for 437 MHz');
    }
  });

  await test.step('a column deleted apart leaves what came into it', async () => {
    await expect(ana.status).toHaveAccessibleName(/On relay/);
    await expect(bo.status).toHaveAccessibleName(/On relay/);
    expect(await stage.stopRelay()).toBe(0);
    await ana.window.getByRole('button', { name: 'More for Doing' }).click();
    await ana.window.getByRole('menuitem', { name: 'Delete…' }).click();
    await ana.window.getByRole('dialog').getByLabel(/^Its/).selectOption({ label: 'go to Done' });
    await ana.window.getByRole('button', { name: 'Delete', exact: true }).click();
    await his.column('Doing').getByRole('button', { name: 'New card', exact: true }).click();
    await bo.window.keyboard.type('Late card');
    await bo.window.keyboard.press('Enter');
    await bo.window.keyboard.press('Escape');
    await expect.poll(() => his.titles('Doing')).toContain('Late card');
    await saved(ana, bo);
    await stage.startRelay();
    for (const board of [hers, his]) {
      await board.expectTitles('Unsorted', ['Late card']);
      await expect.poll(() => board.titles('Done')).toEqual(expect.arrayContaining(['Guy wires', 'Rotator']));
    }
    await hers.drag(hers.card('Late card'), hers.column('Next'), { x: 80, y: 300 });
    for (const board of [hers, his]) await expect.poll(() => board.titles('Next')).toContain('Late card');
  });
});
