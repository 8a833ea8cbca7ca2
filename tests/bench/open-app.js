// Opening the app: from the command to a host that answers, and to a window that shows the tree, with real Chromium.
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS } from '../../build/scripts/chromium-flags.js';
import { findChromium } from '../../build/scripts/find-chromium.js';
import { memoryOf, startProgram } from './processes.js';

/** @param {string} data a data folder with pages */
export async function measureOpening(data) {
  const host = await startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
  const executablePath = findChromium();
  /** @type {{ tree: number, page: number } | null} */
  let window = null;
  if (executablePath !== null) {
    const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
    const page = await browser.newPage();
    const began = performance.now();
    await page.goto(host.url);
    const item = page.getByRole('treeitem', { name: /^Page \d+/ }).first();
    await item.waitFor({ timeout: 60_000 });
    const tree = performance.now() - began;
    const clicked = performance.now();
    await item.click();
    await page.getByText('Part 5').first().waitFor({ timeout: 60_000 });
    window = { tree, page: performance.now() - clicked };
    await browser.close();
  }
  const memory = memoryOf(host.pid);
  await host.stop();
  return { ready: host.readyAfter, window, memory };
}

/** How long the yardstick takes to listen. */
export async function measureBareOpening() {
  const server = await startProgram('tests/bench/bare-server.js', []);
  const memory = memoryOf(server.pid);
  await server.stop();
  return { ready: server.readyAfter, memory };
}
