// Search over everything in a real window, by keys alone, and the palette with what only the index knows.
import type { Page } from '@playwright/test';
import { BoardWindow } from './board-steps.ts';
import { expect, test, type App } from './app-window.ts';
import { sound } from './sound-look.ts';

async function filled(app: App, page: Page): Promise<{ workspace: string; space: string }> {
  await app.firstRun();
  await app.newPage('Dish alignment');
  await page.keyboard.press('Enter');
  await expect(app.text).toBeFocused();
  await page.keyboard.type('Half of the budget is spent by the rotator.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('会議室で確認する');
  await new BoardWindow({ page }).make('Antenna build', ['Grease the rotator']);
  const workspace = (await app.call('hello', {})).workspaces[0]!.id;
  const space = (await app.call('space.list', { workspace })).find(({ name }) => name === 'Everyone')!.id;
  const ask = { workspace, space, type: 'question' as const, title: 'Which antenna?', text: 'The rotator is old.' };
  await app.call('thread.begin', ask);
  return { workspace, space };
}

test('[X2] [X4] everything is found while it is typed, narrowed by conditions and kinds, and opens where the words stand; what comes later is found without asking again', async ({
  app,
  page,
}) => {
  const { workspace, space } = await filled(app, page);
  await page.keyboard.press('Control+Shift+f');
  const field = page.getByRole('combobox', { name: 'Search everything' });
  await expect(field).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Everything on this computer' })).toBeVisible();
  const results = page.getByRole('list', { name: 'Results' });
  const kinds = page.getByRole('group', { name: 'Kinds' });
  await page.keyboard.type('rotator');
  await expect(results.getByRole('listitem')).toHaveCount(3);
  await expect(kinds.getByRole('button', { name: 'Cards 1' })).toBeVisible();
  await expect(results.locator('mark').first()).toHaveText('rotator');
  await sound(page, 'search');

  // What comes from elsewhere is found a moment later.
  await app.call('thread.begin', { workspace, space, type: 'idea', title: 'A second rotator', text: 'For the coast.' });
  await expect(results.getByRole('link', { name: 'A second rotator' })).toBeVisible();

  await page.keyboard.type(' ty');
  await expect(page.getByRole('option', { name: /^type:/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type('que');
  await expect(page.getByRole('option', { name: /question/ }).first()).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(field).toHaveValue('rotator type:question ');
  await expect(results.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Without the condition type:question' }).click();
  await expect(results.getByRole('listitem')).toHaveCount(4);

  await field.fill('colour:red rotator');
  await expect(page.getByRole('alert')).toContainText('“colour:” is no condition (these are: in: by:');
  await field.fill('rotatr nothing');
  await expect(page.getByRole('heading', { name: 'Nothing on this computer has all of this' })).toBeVisible();
  await field.fill('議室');
  await expect(results.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(results.getByRole('link', { name: 'Dish alignment' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue('Dish alignment');
  await expect(app.text).toContainText('会議室');
  await page.goBack();
  await expect(field).toHaveValue('議室');

  await page.getByRole('button', { name: 'Make the index anew' }).click();
  await expect(page.getByRole('button', { name: 'Make the index anew' })).toBeVisible();
  await field.fill('rotatr');
  await expect(page.getByText('Also taken for what was typed: rotator')).toBeVisible();
});

test('[X1] the palette finds cards, people and words in text, marks them, and leads on to the search of all text', async ({
  app,
  page,
}) => {
  await filled(app, page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search or jump' });
  const field = palette.getByRole('combobox');
  await field.fill('grease');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Grease the rotator');
  await field.fill('mira');
  await expect(palette.getByRole('option', { name: /Mira Okafor/ })).toBeVisible();
  await field.fill('budget');
  const inText = palette.getByRole('option', { name: /Dish alignment/ });
  await expect(inText.locator('mark')).toHaveText('budget');
  await expect(palette.getByRole('option', { name: /Search everything for “budget”/ })).toContainText('1 result');
  await sound(page, 'palette with text');
  await field.fill('grease');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Grease the rotator');
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('textbox', { name: 'Card title' }).or(page.getByText('Grease the rotator')).first(),
  ).toBeVisible();
  await expect(page).toHaveURL(/\/at\//);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await field.fill('rotator');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('combobox', { name: 'Search everything' })).toHaveValue('rotator');
  await expect(page.getByRole('list', { name: 'Results' }).getByRole('listitem')).toHaveCount(3);
});
