// The recovery screen of a host that has a relay, in a real window: a snapshot is restored, and an empty store filled again. Until a way is
// chosen nothing goes to the relay, behind it nothing there becomes less. The relay is reached through a line that counts who dials.
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { dataFolderAt } from '../../app/host/data-folder.ts';
import { SNAPSHOT_LIMITS } from '../../app/host/snapshot-plan.ts';
import { Snapshots } from '../../app/host/snapshots.ts';
import { systemClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { damageTable } from '../support/damage.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { type App, expect, test as base } from './app-window.ts';
import { startHost, startRelay, type Program } from './journey/programs.ts';
import { picture } from './pictures.ts';
import { sound } from './sound-look.ts';

const FIRST = 'The encoder lies when it is cold.';
const SECOND = ' Warm it first.';
const LATER = 'Written after the snapshot.';

interface Line {
  readonly relay: Program;
  readonly proxy: TcpProxy;
}

const test = base.extend<{ line: Line }>({
  line: async ({ folder }, use) => {
    const relay = await startRelay(join(folder, 'relay'), 0);
    const proxy = await TcpProxy.start(Number(new URL(relay.url).port));
    await use({ relay, proxy });
    await proxy.close();
    await relay.stop();
  },
});

/** What the host's Snapshots makes once a day, while it is stopped: the day's own begins five minutes behind a start. */
async function makeSnapshot(data: string): Promise<void> {
  const folder = dataFolderAt(data);
  const store = await LevelDocStore.open({ directory: folder.store });
  const parts = { folder, store, clock: systemClock, logger: silentLogger, limits: SNAPSHOT_LIMITS };
  const snapshots = new Snapshots(parts);
  await snapshots.make();
  await snapshots.close();
  await store.close();
}

/** All that the relay has of these rooms, as a client sees it that comes to it for the first time. */
async function atRelay({ url }: Program, rooms: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    rooms.map(async (room) => {
      const doc = new Y.Doc();
      const provider = new WebsocketProvider(url, room, doc, {
        WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
        disableBc: true,
      });
      await new Promise<void>((resolve) => provider.once('sync', () => resolve()));
      const all = Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
      provider.destroy();
      provider.awareness.destroy();
      doc.destroy();
      return all;
    }),
  );
}

interface Before {
  readonly rooms: readonly string[];
  readonly content: readonly string[];
  readonly dials: number;
}

/** Two pages of which the relay has all, a snapshot of the day between them, and a store that is damaged since. */
async function damaged(app: App, { relay, proxy }: Line): Promise<Before> {
  const { page } = app;
  const stored = async (): Promise<void> => {
    await expect(app.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 20_000 });
  };
  await app.firstRun();
  await app.newPage('Dish alignment');
  await page.keyboard.press('Enter');
  await page.keyboard.type(FIRST);
  const workspace = new URL(page.url()).hash.split('/')[2] ?? '';
  await app.call('relay.attach', { workspace, url: `ws://127.0.0.1:${String(proxy.port)}` });
  await stored();
  await app.stopHost();
  await makeSnapshot(app.data);
  await app.startHost();
  await app.open();
  await app.visit('Dish alignment');
  await app.text.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(SECOND);
  await stored();
  await app.newPage('Antenna build');
  await page.keyboard.press('Enter');
  await page.keyboard.type(LATER);
  await stored();
  const rooms = (await app.call('doc.list', { workspace })).map(({ room }) => room);
  await page.goto('about:blank');
  await app.stopHost();
  // A second run makes a table of what lay in the log.
  await (await startHost(app.data)).stop();
  damageTable(join(app.data, 'store'));
  return { rooms, content: await atRelay(relay, rooms), dials: proxy.dials };
}

/** The screen of a damaged store, looked at in all looks; nobody was dialed by then. */
async function look(app: App, { proxy }: Line, { dials }: Before): Promise<void> {
  const { page } = app;
  await app.startHost();
  await app.open();
  await expect(page.getByRole('heading', { name: 'The stored documents are damaged' })).toBeFocused();
  await expect(page.getByText('Nothing was changed and nothing was sent to anybody.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText('checksums');
  expect(proxy.dials).toBe(dials);
}

/** Everything is in the window again, and the relay has what it had. */
async function whole(app: App, { relay, proxy }: Line, { rooms, content, dials }: Before): Promise<void> {
  await expect(app.row('Antenna build')).toBeVisible({ timeout: 30_000 });
  await app.visit('Antenna build');
  await expect(app.text).toHaveText(LATER, { timeout: 30_000 });
  await app.visit('Dish alignment');
  await expect(app.text).toHaveText(`${FIRST}${SECOND}`, { timeout: 30_000 });
  await expect(app.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 20_000 });
  expect(proxy.dials).toBeGreaterThan(dials);
  expect(await atRelay(relay, rooms)).toEqual(content);
}

test.setTimeout(240_000);

test('[RV1] [RV3] [X4] [X14] a snapshot is restored by keyboard, and what the relay has of later comes back; until then it hears nothing', async ({
  app,
  line,
}) => {
  const { page } = app;
  const before = await damaged(app, line);
  await look(app, line, before);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: /Repair/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const restore = page.getByRole('radio', { name: /Restore a snapshot/ });
  await expect(restore).toBeFocused();
  await expect(restore).toBeChecked();
  await picture(page, 'recovery-restore');
  await sound(page, 'restore a snapshot');
  await page.keyboard.press('Tab');
  const choice = page.getByRole('combobox', { name: 'Snapshot', exact: true });
  await expect(choice).toBeFocused();
  await expect(choice.getByRole('option')).toHaveText([/, \d+ documents?$/]);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Restore' })).toBeFocused();
  expect(line.proxy.dials).toBe(before.dials);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'The store can be used again' })).toBeFocused({ timeout: 30_000 });
  await expect(page.getByText(/^Restored \d+ documents as they were on .+\.$/)).toBeVisible();
  // One thing is said once: what was done, and what follows of it.
  await expect(page.getByText(/were restored as they were on .+\. It goes on as a computer of its own/)).toBeVisible();
  await expect(page.getByText('copied or restored')).toHaveCount(0);
  await picture(page, 'recovery-restored');
  await sound(page, 'restored');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Workspace' })).toBeVisible();
  await expect(app.row('Dish alignment')).toBeVisible();
  await picture(page, 'recovery-restored-app');
  await whole(app, line, before);
});

test('[RV1] [RV4] [D10] an empty store is filled again from the relay by its button; until then it hears nothing, and nothing empty goes there', async ({
  app,
  line,
}) => {
  const { page } = app;
  const before = await damaged(app, line);
  await look(app, line, before);
  await page.getByRole('radio', { name: /Fill again from others/ }).check();
  await expect(page.getByText('Nobody else has these workspaces')).toHaveCount(0);
  await picture(page, 'recovery-refill');
  await sound(page, 'fill again');
  expect(line.proxy.dials).toBe(before.dials);
  await page.getByRole('button', { name: 'Fill again' }).click();
  await expect(page.getByRole('heading', { name: 'The store can be used again' })).toBeFocused({ timeout: 30_000 });
  await expect(page.getByText(/^An empty store was made\. The documents come from the relay again/)).toBeVisible();
  await expect(page.getByText(/was emptied, to be filled again from others\. It goes on as a computer/)).toBeVisible();
  await expect(page.getByText('copied or restored')).toHaveCount(0);
  await picture(page, 'recovery-refilled');
  await sound(page, 'filled again');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('navigation', { name: 'Workspace' })).toBeVisible();
  await picture(page, 'recovery-refilled-app');
  await whole(app, line, before);
});
