// One section on one server, in a process of its own so that no run inherits the memory of another: the clients live here, the
// server is a child. It prints one line of JSON with the figures.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SECTIONS } from './sections.js';
import { serverOf } from './servers.js';

const LONGEST = 10 * 60_000;
const [id = '', server = '', scale = '1'] = process.argv.slice(2);
const section = SECTIONS.find((one) => one.id === id);
if (!section) throw new Error(`There is no section called ${id}.`);
const folder = mkdtempSync(path.join(os.tmpdir(), 'caravan-bench-'));
// What takes longer is stuck: a server that lost what is waited for, for instance.
setTimeout(() => {
  rmSync(folder, { recursive: true, force: true });
  console.error(`${id} on ${server} was given up after ${LONGEST / 60_000} minutes.`);
  process.exit(1);
}, LONGEST);
try {
  const figures = await section.measure(serverOf(server), { folder, scale: Number(scale) });
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// A server that was killed may have left sockets half closed; nothing is waited for any more.
process.exit(0);
