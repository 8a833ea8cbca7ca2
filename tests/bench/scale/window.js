// A real window for the scale section: what it shows, and how long a key takes to the next paint. No host of its own.
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS } from '../../../build/scripts/chromium-flags.js';
import { findChromium } from '../../../build/scripts/find-chromium.js';

const PATIENCE = 120_000;

/**
 * Runs in the page, hence text. Callbacks, layout and paint of a frame are one task: whatever task of the page comes next comes after the
 * paint. A message that the frame posts is one; but browsers let keys go first, and where keys follow on one another it was measured to come
 * up to ten frames late. So the next key and the next frame tell as well, whichever comes first. Beside it what the browser itself
 * says: from a key to the frame on the screen, in steps of 8 ms, and nothing of what took less than 16.
 */
const WATCH_KEYS = `
  window.benchTimes = [];
  window.benchShown = [];
  window.benchPainted ??= (() => {
    let frame = 0;
    let drawn = [];
    const painted = () => {
      const now = performance.now();
      window.benchTimes.push(...drawn.map((at) => now - at));
      drawn = [];
    };
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = painted;
    for (const type of ['keydown', 'keyup']) addEventListener(type, painted, { capture: true });
    addEventListener('keydown', ({ timeStamp }) => {
      requestAnimationFrame((start) => {
        // Of several keys before one frame each has a callback, and all of them the same start.
        if (start !== frame) painted();
        frame = start;
        drawn.push(timeStamp);
        port2.postMessage(null);
      });
    }, { capture: true });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === 'keydown') window.benchShown.push(duration);
    }).observe({ type: 'event', durationThreshold: 16 });
    return painted;
  })();
`;
/** Milliseconds that the browser may take to tell of its last frames. */
const TOLD = 500;
/** The last key's frame is over. */
const LAST_PAINTED =
  'new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))).then(() => window.benchPainted())';

/** What is known of some keys, in their order. @typedef {{ times: number[], shown: number[], work: number }} Typed */

/** Null where there is no Chromium. */
export async function openBrowser() {
  const executablePath = findChromium();
  return executablePath === null ? null : chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
}

/**
 * What the promise gives, or an error that says what was waited for: a page that is asked to evaluate something has no patience of its own that ends.
 * @template T @param {string} what @param {number} most milliseconds @param {Promise<T>} promise @returns {Promise<T>}
 */
export async function within(what, most, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Given up: ${what} took longer than ${most / 1_000} s.`)), most);
  });
  try {
    return await Promise.race([promise, /** @type {Promise<never>} */ (over)]);
  } finally {
    clearTimeout(timer);
  }
}

/** Begins to watch keys anew. @param {import('@playwright/test').Page} page */
export async function watchKeys(page) {
  await page.evaluate(WATCH_KEYS);
}

/** Milliseconds from each key since watchKeys() to the paint that followed it, sorted. @param {import('@playwright/test').Page} page */
export async function paintedKeys(page) {
  await within('the paint of the last key', PATIENCE, page.evaluate(LAST_PAINTED));
  const times = await page.evaluate('window.benchTimes');
  return /** @type {number[]} */ (times).toSorted((a, b) => a - b);
}

/**
 * Types into what has the focus; milliseconds from each key to the paint that follows it, sorted.
 * @param {import('@playwright/test').Page} page @param {number} keys @param {() => boolean} [goOn] asked before each key
 */
export async function keyToPaint(page, keys, goOn = () => true) {
  await watchKeys(page);
  for (let key = 0; key < keys && goOn(); key += 1) await page.keyboard.press(key % 6 === 5 ? 'Space' : 'x');
  return paintedKeys(page);
}

/**
 * Types the keys from `first` to before `end` of a text, a new paragraph after each `paragraph` of them: milliseconds from each to its paint
 * (`times`) and to the screen as the browser says (`shown`, 0 for less than it tells of), and the processor time of the window's main thread a key (`work`).
 * @param {import('@playwright/test').Page} page @param {{ first: number, end: number, paragraph: number }} text
 * @param {number} [pause] milliseconds behind each key; 0: the next one comes once the page has taken it
 * @returns {Promise<Typed>}
 */
export async function keysInOrder(page, { first, end, paragraph }, pause = 0) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN) * 1_000;
  };
  await page.evaluate(WATCH_KEYS);
  const before = await worked();
  for (let key = first + 1; key <= end; key += 1) {
    await page.keyboard.press(key % paragraph === 0 ? 'Enter' : key % 6 === 0 ? 'Space' : 'x');
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await within('the paint of the last key', PATIENCE, page.evaluate(LAST_PAINTED));
  await new Promise((resolve) => setTimeout(resolve, TOLD));
  const work = ((await worked()) - before) / (end - first);
  await session.detach();
  const { times, shown } = /** @type {Typed} */ (
    await page.evaluate('({ times: window.benchTimes, shown: window.benchShown })')
  );
  return {
    times,
    shown: [...shown, ...Array.from({ length: Math.max(0, end - first - shown.length) }, () => 0)],
    work,
  };
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
