// Answers of the host that come late: who has gone on meanwhile is not taken back to where they asked.
import type { Page } from '@playwright/test';
import { expect, test, type App } from './app-window.ts';

/** Holds the host's answers to one call; the function lets them through. */
async function hold(app: App, held: string): Promise<() => void> {
  const waiting: (() => void)[] = [];
  let open = false;
  await app.page.routeWebSocket(/\/v1\/calls$/, (window) => {
    const host = window.connectToServer();
    const asked = new Set<number>();
    window.onMessage((text) => {
      const { id, call } = JSON.parse(String(text)) as { id?: number; call?: string };
      if (id !== undefined && call === held) asked.add(id);
      host.send(text);
    });
    host.onMessage((text) => {
      const { id } = JSON.parse(String(text)) as { id?: number };
      if (open || id === undefined || !asked.has(id)) window.send(text);
      else waiting.push(() => window.send(text));
    });
  });
  await app.page.reload();
  return () => {
    open = true;
    for (const send of waiting.splice(0)) send();
  };
}

async function menuOf(page: Page, title: string, item: string): Promise<void> {
  await page.getByRole('treeitem', { name: title, exact: true }).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

test('[X10] a copy that is made late is told of, and takes nobody away from the page they went on to', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Alpha');
  await app.newPage('Beta');
  const release = await hold(app, 'doc.duplicate');
  await app.visit('Alpha');
  await menuOf(page, 'Alpha', 'Duplicate');
  await app.visit('Beta');
  release();
  await expect(page.getByText('Made a copy of “Alpha”')).toBeVisible();
  await expect(app.title).toHaveValue('Beta');
});

test('[X10][X13] who enters a space and reads on meanwhile stays on the page', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Alpha');
  const { id: workspace } = (await app.call('hello', {})).workspaces[0]!;
  const { id: space } = await app.call('space.create', { workspace, name: 'Kitchen' });
  await app.call('space.quit', { workspace, space });
  const release = await hold(app, 'space.enter');
  await page.getByRole('button', { name: 'Spaces', exact: true }).click();
  await page.getByRole('button', { name: 'Enter Kitchen' }).click();
  await app.visit('Alpha');
  release();
  await expect(page.getByRole('status').filter({ hasText: 'You are in Kitchen' })).toBeAttached();
  await expect(app.title).toHaveValue('Alpha');
});
