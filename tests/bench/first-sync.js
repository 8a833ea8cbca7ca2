// First sync: a new member's host fetches every page of a workspace from the relay; the yardstick sends as many bytes and
// nothing is checked or kept.
import path from 'node:path';
import { WebSocket } from 'ws';
import { caravan, memoryOf, startProgram } from './processes.js';

/**
 * @param {string} folder @param {Awaited<ReturnType<typeof import('./pages.js').makeWorkspace>>} workspace @param {number} count
 */
export async function measureFirstSync(folder, workspace, count) {
  const data = path.join(folder, 'bo');
  await caravan('join', workspace.link, '--name', 'Bo', '--data', data);
  // A running host, so that its memory can be seen; `sync --wait` goes through it. It began to fetch when it started.
  const began = performance.now();
  const host = await startProgram('build/bin/caravan.js', ['open', '--shell', 'none', '--json', '--data', data]);
  const { done } = await caravan('sync', '--wait', '--timeout', '300', '--data', data);
  const time = performance.now() - began;
  const pages = (await caravan('doc', 'list', '--data', data)).filter(
    (/** @type {any} */ doc) => doc.kind === 'page',
  ).length;
  if (!done || pages < count) throw new Error(`The first sync gave ${pages} of ${count} pages (done: ${done}).`);
  const memory = { host: memoryOf(host.pid), relay: memoryOf(workspace.relay.pid) };
  await host.stop();
  return { time, memory };
}

/** @param {number} count @param {number} bytes of one page */
export async function measureBareFirstSync(count, bytes) {
  const server = await startProgram('tests/bench/bare-server.js', []);
  const began = performance.now();
  await new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.url}/first-sync?pages=${count}&bytes=${bytes}`, {
      perMessageDeflate: false,
    });
    let got = 0;
    socket.on('message', () => {
      got += 1;
      if (got < count) return;
      socket.close();
      resolve(undefined);
    });
    socket.once('error', reject);
  });
  const time = performance.now() - began;
  const memory = memoryOf(server.pid);
  await server.stop();
  return { time, memory };
}
