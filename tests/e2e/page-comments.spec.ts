// Comments on a selection in real windows: begun by key, answered from another window, resolved, reopened, and kept when their text goes.
import type { Page } from '@playwright/test';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';
import { expect, test, type App } from './app-window.ts';

/** Selects words of the page by double clicks and Shift, as a person would: from the first to the last word given. */
async function select(page: Page, words: string): Promise<void> {
  await page.evaluate((wanted) => {
    const text = document.querySelector('.page-text')!;
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent!.indexOf(wanted);
      if (at < 0) continue;
      getSelection()!.setBaseAndExtent(node, at, node, at + wanted.length);
      return;
    }
    throw new Error(`no such words: ${wanted}`);
  }, words);
  // The editor reads what is selected a moment later.
  await expect(page.getByRole('toolbar', { name: 'Selected text' })).toBeVisible();
}

/** Begins a comment on what is selected: what is typed next is its words. */
async function begin(page: Page): Promise<void> {
  await page.keyboard.press('Control+Alt+m');
  await expect(page.getByRole('textbox', { name: 'Comment' })).toBeFocused();
}

async function written(app: App): Promise<void> {
  await app.firstRun();
  await app.newPage('Dish alignment');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('Wind load moves the mast by up to 0.2 degrees.');
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.type('Park at 90 degrees.');
}

test('[W17] a comment is begun by key, answered and resolved in another window, found again, and undone', async ({
  app,
}) => {
  await written(app);
  const { page } = app;
  await select(page, 'by up to 0.2');
  await begin(page);
  await page.keyboard.type('Was this with the **old** wires?');
  await page.keyboard.press('Control+Enter');
  const card = page.getByRole('article', { name: 'Comment on “by up to 0.2”' });
  await expect(card).toContainText('Was this with the old wires?');
  await expect(page.locator('.commented')).toHaveText('by up to 0.2');
  await expect(app.text).toBeFocused();

  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.locator('.commented').click();
  const theirs = other.getByRole('article', { name: 'Comment on “by up to 0.2”' });
  await theirs.getByRole('textbox', { name: 'Reply' }).fill('Old ones.');
  await other.keyboard.press('Control+Enter');
  await expect(card).toContainText('Old ones.');
  await theirs.getByRole('button', { name: 'React to Mira Okafor' }).first().click();
  await other.getByRole('menuitemradio', { name: '👍 Agree' }).click();
  await expect(card.getByRole('button', { name: '👍 by Mira Okafor' })).toBeVisible();

  await picture(other, 'comments');
  await sound(other, 'comments');
  await theirs.getByRole('button', { name: 'Resolve' }).click();
  await expect(other.locator('.commented')).toHaveCount(0);
  await expect(card).toContainText('Resolved by Mira Okafor');
  // A page behind another one draws once a second, and a click waits for it to stand still.
  await page.bringToFront();
  await page.getByRole('button', { name: 'Close the panel (Esc)' }).click();
  await expect(page.locator('.commented')).toHaveCount(0);
  await page.getByRole('button', { name: /^Comments/ }).click();
  await page.getByRole('button', { name: '1 resolved' }).click();
  await expect(card).toContainText('Resolved by Mira Okafor');
  await card.getByRole('button', { name: /by up to/ }).click();
  await card.getByRole('button', { name: 'Reopen' }).click();
  await expect(other.locator('.commented')).toHaveText('by up to 0.2');
});

test('[W17] typed words wait through a closed panel and a reload; a deleted post comes back by Undo', async ({
  app,
}) => {
  await written(app);
  const { page } = app;
  await select(page, 'Park');
  await begin(page);
  await page.keyboard.type('Half a thou');
  await page.getByRole('button', { name: 'Close the panel (Esc)' }).click();
  await page.reload();
  await page.getByRole('button', { name: /^Comments/ }).click();
  const field = page.getByRole('textbox', { name: 'Comment' });
  await expect(field).toHaveValue('Half a thou');
  await field.press('End');
  await page.keyboard.type('ght.');
  await page.keyboard.press('Control+Enter');
  const card = page.getByRole('article', { name: 'Comment on “Park”' });
  await expect(card).toContainText('Half a thought.');
  await card.getByRole('button', { name: 'More for this post' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Edit the post' }).fill('A whole thought.');
  await page.keyboard.press('Control+Enter');
  await expect(card).toContainText('edited');
  await card.getByRole('button', { name: 'More for this post' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(card).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card).toContainText('A whole thought.');
});

test('[W17] the text is followed through edits and a move; when it goes, the comment stays with its words, and comes back with it', async ({
  app,
}) => {
  await written(app);
  const { page } = app;
  await select(page, 'Park at');
  await begin(page);
  await page.keyboard.type('Which mast?');
  await page.keyboard.press('Control+Enter');
  const marked = page.locator('.commented');
  await expect(marked).toHaveText('Park at');
  await app.text.locator('.block').nth(1).click();
  await page.keyboard.press('Control+Shift+ArrowUp');
  await expect(app.text.locator('.block').first()).toContainText('Park at');
  await expect(marked).toHaveText('Park at');
  await page.keyboard.press('Home');
  await page.keyboard.type('So: ');
  await expect(marked).toHaveText('Park at');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await expect(page.getByRole('toolbar', { name: 'Selected text' })).toBeVisible();
  await page.keyboard.press('Delete');
  const card = page.getByRole('article', { name: 'Comment on “Park at”' });
  await expect(card).toContainText('This text is no longer on the page.');
  await page.keyboard.press('Control+z');
  await expect(marked).toHaveText('Park at');
  await expect(card).not.toContainText('no longer on the page');
});

test('[W17] [W11] words in a cell of a table are commented, marked, picked by a click, and quoted when they go', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Offsets');
  await page.keyboard.press('Enter');
  await app.text.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '| Beacon | Azimuth |\n|---|---|\n| 437.2 | plus a bit, by Taro |\n\nbelow');
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  const marked = () =>
    page.evaluate(() =>
      ['commented-cell', 'commented-cell-active'].flatMap((name) =>
        [...(CSS.highlights.get(name) ?? [])].map((range) => `${name} ${String(range)}`),
      ),
    );
  await app.text.getByText('plus a bit').click();
  const inCell = app.text.getByRole('textbox', { name: /Azimuth/ });
  await expect(inCell).toBeFocused();
  await select(page, 'plus a bit');
  await begin(page);
  await page.keyboard.type('Which sign?');
  await page.keyboard.press('Control+Enter');
  const card = page.getByRole('article', { name: 'Comment on “plus a bit”' });
  await expect(card).toContainText('Which sign?');
  await expect.poll(marked).toEqual(['commented-cell-active plus a bit']);
  await expect(inCell).toBeFocused();

  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('textbox', { name: 'Page text' }).getByText('plus a bit').click();
  await expect(other.getByRole('article', { name: 'Comment on “plus a bit”' })).toBeVisible();
  await picture(other, 'comment-in-table');

  await page.bringToFront();
  await page.keyboard.press('Home');
  await page.keyboard.type('Yes: ');
  await expect.poll(marked).toEqual(['commented-cell-active plus a bit']);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect.poll(marked).toEqual([]);
  await expect(card).toContainText('plus a bit');
  await page.keyboard.press('Control+z');
  await expect.poll(marked).toEqual(['commented-cell-active plus a bit']);
});
