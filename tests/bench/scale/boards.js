// A board of 5,000 cards with 800 of them in one column, in a real window: opening, views, dragging, filter, moves of others, and typing meanwhile.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { caravan, memoryOf, startNode, startProgram } from '../processes.js';
import { bundledMade } from './bundled.js';
import {
  heapAfterCollection,
  keyToPaint,
  openBrowser,
  paintedKeys,
  part,
  treeDrawn,
  watchKeys,
  within,
} from './window.js';

const CARDS = 5_000;
const IN_FIRST = 800;
const MOVER = path.join(import.meta.dirname, 'card-mover.js');
const MOVES = 100;
const PATIENCE = 120_000;
/** A part that takes longer has stopped: it is named, and the rest is not measured. */
const MOST_OF_A_PART = 300_000;
const CARD = '[role=listbox] [role=option][data-card]';

/** @typedef {(title: string, value: number | null | undefined, unit: import('../sections.js').Unit) => void} Row */
/** @typedef {import('@playwright/test').Page} Page */

/** @param {number} scale 1, or less for a quick look @param {Row} row */
export async function measureBoards(scale, row) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-boards-'));
  /** @type {Record<string, number | null | undefined>} */
  const figures = {};
  /** @type {Row} */
  const tell = (title, value, unit) => {
    figures[title] = value;
    row(title, value, unit);
  };
  const browser = await openBrowser();
  try {
    if (!browser) console.error('SKIPPED: a large board: there is no Chromium here.');
    else await measure(folder, browser, scale, tell);
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
  const cards = Math.max(200, Math.round(CARDS * scale));
  const { room, bytes } = await made.makeLargeBoard(data, cards, Math.max(100, Math.round(IN_FIRST * scale)));
  row(`a board of ${cards} cards: bytes`, bytes / 1_000, 'kB');
  const relay = await startProgram(
    'build/bin/caravan-relay.js',
    ['serve', '--open', '--port', '0', '--data', path.join(folder, 'relay')], // prettier-ignore
  );
  const host = await startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
  await caravan('relay', 'attach', relay.url, '--data', data);
  await caravan('sync', '--wait', '--timeout', '300', '--data', data);
  const page = await browser.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
  await treeDrawn(page, host.url);
  await page.evaluate(DRAWN);
  await within('opening', MOST_OF_A_PART, measureOpening(page, row));
  await within('the views', MOST_OF_A_PART, measureViews(page, row));
  await within('dragging', MOST_OF_A_PART, measureDragging(page, row));
  await within('the filter', MOST_OF_A_PART, measureFilter(page, row));
  const mover = await startNode(process.execPath, [
    MOVER,
    JSON.stringify(await caravan('ticket', room, '--data', data)),
  ]);
  await within('the moves of somebody else', MOST_OF_A_PART, measureMoves(page, mover, row));
  await within('typing in a card', MOST_OF_A_PART, measureTyping(page, mover, row));
  await mover.end('SIGTERM');
  row('  memory of the window’s own objects after a collection', await heapAfterCollection(page), 'MB');
  row('  memory of the host, at most', memoryOf(host.pid)?.most, 'MB');
  await page.close();
  await host.stop();
  await relay.stop();
}

/** Runs in the page, hence text: `benchDrawn(since, isThere)` resolves with the milliseconds to the paint of the first frame in which it is there. */
const DRAWN = `
  window.benchDrawn = (since, isThere) => new Promise((resolve) => {
    const look = () => {
      if (!isThere()) return void requestAnimationFrame(look);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - since);
      port2.postMessage(null);
    };
    requestAnimationFrame(look);
  });
`;

/** A click on what \`selector\` names, until \`sought\` is painted. @param {Page} page @param {string} selector @param {string} sought */
async function clicked(page, selector, sought) {
  await page.evaluate(
    ([pressed = '', found = '']) => {
      const scope = /** @type {any} */ (globalThis);
      scope.document.addEventListener(
        'click',
        (/** @type {any} */ event) => {
          if (!event.target.closest(pressed)) return;
          scope.benchClicked = scope.benchDrawn(event.timeStamp, () => scope.document.querySelector(found) !== null);
        },
        { capture: true, once: true },
      );
    },
    [selector, sought],
  );
  await page.locator(selector).first().click();
  await page.locator(sought).first().waitFor({ timeout: PATIENCE });
  return Number(await page.evaluate('window.benchClicked'));
}

/** @param {Page} page @param {Row} row */
async function measureOpening(page, row) {
  // What is alone in a workspace opens by itself.
  await page.getByRole('treeitem', { name: 'A page beside it' }).click();
  await page.getByRole('textbox', { name: 'Page text' }).waitFor();
  row('  a click shows it, host cold', await clicked(page, '[role=treeitem][aria-label^=Large]', CARD), 'ms');
  row('  memory of the window’s own objects after a collection', await heapAfterCollection(page), 'MB');
  const address = page.url();
  const began = performance.now();
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator(CARD).first().waitFor({ timeout: PATIENCE });
  row('  a window opened at it, with the program', performance.now() - began, 'ms');
  await page.evaluate(DRAWN);
}

/** @param {Page} page @param {Row} row */
async function measureViews(page, row) {
  /** @type {readonly (readonly [string, string])[]} */
  const views = [
    ['table', '[role=grid] [role=row][data-card], [role=grid] [data-card]'],
    ['calendar', '[role=tabpanel] [data-card]'],
    ['list', '[role=listbox] [role=option][data-card]'],
    ['figures', '[role=img]'],
    ['board', '[role=listbox] [role=option][data-card]'],
  ];
  for (const [view, sought] of views) {
    row(`  a click shows the ${view}`, await clicked(page, `[data-view=${view}]`, `[data-view=${view}][aria-selected=true], ${sought}`), 'ms'); // prettier-ignore
    await page.locator(sought).first().waitFor({ timeout: PATIENCE });
  }
}

/** From the first move of the pressed mouse to the paint of what hangs on it; and from the drop to its paint. */
const WATCH_DRAGS = `
  window.benchDrags = { start: [], step: [], drop: [] };
  let pressed = 0;
  addEventListener('pointerdown', () => (pressed = 0), { capture: true });
  addEventListener('pointermove', ({ timeStamp, buttons }) => buttons > 0 && (pressed ||= timeStamp), { capture: true });
  addEventListener('dragstart', ({ timeStamp }) => {
    benchDrawn(Math.min(pressed || timeStamp, timeStamp), () => true).then((time) => benchDrags.start.push(time));
  }, { capture: true });
  addEventListener('drop', ({ timeStamp }) => {
    benchDrawn(timeStamp, () => true).then((time) => benchDrags.drop.push(time));
  }, { capture: true });
`;

/** @param {Page} page @param {Row} row */
async function measureDragging(page, row) {
  await page.evaluate(WATCH_DRAGS);
  const scroll = page.locator('section[data-column] .scroll').first();
  const heights = await scroll.evaluate((element) => [element.scrollHeight, element.clientHeight]);
  const target = await page.locator('section[data-column]').nth(1).boundingBox();
  for (let at = 0; at < 10; at += 1) {
    await scroll.evaluate((element, top) => element.scrollTo({ top }), (Number(heights[0]) * at) / 12);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    const box = await scroll.evaluate((element) => {
      const { top } = element.getBoundingClientRect();
      const cards = [...element.querySelectorAll('[role=option][data-card]')].map((card) =>
        card.getBoundingClientRect(),
      );
      const seen = cards.find((card) => card.top > top + 60);
      return seen && { x: seen.x, y: seen.y };
    });
    if (!box || !target) throw new Error('There is no card to drag.');
    await page.mouse.move(box.x + 30, box.y + 12);
    await page.mouse.down();
    await page.mouse.move(box.x + 40, box.y + 20, { steps: 2 });
    await page.mouse.move(target.x + 60, target.y + 200, { steps: 6 });
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
    await page.mouse.up();
    await page.waitForFunction((count) => /** @type {any} */ (globalThis).benchDrags.drop.length > count, at);
  }
  const drags = /** @type {Record<string, number[]>} */ (await page.evaluate('window.benchDrags'));
  for (const [what, words] of /** @type {const} */ ([
    ['start', 'first move of the pressed mouse to the paint of the lifted card'],
    ['drop', 'drop to paint'],
  ])) {
    const times = sorted(drags[what] ?? []);
    row(`  drag: ${words}, p50 of ${times.length}`, part(times, 0.5), 'ms');
    row('    at most', times.at(-1), 'ms');
  }
  await page.locator('section[data-column]').first().locator('[role=option]').nth(3).focus();
  await watchKeys(page);
  await page.keyboard.press('Space');
  for (let at = 0; at < 20; at += 1) await page.keyboard.press(at % 5 === 4 ? 'ArrowRight' : 'ArrowDown');
  await page.keyboard.press('Escape');
  const keys = await paintedKeys(page);
  row('  carried by keys: key to paint, p50', part(keys, 0.5), 'ms');
  row('    p95', part(keys, 0.95), 'ms');
}

/** @param {Page} page @param {Row} row */
async function measureFilter(page, row) {
  await page.keyboard.press('/');
  const field = page.getByLabel('Words in the title, a label or a name');
  await field.waitFor();
  await field.focus();
  await watchKeys(page);
  for (const key of 'antenna') await page.keyboard.press(key);
  for (let at = 0; at < 'antenna'.length; at += 1) await page.keyboard.press('Backspace');
  const keys = await paintedKeys(page);
  row('  filter: key to paint, p50', part(keys, 0.5), 'ms');
  row('    at most', keys.at(-1), 'ms');
  await page.keyboard.press('Escape');
}

/** @param {Page} page @param {Awaited<ReturnType<typeof startNode>>} mover @param {Row} row */
async function measureMoves(page, mover, row) {
  await page
    .locator('section[data-column] .scroll')
    .first()
    .evaluate((element) => element.scrollTo({ top: 0 }));
  const times = [];
  for (let at = 0; at < 20; at += 1) {
    // From far down in another column to the top of the one that is looked at.
    const title = await page.evaluate(
      () =>
        /** @type {any} */ (globalThis).document
          .querySelectorAll('section[data-column]')[2]
          .querySelector('[role=option] .name').textContent,
    );
    const shown = page.evaluate(
      (words) =>
        new Promise((resolve) => {
          const scope = /** @type {any} */ (globalThis);
          const first = scope.document.querySelector('section[data-column]');
          const isThere = () =>
            [...first.querySelectorAll('[role=option] .name')].some((name) => name.textContent === words);
          void scope.benchDrawn(0, isThere).then(() => resolve(Date.now()));
        }),
      title,
    );
    mover.say({ title, top: `Z${String.fromCharCode(122 - at)}V` });
    const { at: moved } = await mover.next();
    times.push(Number(await shown) - Number(moved));
  }
  row('  a move of somebody else, by the relay and the host: to paint, p50 of 20', part(sorted(times), 0.5), 'ms');
  row('    at most', sorted(times).at(-1), 'ms');
}

/** @param {Page} page @param {Awaited<ReturnType<typeof startNode>>} mover @param {Row} row */
async function measureTyping(page, mover, row) {
  const option = page.locator('section[data-column]').nth(1).locator('[role=option]').first();
  await option.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Card' });
  await panel.waitFor();
  const begin = panel.getByRole('button', { name: 'Add a description…' });
  const described = panel.getByRole('textbox', { name: 'Page text' });
  await begin.or(described).first().waitFor();
  if (await begin.isVisible()) await begin.click();
  await described.waitFor();
  for (const [what, field] of /** @type {const} */ ([
    ['title', panel.getByRole('textbox', { name: 'Title' })],
    ['description', described],
  ])) {
    await field.click();
    await page.keyboard.press('End');
    const calm = await keyToPaint(page, 60);
    row(`  typing in a card’s ${what}: key to paint, p50`, part(calm, 0.5), 'ms');
    row('    p95', part(calm, 0.95), 'ms');
    for (const seconds of [5, 0]) {
      let moving = true;
      mover.say({ count: MOVES, seconds });
      const written = mover.next().then(() => (moving = false));
      const times = await keyToPaint(page, 2_000, () => moving);
      // Those that arrived together are drawn behind the last of them.
      times.push(...(await keyToPaint(page, 10)));
      await written;
      row(`    while ${MOVES} moves of others arrive ${seconds === 0 ? 'at once' : `in ${seconds} s`}, p50`, part(sorted(times), 0.5), 'ms'); // prettier-ignore
      row('      p95', part(sorted(times), 0.95), 'ms');
      row('      at most', sorted(times).at(-1), 'ms');
    }
  }
}

/** @param {readonly number[]} times */
const sorted = (times) => times.toSorted((a, b) => a - b);
