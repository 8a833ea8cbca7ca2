// A thread of 10,000 posts in a space of 10,000 threads, in a real window: the list and its counts, opening at the first unread, scrolling, and a post of one's own.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { memoryOf, startProgram } from '../processes.js';
import { bundledMade } from './bundled.js';
import { heapAfterCollection, openBrowser, part, within } from './window.js';

const POSTS = 10_000;
const THREADS = 10_000;
const PATIENCE = 240_000;
const SCROLLS = 120;

/** @typedef {(title: string, value: number | null | undefined, unit: import('../sections.js').Unit) => void} Row */

/** @param {number} scale 1, or less for a quick look @param {Row} row */
export async function measureThreads(scale, row) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-threads-'));
  /** @type {Record<string, number | null | undefined>} */
  const figures = {};
  /** @type {Row} */
  const tell = (title, value, unit) => {
    figures[title] = value;
    row(title, value, unit);
  };
  const browser = await openBrowser();
  try {
    if (!browser) console.error('SKIPPED: large threads: there is no Chromium here.');
    else await within('large threads', PATIENCE * 2, measure(folder, browser, scale, tell));
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

/** @param {string} folder @param {import('@playwright/test').Browser} browser @param {number} scale @param {Row} row */
async function measure(folder, browser, scale, row) {
  const data = path.join(folder, 'ana');
  const made = await bundledMade();
  const posts = Math.round(POSTS * scale);
  const threads = Math.round(THREADS * scale);
  const { bytes } = await made.makeLargeThreads(data, posts, threads);
  row(`a thread of ${posts} posts: bytes`, bytes / 1_000, 'kB');
  const host = await startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
  const page = await browser.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  let began = performance.now();
  await page.goto(host.url);
  const discussions = page.getByRole('button', { name: /^Discussions/ }).first();
  await discussions.getByText(/unread/).waitFor({ timeout: PATIENCE });
  await discussions.click();
  // Read for the first time, all of them are read once; the last is the newest.
  const large = page.getByRole('link', { name: 'Large thread' });
  await large.waitFor({ timeout: PATIENCE });
  await page.getByText(/will be read soon/).waitFor({ state: 'detached', timeout: PATIENCE });
  row(`a space of ${threads} threads: the first reading of all, with the program`, performance.now() - began, 'ms');
  began = performance.now();
  await page
    .getByRole('group', { name: 'Filter' })
    .getByRole('button', { name: /^Unread/ })
    .click();
  await page.getByRole('button', { name: /^Unread/, pressed: true }).waitFor();
  await large.waitFor();
  row('  a filter of the list', performance.now() - began, 'ms');
  await page.evaluate(() => {
    const scope = /** @type {any} */ (globalThis);
    scope.document.addEventListener(
      'click',
      (/** @type {any} */ event) => {
        const look = () => {
          if (scope.document.querySelector('[role=separator][aria-label=New]')) {
            scope.benchOpened = performance.now() - event.timeStamp;
          } else scope.requestAnimationFrame(look);
        };
        scope.requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  });
  await large.click();
  await page.getByRole('separator', { name: 'New' }).waitFor({ timeout: PATIENCE });
  row('  a click opens the large one at the first unread', Number(await page.evaluate('window.benchOpened')), 'ms');
  const frames = /** @type {number[]} */ (
    await page.evaluate(
      (count) =>
        new Promise((resolve) => {
          const scope = /** @type {any} */ (globalThis);
          const scroller = scope.document.querySelector('main.scroll');
          /** @type {number[]} */
          const times = [];
          let last = performance.now();
          const step = () => {
            const now = performance.now();
            times.push(now - last);
            last = now;
            scroller.scrollBy(0, 180);
            if (times.length < count) scope.requestAnimationFrame(step);
            else resolve(times.slice(1));
          };
          scope.requestAnimationFrame(step);
        }),
      SCROLLS,
    )
  ).toSorted((a, b) => a - b);
  row('  scrolling: a frame, p50', part(frames, 0.5), 'ms');
  row('    p95', part(frames, 0.95), 'ms');
  began = performance.now();
  await page.locator('main.scroll').evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
  await page.waitForFunction(() => {
    const scope = /** @type {any} */ (globalThis);
    const box = scope.document.querySelector('main.scroll').getBoundingClientRect();
    return scope.document.elementFromPoint(box.x + box.width / 2, box.y + 300)?.closest('[data-post]');
  });
  row('  a jump to the middle: its posts are drawn', performance.now() - began, 'ms');
  const field = page.getByRole('textbox', { name: 'Write a post' });
  await field.fill('A post of my own');
  began = performance.now();
  await field.press('Control+Enter');
  await page.getByRole('article').filter({ hasText: 'A post of my own' }).waitFor();
  row('  a post of one’s own stands there', performance.now() - began, 'ms');
  row('  posts in the DOM', await page.locator('[data-post]').count(), 'count');
  row('  memory of the window’s own objects after a collection', await heapAfterCollection(page), 'MB');
  row('  memory of the host, at most', memoryOf(host.pid)?.most, 'MB');
  await page.close();
  await host.stop();
}
