// A search thread that answers nothing: search ends all the same, and with it the host.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HostBench, until } from '../../../tests/support/host.ts';

let bench: HostBench;

beforeEach(() => {
  bench = new HostBench();
});
afterEach(() => bench.dispose());

/** A thread that answers these calls and no other, as one that reads a document without an end. */
async function thread(folder: string, answered: readonly string[]): Promise<string> {
  const file = path.join(folder, 'stuck.cjs');
  await writeFile(
    file,
    `const { parentPort } = require('node:worker_threads');
     parentPort.on('message', ({ id, call }) => {
       if (${JSON.stringify(answered)}.includes(call)) parentPort.postMessage({ id, answer: { reached: {}, epoch: '' } });
     });`,
  );
  return file;
}

// The end waited for the index to open, for ever; and a minute for each room that was being read.
test.each([
  ['opens its index', []],
  ['reads a document', ['open']],
])('[X7] [SE5] search ends while the thread of its search %s and does not come to an end', async (_what, answered) => {
  const searchThread = await thread(await bench.folder(), answered);
  const host = await bench.start(await bench.folder(), { links: false, searchThread });
  const { id: workspace } = await host.call('workspace.create', { title: 'Perigee', name: 'Ana' });
  const asking = host.call('search.find', { workspace, query: 'dish' }).catch(() => null);
  if (answered.length > 0)
    await until('a document is being read', () => host.parts.search.progressWith({ rooms: 0 }).total > 0);
  let ended = false;
  // Of itself: a host goes on with the next part after a while whatever this one does.
  const ending = host.parts.search.close().then(() => (ended = true));
  await until('it has ended', () => ended, 10_000);
  await ending;
  expect(await asking).toBeNull();
});
