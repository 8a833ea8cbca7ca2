// What counts as having come while a computer was away: absences long and short, what an empty one leaves, restarts and crashes.
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { MemoryDocStore } from '../../shared/hub/memory-doc-store.ts';
import { readUpdateFacts } from '../../shared/hub/update-facts.ts';
import { Landings } from './landings.ts';

const MINUTE = 60_000;

class Desk {
  clock = new FakeClock();
  readonly store = new MemoryDocStore();
  readonly heard: string[] = [];
  landings!: Landings;
  #link = { status: { state: 'offline' }, settled: () => this.#settled };
  #settled: Promise<void> = Promise.resolve();
  #landed: () => void = () => undefined;
  #changes = new Emitter<string>();
  readonly others = new Map<string, Y.Doc>();

  async start(): Promise<void> {
    const { clock } = this;
    this.landings = await Landings.open({ values: this.store.values, clock, logger: silentLogger });
    this.#changes = new Emitter();
    this.#link.status.state = 'offline';
    this.landings.onChange((workspace) => this.heard.push(workspace));
    this.landings.watch({ id: 'w', link: this.#link, onChange: this.#changes.event });
  }
  online(): void {
    this.#settled = new Promise((done) => (this.#landed = done));
    this.#link.status.state = 'online';
    this.#changes.fire('truths');
  }
  async landed(): Promise<void> {
    this.#landed();
    await this.#settled;
    await Promise.resolve();
  }
  offline(): void {
    this.#link.status.state = 'offline';
    this.#changes.fire('truths');
  }
  /** Somebody else's edit of a room comes; the answer is the client and how far it goes. */
  comes(room: string, words: string): [number, number, number] {
    const doc = this.others.get(room) ?? new Y.Doc();
    this.others.set(room, doc);
    const before = Y.decodeStateVector(Y.encodeStateVector(doc));
    doc.getText('t').insert(0, words);
    const facts = readUpdateFacts(Y.encodeStateAsUpdate(doc))!;
    this.landings.arriving(room, before, facts);
    return [doc.clientID, before.get(doc.clientID) ?? 0, Y.getState(doc.store, doc.clientID)];
  }
  brought(room: string): [number, number, number][] {
    return [...this.landings.broughtTo(room)].map(([client, { start, end }]) => [client, start, end]);
  }
}

test('[B7] [D1] [LN1] [LN2] what comes with the link after five minutes is what came while away, to its end; a shaky line and a first sync are none', async () => {
  const desk = new Desk();
  await desk.start();
  desk.online();
  desk.comes('w/s/board', 'first sync');
  await desk.landed();
  expect(desk.landings.last('w')).toBeNull();
  desk.offline();
  desk.clock.advance(4 * MINUTE);
  desk.online();
  desk.comes('w/s/board', 'shaky');
  await desk.landed();
  expect(desk.brought('w/s/board')).toEqual([]);

  desk.offline();
  const from = desk.clock.now();
  desk.clock.advance(5 * MINUTE);
  const to = desk.clock.now();
  desk.online();
  const [client, start] = desk.comes('w/s/board', 'away');
  // A line that breaks while it lands goes on with it.
  desk.offline();
  desk.clock.advance(MINUTE);
  desk.online();
  const [, , end] = desk.comes('w/s/board', 'and more');
  desk.comes('w/~ana/seen', 'my own');
  await desk.landed();
  desk.comes('w/s/board', 'live');
  expect(desk.landings.last('w')).toEqual({ from, to });
  expect(desk.brought('w/s/board')).toEqual([[client, start, end]]);
  expect(desk.brought('w/~ana/seen')).toEqual([]);
  desk.clock.advance(1_000);
  expect(desk.heard).toEqual(['w']);
  await desk.landings.close();
});

test('[B7] [LN3] it is there after a restart, an absence that brings nothing leaves it, and the next that brings something is told instead', async () => {
  const desk = new Desk();
  await desk.start();
  desk.online();
  await desk.landed();
  await desk.landings.close();
  desk.clock.advance(60 * MINUTE);
  await desk.start();
  desk.online();
  const first = desk.comes('w/s/board', 'while off');
  desk.comes('w/s/page', 'here too');
  await desk.landed();
  const last = desk.landings.last('w');
  await desk.landings.close();
  await desk.start();
  expect(desk.landings.last('w')).toEqual(last);
  expect(desk.brought('w/s/board')).toEqual([first]);

  desk.clock.advance(60 * MINUTE);
  desk.online();
  await desk.landed();
  expect(desk.brought('w/s/board')).toEqual([first]);
  desk.offline();
  desk.clock.advance(10 * MINUTE);
  desk.online();
  const second = desk.comes('w/s/board', 'later');
  await desk.landed();
  expect(desk.brought('w/s/board')).toEqual([second]);
  expect(desk.brought('w/s/page')).toEqual([]);
  await desk.landings.close();
  await desk.start();
  expect(desk.brought('w/s/page')).toEqual([]);
  expect(desk.brought('w/s/board')).toEqual([second]);
  await desk.landings.forget('w');
  expect(desk.landings.last('w')).toBeNull();
  await desk.landings.close();
});

test('[LN1] a host that ends without a word was there until it last noted so', async () => {
  const desk = new Desk();
  await desk.start();
  desk.online();
  await desk.landed();
  desk.clock.advance(12 * MINUTE);
  await new Promise((done) => setImmediate(done));
  // It is gone, with its timers; the store stays as it is.
  const noted = desk.clock.now() - 2 * MINUTE;
  desk.clock = new FakeClock(desk.clock.now() + 3 * MINUTE);
  await desk.start();
  desk.online();
  desk.comes('w/s/board', 'after a crash');
  expect(desk.landings.last('w')).toEqual({ from: noted, to: desk.clock.now() });
  await desk.landings.close();
});

test('[D1] [LN2] its end is told once, after a line that broke too, and a first sync or a shaky line has none', async () => {
  const desk = new Desk();
  await desk.start();
  const ended: string[] = [];
  desk.landings.onEnd((workspace) => ended.push(workspace));
  desk.online();
  await desk.landed();
  desk.offline();
  desk.clock.advance(MINUTE);
  desk.online();
  await desk.landed();
  expect(ended).toEqual([]);
  desk.offline();
  desk.clock.advance(6 * MINUTE);
  desk.online();
  expect(desk.landings.isUnderWay('w')).toBe(true);
  desk.offline();
  // Without a link nothing lands, and what is due meanwhile is no part of it.
  expect(desk.landings.isUnderWay('w')).toBe(false);
  desk.online();
  expect(desk.landings.isUnderWay('w')).toBe(true);
  await desk.landed();
  expect(ended).toEqual(['w']);
  expect(desk.landings.isUnderWay('w')).toBe(false);
  await desk.landings.close();
});
