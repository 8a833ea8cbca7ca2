// A real window for the scale section: what it shows, and how long a key takes to the next paint. No host of its own.
import { chromium } from '@playwright/test';
import { findChromium } from '../../../build/scripts/find-chromium.js';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const PATIENCE = 120_000;

/** Runs in the page, hence text: a task right after the frame's callbacks comes when layout and paint are done. */
const WATCH_KEYS = `
  window.benchTimes = [];
  window.benchWatching ??= window.addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.benchTimes.push(performance.now() - timeStamp);
      port2.postMessage(null);
    });
  }, { capture: true }) ?? true;
`;

/** Null where there is no Chromium. */
export async function openBrowser() {
  const executablePath = findChromium();
  return executablePath === null ? null : chromium.launch({ executablePath, args: FLAGS });
}

/**
 * Types into what has the focus; milliseconds from each key to the paint that follows it, sorted.
 * @param {import('@playwright/test').Page} page @param {number} keys @param {() => boolean} [goOn] asked before each key
 */
export async function keyToPaint(page, keys, goOn = () => true) {
  await page.evaluate(WATCH_KEYS);
  for (let key = 0; key < keys && goOn(); key += 1) await page.keyboard.press(key % 6 === 5 ? 'Space' : 'x');
  const times = await page.evaluate('window.benchTimes');
  return /** @type {number[]} */ (times).toSorted((a, b) => a - b);
}

/**
 * Types one key after the other, a new paragraph after each `paragraph` keys; milliseconds from each key to its paint, in the order of the keys.
 * @param {import('@playwright/test').Page} page @param {number} keys @param {number} paragraph
 */
export async function keysInOrder(page, keys, paragraph) {
  await page.evaluate(WATCH_KEYS);
  for (let key = 1; key <= keys; key += 1) {
    await page.keyboard.press(key % paragraph === 0 ? 'Enter' : key % 6 === 0 ? 'Space' : 'x');
  }
  return /** @type {number[]} */ (await page.evaluate('window.benchTimes'));
}

/** Megabytes of the window's own objects when what nobody holds is collected. @param {import('@playwright/test').Page} page */
export async function heapAfterCollection(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_048_576;
}

/** @param {readonly number[]} sorted @param {number} part */
export const part = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/** Loads the window and waits for the first row of its tree. @param {import('@playwright/test').Page} page @param {string} url */
export async function treeDrawn(page, url) {
  const began = performance.now();
  await page.goto(url);
  await page.getByRole('treeitem').first().waitFor({ timeout: PATIENCE });
  return performance.now() - began;
}

/** A click on a row until the page shows these words. @param {import('@playwright/test').Page} page @param {string | RegExp} title @param {string | RegExp} words */
export async function openPage(page, title, words) {
  const row = page.getByRole('treeitem', { name: title }).first();
  await row.waitFor({ timeout: PATIENCE });
  const began = performance.now();
  await row.click();
  await page.getByRole('textbox', { name: 'Page text' }).getByText(words).first().waitFor({ timeout: PATIENCE });
  return performance.now() - began;
}
