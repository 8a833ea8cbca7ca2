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
  // What is typed there is not lost: not with Escape, and not with the window.
  await edit.press('Escape');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(edit).toHaveValue('Ask nobody');
  await expect(page.getByRole('article').getByText('Draft saved')).toBeVisible();
  await page.reload();
  await expect(mine).toBeVisible();
  await mine.focus();
  await page.keyboard.press('e');
  await expect(edit).toHaveValue('Ask nobody');
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

test('[T1] [T10] [T11] [T12] [T14] [T17] similar threads are offered, posts split off, ideas merged and made a card, an announcement counts who saw it, and what was done is told', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Pass plan');
  const workspace = new URL(page.url()).hash.split('/')[2] ?? '';
  const [space] = await app.call('space.list', { workspace });
  await app.call('doc.create', { workspace, space: space!.id, kind: 'board', title: 'Station', parent: null });
  await begun(app, { type: 'idea', title: 'Better chairs', text: '**My back** hurts, says [@Bo](member:bo)' });
  const dish = await begun(app, { title: 'The dish', text: 'It wobbles' });

  await page
    .getByRole('region', { name: 'Everyone' })
    .getByRole('button', { name: /^Discussions/ })
    .click();
  const rows = page.getByRole('main').getByRole('listitem');
  await expect(rows.filter({ hasText: 'Better chairs' })).toContainText('My back hurts, says @Bo');
  await page.getByRole('combobox', { name: 'Tell me of' }).selectOption('Tell me of mentions');
  await page.getByRole('button', { name: 'New', exact: true }).click();
  const form = page.getByRole('form', { name: 'New discussion' });
  await form.getByText('Idea', { exact: true }).click();
  await form.getByRole('textbox').first().fill('A better chair for everybody');
  await expect(form.getByText('Draft saved')).toBeVisible();
  const similar = form.getByRole('region', { name: 'Similar threads' });
  await expect(similar.getByRole('button', { name: 'Better chairs' })).toBeVisible();
  await picture(page, 'thread-similar');
  await sound(page, 'similar threads');
  // Escape puts the form away, and nothing of it: it is there again, also after the window.
  await page.keyboard.press('Escape');
  await expect(form).toHaveCount(0);
  await page.reload();
  await page.getByRole('button', { name: 'New', exact: true }).click();
  await expect(form.getByRole('textbox').first()).toHaveValue('A better chair for everybody');
  await expect(form.getByRole('radio', { name: 'Idea' })).toBeChecked();
  await form.getByRole('button', { name: 'Begin' }).click();
  await expect(app.title).toHaveValue('A better chair for everybody');

  const more = async (item: string): Promise<void> => {
    await page.getByRole('button', { name: 'More for this discussion' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  // Who begins a thread follows it, though the space is quiet.
  await page.getByRole('button', { name: 'More for this discussion' }).click();
  await expect(page.getByRole('menuitem', { name: 'Follow every post ✓' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Vote/ }).click();
  await expect(page.getByRole('button', { name: /^Vote/ })).toHaveText(/Vote\s+1/);
  await more('Go on in another thread…');
  const merge = page.getByRole('dialog', { name: 'Go on in another thread' });
  await merge.getByRole('radio', { name: /Better chairs/ }).check();
  await picture(page, 'thread-merge');
  await merge.getByRole('button', { name: 'Merge' }).click();
  await expect(app.title).toHaveValue('Better chairs');
  await expect(page.getByText('goes on here, and its votes count')).toBeVisible();
  // The vote came along.
  await expect(page.getByRole('button', { name: /^Vote/ })).toHaveText(/Vote\s+1/);
  await more('Make it a card…');
  const card = page.getByRole('dialog', { name: 'Make it a card' });
  await expect(card.getByRole('combobox', { name: 'Column' })).toHaveValue(/.+/);
  await card.getByRole('button', { name: 'Make the card' }).click();
  await expect(page.getByText('A card was made of it on')).toBeVisible();
  await picture(page, 'thread-idea-card');
  await page.getByRole('button', { name: 'Station', exact: true }).last().click();
  await expect(page.getByRole('complementary', { name: 'Card' })).toContainText('Better chairs');

  await page.goto(new URL(dish, page.url()).href);
  const field = page.getByRole('textbox', { name: 'Write a post' });
  for (const text of ['Since Monday', 'What is for lunch?']) {
    await field.fill(text);
    await field.press('Control+Enter');
    await expect(post(page, text)).toBeVisible();
  }
  const lunch = post(page, 'What is for lunch?');
  await lunch.hover();
  await lunch.getByRole('button', { name: 'More for this post' }).click();
  await page.getByRole('menuitem', { name: 'Into a thread of its own…' }).click();
  const split = page.getByRole('dialog', { name: 'Into a thread of their own' });
  await split.getByRole('textbox', { name: 'Title of the new thread' }).fill('Lunch');
  await picture(page, 'thread-split');
  await split.getByRole('button', { name: 'Split' }).click();
  await expect(split).toHaveCount(0);
  await expect(app.title).toHaveValue('Lunch');
  await page.getByRole('button', { name: 'The dish' }).click();
  await expect(app.title).toHaveValue('The dish');
  await expect(page.getByText('1 post went to')).toBeVisible();
  await expect(post(page, 'What is for lunch?')).toHaveCount(0);
  await more('Close');
  await expect(page.getByText(/closed this/)).toBeVisible();
  await more('What was done here');
  const deeds = page.getByRole('dialog', { name: 'What was done here' });
  await expect(deeds.getByRole('listitem')).toContainText(['closed it', 'took posts to another thread: “Lunch”']);
  await deeds.getByRole('button', { name: 'Close' }).last().click();

  const news = await begun(app, { type: 'announcement', title: 'The hut is closed', text: 'Until **May**' });
  await page.goto(new URL(news, page.url()).href);
  await expect(page.getByText('Seen by nobody yet')).toBeVisible();
  await picture(page, 'thread-announcement');
  await sound(page, 'announcement');
});
