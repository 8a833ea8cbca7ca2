// A relay that is killed while it keeps a base, or shortens its history: every state of the past that was told before is told after.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RestingStore } from '../support/known-past.ts';
import { bundleRelay, startRelayProcess, type RelayBundle, type RelayProcess } from '../support/relay-process.ts';
import { stockClient, synced } from '../support/stock-client.ts';
import { temporaryFolder } from '../support/temp-folder.ts';

const LONG = process.env['CARAVAN_LONG'] === '1';
const [BASE_KILLS, RETENTION_KILLS] = LONG ? [15, 10] : [2, 1];
const DAY = 24 * 3_600_000;
/** Pages that are merged in one round, one a second. */
const TOGETHER = 3;

let bundle: RelayBundle;
beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

interface Counts {
  readonly segments: number;
  readonly bytes: number;
}

async function countsOf(relay: RelayProcess): Promise<Counts> {
  const answer = await fetch(`${relay.url.replace('ws:', 'http:')}/healthz`);
  return ((await answer.json()) as { history: Counts }).history;
}

/** Asks again and again, and resolves in the moment in which it holds. */
async function untilCounts(relay: RelayProcess, such: (counts: Counts) => boolean): Promise<void> {
  while (!such(await countsOf(relay))) await new Promise((resolve) => setImmediate(resolve));
}

async function resting<T>(data: string, look: (store: RestingStore) => Promise<T>, now = Date.now()): Promise<T> {
  const store = await RestingStore.open(data, now);
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

describe('kill -9', () => {
  test(
    `[SG14] [X7] while bases are written, ${BASE_KILLS} times: text from before the recording is told, whatever was merged`,
    { timeout: BASE_KILLS * 30_000 },
    async () => {
      const data = await temporaryFolder();
      const from = Date.now() - 2 * DAY;
      const pages = await resting(
        data,
        (store) => {
          const rooms = Array.from({ length: BASE_KILLS * TOGETHER }, (_, at) => `team/space/older${at}`);
          return Promise.all(rooms.map((room) => store.older(room, from)));
        },
        from + DAY / 2,
      );
      let between = 0;
      for (let round = 0; round < BASE_KILLS; round += 1) {
        const relay = await startRelayProcess(bundle, ['--data', data, '--port', '0', '--open']);
        const { segments } = await countsOf(relay);
        const mine = pages.slice(round * TOGETHER, (round + 1) * TOGETHER);
        const clients = mine.map(({ room }) => stockClient(relay.url, room));
        await Promise.all(clients.map(synced));
        // A base is durable, and the merging that it is for is about to be written.
        await untilCounts(relay, (now) => now.segments > segments + (round % TOGETHER));
        expect(await relay.end('SIGKILL')).toBe('SIGKILL');
        for (const client of clients) client.destroy();
        await resting(data, async (store) => {
          for (const { text, expected } of await store.told(pages)) expect(text).toBe(expected);
          const merged = await Promise.all(mine.map(({ room }) => store.isMerged(room)));
          if (merged.filter(Boolean).length <= round % TOGETHER) between += 1;
        });
      }
      process.stderr.write(`${BASE_KILLS} kills, ${between} between a base and its merging\n`);
    },
  );

  test(
    `[SG15] [X7] while history is shortened, ${RETENTION_KILLS} times: all states since a page says that it knows are told`,
    { timeout: RETENTION_KILLS * 60_000 },
    async () => {
      const data = await temporaryFolder();
      const from = Date.now() - 10 * DAY;
      const { pages, bytes } = await resting(data, async (store) => {
        const rooms = Array.from({ length: 40 }, (_, at) => `team/space/page${at}`);
        const written = await Promise.all(rooms.map((room) => store.recorded(room, 8, from)));
        return { pages: written, bytes: store.bytesOfHistory };
      });
      let shortened = 0;
      for (let round = 0; round < RETENTION_KILLS; round += 1) {
        const bound = Math.floor(bytes * (0.7 - (0.5 * round) / RETENTION_KILLS));
        const relay = await startRelayProcess(bundle, [
          ...['--data', data, '--port', '0', '--open'],
          ...['--history-bytes', String(bound)],
        ]);
        const { bytes: before } = await countsOf(relay);
        await untilCounts(relay, (now) => now.bytes < before);
        expect(await relay.end('SIGKILL')).toBe('SIGKILL');
        await resting(data, async (store) => {
          // It was in the middle of it.
          expect(store.bytesOfHistory).toBeGreaterThan(bound);
          const told = await store.told(pages);
          for (const { at, since, text, expected, complete } of told) {
            if (complete || at >= since) expect([text, complete]).toEqual([expected, true]);
          }
          // What is there today is told in any case, and something of each page's past.
          for (const { room, moments } of pages) {
            const known = told.filter((one) => one.room === room && one.complete);
            expect(known.at(-1)?.at).toBe(moments.at(-1)?.at);
          }
          shortened = told.filter(({ complete }) => !complete).length;
        });
        expect(shortened).toBeGreaterThan(0);
      }
      process.stderr.write(
        `${RETENTION_KILLS} kills, ${shortened} of ${pages.length * 8} states are older than what is kept\n`,
      );
    },
  );
});
