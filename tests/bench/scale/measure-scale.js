// A workspace of 20,000 documents: first sync, starts, memory, and typing meanwhile, with the built programs.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { caravan, cpuOf, memoryOf, startProgram } from '../processes.js';
import { bundledMade } from './bundled.js';
import { keyToPaint, openBrowser, openPage, part, treeDrawn } from './window.js';

const DOCUMENTS = 20_000;

/** @typedef {(title: string, value: number | null | undefined, unit: import('../sections.js').Unit) => void} Row */

/** @param {string} data */
const openHost = (data) => startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
/** @param {string} data */
const settle = (data) => caravan('sync', '--wait', '--timeout', '1200', '--data', data);

/** @param {number} scale 1, or less for a quick look @param {Row} row */
export async function measureScale(scale, row) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-scale-'));
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
    await measureDocuments(folder, made, browser, Math.max(100, Math.round(DOCUMENTS * scale)), tell);
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

/**
 * @param {string} folder @param {Awaited<ReturnType<typeof bundledMade>>} made
 * @param {import('@playwright/test').Browser | null} browser @param {number} count @param {Row} row
 */
async function measureDocuments(folder, made, browser, count, row) {
  const ana = path.join(folder, 'ana');
  const { bytes } = await made.makeLargeWorkspace(ana, count);
  row(`${count} documents: bytes`, bytes / 1_000, 'kB');
  const relay = await startProgram('build/bin/caravan-relay.js', [
    'serve',
    '--open',
    '--port',
    '0',
    '--data',
    path.join(folder, 'relay'),
  ]);
  const host = await openHost(ana);
  const uploading = performance.now();
  await caravan('relay', 'attach', relay.url, '--data', ana);
  await settle(ana);
  row('  upload to an empty relay', performance.now() - uploading, 'ms');
  row('    processor time of the host', cpuOf(host.pid), 'ms');
  row('    memory of the host, at most', memoryOf(host.pid)?.most, 'MB');
  row('    memory of the relay, at most', memoryOf(relay.pid)?.most, 'MB');
  const { link } = await caravan('invite', '--data', ana);
  const { link: another } = await caravan('invite', '--data', ana);
  await host.stop();

  const bo = path.join(folder, 'bo');
  await caravan('join', link, '--name', 'Bo', '--data', bo);
  const relayBefore = cpuOf(relay.pid);
  const fetching = performance.now();
  const second = await openHost(bo);
  await settle(bo);
  row('  first sync of a new host, lists included', performance.now() - fetching, 'ms');
  row('    processor time of the host', cpuOf(second.pid), 'ms');
  row('    processor time of the relay', cpuOf(relay.pid) - relayBefore, 'ms');
  row('    memory of the host, at most', memoryOf(second.pid)?.most, 'MB');
  row('    memory of the relay, at most', memoryOf(relay.pid)?.most, 'MB');
  await second.stop();

  const again = await openHost(bo);
  row('  start of that host until it answers', again.readyAfter, 'ms');
  row('    memory then', memoryOf(again.pid)?.now, 'MB');
  const listing = performance.now();
  const entries = await caravan('doc', 'list', '--data', bo);
  row('    a command that lists all of them', performance.now() - listing, 'ms');
  const palette = made.measurePalette(entries);
  row('    palette: the first key', palette.first, 'ms');
  row('    palette: the slowest key after it', palette.slowest, 'ms');
  if (browser) {
    const page = await browser.newPage();
    row('    window: the tree is drawn after', await treeDrawn(page, again.url), 'ms');
    row('    window: a click shows a page', await openPage(page, /^Page 00000/, /antenna/), 'ms');
    await page.getByRole('textbox', { name: 'Page text' }).press('Control+End');
    const calm = await keyToPaint(page, 100);
    row('    window: key to paint, p50', part(calm, 0.5), 'ms');
    row('    window: key to paint, p95', part(calm, 0.95), 'ms');
    await page.close();
  }
  await again.stop();
  const links = await made.measureLinks(bo);
  row('  links: rows of all documents made again', links.read, 'ms');
  row('    their size', links.stored / 1_000, 'kB');
  row('    500 pages that link to one: read, each', links.linked, 'ms');
  row('    who links to it (500 pages), p50', links.backlinks, 'ms');
  row('    who says its name without a link: nobody, first time', links.first, 'ms');
  row('    the same again', links.nowhere, 'ms');
  row('    a name that every page says', links.everywhere, 'ms');
  row('    a page by its name: first key', links.firstKey, 'ms');
  row('    the slowest key after it', links.slowestKey, 'ms');
  if (browser) await measureTypingMeanwhile(path.join(folder, 'cy'), another, browser, row);
  await relay.stop();
}

/**
 * @param {string} data @param {string} link @param {import('@playwright/test').Browser} browser @param {Row} row
 */
async function measureTypingMeanwhile(data, link, browser, row) {
  await caravan('join', link, '--name', 'Cy', '--data', data);
  const host = await openHost(data);
  const page = await browser.newPage();
  await treeDrawn(page, host.url);
  let syncing = true;
  const done = settle(data).then(() => (syncing = false));
  await openPage(page, /^Page \d+/, /antenna|array|beam/);
  await page.getByRole('textbox', { name: 'Page text' }).press('Control+End');
  const times = await keyToPaint(page, 2_000, () => syncing);
  row('  typing while a first sync runs: keys', times.length, 'count');
  row('    key to paint, p50', part(times, 0.5), 'ms');
  row('    key to paint, p95', part(times, 0.95), 'ms');
  await done;
  await page.close();
  await host.stop();
}
