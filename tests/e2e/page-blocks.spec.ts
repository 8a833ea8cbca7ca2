// Blocks as things in a real window: the handle, its menu, dragging, turning into, moving to another page.
import { expect, test } from './app-window.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
  await app.newPage('Dish');
  await app.page.keyboard.press('Enter');
});

test('[W9] the handle stands 38 px left on hover, drags a block with its children, and one undo takes it back', async ({
  app,
}) => {
  await app.page.keyboard.type('- one\ntwo');
  await app.page.keyboard.press('Tab');
  await app.page.keyboard.type('\n');
  await app.page.keyboard.press('Shift+Tab');
  await app.page.keyboard.type('three');
  const blocks = app.text.locator('.block');
  await expect(blocks).toHaveText(['one', 'two', 'three']);
  const handle = app.page.getByRole('button', { name: /^Block: drag to move/ });
  await expect(handle).toHaveCount(0);
  const first = (await blocks.nth(0).boundingBox())!;
  await app.page.mouse.move(first.x + 100, first.y + 10);
  const grip = (await handle.boundingBox())!;
  expect(first.x - grip.x).toBeCloseTo(38, 0);
  const last = (await blocks.nth(2).boundingBox())!;
  await app.page.mouse.move(grip.x + 12, grip.y + 12);
  await app.page.mouse.down();
  await app.page.mouse.move(first.x + 6, last.y + last.height - 4, { steps: 6 });
  await app.page.mouse.up();
  await expect(blocks).toHaveText(['three', 'one', 'two']);
  await expect(blocks.nth(2)).toHaveAttribute('data-indent', '1');
  await app.text.focus();
  await app.page.keyboard.press('Control+z');
  await expect(blocks).toHaveText(['one', 'two', 'three']);
});

test('[W9] dragging to the right nests, Escape lets go without a move', async ({ app }) => {
  await app.page.keyboard.type('- one\ntwo');
  const blocks = app.text.locator('.block');
  const [first, second] = [(await blocks.nth(0).boundingBox())!, (await blocks.nth(1).boundingBox())!];
  const drag = async (): Promise<void> => {
    await app.page.mouse.move(second.x + 100, second.y + 10);
    const grip = (await app.page.getByRole('button', { name: /^Block: drag/ }).boundingBox())!;
    await app.page.mouse.move(grip.x + 12, grip.y + 12);
    await app.page.mouse.down();
    await app.page.mouse.move(first.x + 34, second.y + second.height - 4, { steps: 6 });
  };
  await drag();
  await app.page.keyboard.press('Escape');
  await app.page.mouse.up();
  await expect(blocks.nth(1)).not.toHaveAttribute('data-indent');
  await app.page.mouse.move(first.x + 300, first.y + 300);
  await drag();
  await app.page.mouse.up();
  await expect(blocks.nth(1)).toHaveAttribute('data-indent', '1');
});

test('[W9] the menu by click and by Ctrl+/: turn into, duplicate, copy link, delete, all by keyboard', async ({
  app,
}) => {
  await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.page.keyboard.type('alpha');
  const blocks = app.text.locator('.block');
  const menu = app.page.getByRole('menu', { name: 'Block' });
  await app.page.keyboard.press('Control+/');
  await expect(menu.getByRole('menuitem')).toHaveText([
    /Turn into/,
    /Duplicate/,
    /Copy link/,
    /Comment/,
    /Move to page/,
    /Delete/,
  ]);
  await app.page.keyboard.press('Enter');
  await app.page.keyboard.press('q');
  await app.page.keyboard.press('Enter');
  await expect(blocks.nth(0)).toHaveAttribute('data-kind', 'quote');
  await expect(app.text).toBeFocused();
  const box = (await blocks.nth(0).boundingBox())!;
  await app.page.mouse.move(box.x + 100, box.y + 10);
  await app.page.getByRole('button', { name: /^Block: drag/ }).click();
  await menu.getByRole('menuitem', { name: /Duplicate/ }).click();
  await expect(blocks).toHaveText(['alpha', 'alpha']);
  await app.page.keyboard.press('Control+/');
  await menu.getByRole('menuitem', { name: /Copy link/ }).click();
  await expect(app.page.getByText(/^Copied\./)).toBeVisible();
  const copied = await app.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(
    `page:${new URL(app.page.url()).hash.split('/')[4]}#${await blocks.nth(1).getAttribute('data-id')}`,
  );
  await app.page.keyboard.press('Control+/');
  await menu.getByRole('menuitem', { name: /Delete/ }).click();
  await expect(blocks).toHaveText(['alpha']);
  await app.page.keyboard.press('Control+/');
  await app.page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(app.text).toBeFocused();
});

test('[W9] a block goes to another page with its children, and is there after a reload', async ({ app }) => {
  await app.page.keyboard.type('- goes\nbelow');
  await app.page.keyboard.press('Tab');
  await app.newPage('Other');
  await app.visit('Dish');
  const blocks = app.text.locator('.block');
  await blocks.nth(0).click();
  await app.page.keyboard.press('Control+/');
  await app.page.getByRole('menuitem', { name: /Move to page/ }).click();
  await app.page.getByLabel('Page', { exact: true }).fill('oth');
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByText('Moved to “Other”.')).toBeVisible();
  await expect(blocks).toHaveText(['']);
  await app.visit('Other');
  await app.page.reload();
  await expect(blocks).toHaveText(['goes', 'below']);
  await expect(blocks.nth(1)).toHaveAttribute('data-indent', '1');
});

test('[W10] the selection toolbar turns the selected blocks into another kind', async ({ app }) => {
  await app.page.keyboard.type('procedure');
  await app.page.keyboard.press('Shift+Home');
  const bar = app.page.getByRole('toolbar', { name: 'Selected text' });
  for (const name of [/^Turn into/, /^Bold/, /^Italic/, /^Code/, /^Highlight/, /^Link/]) {
    await expect(bar.getByRole('button', { name })).toBeVisible();
  }
  await bar.getByRole('button', { name: /^Turn into/ }).click();
  await app.page.getByRole('menuitemradio', { name: /Heading 2/ }).click();
  await expect(app.text.locator('.block')).toHaveAttribute('data-level', '2');
  await expect(app.text).toBeFocused();
  await bar.getByRole('button', { name: /^Highlight/ }).click();
  await expect(app.text.locator('mark')).toHaveText('procedure');
});
