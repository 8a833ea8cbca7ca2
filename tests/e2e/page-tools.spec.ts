// What a page offers around its text in a real window: find, contents, words, the language of code, the sheet of keys.
import { expect, test } from './app-window.ts';
import { sound } from './sound-look.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
  await app.newPage('Dish');
  await app.page.keyboard.press('Enter');
});

test('[W13] Ctrl+F finds with a count, goes on and back, replaces, and Escape gives the text the match', async ({
  app,
}) => {
  await app.page.keyboard.type('one dish\ntwo dishes\nno more');
  await app.page.keyboard.press('Control+f');
  const bar = app.page.getByRole('search', { name: 'Find in the page' });
  await expect(bar.getByLabel('Find', { exact: true })).toBeFocused();
  await app.page.keyboard.type('dish');
  await expect(bar.getByRole('status')).toHaveText('1 of 2');
  await app.page.keyboard.press('Enter');
  await expect(bar.getByRole('status')).toHaveText('2 of 2');
  await app.page.keyboard.press('Shift+Enter');
  await expect(bar.getByRole('status')).toHaveText('1 of 2');
  await bar.getByRole('button', { name: 'Replace' }).click();
  await bar.getByLabel('Replace with').fill('mast');
  await app.page.keyboard.press('Enter');
  await expect(app.text.locator('.block')).toHaveText(['one mast', 'two dishes', 'no more']);
  await bar.getByRole('button', { name: 'All' }).click();
  await expect(app.text.locator('.block')).toHaveText(['one mast', 'two mastes', 'no more']);
  await expect(bar.getByRole('status')).toHaveText('Not found');
  await app.page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
  await expect(app.text).toBeFocused();
});

test('[W14] contents lead to a heading, and words are counted', async ({ app }) => {
  await app.page.keyboard.type('# First\nsome words here\n## Second\nand two more');
  await app.page.keyboard.press('Control+Alt+o');
  const contents = app.page.getByRole('tabpanel', { name: 'Contents' });
  await expect(contents.getByRole('listitem')).toHaveText(['First', 'Second']);
  await expect(contents).toContainText('8 words');
  await contents.getByRole('button', { name: 'Second' }).click();
  await expect(app.text).toBeFocused();
  await app.page.keyboard.type('My ');
  await expect(app.text.locator('.block').nth(2)).toHaveText('My Second');
  await expect(contents.getByRole('listitem')).toHaveText(['First', 'My Second']);
  await app.page.keyboard.press('Control+Alt+o');
  await expect(contents).toHaveCount(0);
});

test('[W3] the slash menu offers every kind', async ({ app }) => {
  await app.page.keyboard.type('/');
  const menu = app.page.getByRole('listbox', { name: 'Blocks' });
  const kinds = ['Text', 'Heading 1', 'Heading 2', 'Heading 3', 'Bullet list', 'Numbered list', 'Checklist', 'Quote'];
  const more = [
    'Callout',
    'Code',
    'Table',
    'Divider',
    'Image',
    'File',
    'Page link',
    'Mention a person',
    'Date',
    'Toggle',
    'Poll',
    'Discussion',
    'I have done this',
  ];
  for (const title of [...kinds, ...more]) {
    await expect(menu.getByText(title, { exact: true })).toHaveCount(1);
  }
  await app.page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(app.text.locator('.block')).toHaveText(['/']);
});

test('[W3] the language of code is chosen by a small picker and by the block menu', async ({ app }) => {
  await app.page.keyboard.type('```const a = 1');
  const code = app.text.locator('.block[data-kind=code]');
  await app.page.getByRole('button', { name: 'Language of the code: Plain text' }).click();
  await app.page.getByRole('menuitemradio', { name: 'TypeScript' }).click();
  await expect(code).toHaveAttribute('data-language', 'typescript');
  await expect(code.locator('.code-keyword')).toHaveText('const');
  await expect(app.text).toBeFocused();
  await app.page.keyboard.press('Control+/');
  await app.page.getByRole('menuitem', { name: 'Language' }).click();
  await app.page.getByRole('menuitemradio', { name: 'Rust' }).click();
  await expect(code).toHaveAttribute('data-language', 'rust');
});

test('[W12] 200 steps of undo survive switching pages, and no more are kept', async ({ app }) => {
  await app.page.keyboard.type('a\nb');
  await app.page.keyboard.press('ArrowUp');
  const { keyboard } = app.page;
  // A move is always a step of its own. The keys beside it are held down, as a person would.
  for (const key of ['Control', 'Shift']) await keyboard.down(key);
  for (let count = 0; count < 205; count += 1) await keyboard.press(count % 2 === 0 ? 'ArrowDown' : 'ArrowUp');
  for (const key of ['Shift', 'Control']) await keyboard.up(key);
  const blocks = app.text.locator('.block');
  await expect(blocks).toHaveText(['b', 'a']);
  await app.newPage('Other');
  await app.visit('Dish');
  await app.text.focus();
  await keyboard.down('Control');
  for (let count = 0; count < 199; count += 1) await keyboard.press('z');
  await keyboard.up('Control');
  await expect(blocks).toHaveText(['a', 'b']);
  await app.page.keyboard.press('Control+z');
  await expect(blocks).toHaveText(['b', 'a']);
  await app.page.keyboard.press('Control+z');
  await expect(blocks).toHaveText(['b', 'a']);
});

test('[X4] the sheet of keys lists what the page answers to', async ({ app }) => {
  await app.page.getByRole('button', { name: 'New page in Everyone' }).focus();
  await app.page.keyboard.press('?');
  const sheet = app.page.getByRole('dialog', { name: 'Keys' });
  for (const words of ['Find and replace', 'Contents and word count', 'More for the block', 'Paste as plain text']) {
    await expect(sheet.getByText(words)).toBeVisible();
  }
});

test('[X4] nothing serious for axe on the page with coloured code, contents and find', async ({ app }) => {
  const { page } = app;
  await page.keyboard.type('# Head\n- item\n/toggle\nmore\ninside\n');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('```ts\nconst a: string = "b"; // 1\nclass C { @d() n = 2; }');
  await expect(app.text.locator('.code-comment')).toBeVisible();
  await page.keyboard.press('Control+Alt+o');
  await sound(page, 'contents');
  await page.keyboard.press('Control+f');
  await page.keyboard.type('e');
  await page.getByRole('button', { name: 'Replace' }).click();
  await sound(page, 'find');
});

test('[X4] nothing serious for axe on the page with its menus and its toolbar', async ({ app }) => {
  const { page } = app;
  await page.keyboard.type('# Head\n- item\n\nmore');
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('menu', { name: 'Block' })).toBeVisible();
  await sound(page, 'block menu');
  await page.keyboard.press('Escape');
  await app.text.locator('[data-kind=bullet]').click();
  await page.keyboard.type(' /');
  await expect(page.getByRole('listbox', { name: 'Blocks' })).toBeVisible();
  await expect(app.text).toHaveAttribute('aria-activedescendant', /./);
  await sound(page, 'slash menu');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Home');
  await expect(page.getByRole('toolbar', { name: 'Selected text' })).toBeVisible();
  await sound(page, 'toolbar');
});
