// Shows that what came from a computer nearby is asked about at the relay, and brought there, without anything else happening.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { systemClock } from '../../../shared/base/clock.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { MemoryDocStore } from '../../../shared/hub/memory-doc-store.ts';
import { FileBlobStore } from '../../../shared/node/file-blob-store.ts';
import { BlobExchange } from './blob-exchange.ts';
import { BlobRows } from './blob-rows.ts';
import type { BlobSource } from './blob-source.ts';

/** A relay that has no attachment, and takes each; what it was asked, in order. */
async function relay() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.method ?? '');
    request.resume().on('end', () => {
      response.writeHead(request.method === 'PUT' ? 201 : 404, { 'caravan-offset': '0' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const door = { url: `ws://127.0.0.1:${port}`, ticket: 't', shelf: 'shelf', demandLinks: () => undefined };
  return { asked, door };
}

// The half that brings was woken by what changed in documents; a file that came behind its document waited for the next of those.
it('[PB9] [AT3] what a computer nearby gave is brought to a relay that has it not, once it is here', async () => {
  const { asked, door } = await relay();
  const blobs = await FileBlobStore.open(await temporaryFolder(), 0);
  const rows = await BlobRows.open(new MemoryDocStore().values);
  const bytes = randomBytes(2_000);
  const at = { workspace: 'w', space: 's', blob: createHash('sha256').update(bytes).digest('hex') };
  let doors = 0;
  const exchange = new BlobExchange({
    place: {
      workspace: 'w',
      door: () => {
        doors += 1;
        return Promise.resolve(door);
      },
      isBusy: () => false,
      mayWrite: () => true,
      isLeft: () => false,
      mayRead: () => true,
      wanted: () => (rows.get(at) ? [] : [{ ...at, size: bytes.length }]),
      isPaused: () => false,
    },
    ...{ blobs, rows, clock: systemClock, logger: silentLogger, onChange: () => undefined },
  });
  onTestFinished(() => exchange.close());
  exchange.start();
  // Both halves have looked, and rest: nothing is to be brought, and the relay has not got what is wanted.
  await eventually(() => expect([doors >= 2, asked.includes('GET'), exchange.isIdle]).toEqual([true, true, true]));
  const ana: BlobSource = {
    ...{ id: 'ana', isNear: true, shelf: null },
    ready: () => Promise.resolve(true),
    has: () => true,
    get: () => Promise.resolve({ kind: 'bytes', bytes, size: bytes.length }),
  };
  exchange.addSource(ana);
  await eventually(() => expect(rows.get(at)).toMatchObject({ shelf: 'shelf', by: 'ana' }));
  expect(asked.filter((method) => method !== 'GET')).toEqual(['HEAD', 'PUT']);
});
