// The host and its window beside the yardstick: import, upload, first sync and opening, with the built programs.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureBareFirstSync, measureFirstSync } from './first-sync.js';
import { measureBareOpening, measureOpening } from './open-app.js';
import { makeWorkspace } from './pages.js';

/**
 * @param {number} pages
 * @param {(title: string, value: number | null | undefined, unit: import('./sections.js').Unit) => void} row
 */
export async function measureHostAndWindow(pages, row) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-bench-'));
  /** @type {Record<string, number | null | undefined>} */
  const figures = {};
  /** @param {string} title @param {number | null | undefined} value @param {import('./sections.js').Unit} unit */
  const tell = (title, value, unit) => {
    figures[title] = value;
    row(title, value, unit);
  };
  try {
    const workspace = await makeWorkspace(folder, pages);
    tell(`import of ${pages} pages from Markdown`, workspace.importing, 'ms');
    tell(`upload of ${pages} pages to the relay`, workspace.uploading, 'ms');
    const sync = await measureFirstSync(folder, workspace, pages);
    tell(`first sync of ${pages} pages to a new host`, sync.time, 'ms');
    tell('  memory of the new host, at most', sync.memory.host?.most, 'MB');
    tell('  memory of the relay, at most', sync.memory.relay?.most, 'MB');
    const bareSync = await measureBareFirstSync(pages, 4_000);
    tell('  as many bytes over bare ws', bareSync.time, 'ms');
    const opening = await measureOpening(workspace.data);
    tell(`opening the app with ${pages} pages: host answers`, opening.ready, 'ms');
    tell('  window shows the tree', opening.window?.tree, 'ms');
    tell('  a click on a page shows its text', opening.window?.page, 'ms');
    tell('  memory of the host, at most', opening.memory?.most, 'MB');
    tell('  a bare ws server listens after', (await measureBareOpening()).ready, 'ms');
    await workspace.relay.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}
