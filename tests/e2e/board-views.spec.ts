// The further views of a board in a real window: how they are chosen, and what mouse and keyboard do in each.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { picture } from './pictures.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

async function expectAccessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

test('[B8][X4] list: chosen by key and remembered, arrows over groups, Space completes, labels by key, a drag to another column', async ({
  app,
}) => {
  const board = new BoardWindow(app);
  const { page } = app;
  await board.make('Antenna build', ['One', 'Two', 'Three']);
  await page.getByRole('tab', { name: 'Board' }).focus();
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
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Next/ }).click();
  await expect(board.card('One')).toHaveCount(0);
  await page.reload();
  await expect(board.card('Three')).toBeVisible();
  await expect(page.getByRole('tab', { name: 'List' })).toHaveAttribute('aria-selected', 'true');
  await expect(board.card('One')).toHaveCount(0);
});
