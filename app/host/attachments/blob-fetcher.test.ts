// Shows how attachments are fetched where several have them: one source at a time, the nearest first, going on where another ended; who lied is found out.
import { createHash, randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import { temporaryFolder } from '../../../tests/support/temp-folder.ts';
import { FakeClock, systemClock, type Clock } from '../../../shared/base/clock.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { MemoryDocStore } from '../../../shared/hub/memory-doc-store.ts';
import { FileBlobStore } from '../../../shared/node/file-blob-store.ts';
import type { GetOutcome } from './blob-client.ts';
import { BlobFetcher, type Wanted } from './blob-fetcher.ts';
import { BlobRows, type BlobAt } from './blob-rows.ts';
import type { BlobSource } from './blob-source.ts';

const W = 'workspace';
const PIECE = 1_000;
const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Gives what it holds, a piece when it is let; a test reads what it was asked for. */
class Source implements BlobSource {
  readonly asked: { readonly blob: string; readonly start: number }[] = [];
  readonly held = new Map<string, Uint8Array>();
  readonly id: string;
  readonly isNear: boolean;
  readonly shelf: string | null;
  /** What was asked for waits until the test lets it go. */
  gate: (() => Promise<void>) | null = null;

  constructor(id: string) {
    this.id = id;
    this.isNear = id !== 'relay';
    this.shelf = this.isNear ? null : 'shelf';
  }
  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }
  has({ blob }: BlobAt): boolean | null {
    return this.isNear ? this.held.has(blob) : null;
  }
  async get({ blob }: BlobAt, start: number): Promise<GetOutcome> {
    this.asked.push({ blob, start });
    await this.gate?.();
    const bytes = this.held.get(blob);
    if (!bytes) return { kind: 'absent' };
    if (start > bytes.length) return { kind: 'beyond' };
    return { kind: 'bytes', bytes: bytes.subarray(start, start + PIECE), size: bytes.length };
  }
}

async function fetching(clock: Clock = systemClock) {
  const blobs = await FileBlobStore.open(await temporaryFolder(), 0);
  const rows = await BlobRows.open(new MemoryDocStore().values);
  const wanted: Wanted[] = [];
  const readable = new Set(['s', 't']);
  const fetcher = new BlobFetcher({
    place: {
      workspace: W,
      wanted: () => wanted.filter((one) => !rows.get(one) && readable.has(one.space)),
      mayRead: (space) => readable.has(space),
      isPaused: () => false,
      polite: () => Promise.resolve(),
    },
    ...{ blobs, rows, clock, logger: silentLogger, onChange: () => undefined },
  });
  onTestFinished(() => fetcher.close());
  const want = (bytes: Uint8Array, space = 's'): BlobAt => {
    const one = { workspace: W, space, blob: nameOf(bytes), size: bytes.length };
    wanted.push(one);
    return one;
  };
  const isHere = (at: BlobAt) => eventually(() => expect(rows.get(at)).not.toBeNull());
  return { fetcher, blobs, rows, readable, want, isHere };
}

it('[AT2] [PB5] goes on at the byte where another source ended, and no byte comes twice', async () => {
  const { fetcher, blobs, want, isHere } = await fetching();
  const bytes = randomBytes(PIECE * 5 + 3);
  const at = want(bytes);
  const sources = ['ana', 'bo', 'relay'].map((id) => new Source(id));
  for (const source of sources) source.held.set(at.blob, bytes);
  const [ana, bo, relay] = sources as [Source, Source, Source];
  const first = fetcher.add(ana);
  ana.gate = () => {
    if (ana.asked.length === 2) first.dispose();
    return Promise.resolve();
  };
  await eventually(() => expect(ana.asked.length).toBe(2));
  const second = fetcher.add(bo);
  bo.gate = () => {
    if (bo.asked.length === 2) second.dispose();
    return Promise.resolve();
  };
  await eventually(() => expect(bo.asked.length).toBe(2));
  fetcher.add(relay);
  await isHere(at);
  const starts = sources.flatMap(({ asked }) => asked.map(({ start }) => start));
  expect(starts).toEqual([0, 1, 2, 3, 4, 5].map((piece) => piece * PIECE));
  expect(await blobs.verify(W, at.blob)).toBe(true);
});

// What broke off was asked for again at once, without end, as long as the link stood.
it('[AT2] a connection that breaks is followed by another one soon, and later each time', async () => {
  const clock = new FakeClock();
  const { fetcher, want, isHere } = await fetching(clock);
  const bytes = randomBytes(PIECE * 2);
  const at = want(bytes);
  const relay = new Source('relay');
  relay.held.set(at.blob, bytes);
  relay.gate = () => (relay.asked.length < 3 ? Promise.reject(new Error('broken off')) : Promise.resolve());
  fetcher.add(relay);
  for (const [times, wait] of [
    [1, 1_000],
    [2, 2_000],
  ] as const) {
    await eventually(() => expect([relay.asked.length, clock.pending]).toEqual([times, 1]));
    clock.advance(wait - 1);
    expect(clock.pending).toBe(1);
    clock.advance(1);
  }
  await isHere(at);
});

it('[AT2] who is near is asked first, several files at once but each from one alone, the smallest first; the relay has the rest', async () => {
  const { fetcher, want, rows, isHere } = await fetching();
  const all = [4, 1, 3, 2].map((pieces) => randomBytes(PIECE * pieces));
  const [ana, bo, relay] = ['ana', 'bo', 'relay'].map((id) => new Source(id)) as [Source, Source, Source];
  const underWay = new Map<string, number>();
  for (const source of [ana, bo, relay]) {
    source.gate = async () => {
      const { blob } = source.asked.at(-1)!;
      underWay.set(blob, (underWay.get(blob) ?? 0) + 1);
      expect(underWay.get(blob)).toBe(1);
      await new Promise(setImmediate);
      underWay.set(blob, 0);
    };
  }
  const places = all.map((bytes) => want(bytes));
  const far = randomBytes(10);
  for (const bytes of all) for (const source of [ana, bo, relay]) source.held.set(nameOf(bytes), bytes);
  relay.held.set(nameOf(far), far);
  for (const source of [relay, ana, bo]) fetcher.add(source);
  for (const at of places) await isHere(at);
  const last = want(far);
  fetcher.wake();
  await isHere(last);
  expect(relay.asked.filter(({ start }) => start > 0)).toEqual([]);
  expect([ana.asked[0]?.blob, bo.asked[0]?.blob]).toEqual([nameOf(all[1]!), nameOf(all[3]!)]);
  expect(rows.get(places[0]!)).toMatchObject({ shelf: null, size: PIECE * 4 });
  expect(rows.get(last)).toMatchObject({ shelf: 'shelf' });
  expect(rows.get(last)?.added).toBeUndefined();
});

it('[AT2] a smaller file that is wanted meanwhile comes between the pieces of a large one', async () => {
  const { fetcher, want, isHere } = await fetching();
  const [large, small] = [randomBytes(PIECE * 6), randomBytes(10)];
  const ana = new Source('ana');
  for (const bytes of [large, small]) ana.held.set(nameOf(bytes), bytes);
  const first = want(large);
  ana.gate = () => {
    if (ana.asked.length === 2) {
      want(small);
      fetcher.wake();
    }
    return Promise.resolve();
  };
  fetcher.add(ana);
  await isHere(first);
  expect(ana.asked.map(({ blob, start }) => [blob === first.blob, start])).toEqual([
    ...[0, 1_000].map((start) => [true, start]),
    [false, 0],
    ...[2_000, 3_000, 4_000, 5_000].map((start) => [true, start]),
  ]);
});

it('[PB8] who gives other bytes is asked for that file no more, and nothing of theirs stays', async () => {
  const { fetcher, blobs, want, isHere } = await fetching();
  const bytes = randomBytes(PIECE * 3);
  const at = want(bytes);
  const [mallory, bo] = ['mallory', 'bo'].map((id) => new Source(id)) as [Source, Source];
  mallory.held.set(at.blob, randomBytes(PIECE * 3));
  fetcher.add(mallory);
  await eventually(() => expect(fetcher.trouble(at)).toMatch(/here on this network sent is not this file/));
  fetcher.wake(true);
  await eventually(() => expect(fetcher.isIdle).toBe(true));
  expect(mallory.asked.length).toBe(3);
  expect([await blobs.partial(W, at.blob, 'relay'), await blobs.size(W, at.blob)]).toEqual([0, null]);
  bo.held.set(at.blob, bytes);
  fetcher.add(bo);
  await isHere(at);
  expect(fetcher.trouble(at)).toBeNull();
  expect([mallory.asked.length, await blobs.verify(W, at.blob)]).toEqual([3, true]);
});

it('[PB8] where several brought what is wrong together, it is fetched from one alone until it shows who it was', async () => {
  const { fetcher, blobs, want, isHere } = await fetching();
  const bytes = randomBytes(PIECE * 4);
  const at = want(bytes);
  const [mallory, bo] = ['mallory', 'bo'].map((id) => new Source(id)) as [Source, Source];
  mallory.held.set(at.blob, randomBytes(PIECE * 4));
  bo.held.set(at.blob, bytes);
  let leaves = true;
  const first = fetcher.add(mallory);
  mallory.gate = () => {
    if (leaves && mallory.asked.length === 2) first.dispose();
    return Promise.resolve();
  };
  await eventually(() => expect(mallory.asked.length).toBe(2));
  leaves = false;
  fetcher.add(mallory);
  fetcher.add(bo);
  await isHere(at);
  expect(await blobs.verify(W, at.blob)).toBe(true);
  expect(same(await collected(blobs, at.blob, bytes.length), bytes)).toBe(true);
});

async function collected(blobs: FileBlobStore, blob: string, size: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of blobs.read(W, blob, 0, size)) parts.push(part);
  return Buffer.concat(parts);
}

it('[PB2] nothing is kept of a piece that comes when the space may not be read any more; in another space it is asked for anew', async () => {
  const { fetcher, rows, readable, want, isHere } = await fetching();
  const bytes = randomBytes(PIECE * 2);
  const [inS, inT] = [want(bytes), want(bytes, 't')];
  const ana = new Source('ana');
  ana.held.set(inS.blob, bytes);
  ana.gate = () => {
    if (ana.asked.length === 2) readable.delete('s');
    return Promise.resolve();
  };
  fetcher.add(ana);
  await isHere(inT);
  expect(rows.get(inS)).toBeNull();
  expect(ana.asked.map(({ start }) => start)).toEqual([0, PIECE, PIECE]);
});
