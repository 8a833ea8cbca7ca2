// The page tree beyond moving rows: favourites, recent, templates, copies, archive and trash, and dragging in a long tree.
import type { Page } from '@playwright/test';
import { expect, test, type App } from './app-window.ts';
import { picture } from './pictures.ts';

test.beforeEach(async ({ app }) => {
  await app.firstRun();
});

async function menuOf(page: Page, title: string, item: string): Promise<void> {
  await page.getByRole('treeitem', { name: title, exact: true }).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

type Make = (title: string, parent?: string | null) => Promise<string>;

/** Makes pages as a command would. */
async function maker(app: App): Promise<Make> {
  const workspace = (await app.call('hello', {})).workspaces[0]!.id;
  const space = (await app.call('space.list', { workspace }))[0]!.id;
  return async (title, parent = null) =>
    (await app.call('doc.create', { workspace, space, kind: 'page', title, parent })).id;
}

test('[W22][X4] favourites by key, by star and by menu; they have an order of their own and are there after a restart', async ({
  app,
}) => {
  const { page } = app;
  for (const title of ['Alpha', 'Beta', 'Gamma']) await app.newPage(title);
  await page.keyboard.press('Control+Alt+b');
  const list = page.getByRole('region', { name: 'Favourites' });
  await expect(list.getByRole('listitem')).toHaveText(['Gamma']);
  await app.visit('Alpha');
  const star = page.getByRole('button', { name: 'Add to favourites' });
  await star.click();
  await expect(page.getByRole('button', { name: 'Remove from favourites' })).toHaveAttribute('aria-pressed', 'true');
  await menuOf(page, 'Beta', 'Add to favourites');
  await expect(list.getByRole('listitem')).toHaveText(['Gamma', 'Alpha', 'Beta']);
  await list.getByRole('button', { name: 'Beta' }).focus();
  await page.keyboard.press('Control+Shift+ArrowUp');
  await expect(list.getByRole('listitem')).toHaveText(['Gamma', 'Beta', 'Alpha']);
  await expect(page.getByText('Beta, position 2 of 3')).toBeAttached();
  await expect(list.getByRole('button', { name: 'Beta' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue('Gamma');
  await picture(page, 'favourites');
  await page.keyboard.press('Control+Alt+b');
  await expect(list.getByRole('listitem')).toHaveText(['Beta', 'Alpha']);
  await app.stopHost();
  await app.startHost();
  await app.open();
  await expect(list.getByRole('listitem')).toHaveText(['Beta', 'Alpha']);
  // Recent is folded away at first.
  await page.getByRole('button', { name: 'Recent' }).click();
  await expect(page.getByRole('region', { name: 'Recent' }).getByRole('listitem').first()).toBeVisible();
});

test('[W22][X13] Delete moves to the trash with what is below; Undo, restore and purge, which asks', async ({
  app,
}) => {
  const { page } = app;
  await app.newPage('Alpha');
  const alpha = (await app.call('hello', {})).workspaces[0]!.id;
  const id = (await app.call('doc.list', { workspace: alpha }))[0]!.id;
  await (
    await maker(app)
  )('Below', id);
  await expect(app.row('Alpha')).toHaveAttribute('aria-expanded', 'false');
  await app.row('Alpha').focus();
  await page.keyboard.press('ArrowRight');
  await expect(app.row('Below')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Moved to the trash: “Alpha” and 1 page below it')).toBeVisible();
  await expect.poll(() => app.tree()).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '2 Below']);
  await app.row('Alpha').focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => app.tree()).toEqual([]);

  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'Trash' }).click();
  const main = page.getByRole('main');
  await expect(main.getByText('and 1 page below')).toBeVisible();
  await expect(main.getByText('Mira Okafor')).toBeVisible();
  await picture(page, 'trash');
  await main.getByRole('button', { name: 'Alpha', exact: true }).click();
  await expect(page.getByText('This page is in the trash.')).toBeVisible();
  await expect(app.text).toHaveAttribute('contenteditable', 'false');
  await main.getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '2 Below']);

  // Archived, and from there to the trash.
  await page.keyboard.press('Control+Alt+a');
  await expect.poll(() => app.tree()).toEqual([]);
  await page.getByRole('button', { name: 'More for Everyone' }).click();
  await page.getByRole('menuitem', { name: 'Archived pages' }).click();
  await main.getByRole('button', { name: 'Move Alpha to the trash' }).click();
  await main.getByRole('button', { name: 'Trash', exact: true }).click();
  // The pages below arrive there first.
  await expect(main.getByText('and 1 page below')).toBeVisible();
  await main.getByRole('button', { name: 'Empty the trash…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Purge 2 pages?' });
  await expect(dialog).toContainText('every computer of this workspace');
  await expect(dialog.getByRole('button', { name: 'Keep in the trash' })).toBeFocused();
  await picture(page, 'purge');
  await dialog.getByRole('button', { name: 'Purge', exact: true }).click();
  await expect(page.getByText('Nothing is in the trash')).toBeVisible();
  expect(await app.call('doc.list', { workspace: alpha })).toEqual([]);
});

test('[W22] a page is duplicated with the pages below; Undo takes the copy to the trash', async ({ app }) => {
  const { page } = app;
  await app.newPage('Alpha');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Words of Alpha');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  const workspace = (await app.call('hello', {})).workspaces[0]!.id;
  await (
    await maker(app)
  )('Below', (await app.call('doc.list', { workspace }))[0]!.id);
  await expect(app.row('Alpha')).toHaveAttribute('aria-expanded', 'false');
  await menuOf(page, 'Alpha', 'Duplicate');
  await expect(app.title).toHaveValue('Alpha (copy)');
  await expect(app.text).toContainText('Words of Alpha');
  await app.row('Alpha (copy)').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => app.tree()).toEqual(['1 Alpha', '1 Alpha (copy)', '2 Below']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => app.tree()).toEqual(['1 Alpha']);
  await expect(app.title).toHaveValue('Alpha');
});

test('[W22] a page is marked as a template, and a new page is made of it from the palette', async ({ app }) => {
  const { page } = app;
  await app.newPage('Pass report');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Report: {{title}} by {{author}}');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump' }).fill('use as a template');
  await expect(page.getByRole('option', { selected: true })).toContainText('Use as a template');
  await page.keyboard.press('Enter');
  await expect(page.getByText('“Pass report” is a template')).toBeVisible();
  await expect(app.row('Pass report, a template')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump' }).fill('from a template');
  await expect(page.getByRole('option', { selected: true })).toContainText('from a template');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New page from a template' });
  await picture(page, 'template');
  await dialog.getByLabel('Name').fill('Pass 812');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue('Pass 812');
  await expect(app.text).toContainText('Report: Pass 812 by Mira Okafor');
  await expect(app.row('Pass 812')).toBeVisible();
});

test('[W22][X4] a page goes below another one by typing its name', async ({ app }) => {
  const { page } = app;
  for (const title of ['Antenna', 'Beacon', 'Coast']) await app.newPage(title);
  await menuOf(page, 'Coast', 'Move below another page…');
  const dialog = page.getByRole('dialog', { name: /below/ });
  await dialog.getByRole('combobox').fill('ante');
  await picture(page, 'move-below');
  await page.keyboard.press('Enter');
  await expect.poll(() => app.tree()).toEqual(['1 Antenna', '2 Coast', '1 Beacon']);
  await expect(page.getByText('Coast stands below Antenna')).toBeAttached();
});

test('[W22] while a row is dragged, a closed row opens under it and the edges scroll', async ({ app }) => {
  const { page } = app;
  const workspace = (await app.call('hello', {})).workspaces[0]!.id;
  const make = await maker(app);
  await make('Inside', await make('Page 00'));
  for (let at = 1; at < 40; at += 1) await make(`Page ${String(at).padStart(2, '0')}`);
  await page.reload();
  await expect(app.row('Page 00')).toHaveAttribute('aria-expanded', 'false');
  const from = (await app.row('Page 03').boundingBox())!;
  const closed = (await app.row('Page 00').boundingBox())!;
  await page.mouse.move(from.x + 60, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(closed.x + 60, closed.y + 20, { steps: 4 });
  await page.mouse.move(closed.x + 62, closed.y + 14);
  await expect(app.row('Inside')).toBeVisible();
  const inside = (await app.row('Inside').boundingBox())!;
  await page.mouse.move(inside.x + 60, inside.y + 26, { steps: 4 });
  await page.mouse.up();
  await expect
    .poll(async () => (await app.tree()).slice(0, 4))
    .toEqual(['1 Page 00', '2 Inside', '2 Page 03', '1 Page 01']);

  const start = (await app.row('Page 05').boundingBox())!;
  await page.mouse.move(start.x + 60, start.y + 14);
  await page.mouse.down();
  const side = (await page.getByRole('navigation', { name: 'Workspace' }).boundingBox())!;
  const foot = (await page.getByRole('button', { name: 'Settings' }).boundingBox())!;
  const edge = foot.y - 24;
  await page.mouse.move(side.x + 90, edge - 200, { steps: 3 });
  await expect(async () => {
    // A pointer that rests sends nothing; people's hands tremble.
    await page.mouse.move(side.x + 90 + Math.random() * 4, edge);
    const left = await app.row('Page 39').evaluate((row) => {
      const scroller = row.closest('.spaces')!;
      return scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    });
    expect(left).toBeLessThanOrEqual(1);
  }).toPass();
  const last = (await app.row('Page 39').boundingBox())!;
  await page.mouse.move(last.x + 60, last.y + 26, { steps: 3 });
  await page.mouse.up();
  await expect.poll(async () => (await app.tree()).at(-1)).toBe('1 Page 05');
  expect(await app.call('doc.list', { workspace })).toHaveLength(41);
});
