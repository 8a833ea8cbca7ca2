// `npm run bench`: Caravan beside a bare `ws` broadcast server, on this machine; it prints numbers and asserts none.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FAN_OUT, measureFanOut } from './fan-out.js';
import { measureBareFirstSync, measureFirstSync } from './first-sync.js';
import { measureBareOpening, measureOpening } from './open-app.js';
import { makeWorkspace } from './pages.js';
import { ROOT } from './processes.js';

const { values } = parseArgs({ options: { pages: { type: 'string', default: '2000' } } });
const pages = Number(values.pages);
if (!Number.isInteger(pages) || pages < 1) {
  console.error(`--pages takes a whole number, not "${values.pages}".`);
  process.exit(2);
}
if (!existsSync(path.join(ROOT, 'dist/relay.js'))) {
  console.error('Nothing is built here. Run npm run build first.');
  process.exit(1);
}

/** @param {number | undefined} value */
const ms = (value) =>
  value === undefined ? '-' : value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(1)} ms`;
/** @param {{ now: number, most: number } | null | undefined} memory */
const mb = (memory) => (memory ? `${memory.now} MB (at most ${memory.most})` : '-');
/** @param {string} what @param {string} caravan @param {string} bare */
const row = (what, caravan, bare) => console.log(`${what.padEnd(52)} ${caravan.padEnd(28)} ${bare}`);

const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-bench-'));
try {
  console.log(`Node ${process.version}, ${os.cpus().length} x ${os.cpus()[0]?.model ?? 'unknown'}, ${os.platform()}`);
  console.log(
    'Caravan checks, stores durably (fsync) and acknowledges before it passes on; the bare server does none of it.\n',
  );
  row('', 'Caravan', 'bare ws');

  const bare = await measureFanOut('tests/bench/bare-server.js', []);
  const relay = await measureFanOut('build/bin/caravan-relay.js', [
    'serve',
    '--open',
    '--port',
    '0',
    '--data',
    path.join(folder, 'fan-out'),
  ]);
  row(`fan-out to ${FAN_OUT.clients} clients, one key, last has it: p50`, ms(relay.p50), ms(bare.p50));
  row('  p95', ms(relay.p95), ms(bare.p95));
  row(`  ${FAN_OUT.burst} keys at once, last client has all`, ms(relay.burst), ms(bare.burst));
  row('  memory of the server', mb(relay.memory), mb(bare.memory));

  const workspace = await makeWorkspace(folder, pages);
  row(`import of ${pages} pages from Markdown`, ms(workspace.importing), '-');
  row(`upload of ${pages} pages to the relay`, ms(workspace.uploading), '-');
  const sync = await measureFirstSync(folder, workspace, pages);
  const bareSync = await measureBareFirstSync(pages, 4_000);
  row(`first sync of ${pages} pages to a new host`, ms(sync.time), ms(bareSync.time));
  row('  memory of the new host', mb(sync.memory.host), '-');
  row('  memory of the relay or server', mb(sync.memory.relay), mb(bareSync.memory));

  const opening = await measureOpening(workspace.data);
  const bareOpening = await measureBareOpening();
  row(`opening the app with ${pages} pages: host answers`, ms(opening.ready), ms(bareOpening.ready));
  row('  window shows the tree', opening.window ? ms(opening.window.tree) : 'no Chromium here', '-');
  row('  a click on a page shows its text', opening.window ? ms(opening.window.page) : 'no Chromium here', '-');
  row('  memory of the host', mb(opening.memory), mb(bareOpening.memory));
  await workspace.relay.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
