// The history of a page in real windows: who and when, versions with what changed, restoring a page or a block, offline and by keyboard.
import type { Page } from '@playwright/test';
import { expect, test } from './app-window.ts';
import { Stage } from './journey/stage.ts';
import { axeOn } from './sound-look.ts';

async function serious(page: Page): Promise<string[]> {
  const { violations } = await axeOn(page).analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

test('[W19] [X3] [X13] sessions beside the page, a version with what changed, the page and one block restored and taken back', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish alignment');
  await page.keyboard.press('Enter');
  await page.keyboard.type('The dish must stay within the track.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Grease the bearing in spring.');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  // A window that closes ends its session.
  await page.reload();
  await expect(app.text).toContainText('Grease');
  await app.text.getByText('Grease').click();
  for (const key of ['End', 'Shift+Home']) await page.keyboard.press(key);
  // Keys without a pause between them come before the editor has read what the browser did with the one before.
  await expect(page.getByRole('toolbar', { name: 'Selected text' })).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(app.text.locator('.block').last()).toHaveText('');
  await page.keyboard.press('Backspace');
  await expect(app.text.locator('.block')).toHaveCount(1);
  for (const key of ['ArrowLeft', 'Control+Shift+ArrowLeft']) await page.keyboard.press(key);
  await page.keyboard.type('rail');
  await expect(app.text.locator('.block')).toHaveCount(1);
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  const now = await app.text.innerText();

  await page.keyboard.press('Control+Alt+h');
  const sessions = page.locator('.history .session');
  // The last one is that of making the page.
  await expect(sessions).toHaveCount(3);
  await expect(sessions.first()).toContainText('Mira Okafor');
  await expect(sessions.first()).toContainText('Still going on');
  await expect(sessions.first()).toContainText(/1 word added, 6 removed/);
  await expect(sessions.nth(1)).toContainText(/14 words added/);
  await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();

  await sessions.first().click();
  const version = page.getByRole('document', { name: 'Page as it was' });
  await expect(version.locator('ins').first()).toHaveText('rail');
  await expect(version.locator('del').first()).toHaveText('track');
  await expect(version.locator('ins').first()).toHaveAttribute('title', 'Mira Okafor wrote this');
  await expect(version.getByText('Removed by Mira Okafor')).toBeVisible();
  await page.keyboard.press('F7');
  await expect(page.getByText('1 of 2 changed')).toBeVisible();
  await page.keyboard.press('F7');
  await expect(page.getByText('2 of 2 changed')).toBeVisible();
  expect(await serious(page)).toEqual([]);

  // One block.
  await version.getByRole('button', { name: 'Bring back' }).click();
  await expect(app.text.locator('.block')).toHaveText([/rail/, 'Grease the bearing in spring.']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => app.text.innerText()).toBe(now);

  // The page, and back by the keys of undo.
  await sessions.nth(1).click();
  await expect(version).toContainText('within the track');
  await page.getByRole('button', { name: 'Restore this page' }).click();
  await expect(app.text.locator('.block')).toHaveText([
    'The dish must stay within the track.',
    'Grease the bearing in spring.',
  ]);
  await app.text.getByText('Grease').click();
  await page.keyboard.press('Control+z');
  await expect(app.text.locator('.block')).toHaveCount(1);
  await page.keyboard.press('Control+Shift+z');
  await expect(app.text.locator('.block')).toHaveCount(2);
});

const stage = new Stage();
test.afterEach(() => stage.clear());

test('[W19] two windows of two people in the same minutes: each word under the name of who typed it, also without the relay', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [ana, bo] = await stage.pair(browser);
  await ana.newPage('Everyone', 'Mast');
  await ana.window.keyboard.type('Wind moves it.');
  await bo.open('Mast');
  await bo.caretAtEndOf('Wind');
  await bo.window.keyboard.type(' Ropes hold it.');
  await expect(ana.text).toContainText('Ropes hold it.');
  await ana.caretAtEndOf('Wind');
  await ana.window.keyboard.type(' Check both.');
  await expect(bo.text).toContainText('Check both.');
  // Both sessions end, and travel.
  await bo.window.reload();
  await expect(bo.text).toContainText('Check both.');
  await ana.window.reload();
  await expect(ana.text).toContainText('Check both.');
  const sessions = ana.window.locator('.history .session');
  await expect(async () => {
    await ana.window.keyboard.press('Control+Alt+h');
    await ana.window.keyboard.press('Control+Alt+h');
    if ((await sessions.count()) === 0) await ana.window.keyboard.press('Control+Alt+h');
    await expect(sessions).toHaveCount(3, { timeout: 1_000 });
    await expect(ana.window.locator('.history')).not.toContainText('Recorded since', { timeout: 500 });
  }).toPass();
  expect(await stage.stopRelay()).toBe(0);
  await sessions.filter({ hasText: 'Ana' }).first().click();
  const version = ana.window.getByRole('document', { name: 'Page as it was' });
  await expect(version.locator('ins[title="Bo wrote this"]')).toHaveText(/Ropes hold it\./);
  await expect(version.locator('ins[title="Ana wrote this"]').first()).toHaveText(/Wind moves it\./);
  await expect(version.locator('ins[title="Ana wrote this"]').last()).toHaveText(/Check both\./);
});
