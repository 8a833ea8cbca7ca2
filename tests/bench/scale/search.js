// Search in a workspace of 20,000 pages: the index itself, the palette and typing in a real window, also while the index is made anew.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { caravan, memoryOf, ROOT, startProgram } from '../processes.js';
import { bundledMade } from './bundled.js';
import { keyToPaint, openBrowser, paintedKeys, part, treeDrawn, watchKeys } from './window.js';

const DOCUMENTS = 20_000;
const TYPED = 'note antena horn';
/** Pages that others edited in a week. */
const WEEK = 400;
/** A pause behind each of them, as a link brings them. */
const BETWEEN = 10;

/** @typedef {(title: string, value: number | null | undefined, unit: import('../sections.js').Unit) => void} Row */

/** @param {number} scale 1, or less for a quick look @param {Row} row */
export async function measureSearch(scale, row) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-search-bench-'));
  /** @type {Record<string, number | null | undefined>} */
  const figures = {};
  /** @type {Row} */
  const tell = (title, value, unit) => {
    figures[title] = value;
    row(title, value, unit);
  };
  const made = await bundledMade();
  const browser = await openBrowser();
  try {
    const data = path.join(folder, 'ana');
    const count = Math.max(200, Math.round(DOCUMENTS * scale));
    tell(`${count} pages: bytes`, (await made.makeSearchWorkspace(data, count)) / 1_000, 'kB');
    const index = await made.measureSearchIndex(data, ROOT);
    tell('  read from nothing', index.read, 'ms');
    tell('    words', index.words, 'count');
    tell('    files of the index', index.disk / 1_000, 'kB');
    tell('    memory of the host with it, more than before', index.memory / 1_000_000, 'MB');
    tell('  opened again, with the first answer', index.opened, 'ms');
    for (const [kind, [p50, p95]] of Object.entries(index.asked)) {
      tell(`  ${kind}: p50`, p50, 'ms');
      tell('    p95', p95, 'ms');
    }
    tell('  400 pages edited: found after', index.week, 'ms');
    tell('    growth of the files', index.weekDisk / 1_000, 'kB');
    if (browser) await measureWindow(data, browser, tell);
    else console.error('SKIPPED: search in a window: there is no Chromium here.');
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

/** Writes a line into each room as somebody else's program would, one after the other. @param {string} data @param {readonly string[]} rooms */
async function arrive(data, rooms) {
  const { port, token } = JSON.parse(readFileSync(path.join(data, 'host.json'), 'utf8'));
  class Socket extends WebSocket {
    /** @param {string} address @param {string[]} protocols */
    constructor(address, protocols) {
      super(address, protocols, { headers: { authorization: `Bearer ${token}` } });
    }
  }
  for (const room of rooms) {
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, room, doc, {
      WebSocketPolyfill: /** @type {any} */ (Socket),
      disableBc: true,
    });
    await new Promise((resolve) => provider.once('sync', resolve));
    const body = doc.getText('body');
    body.insert(body.length, ' arrived from elsewhere');
    await wait(BETWEEN);
    provider.destroy();
    doc.destroy();
  }
}

/** @param {string} data @param {import('@playwright/test').Browser} browser @param {Row} row */
async function measureWindow(data, browser, row) {
  const host = await startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
  row('  start of the host until it answers', host.readyAfter, 'ms');
  const page = await browser.newPage();
  await treeDrawn(page, host.url);
  await page
    .getByRole('treeitem', { name: /^Note \d+/ })
    .first()
    .click();
  const text = page.getByRole('textbox', { name: 'Page text' });
  await text.press('Control+End');
  const calm = await keyToPaint(page, 150);
  row('  a key in a page to paint: p50', part(calm, 0.5), 'ms');
  row('    p95', part(calm, 0.95), 'ms');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or jump' }).waitFor();
  await watchKeys(page);
  for (let round = 0; round < 4; round += 1) {
    for (const key of TYPED) await page.keyboard.press(key === ' ' ? 'Space' : key);
    await page.keyboard.press('Control+a');
  }
  const palette = await paintedKeys(page);
  row('  a key in the palette to paint: p50', part(palette, 0.5), 'ms');
  row('    p95', part(palette, 0.95), 'ms');
  row('    slowest', palette.at(-1), 'ms');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('combobox', { name: 'Search everything' }).waitFor();
  await page.getByRole('button', { name: 'Make the index anew' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  await page.goBack();
  await text.press('Control+End');
  const busy = await keyToPaint(page, 150);
  row('  a key in a page to paint, while the index is made anew: p50', part(busy, 0.5), 'ms');
  row('    p95', part(busy, 0.95), 'ms');
  const listed = await caravan('doc', 'list', '--data', data);
  const rooms = listed
    .map((/** @type {{ room: string }} */ { room }) => room)
    .slice(-Math.min(WEEK, listed.length >> 1));
  let isOver = false;
  const arriving = arrive(data, rooms).then(() => (isOver = true));
  const meanwhile = await keyToPaint(page, 5_000, () => !isOver);
  await arriving;
  row(`  a key in a page to paint, while ${rooms.length} pages of others arrive: p50`, part(meanwhile, 0.5), 'ms');
  row('    p95', part(meanwhile, 0.95), 'ms');
  const began = performance.now();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('combobox', { name: 'Search everything' }).fill('"arrived from elsewhere"');
  await page.getByText(`${rooms.length} results`).waitFor();
  row('    all of them are found after the last', performance.now() - began, 'ms');
  row('  memory of the host, at most', memoryOf(host.pid)?.most, 'MB');
  await page.close();
  await host.stop();
}
