// Writing in discussions in a real window: people, pages, signs, forms and files; quoting, reactions, the history of an edit, levels.
import type { Locator, Page } from '@playwright/test';
import { test, expect, type App } from './app-window.ts';
import { giveTo, png } from './given-files.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

const post = (page: Page, text: string | RegExp): Locator => page.getByRole('article').filter({ hasText: text });

async function begun(
  app: App,
  more: { type?: 'discussion' | 'idea' | 'announcement'; title: string; text: string },
): Promise<string> {
  const workspace = new URL(app.page.url()).hash.split('/')[2] ?? '';
  const [space] = await app.call('space.list', { workspace });
  const { id } = await app.call('thread.begin', {
    workspace,
    space: space!.id,
    type: 'discussion',
    ...more,
  });
  return `#/w/${workspace}/d/${id}`;
}

test('[T5] [T7] [T8] [T9] [T10] people, pages, signs, forms and files are written with keys, read with their names of now, quoted, edited and followed', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Pass plan');
  const address = await begun(app, {
    title: 'Doppler lag',
    text: 'One\n\n- two\n  - three\n\n<img src=x onerror=alert(1)>',
  });
  await page.goto(new URL(address, page.url()).href);
  const field = page.getByRole('textbox', { name: 'Write a post' });
  await expect(post(page, 'three').locator('ul ul')).toHaveText(/three/);
  await expect(post(page, 'three').locator('img')).toHaveCount(0);

  await field.fill('Ask ');
  await field.press('End');
  await page.keyboard.type('@mir');
  await expect(page.getByRole('option', { name: /Mira Okafor/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('Ask @Mira Okafor ');
  await page.keyboard.type('about [[pass');
  await expect(page.getByRole('option', { name: /Pass plan/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(field).toHaveValue('Ask @Mira Okafor about [[Pass plan]] ');
  await page.keyboard.type(':tad');
  await expect(page.getByRole('option', { name: /tada/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('/bo');
  await expect(page.getByRole('option', { name: /Boxes/ })).toBeVisible();
  await picture(page, 'thread-writing');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('Ask @Mira Okafor about [[Pass plan]] 🎉 \n- [ ] ');
  await page.keyboard.type('look');
  await giveTo(field, 'drop', [
    { name: 'dish.png', type: 'image/png', bytes: png(80, 40) },
    { name: 'run.html', type: 'text/html', bytes: Buffer.from('<script>document.title = "run"</script>') },
  ]);
  await expect(page.getByRole('list', { name: 'Files' }).getByRole('listitem')).toHaveText([/dish\.png/, /run\.html/]);
  await expect(page.getByText('Draft saved')).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue('Ask @Mira Okafor about [[Pass plan]] 🎉 \n- [ ] look');
  await field.press('Control+Enter');
  const mine = post(page, 'look');
  await expect(mine.getByRole('img', { name: 'dish.png' })).toBeVisible();
  await expect(mine.getByRole('button', { name: 'Save a copy of run.html' })).toBeVisible();
  await expect(mine).toContainText('@Mira Okafor');
  await picture(page, 'thread-post');
  await sound(page, 'thread with files');

  // The title of now, and the way there and back.
  await app.row('Pass plan').click();
  await expect(app.title).toHaveValue('Pass plan');
  await app.title.fill('Pass plan, October');
  await expect(app.row('Pass plan, October')).toBeVisible();
  await page.goBack();
  await mine.getByRole('button', { name: 'Pass plan, October' }).click();
  await expect(app.title).toHaveValue('Pass plan, October');
  await page.goBack();

  // Edited: what it said before can be read.
  await mine.focus();
  await page.keyboard.press('e');
  const edit = page.getByRole('textbox', { name: 'Edit the post' });
  await expect(edit).toHaveValue(/^Ask @Mira Okafor/);
  await edit.fill('Ask nobody');
  await edit.press('Control+Enter');
  await post(page, 'Ask nobody').getByRole('button', { name: 'edited' }).click();
  const history = page.getByRole('dialog', { name: 'What this post said' });
  await expect(history.getByRole('listitem')).toContainText(['Ask nobody', 'look']);
  await history.getByRole('button', { name: 'Close' }).last().click();

  // Quoted, with a jump there and back.
  await post(page, 'Ask nobody').focus();
  await page.keyboard.press('q');
  await expect(field).toHaveValue('> Ask nobody\n\n');
  await field.press('Control+End');
  await page.keyboard.type('Why?');
  await page.keyboard.press('Control+Enter');
  await post(page, 'Why?').getByRole('button', { name: 'Mira Okafor: Ask nobody' }).click();
  await expect(page.getByRole('article').nth(1)).toBeFocused();
  await page.keyboard.press('b');
  await expect(post(page, 'Why?')).toBeFocused();
});
