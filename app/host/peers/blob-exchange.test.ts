// Shows the exchange of attachments over one connection (PROTOCOL.md, PB) between two ends of a pipe, and what a hostile end gets.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventually } from '../../../tests/support/eventually.ts';
import { Pipe, type PipeEnd } from '../../../tests/support/pipe.ts';
import { FakeClock } from '../../../shared/base/clock.ts';
import { silentLogger } from '../../../shared/base/logger.ts';
import { CLOSE } from '../../../shared/protocol/close-codes.ts';
import { LIMITS } from '../../../shared/protocol/limits.ts';
import {
  readPeerBlobFrame,
  writePeerBlobFrame,
  type PeerBlobFrame,
} from '../../../shared/protocol/peer-blob-frames.ts';
import { PeerBlobExchange } from './blob-exchange.ts';
import type { PeerShelf } from './blob-handout.ts';

const W = 'workspace';
const nameOf = (number: number): string => number.toString(16).padStart(64, '0');

/** A shelf that a test fills, and whose rights it takes away. */
class Shelf implements PeerShelf {
  readonly held = new Map<string, Uint8Array>();
  readonly forbidden = new Set<string>();
  onRead: () => void = () => undefined;
  gives({ space, blob }: { space: string; blob: string }): boolean {
    return this.held.has(blob) && !this.forbidden.has(space);
  }
  size(blob: string): Promise<number | null> {
    return Promise.resolve(this.held.get(blob)?.length ?? null);
  }
  read(blob: string, start: number, end: number): Promise<Uint8Array> {
    this.onRead();
    return Promise.resolve(this.held.get(blob)!.slice(start, end));
  }
}

interface End {
  readonly exchange: PeerBlobExchange;
  readonly shelf: Shelf;
  readonly wire: PipeEnd;
  quiet: boolean;
}

function ends(clock = new FakeClock()): { clock: FakeClock; pipe: Pipe; a: End; b: End } {
  const pipe = new Pipe();
  const end = (wire: PipeEnd, device: string): End => {
    const shelf = new Shelf();
    const connection = {
      ...({ workspace: W, purpose: 'blobs', device, member: device, dialed: device === 'b' } as const),
      address: { host: '127.0.0.1', port: 1 },
      transport: wire,
    };
    const made = { shelf, wire, quiet: true } as { -readonly [K in keyof End]: End[K] };
    made.exchange = new PeerBlobExchange({
      ...{ connection, shelf, clock, logger: silentLogger },
      isQuiet: () => made.quiet,
    });
    made.exchange.start();
    return made;
  };
  return { clock, pipe, a: end(pipe.a, 'b'), b: end(pipe.b, 'a') };
}

const holds = (check: () => boolean): Promise<void> => eventually(() => expect(check()).toBe(true));
const framesOf = (end: PipeEnd): PeerBlobFrame[] => end.sent.map((bytes) => readPeerBlobFrame(bytes) as PeerBlobFrame);
const at = (blob: string, space = 's') => ({ workspace: W, space, blob });

it('[PB5] a blob comes in pieces from wherever it is asked for, each full or the last, and either end may ask', async () => {
  const { a, b } = ends();
  const bytes = randomBytes(LIMITS.peerBlobPiece * 2 + 7);
  b.shelf.held.set(nameOf(1), bytes);
  a.shelf.held.set(nameOf(2), new Uint8Array());
  const parts: Uint8Array[] = [];
  for (let start = 100, size = Infinity; start < size;) {
    const got = await a.exchange.get(at(nameOf(1)), start);
    if (got.kind !== 'bytes') throw new Error(got.kind);
    parts.push(got.bytes);
    start += got.bytes.length;
    size = got.size;
  }
  expect(Buffer.concat(parts).equals(bytes.subarray(100))).toBe(true);
  expect(parts.map(({ length }) => length)).toEqual([LIMITS.peerBlobPiece, bytes.length - 100 - LIMITS.peerBlobPiece]);
  expect(await b.exchange.get(at(nameOf(2)), 0)).toEqual({ kind: 'bytes', bytes: new Uint8Array(), size: 0 });
  expect(await a.exchange.get(at(nameOf(1)), bytes.length)).toMatchObject({ kind: 'bytes', size: bytes.length });
  expect(await a.exchange.get(at(nameOf(1)), bytes.length + 1)).toEqual({ kind: 'beyond' });
});

it('[PB3] what is not here and what is forbidden look alike, also when rights end while a piece is read', async () => {
  const { a, b } = ends();
  b.shelf.held.set(nameOf(1), randomBytes(10));
  b.shelf.forbidden.add('closed');
  expect(await a.exchange.get(at(nameOf(9)), 0)).toEqual({ kind: 'absent' });
  expect(await a.exchange.get(at(nameOf(1), 'closed'), 0)).toEqual({ kind: 'absent' });
  const [, first, second] = [null, ...framesOf(b.wire)];
  expect([first, second]).toEqual([
    { kind: 'none', id: 1 },
    { kind: 'none', id: 2 },
  ]);
  b.shelf.onRead = () => b.shelf.forbidden.add('s');
  expect(await a.exchange.get(at(nameOf(1)), 0)).toEqual({ kind: 'absent' });
});

it('[PB6] no piece goes while the link has something to send, and it goes once that has gone; nor behind what waits', async () => {
  const { a, b, clock } = ends();
  b.shelf.held.set(nameOf(1), randomBytes(10));
  b.quiet = false;
  let came = false;
  const first = a.exchange.get(at(nameOf(1)), 0).then(() => (came = true));
  await holds(() => clock.pending > 1);
  for (let step = 0; step < 100; step += 1) clock.advance(10);
  await new Promise(setImmediate);
  expect([came, b.wire.sent.length]).toEqual([false, 0]);
  b.quiet = true;
  b.wire.backlog = 1;
  clock.advance(10);
  await new Promise(setImmediate);
  expect(b.wire.sent.length).toBe(0);
  b.wire.backlog = 0;
  clock.advance(10);
  await first;
  // Where text never ends, files come as well.
  b.quiet = false;
  const second = a.exchange.get(at(nameOf(1)), 0);
  await holds(() => clock.pending > 1);
  for (let waited = 0; b.wire.sent.length === 1; waited += 10) {
    expect(waited).toBeLessThan(2_000);
    clock.advance(10);
    await new Promise(setImmediate);
  }
  expect(await second).toMatchObject({ kind: 'bytes' });
});

it('[PB2] asks once about each, in lists of a bounded length one after the other, and keeps nothing that it did not ask about', async () => {
  const { a, b } = ends();
  const names = Array.from({ length: LIMITS.peerBlobsNamed + 3 }, (_, number) => ({
    space: 's',
    blob: nameOf(number),
  }));
  b.shelf.held
    .set(nameOf(5), new Uint8Array(1))
    .set(nameOf(501), new Uint8Array(1))
    .set(nameOf(900), new Uint8Array(1));
  const told: string[] = [];
  a.exchange.onHas((blobs) => told.push(...blobs.map(({ blob }) => blob)));
  a.exchange.ask(names);
  await holds(() => a.exchange.has(at(nameOf(501))) === true);
  expect(told).toEqual([nameOf(5), nameOf(501)]);
  expect(a.exchange.has(at(nameOf(6)))).toBe(false);
  expect(a.exchange.has(at(nameOf(900)))).toBeNull();
  a.exchange.ask(names.slice(0, 6));
  await new Promise(setImmediate);
  expect(framesOf(a.wire).map(({ kind }) => kind)).toEqual(['ask', 'ask']);
  expect(a.exchange.has(at(nameOf(501)))).toBeNull();
});

it('[PB7] what is not wanted any more is taken back, and not sent', async () => {
  const { a, b, clock } = ends();
  b.shelf.held.set(nameOf(1), randomBytes(10));
  a.exchange.ask([{ space: 's', blob: nameOf(1) }]);
  await holds(() => a.exchange.has(at(nameOf(1))) === true);
  b.quiet = false;
  const got = a.exchange.get(at(nameOf(1)), 0);
  await holds(() => clock.pending > 1);
  a.exchange.ask([]);
  expect(await got).toMatchObject({ kind: 'later' });
  expect(framesOf(a.wire).at(-1)).toEqual({ kind: 'cancel', id: 1 });
  await new Promise(setImmediate);
  b.quiet = true;
  clock.advance(10);
  await new Promise(setImmediate);
  expect(framesOf(b.wire).map(({ kind }) => kind)).toEqual(['have']);
});

it('[PB4] what was asked for in vain is told once it is there, or may be had; nothing else is', async () => {
  const { a, b } = ends();
  b.shelf.forbidden.add('closed');
  b.shelf.held.set(nameOf(2), new Uint8Array(1));
  a.exchange.ask([
    { space: 's', blob: nameOf(1) },
    { space: 'closed', blob: nameOf(2) },
  ]);
  await holds(() => a.exchange.has(at(nameOf(1))) === false);
  b.shelf.held.set(nameOf(1), new Uint8Array(1)).set(nameOf(3), new Uint8Array(1));
  b.exchange.offer();
  await holds(() => a.exchange.has(at(nameOf(1))) === true);
  b.shelf.forbidden.clear();
  b.exchange.offer();
  b.exchange.offer();
  await holds(() => a.exchange.has(at(nameOf(2), 'closed')) === true);
  expect(framesOf(b.wire).map((frame) => (frame.kind === 'have' ? frame.blobs.length : frame.kind))).toEqual([0, 1, 1]);
});

it('[PB4] whoever tells the same again and again is heard once: each news is stored, and looked after', async () => {
  const { a, b } = ends();
  a.exchange.ask([{ space: 's', blob: nameOf(1) }]);
  await holds(() => a.exchange.has(at(nameOf(1))) === false);
  let heard = 0;
  a.exchange.onHas(() => (heard += 1));
  const again = writePeerBlobFrame({ kind: 'have', number: 0, blobs: [{ space: 's', blob: nameOf(1) }] });
  for (let times = 0; times < 50; times += 1) b.wire.send(again);
  await holds(() => a.exchange.has(at(nameOf(1))) === true);
  await new Promise(setImmediate);
  expect(heard).toBe(1);
});

it('[PB8] a connection that ends, or does not answer, ends what was asked over it, and leaves no timer', async () => {
  const cut = ends();
  const one = cut.a.exchange.get(at(nameOf(1)), 0);
  cut.pipe.cut();
  expect(await one).toMatchObject({ kind: 'later' });
  expect(await cut.a.exchange.ready()).toBe(false);
  expect(cut.clock.pending).toBe(0);
  const dead = ends();
  dead.pipe.pause();
  const two = dead.a.exchange.get(at(nameOf(1)), 0);
  await holds(() => dead.clock.pending === 1);
  let ended = false;
  dead.a.exchange.onEnd(() => (ended = true));
  dead.clock.advance(15_000);
  expect(await two).toMatchObject({ kind: 'later' });
  expect([ended, dead.clock.pending]).toEqual([true, 0]);
});

/** The end `a` is not ours: it says `frames`, and hears with which code it was closed. */
async function hostile(
  prepare: (mine: End) => void,
  ...frames: (PeerBlobFrame | Uint8Array)[]
): Promise<number | null> {
  const pipe = new Pipe();
  const clock = new FakeClock();
  const shelf = new Shelf();
  const connection = {
    ...({ workspace: W, purpose: 'blobs', device: 'mallory', member: 'mallory', dialed: false } as const),
    address: { host: '127.0.0.1', port: 1 },
    transport: pipe.b,
  };
  const exchange = new PeerBlobExchange({ connection, shelf, isQuiet: () => true, clock, logger: silentLogger });
  exchange.start();
  let code: number | null = null;
  pipe.a.onClose((close) => (code = close.code));
  prepare({ exchange, shelf, wire: pipe.b, quiet: true });
  for (const frame of frames) pipe.a.send(frame instanceof Uint8Array ? frame : writePeerBlobFrame(frame));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  exchange.close(1000, '');
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(clock.pending).toBe(0);
  return code;
}

const asking = ({ exchange }: End): void => void exchange.get(at(nameOf(1)), 0);
const want = (id: number): PeerBlobFrame => ({ kind: 'want', id, space: 's', blob: nameOf(1), offset: 0 });

it.each<[string, number, (mine: End) => void, (PeerBlobFrame | Uint8Array)[]]>([
  ['bytes that are no frame', CLOSE.badFrame, asking, [Uint8Array.of(0, 1)]],
  [
    'a piece that is neither full nor the last',
    CLOSE.badFrame,
    asking,
    [{ kind: 'piece', id: 1, size: 9, bytes: new Uint8Array(3) }],
  ],
  ['more than the whole', CLOSE.badFrame, asking, [{ kind: 'piece', id: 1, size: 9, bytes: new Uint8Array(10) }]],
  [
    'a size beyond the limit',
    CLOSE.badFrame,
    asking,
    [{ kind: 'piece', id: 1, size: LIMITS.blob + 1, bytes: new Uint8Array(LIMITS.peerBlobPiece) }],
  ],
  ['an answer without a question', CLOSE.badFrame, asking, [{ kind: 'have', number: 4, blobs: [] }]],
  ['more wants than may be under way', CLOSE.tooMany, () => undefined, [1, 2, 3, 4, 5, 6].map(want)],
])('[PB8] %s ends the connection', async (_what, code, prepare, frames) => {
  expect(await hostile(prepare, ...frames)).toBe(code);
});

it('[PB9] each end says which relay it brings attachments to, once, and again when that is another one', async () => {
  const { a, b } = ends();
  let heard = 0;
  b.exchange.onReach(() => (heard += 1));
  for (const shelf of ['', 'one', 'one', '', 'two']) a.exchange.tellReach(shelf);
  await holds(() => b.exchange.reaches === 'two');
  expect([heard, framesOf(a.wire).length, a.exchange.reaches]).toEqual([3, 3, '']);
});

it('[PB8] pieces that nobody asked for, wants that were taken back and frames of later versions do no harm', async () => {
  const pieces: PeerBlobFrame = { kind: 'piece', id: 99, size: 9, bytes: new Uint8Array(10) };
  const cancelled = [1, 2, 3, 4].flatMap((id): PeerBlobFrame[] => [want(id), { kind: 'cancel', id }]);
  expect(await hostile(asking, pieces, Uint8Array.of(77), ...cancelled, { kind: 'none', id: 98 })).toBe(1000);
});

it('[PB3] [PB8] whatever a hostile end says, in whatever order, it gets no byte of what is not its own, and nothing is left running', async () => {
  const blob = fc.integer({ min: 0, max: 3 }).map(nameOf);
  const space = fc.constantFrom('s', 'closed', '', '~me');
  const id = fc.integer({ min: 0, max: 5 });
  const offset = fc.constantFrom(0, 1, 9, 10, 11, 2 ** 50);
  const blobs = fc.array(fc.record({ space, blob }), { maxLength: 4 });
  const frame: fc.Arbitrary<PeerBlobFrame | Uint8Array> = fc.oneof(
    fc.record({ kind: fc.constant('want' as const), id, space, blob, offset }),
    fc.record({ kind: fc.constant('piece' as const), id, size: offset, bytes: fc.uint8Array({ maxLength: 12 }) }),
    fc.record({ kind: fc.constantFrom('none' as const, 'cancel' as const), id }),
    fc.record({ kind: fc.constantFrom('ask' as const, 'have' as const), number: id, blobs }),
    fc.record({ kind: fc.constant('reach' as const), shelf: fc.string({ maxLength: 8 }) }),
    fc.uint8Array({ maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 12 }), async (frames) => {
      let mine: PipeEnd | null = null;
      const prepare = ({ exchange, shelf, wire }: End): void => {
        mine = wire;
        for (const closed of ['closed', '', '~me']) shelf.forbidden.add(closed);
        shelf.held.set(nameOf(1), new Uint8Array(10).fill(1)).set(nameOf(2), new Uint8Array());
        exchange.ask([{ space: 's', blob: nameOf(3) }]);
        asking({ exchange, shelf, wire, quiet: true });
      };
      await hostile(prepare, ...frames);
      const asked = frames.filter((one) => !(one instanceof Uint8Array)) as PeerBlobFrame[];
      const may = new Set(
        asked.flatMap((one) => (one.kind === 'want' && one.space === 's' && one.blob < nameOf(3) ? [one.id] : [])),
      );
      for (const one of framesOf(mine!)) {
        if (one.kind === 'piece') expect(may.has(one.id)).toBe(true);
        if (one.kind === 'have') for (const given of one.blobs) expect(given.space).toBe('s');
      }
    }),
    { numRuns: 150 },
  );
});
