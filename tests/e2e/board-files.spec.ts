// What is attached to a card, in a real window: picked, dropped and pasted, shown large, saved, renamed, removed and back, and counted on its face.
import { readFile } from 'node:fs/promises';
import { expect, test } from './app-window.ts';
import { BoardWindow } from './board-steps.ts';
import { giveTo, png } from './given-files.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

test('[B9][B11][BD24][X4] files are picked, dropped and pasted onto a card, shown, saved, renamed and removed with Undo; all is there after a restart', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  const board = new BoardWindow(app);
  await board.make('Antenna build', ['Measure mast sway', 'Guy wires']);
  await board.card('Measure mast sway').focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Card' });
  // The address is the card's once it is shown.
  await expect(panel.getByRole('textbox', { name: 'Title' })).toHaveValue('Measure mast sway');
  const address = page.url();
  const list = panel.getByRole('region', { name: 'Attachments' });
  const rows = list.getByRole('listitem');
  const text = Buffer.from('8 m/s: 4 mm\n12 m/s: 11 mm\n');
  await list.getByLabel('Files to attach').setInputFiles({ name: 'sway-2026.csv', mimeType: 'text/csv', buffer: text });
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('26 B');
  await expect(board.card('Measure mast sway')).toHaveAccessibleName(/1 file(;|$)/);
  await giveTo(panel.getByRole('tablist'), 'drop', [
    { name: 'mast.png', type: 'image/png', bytes: png(800, 400) },
    { name: 'Übersicht.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 nothing to run') },
  ]);
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole('status').filter({ hasText: 'Übersicht.pdf was attached' })).toHaveCount(1);
  // A comment takes what is pasted into it for itself; beside it, it goes onto the card.
  const feed = [{ name: 'feed.png', type: 'image/png', bytes: png(60, 90) }] as const;
  await giveTo(panel.getByRole('textbox', { name: 'Comment' }), 'paste', feed);
  await panel.getByRole('button', { name: 'Take out feed.png' }).click();
  await giveTo(panel.getByRole('tab', { name: 'Comments' }), 'paste', feed);
  await expect(rows).toHaveCount(4);
  await expect(board.card('Measure mast sway')).toHaveAccessibleName(/4 files/);
  await expect
    .poll(() =>
      rows
        .nth(1)
        .locator('img')
        .evaluate((one: HTMLImageElement) => one.naturalWidth),
    )
    .toBe(800);

  await rows.nth(1).getByRole('button', { name: 'Show large mast.png' }).click();
  await expect(page.getByRole('dialog', { name: 'mast.png' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(rows.nth(1).getByRole('button', { name: 'Show large mast.png' })).toBeFocused();
  const saving = page.waitForEvent('download');
  await rows.nth(0).getByRole('button', { name: 'Save a copy of sway-2026.csv' }).click();
  const saved = await saving;
  expect([saved.suggestedFilename(), await readFile(await saved.path())]).toEqual(['sway-2026.csv', text]);

  await rows.nth(1).getByRole('button', { name: 'More for mast.png' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await expect(list.getByRole('textbox', { name: 'Name of mast.png' })).toBeFocused();
  // The ending stays: only what stands in front of it is selected.
  await page.keyboard.type('mast from the north');
  await page.keyboard.press('Enter');
  await expect(rows.nth(1)).toContainText('mast from the north.png');
  await expect(rows.nth(1).getByRole('button', { name: /^More for/ })).toBeFocused();
  await rows.nth(2).getByRole('button', { name: 'More for Übersicht.pdf' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(rows).toHaveCount(3);
  await expect(board.card('Measure mast sway')).toHaveAccessibleName(/3 files/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(2)).toContainText('Übersicht.pdf');
  await panel.getByRole('tab', { name: 'Activity' }).click();
  await expect(panel.getByRole('tabpanel')).toContainText('Mira Okafor attached “Übersicht.pdf”');
  await list.scrollIntoViewIfNeeded();
  await picture(page, 'board-files');
  await sound(page, 'attachments of a card');

  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.stopHost();
  await app.startHost();
  await app.open();
  await page.goto(address);
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText('mast from the north.png');
  await expect
    .poll(() =>
      rows
        .nth(3)
        .locator('img')
        .evaluate((one: HTMLImageElement) => one.naturalHeight),
    )
    .toBe(90);
});
