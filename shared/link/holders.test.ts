// Shows who-holds-what over links between in-memory hubs and a relay's book: said, published, lowered, void. Processes: tests/interop.
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { encodeLinkFrame } from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { StoredHolderMemory } from '../hub/holder-memory.ts';
import { MemoryDocStore } from '../hub/memory-doc-store.ts';
import { PublishedCursors } from '../hub/published-cursors.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { linkHubs, type Linked } from '../../tests/support/linked-hubs.ts';
import { RoomSourceDouble } from '../../tests/support/room-source-double.ts';
import { framesIn } from '../../tests/support/sent-frames.ts';
import { VolatileHolderMemory } from './holder-memory.ts';
import { VolatileLinkMemory } from './link-memory.ts';

const W = 'workspace';
const PAGE = `${W}/space/page`;

/** A relay with its book in a store of its own. */
class Relay {
  readonly rooms = new RoomSourceDouble(W);
  store = new MemoryDocStore();
  readonly #clock: FakeClock;
  book: PublishedCursors;

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.book = this.#open();
  }

  /** As when its process ends and begins again. */
  async restart(): Promise<void> {
    await this.book.close();
    this.rooms.newEpoch();
    this.book = this.#open();
  }

  #open(): PublishedCursors {
    return new PublishedCursors({
      values: this.store.values,
      source: this.rooms,
      clock: this.#clock,
      logger: silentLogger,
    });
  }
}

/** A device: its hub, and what its link remembers. */
class Device {
  rooms = new RoomSourceDouble(W);
  memory = new VolatileLinkMemory();
  told = new VolatileHolderMemory();
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const links: Linked[] = [];
const books: PublishedCursors[] = [];
let clock = new FakeClock();
afterEach(async () => {
  for (const { link } of links.splice(0)) await link.close();
  for (const book of books.splice(0)) await book.close();
  clock = new FakeClock();
});

async function linked(device: Device, relay: () => Relay, reachable = true): Promise<Linked> {
  const made = linkHubs(device.rooms, () => relay().rooms, {
    workspace: W,
    clock,
    memory: device.memory,
    device: device.name,
    holders: device.told,
    book: () => relay().book,
  });
  made.reachable = reachable;
  links.push(made);
  await made.link.start();
  return made;
}

/** Lets time go on until it holds. */
function soon(check: () => Promise<void> | void): Promise<void> {
  return eventually(async () => {
    clock.advance(100);
    await check();
  });
}

async function heldBy({ link }: Linked, room = PAGE): Promise<readonly string[]> {
  const { devices } = await link.holders(room);
  return devices.flatMap(({ device, held }) => (held ? [device] : [])).sort();
}

describe('[CU] who holds what', () => {
  it('[CU1] [CU2] a device that is away holds nothing; it comes, and the others are told', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    ana.rooms.type(PAGE, 'typed');
    // What it wrote itself it holds.
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    await linked(bo, () => relay);
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    expect(bo.rooms.text(PAGE)).toBe('typed');
    expect((await a.link.holders(PAGE)).hub).toBe('held');
  });

  it('[CU1] nothing is held that waits here, and what somebody does not have yet is not held by them', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'one');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    b.reachable = false;
    b.pipe().cut();
    ana.rooms.type(PAGE, ' two');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    ana.rooms.type(`${W}/space/other`, 'of another page');
    await soon(async () => expect(await heldBy(a, `${W}/space/other`)).toEqual(['ana']));
    a.reachable = false;
    a.pipe().cut();
    ana.rooms.type(PAGE, ' three');
    await soon(async () => expect((await a.link.holders(PAGE)).hub).toBe('waiting'));
    expect(await heldBy(a)).toEqual([]);
  });

  it('[CU1] a later change of another room takes no receipt away', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'one');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    b.reachable = false;
    b.pipe().cut();
    ana.rooms.type(`${W}/space/other`, 'later');
    await soon(async () => expect(await heldBy(a, `${W}/space/other`)).toEqual(['ana']));
    expect(await heldBy(a)).toEqual(['ana', 'bo']);
  });

  it('[CU1] a room that a device cannot take is not held by it, though its cursor is beyond', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    bo.rooms.refused.set(PAGE, 4410);
    const a = await linked(ana, () => relay);
    await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'too deep for bo');
    ana.rooms.type(`${W}/space/other`, 'plain');
    await soon(async () => expect(await heldBy(a, `${W}/space/other`)).toEqual(['ana', 'bo']));
    expect(await heldBy(a)).toEqual(['ana']);
    // Remembered over a restart: the cursor alone would claim it.
    const b = links.pop()!;
    await b.link.close();
    await linked(bo, () => relay);
    ana.rooms.type(`${W}/space/third`, 'plain');
    await soon(async () => expect(await heldBy(a, `${W}/space/third`)).toEqual(['ana', 'bo']));
    expect(await heldBy(a)).toEqual(['ana']);
  });

  it('[CU3] a device that lost its data is published as holding nothing, until it does again', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    await b.link.close();
    // Its store is gone: another hub, no memory; its key is the same.
    const wiped = new Device('bo');
    wiped.rooms.refused.set(PAGE, 4503);
    await linked(wiped, () => relay);
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    wiped.rooms.refused.clear();
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
  });

  it('[CU3] a device whose cursor went back is published with the smaller number', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'one');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    const before = await bo.memory.load(relay.rooms.hub);
    ana.rooms.type(PAGE, ' two');
    await soon(async () => expect(bo.rooms.text(PAGE)).toBe('one two'));
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    await b.link.close();
    // Restored from a backup: the same hub, an older cursor.
    bo.memory = new VolatileLinkMemory();
    await bo.memory.save(relay.rooms.hub, { ...before, spaces: before.spaces });
    bo.rooms.refused.set(PAGE, 4503);
    await linked(bo, () => relay);
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
  });

  it('[CU4] [D10] a wiped relay voids everything until it is told again', async () => {
    let relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    for (const one of [a, b]) {
      one.reachable = false;
      one.pipe().cut();
    }
    relay = new Relay(clock);
    a.reachable = true;
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    b.reachable = true;
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
  });

  it('[CU4] [D10] a relay restored from an older backup voids what its rooms do not bear out until it is told again', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(`${W}/space/old`, 'before the backup');
    await soon(async () => expect(await heldBy(a, `${W}/space/old`)).toEqual(['ana', 'bo']));
    const restore = relay.rooms.snapshot();
    ana.rooms.type(PAGE, 'after the backup');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    for (const one of [a, b]) {
      one.reachable = false;
      one.pipe().cut();
    }
    restore();
    // Its book says more than the rooms bear out: the worst of restored folders.
    await relay.restart();
    a.reachable = true;
    await soon(async () => expect(relay.rooms.text(PAGE)).toBe('after the backup'));
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    expect((await a.link.holders(`${W}/space/old`)).devices.some(({ device, held }) => device === 'bo' && held)).toBe(
      false,
    );
    b.reachable = true;
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    expect(await heldBy(a, `${W}/space/old`)).toEqual(['ana', 'bo']);
  });

  it('[CU4] the book survives a restart of the relay with its times, and forgets a device after 90 days', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    const b = await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    await b.link.close();
    const said = (await relay.book.holders(W, 'space')).find(({ device }) => device === 'bo')!.at;
    a.reachable = false;
    a.pipe().cut();
    await relay.restart();
    a.reachable = true;
    await soon(() => expect(a.link.status.state).toBe('online'));
    expect(await heldBy(a)).toEqual(['ana', 'bo']);
    const known = (await a.link.holders(PAGE)).devices.find(({ device }) => device === 'bo')!;
    expect(known.at).toBe(said);
    await a.link.close();
    clock.advance(91 * 24 * 3_600_000);
    expect((await relay.book.holders(W, 'space')).map(({ device }) => device)).toEqual([]);
  });

  it('[CU6] a member keeps what it was told, with the time, over a restart and while nobody answers', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const { values } = new MemoryDocStore();
    const told = () => Object.assign(ana, { told: new StoredHolderMemory(values, W) });
    const a = await linked(told(), () => relay);
    await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    const before = await a.link.holders(PAGE);
    await a.link.close();
    clock.advance(3_600_000);
    const again = await linked(told(), () => relay, false);
    expect(await again.link.holders(PAGE)).toEqual(before);
    expect(before.learnedAt).toBeLessThan(clock.now());
  });

  it('[CU5] [CU7] statements beyond what there is, of unknown spaces, or too many are not believed', async () => {
    const relay = new Relay(clock);
    const [ana, mallory] = [new Device('ana'), new Device('mallory')];
    const a = await linked(ana, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    const m = await linked(mallory, () => relay);
    mallory.rooms.refused.set(PAGE, 4503);
    await soon(() => expect(m.link.status.state).toBe('online'));
    const holdings = ['space', 'made-up'].map((space) => ({ space, after: 1_000_000, lacks: [] }));
    m.pipe().a.send(encodeLinkFrame({ kind: 'holds', holdings }));
    ana.rooms.type(PAGE, ' more');
    await soon(async () => expect((await a.link.holders(PAGE)).hub).toBe('held'));
    clock.advance(10_000);
    await soon(async () => expect(await heldBy(a)).not.toContain('mallory'));
    expect(await relay.book.holders(W, 'made-up')).toEqual([]);
    const codes: number[] = [];
    m.reachable = false;
    m.pipe().a.onClose(({ code }) => codes.push(code));
    for (let at = 0; at <= LIMITS.spacesPerFrame; at += LIMITS.holdersPerFrame) {
      const many = Array.from({ length: LIMITS.holdersPerFrame }, (_, i) => ({
        space: `${at + i}`,
        after: 1,
        lacks: [],
      }));
      m.pipe().a.send(encodeLinkFrame({ kind: 'holds', holdings: many }));
    }
    await eventually(() => expect(codes).toEqual([4429]));
  });

  it('[CU7] of more devices than are kept the one that was silent for longest goes', async () => {
    const relay = new Relay(clock);
    relay.rooms.type(PAGE, 'typed');
    const holdings = [{ space: 'space', after: 1, lacks: [] }];
    for (let i = 0; i <= LIMITS.holdersPerSpace; i += 1) {
      clock.advance(1);
      await relay.book.stated(W, { device: `d${i}`, hub: 'h' }, holdings);
    }
    const devices = (await relay.book.holders(W, 'space')).map(({ device }) => device);
    expect([devices.length, devices[0]]).toEqual([LIMITS.holdersPerSpace, 'd1']);
    await relay.book.close();
  });

  it('[CU2] statements and lists are collected: at most one of each in a second', async () => {
    const relay = new Relay(clock);
    const [ana, bo] = [new Device('ana'), new Device('bo')];
    const a = await linked(ana, () => relay);
    await linked(bo, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    const count = () => ({
      holds: framesIn(a.pipe().a.sent).filter(({ kind }) => kind === 'holds').length,
      holders: framesIn(a.pipe().b.sent).filter(({ kind }) => kind === 'holders').length,
    });
    const before = count();
    const start = clock.now();
    for (let i = 0; i < 40; i += 1) {
      ana.rooms.type(PAGE, 'x');
      clock.advance(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await soon(async () => expect(await heldBy(a)).toEqual(['ana', 'bo']));
    const seconds = Math.ceil((clock.now() - start) / 1_000) + 1;
    expect(count().holds - before.holds).toBeLessThanOrEqual(seconds);
    expect(count().holders - before.holders).toBeLessThanOrEqual(seconds);
  });

  it('[CU5] an end that does not take part is sent neither frame', async () => {
    const relay = new Relay(clock);
    const ana = new Device('ana');
    const plain = linkHubs(ana.rooms, () => relay.rooms, { workspace: W, clock, book: () => relay.book });
    links.push(plain);
    await plain.link.start();
    ana.rooms.type(PAGE, 'typed');
    await soon(() => expect(relay.rooms.text(PAGE)).toBe('typed'));
    clock.advance(5_000);
    const sent = [...framesIn(plain.pipe().a.sent), ...framesIn(plain.pipe().b.sent)].map(({ kind }) => kind);
    expect(sent.filter((kind) => kind === 'holds' || kind === 'holders')).toEqual([]);
    expect(await plain.link.holders(PAGE)).toMatchObject({ learnedAt: null, devices: [] });
  });

  it('[CU7] leaves no timer behind', async () => {
    const relay = new Relay(clock);
    const ana = new Device('ana');
    const a = await linked(ana, () => relay);
    ana.rooms.type(PAGE, 'typed');
    await soon(async () => expect(await heldBy(a)).toEqual(['ana']));
    await a.link.close();
    await relay.book.close();
    await eventually(() => expect(clock.pending).toBe(0));
  });
});
