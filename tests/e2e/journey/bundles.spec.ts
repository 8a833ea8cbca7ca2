// A bundle from one computer to another that it never meets: written, a flipped byte refused, looked at, taken in, by keyboard.
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { picture } from '../pictures.ts';
import { sound } from '../sound-look.ts';
import { Stage } from './stage.ts';

const stage = new Stage();
test.afterEach(() => stage.clear());

test('[D8] [X8] what one wrote goes on a stick to the other: a changed byte is refused, what is inside is shown, and taken once', async ({
  browser,
}, info) => {
  test.setTimeout(90_000);
  const [ana, bo] = await stage.pair(browser);
  await ana.newPage('Everyone', 'Dish alignment');
  await ana.window.keyboard.type('The dish must stay within the track.');
  await bo.open('Dish alignment');
  await expect(bo.text).toContainText('within the track.');
  // Bo is away, and the relay is gone.
  await bo.quit();
  await stage.stopRelay();
  await ana.caretAtEndOf('The dish');
  await ana.window.keyboard.type(' Park it above 12 m/s.');
  await expect(ana.status).toHaveAccessibleName(/Saved here/);

  const file = info.outputPath('for bo.caravan-bundle');
  await test.step('written from where the page is, for Bo’s computer', async () => {
    const page = ana.window;
    await ana.status.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Where this page is' });
    await panel.getByRole('button', { name: 'Write bundle…' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Write a bundle' });
    await expect(dialog.getByRole('combobox', { name: 'For whom' })).toHaveValue(/^m:/);
    await expect(dialog.getByRole('status')).toHaveText(/^\d+ documents? for Bo, on 1 computer\.\s*$/);
    await picture(page, 'bundle-write');
    await sound(page, 'bundle-write');
    await dialog.getByRole('button', { name: 'Write bundle' }).focus();
    const saved = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/^Bo \d{4}-\d\d-\d\d\.caravan-bundle$/);
    await download.saveAs(file);
    await expect(page.getByRole('dialog', { name: 'Written' })).toContainText(/Bo\s+reads it under Settings/);
    await page.keyboard.press('Enter');
  });
  const flipped = info.outputPath('flipped.caravan-bundle');
  const bytes = await readFile(file);
  bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 4;
  await writeFile(flipped, bytes);
  await ana.quit();

  await bo.start();
  await bo.open('Dish alignment');
  const page = bo.window;
  const give = async (path: string): Promise<void> => {
    const asked = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose the file…' }).focus();
    await page.keyboard.press('Enter');
    await (await asked).setFiles(path);
  };
  await page.keyboard.press('Control+k');
  await page.keyboard.type('read a bundle');
  await expect(page.getByRole('option', { name: /^Read a bundle/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await give(flipped);
  const dialog = page.getByRole('dialog', { name: 'Read a bundle' });
  await expect(dialog.getByRole('alert')).toHaveText(/cut off or changed on its way\. Nothing was changed\./);
  await expect(bo.text).not.toContainText('12 m/s');

  await give(file);
  const preview = page.getByRole('dialog', { name: 'What is in the bundle' });
  await expect(preview).toContainText(/Ana\s+wrote it.*for Bo/s);
  await expect(preview.getByRole('listitem').filter({ hasText: 'Dish alignment' })).toContainText(/\d+ changes?/);
  await picture(page, 'bundle-preview');
  await sound(page, 'bundle-preview');
  await expect(bo.text).not.toContainText('12 m/s');
  await preview.getByRole('button', { name: 'Take it in' }).focus();
  await page.keyboard.press('Enter');
  const done = page.getByRole('dialog', { name: 'Taken in' });
  await expect(done.getByRole('status')).toHaveText(/^Taken in: 1 document/);
  await expect(bo.text).toContainText('Park it above 12 m/s.');

  await done.getByRole('button', { name: 'Read another' }).focus();
  await page.keyboard.press('Enter');
  await give(file);
  await preview.getByRole('button', { name: 'Take it in' }).focus();
  await page.keyboard.press('Enter');
  await expect(done.getByRole('status')).toHaveText('Everything in it was here already. Nothing was changed.');
  await page.keyboard.press('Escape');
  await expect(done).toHaveCount(0);
});
