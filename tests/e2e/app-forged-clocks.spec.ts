// Somebody takes the clocks under which a window is typing: the words are set aside, offered, and reach the others all the same.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { encodeUpdate } from '../../shared/protocol/room-frames.ts';
import { offender } from '../interop/hostile/honest.ts';
import { forged } from '../interop/hostile/updates.ts';
import { expect, test, type App } from './app-window.ts';
import { linkNow } from './host-call.ts';
import { startRelay } from './journey/programs.ts';
import { sound } from './sound-look.ts';

/** A stock client that only reads. */
class Reader {
  readonly doc = new Y.Doc();
  readonly #provider: WebsocketProvider;

  constructor(url: string, room: string) {
    this.#provider = new WebsocketProvider(sockets(url), room, this.doc, {
      WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
      disableBc: true,
    });
  }

  get clocks(): ReadonlyMap<number, number> {
    return Y.decodeStateVector(Y.encodeStateVector(this.doc));
  }

  get text(): string {
    return this.doc.getText('body').toString();
  }

  async synced(): Promise<void> {
    await expect.poll(() => this.#provider.synced).toBe(true);
  }

  destroy(): void {
    this.#provider.destroy();
    this.#provider.awareness.destroy();
    this.doc.destroy();
  }
}

const sockets = (url: string): string => url.replace(/^http/, 'ws').replace(/\/$/, '');

async function attachedPage(app: App, relay: string): Promise<string> {
  const { page } = app;
  await app.firstRun();
  await app.newPage('Dish');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Address of the relay').fill(relay);
  await page.getByRole('button', { name: 'Attach' }).click();
  await expect(page.getByLabel('Link with which others join')).toHaveValue(/^caravan:\/\/join#/);
  await app.visit('Dish');
  await app.text.click();
  await page.keyboard.type('seen by all');
  await expect(app.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 20_000 });
  const { workspaces } = await app.call('hello', {});
  const documents = await app.call('doc.list', { workspace: workspaces[0]!.id });
  return documents.find(({ title }) => title === 'Dish')!.room;
}

/** Empties the next clocks of everybody who wrote in the room, at this relay; true when all of them were still free. */
async function forge(relay: string, room: string, length: number): Promise<boolean> {
  const reader = new Reader(relay, room);
  await reader.synced();
  const clocks = new Map(reader.clocks);
  const attacker = await offender(`${sockets(relay)}/${room}`);
  for (const [client, clock] of clocks) attacker.socket.send(encodeUpdate(forged(client, clock, length)));
  const pong = new Promise((resolve) => attacker.socket.once('pong', resolve));
  attacker.socket.ping();
  await pong;
  attacker.socket.terminate();
  const after = new Reader(relay, room);
  await after.synced();
  const all = [...clocks].every(([client, clock]) => after.clocks.get(client) === clock + length);
  reader.destroy();
  after.destroy();
  return all;
}

test('[FC2][W24][X4][X10] clocks taken while this computer was offline: the words are offered, and inserted in their place', async ({
  app,
}) => {
  const { page } = app;
  const data = await mkdtemp(join(tmpdir(), 'caravan-forged-'));
  let relay = await startRelay(data, 0);
  const port = Number(new URL(relay.url).port);
  try {
    const room = await attachedPage(app, relay.url);
    await relay.stop();
    await page.keyboard.type(', and these words by nobody');
    await expect(app.status).toHaveAccessibleName(/Offline since/, { timeout: 20_000 });
    relay = await startRelay(data, 0);
    expect(await forge(relay.url, room, 500)).toBe(true);
    await relay.stop();
    relay = await startRelay(data, port);
    await linkNow(page);

    const aside = page.getByRole('region', { name: 'Words set aside' });
    await expect(aside).toContainText(', and these words by nobody');
    await expect(app.text).toHaveText('seen by all');
    await expect(app.text).toHaveAttribute('contenteditable', 'true');
    await sound(page, 'words set aside');
    await page.screenshot({ path: 'test-results/set-aside.png' });
    await aside.getByRole('button', { name: 'Let go' }).focus();
    await page.keyboard.press('Enter');
    await expect(aside).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(aside).toBeVisible();
    // A lock is heeded by what comes back as well [W24].
    await page.getByRole('button', { name: 'More for this page' }).click();
    await page.getByRole('menuitem', { name: 'Lock', exact: true }).click();
    const insert = aside.getByRole('button', { name: 'Insert again' });
    await expect(insert).toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('note', { name: 'Locked' }).getByRole('button', { name: 'Unlock' }).click();
    await expect(insert).toHaveAttribute('aria-disabled', 'false');
    await insert.focus();
    await page.keyboard.press('Enter');
    await expect(aside).toBeHidden();
    await expect(app.text).toHaveText('seen by all, and these words by nobody');
    await expect(app.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 20_000 });
    const reader = new Reader(relay.url, room);
    await expect.poll(() => reader.text).toContain('these words by nobody');
    reader.destroy();
    await app.text.click();
    await page.keyboard.press('End');
    await page.keyboard.type(' and more');
    await page.reload();
    await expect(app.text).toHaveText('seen by all, and these words by nobody and more');
  } finally {
    await relay.stop();
    await rm(data, { recursive: true, force: true });
  }
});

/** Words that are typed; every tenth finds its clocks taken. */
const WORDS = process.env['CARAVAN_LONG'] === '1' ? 80 : 30;

test('[FC3][X7] clocks taken while somebody types: every word is in the page or offered, and none twice', async ({
  app,
}) => {
  test.setTimeout(180_000);
  const { page } = app;
  const data = await mkdtemp(join(tmpdir(), 'caravan-forged-'));
  const relay = await startRelay(data, 0);
  try {
    const room = await attachedPage(app, relay.url);
    const shown: string[] = [];
    let forging = Promise.resolve(true);
    for (let at = 100; at < 100 + WORDS; at += 1) {
      if (at % 10 === 5) forging = forging.then(() => forge(relay.url, room, 1 + (at % 7)));
      await page.keyboard.type(` w${at}`);
      if ((await app.text.innerText()).includes(`w${at}`)) shown.push(`w${at}`);
      else {
        // The page was just loaded anew: people click into it and go on.
        await app.text.click();
        await page.keyboard.press('Control+End');
      }
    }
    await forging;
    const aside = page.getByRole('region', { name: 'Words set aside' });
    await expect(app.text).toHaveAttribute('contenteditable', 'true');
    await expect(app.status).toHaveAccessibleName(/Saved here, On relay/, { timeout: 40_000 });
    const { workspaces } = await app.call('hello', {});
    const workspace = workspaces[0]!.id;
    // What was taken while the link was away is found at the next comparison: until then words may still go aside.
    for (let before = -1; before !== 0;) {
      const offered = await app.call('aside.list', { workspace });
      before = offered.length;
      await expect(aside).toHaveCount(before);
      if (before > 0) await aside.first().getByRole('button', { name: 'Insert again' }).click();
      await expect.poll(async () => (await app.call('aside.list', { workspace })).length).not.toBe(before || -1);
    }
    const reader = new Reader(relay.url, room);
    const lacking = (text: string): readonly string[] => shown.filter((word) => !text.includes(word));
    await expect
      .poll(
        async () => [
          lacking(await app.text.innerText()),
          (await app.call('aside.list', { workspace })).map((p) => p.text),
        ],
        { timeout: 20_000 },
      )
      .toEqual([[], []]);
    // Each round made the link wait a little longer before it tried this page again.
    await expect.poll(() => lacking(reader.text), { timeout: 60_000 }).toEqual([]);
    reader.destroy();
    // Read as the host has it, not as this window believes.
    await page.reload();
    await expect(app.text).toContainText('seen by all');
    const text = await app.text.innerText();
    expect(shown.length).toBeGreaterThan(WORDS / 2);
    for (const word of shown) expect(text.split(word).length - 1, `${word} in ${text}`).toBe(1);
  } finally {
    await relay.stop();
    await rm(data, { recursive: true, force: true });
  }
});
