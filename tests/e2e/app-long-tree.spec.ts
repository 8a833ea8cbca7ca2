// A space with 2,000 pages: its tree stays light in the DOM, and pointer and keys reach every row of it.
import { expect, test } from './app-window.ts';

const PAGES = 2_000;

test('[X4] a tree of 2,000 pages draws what is in sight, and keys reach its first and its last row', async ({
  app,
}) => {
  // All rows were drawn before: 40,000 nodes, and each page that arrived cost 75 ms; a large import froze the window.
  test.setTimeout(120_000);
  const { page } = app;
  await app.firstRun();
  const workspace = (await app.call('hello', {})).workspaces[0]!.id;
  const space = (await app.call('space.list', { workspace }))[0]!.id;
  await page.evaluate(
    ([given, pages]) =>
      new Promise<void>((done, failed) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/v1/calls`);
        let left = pages;
        socket.onopen = () => {
          for (let id = 1; id <= pages; id += 1) {
            const title = `Page ${String(id).padStart(4, '0')}`;
            socket.send(JSON.stringify({ id, call: 'doc.create', params: { ...given, kind: 'page', title } }));
          }
        };
        socket.onmessage = (event: MessageEvent<string>) => {
          const message = JSON.parse(event.data) as { id?: number; error?: { message: string } };
          if (message.error) failed(new Error(message.error.message));
          if (message.id !== undefined && --left === 0) done();
        };
      }),
    [{ workspace, space, parent: null }, PAGES] as const,
  );
  await page.reload();
  const rows = page.getByRole('treeitem');
  await expect(rows.first()).toHaveAttribute('aria-setsize', String(PAGES));
  expect(await rows.count()).toBeLessThan(120);

  await rows.first().focus();
  await page.keyboard.press('End');
  const last = page.locator('[role=treeitem]:focus');
  await expect(last).toHaveAttribute('aria-posinset', String(PAGES));
  await expect(last).toBeInViewport();
  // The rows around it came as well, and the next key goes to its neighbour.
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('[role=treeitem]:focus')).toHaveAttribute('aria-posinset', String(PAGES - 1));
  const title = await page.locator('[role=treeitem]:focus').getAttribute('aria-label');
  await page.keyboard.press('Enter');
  await expect(app.title).toHaveValue(title ?? '');

  // The row with the focus stays while the wheel goes elsewhere, so that Tab comes back to it.
  await app.row(title ?? '').hover();
  await page.mouse.wheel(0, -PAGES * 28);
  await expect(page.locator('[role=treeitem][aria-posinset="1"]')).toBeInViewport();
  await expect(app.row(title ?? '')).toBeAttached();
  expect(await rows.count()).toBeLessThan(120);
});
