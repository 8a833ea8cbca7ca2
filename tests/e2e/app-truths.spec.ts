// The truths in a real window: host gone and back, relay attached, gone and back; what is shown is what is so.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './app-window.ts';
import { startRelay } from './journey/programs.ts';

test('[X8][X10] the host is gone: what is typed is in this window only, said so, and saved when it is back', async ({
  app,
}) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish');
  await page.keyboard.press('Enter');
  await page.keyboard.type('before');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await app.stopHost();
  await expect(page.getByText('The background part is not answering')).toBeVisible();
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  await page.keyboard.type(' after');
  await expect(app.status).toHaveAccessibleName(/Only in this window since \d\d:\d\d/);
  await app.status.click();
  await expect(page.getByRole('dialog')).toContainText('Keep it open; it reconnects by itself.');
  await expect(page.getByRole('dialog')).toContainText('In this window only');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New page in Everyone' }).click();
  await expect(page.getByText(/background part is not answering\. Nothing was changed/)).toBeVisible();
  await app.startHost();
  await expect(app.status).toHaveAccessibleName(/Saved here/, { timeout: 20_000 });
  await page.reload();
  await expect(app.text).toContainText('before after');
});

test('[X8] a relay is attached, goes and comes back: on relay, offline with what waits, on relay', async ({ app }) => {
  const { page } = app;
  const data = await mkdtemp(join(tmpdir(), 'caravan-app-relay-'));
  let relay = await startRelay(data, 0);
  const port = Number(new URL(relay.url).port);
  try {
    await app.firstRun();
    await app.newPage('Dish');
    await expect(app.status).toHaveAccessibleName(/Saved here, No relay/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Address of the relay').fill(relay.url);
    await page.getByRole('button', { name: 'Attach' }).click();
    await expect(page.getByLabel('Link with which others join')).toHaveValue(/^caravan:\/\/join#/);
    await app.visit('Dish');
    await expect(app.status).toHaveAccessibleName(/Saved here, On relay/);

    await relay.stop();
    await app.text.click();
    await page.keyboard.type('written offline');
    await expect(app.status).toHaveAccessibleName(/Saved here, Offline since \d\d:\d\d, 1 waiting/, {
      timeout: 20_000,
    });
    await expect(page.getByRole('navigation', { name: 'Workspace' })).toContainText(
      /Offline since \d\d:\d\d, 1 waiting/,
    );
    await expect(page.getByRole('treeitem', { name: 'Dish, waiting, kept on this computer' })).toBeVisible();
    await app.status.click();
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Dish' })).toBeVisible();
    await page.keyboard.press('Escape');

    relay = await startRelay(data, port);
    await expect(app.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 40_000 });
    await expect(app.row('Dish')).toBeVisible();
  } finally {
    await relay.stop();
    await rm(data, { recursive: true, force: true });
  }
});

test('[X10] a page that is not on this computer says so and changes nothing', async ({ app }) => {
  await app.firstRun();
  const { workspaces } = await app.call('hello', {});
  await app.page.goto(new URL(`/#/w/${workspaces[0]!.id}/d/AAAAAAAAAAAAAAAAAAAAAA`, app.page.url()).href);
  await expect(app.page.getByRole('heading', { name: 'This page is not on this computer' })).toBeVisible();
  expect(await app.call('doc.list', { workspace: workspaces[0]!.id })).toEqual([]);
});

test('[X8] the disk is full: the window says so, says what is kept, and says when it is over', async ({ app }) => {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish');
  await expect(app.status).toHaveAccessibleName(/Saved here/);
  // The host's own words, with the state of its storage replaced, for machines where app-disk.spec.ts can fill no disk.
  let full = true;
  const storage = { state: 'failing', code: 'disk-full', message: 'The disk is full.', since: Date.now() };
  await page.routeWebSocket(/\/v1\/calls$/, (window) => {
    const host = window.connectToServer();
    host.onMessage((text) => {
      const message = JSON.parse(String(text)) as { event?: string; ok?: { storage?: unknown }; truths?: unknown };
      const truths = message.event === 'truths' ? (message.truths as { storage: unknown }) : message.ok;
      if (full && truths?.storage !== undefined) truths.storage = storage;
      window.send(JSON.stringify(message));
    });
  });
  await page.reload();
  await expect(app.status).toHaveAccessibleName(/Disk full: free 200 MB to keep writing/);
  await app.status.click();
  await expect(page.getByRole('dialog')).toContainText(/This computer's disk has been full since \d\d:\d\d/);
  await expect(page.getByRole('dialog')).toContainText('All before it is saved.');
  await expect(page.getByRole('dialog')).toContainText('Saving goes on by itself when there is room.');
  await page.keyboard.press('Escape');
  await expect(app.title).toHaveValue('Dish');
  full = false;
  await page.reload();
  await expect(app.status).toHaveAccessibleName(/Saved here/);
});
