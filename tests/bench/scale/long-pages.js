// Long pages in a real window: opening, keys, an hour's keys, the slash menu, a table, and typing while another writes.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { caravan, memoryOf, ROOT, startNode, startProgram } from '../processes.js';
import { bundledMade } from './bundled.js';
import { heapAfterCollection, keysInOrder, keyToPaint, openBrowser, openPage, part, treeDrawn } from './window.js';

const TRACE = path.join(ROOT, '../shared/data/traces/sequential/automerge-paper.json.gz');
const BLOCKS = [100, 1_000, 10_000];
/** Keys of somebody who writes for an hour at 60 words a minute. */
const HOUR = 18_000;
/** Of these at its beginning and at its end the figures are taken. */
const ENDS = 1_000;
/** Keys of a paragraph. */
const PARAGRAPH = 360;
/** Keys at a person's pace, five a second, and the milliseconds between them. */
const PACED = 100;
const PAUSE = 200;
const WRITER = path.join(import.meta.dirname, 'other-writer.js');
/** Edits a second of the other one, and for how long. */
const REMOTE_RATES = [50, 500];
const REMOTE_SECONDS = 5;

/** @typedef {(title: string, value: number | null | undefined, unit: import('../sections.js').Unit) => void} Row */
/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page */
const text = (page) => page.getByRole('textbox', { name: 'Page text' });

/** @param {number} scale 1, or less for a quick look @param {boolean} hour whether an hour's keys are typed, too: some ten minutes @param {Row} row */
export async function measureLongPages(scale, hour, row) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-long-pages-'));
  /** @type {Record<string, number | null | undefined>} */
  const figures = {};
  /** @type {Row} */
  const tell = (title, value, unit) => {
    figures[title] = value;
    row(title, value, unit);
  };
  const browser = await openBrowser();
  try {
    if (!browser) console.error('SKIPPED: long pages: there is no Chromium here.');
    else await measure(folder, browser, scale, hour, tell);
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

/** @param {string} folder @param {import('@playwright/test').Browser} browser @param {number} scale @param {boolean} hour @param {Row} row */
async function measure(folder, browser, scale, hour, row) {
  const data = path.join(folder, 'ana');
  const trace = existsSync(TRACE) ? TRACE : null;
  if (trace === null) console.error(`SKIPPED: the page of the automerge-paper trace: ${TRACE} is not there.`);
  const made = await bundledMade();
  const counts = BLOCKS.map((count) => Math.max(100, Math.round(count * scale)));
  const pages = await made.makeLongPages(data, trace, [...new Set(counts)]);
  const relay = await startProgram(
    'build/bin/caravan-relay.js',
    ['serve', '--open', '--port', '0', '--data', path.join(folder, 'relay')], // prettier-ignore
  );
  const host = await startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
  await caravan('relay', 'attach', relay.url, '--data', data);
  await caravan('sync', '--wait', '--timeout', '300', '--data', data);
  const page = await browser.newPage();
  await treeDrawn(page, host.url);
  for (const made of pages) await measurePage(page, made, row);
  const longest = pages.filter(({ title }) => title.startsWith('Blocks')).reduce((_, last) => last);
  await openPage(page, longest.title, /Block 1 says/);
  const entries = await caravan('doc', 'list', '--data', data);
  const { room } = entries.find((/** @type {{ title: string }} */ entry) => entry.title === longest.title);
  row(`another writes in the page of ${longest.blocks} blocks`, null, 'count');
  for (const rate of REMOTE_RATES) {
    const ticket = await caravan('ticket', room, '--data', data);
    await measureRemote(page, ticket, rate, row);
  }
  if (hour) await measureHour(page, Math.round(HOUR * scale), row);
  row('  memory of the host, at most', memoryOf(host.pid)?.most, 'MB');
  await page.close();
  await host.stop();
  await relay.stop();
}

/** @param {Page} page @param {import('../../support/long-page.ts').LongPage} made @param {Row} row */
async function measurePage(page, { title, edits, blocks, update }, row) {
  row(`${title} (${blocks} blocks, ${edits} edits): bytes`, update.length / 1_000, 'kB');
  const first = title === 'Paper' ? /documentclass/ : title === 'Table' ? 'Cell 0 0' : /Block 0 says/;
  row('  a click shows it, host cold', await openPage(page, title, first), 'ms');
  if (title === 'Table') await text(page).getByText('Cell 50 5', { exact: true }).click();
  else await text(page).press('Control+Home');
  const times = await keyToPaint(page, 200);
  row(
    title === 'Table' ? '  key to paint in a cell in its middle, p50' : '  key to paint, p50',
    part(times, 0.5),
    'ms',
  );
  row('    p95', part(times, 0.95), 'ms');
  if (title !== 'Table') {
    await text(page).press('Control+Home');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    row('  slash menu: key to its rows on the screen, p95 of 20', part(sorted(await slashTimes(page)), 0.95), 'ms');
  }
  row('  memory of the window’s own objects', await heapOf(page), 'MB');
}

/** In the page, so that the way between the programs is not measured: from the key to the first frame that shows the menu. */
const WATCH_SLASH = `
  window.benchSlash = [];
  addEventListener('keydown', ({ key, timeStamp }) => {
    const look = () => {
      if (document.querySelector('[role=listbox] [role=option]')) window.benchSlash.push(performance.now() - timeStamp);
      else requestAnimationFrame(look);
    };
    if (key === '/') look();
  }, { capture: true });
`;

/** @param {Page} page */
async function slashTimes(page) {
  await page.evaluate(WATCH_SLASH);
  for (let at = 0; at < 20; at += 1) {
    await page.keyboard.press('/');
    await page.getByRole('option').first().waitFor();
    // The next frame of the page has been asked for before this is: it comes first.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve(null)))');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Backspace');
  }
  return /** @type {number[]} */ (await page.evaluate('window.benchSlash'));
}

/** @param {Page} page @param {unknown} ticket @param {number} rate @param {Row} row */
async function measureRemote(page, ticket, rate, row) {
  const writer = await startNode(process.execPath, [WRITER, JSON.stringify(ticket), `${rate}`, `${REMOTE_SECONDS}`]);
  await text(page).press('Control+Home');
  let isWriting = true;
  writer.say({});
  void writer.next().then(() => (isWriting = false));
  const times = await keyToPaint(page, 10_000, () => isWriting);
  const waiting = performance.now();
  await text(page).getByText(`end ${rate}`).waitFor({ state: 'attached', timeout: 120_000 });
  row(`  ${rate} edits a second for ${REMOTE_SECONDS} s: key to paint meanwhile, p50`, part(times, 0.5), 'ms');
  row('    p95', part(times, 0.95), 'ms');
  row('    the last one is shown after', performance.now() - waiting, 'ms');
  await writer.end('SIGTERM');
}

/**
 * What an hour's keys leave behind. They come far quicker than anybody types, one as soon as the page has taken the one before, so that the
 * window has no rest. Before and after them some at a person's pace, where all that waits for a pause comes in between.
 * @param {Page} page @param {number} keys @param {Row} row
 */
async function measureHour(page, keys, row) {
  await text(page).press('Control+Home');
  const before = await heapAfterCollection(page);
  const ends = Math.min(ENDS, keys >> 1);
  const type = (/** @type {number} */ first, /** @type {number} */ end, pause = 0) =>
    keysInOrder(page, { first, end, paragraph: PARAGRAPH }, pause);
  /** @type {(title: string, typed: import('./window.js').Typed) => void} */
  const tell = (title, { times, shown, work }) => {
    row(`    ${title}: key to paint, p50`, part(sorted(times), 0.5), 'ms');
    row(`    ${title}: p95`, part(sorted(times), 0.95), 'ms');
    row(`    ${title}: p95 by the browser’s word`, part(sorted(shown), 0.95), 'ms');
    row(`    ${title}: main thread’s time a key`, work, 'ms');
  };
  row(`  ${keys} keys there, an hour's, one right after the other`, null, 'count');
  tell('before, five a second', await type(0, PACED, PAUSE));
  tell(`the first ${ends}`, await type(0, ends));
  await type(ends, keys - ends);
  tell(`the last ${ends}`, await type(keys - ends, keys));
  tell('behind, five a second', await type(0, PACED, PAUSE));
  row('    the window’s own objects after a collection, before', before, 'MB');
  row('      after', await heapAfterCollection(page), 'MB');
}

/** @param {readonly number[]} times */
const sorted = (times) => times.toSorted((a, b) => a - b);

/** @param {Page} page */
async function heapOf(page) {
  return Number(await page.evaluate('performance.memory?.usedJSHeapSize ?? NaN')) / 1_048_576;
}
