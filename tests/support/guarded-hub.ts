// A hub that keeps its windows' words when their clocks are taken, one that serves strangers, and a window that types; for the tests of rules FC.
import { expect, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { systemClock, type Clock } from '../../shared/base/clock.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { ClockGuard } from '../../shared/hub/clock-guard.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { LinkOrigin } from '../../shared/link/room-channel.ts';
import type { RoomHandle } from '../../shared/link/room-source.ts';
import { NOBODY } from './linked-hubs.ts';

export const ROOM = 'team/space/page';
const EVERYBODY = { allows: () => true, onChange: new Emitter<void>().event };

export interface Guarded {
  readonly hub: Hub;
  readonly guard: ClockGuard;
  close(): Promise<void>;
}

export async function guardedHub(
  medium = new MemoryMedium(),
  options: { readonly clock?: Clock; readonly store?: MemoryDocStore } = {},
): Promise<Guarded> {
  const { clock = systemClock, store = new MemoryDocStore(medium) } = options;
  const guard = new ClockGuard({
    values: store.values,
    clock,
    onFailure: (error) => expect.unreachable(String(error)),
    freshClient: () => Math.floor(Math.random() * 2 ** 24),
  });
  await guard.load();
  const hub = new Hub({ store, access: EVERYBODY, clock, logger: silentLogger, guard });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await hub.close();
    await guard.close();
  };
  onTestFinished(close);
  return { hub, guard, close };
}

export function relayHub(): Hub {
  const hub = new Hub({
    store: new MemoryDocStore(),
    access: EVERYBODY,
    clock: systemClock,
    logger: silentLogger,
  });
  onTestFinished(() => hub.close());
  return hub;
}

/** A Y.Doc that writes into a hub as a window does. */
export class Window {
  readonly doc = new Y.Doc();
  readonly room: RoomHandle;
  readonly origin = {};
  outcome: Promise<unknown> = Promise.resolve();
  gone: number | null = null;

  private constructor(room: RoomHandle) {
    this.room = room;
    Y.applyUpdate(this.doc, room.diff(Uint8Array.of(0)), this);
    room.onGone(({ code }) => (this.gone = code));
    room.onUpdate(({ update }) => Y.applyUpdate(this.doc, update, this));
    this.doc.on('update', (update: Uint8Array, by: unknown) => {
      if (by !== this) this.outcome = room.apply(update, this.origin, 'socket');
      if (by !== this) this.#outcomes.push(this.outcome);
    });
  }

  readonly #outcomes: Promise<unknown>[] = [];

  /** How many of its updates went aside. */
  async asides(): Promise<number> {
    const settled = await Promise.all(this.#outcomes);
    return settled.filter((outcome) => (outcome as { kind: string }).kind === 'aside').length;
  }

  /** What was not durable when the room was taken from it is sent again, as a window does. */
  async handOver(hub: Hub): Promise<void> {
    await Promise.all(this.#outcomes);
    this.room.dispose();
    if (this.gone === null && (await this.asides()) === 0) return;
    await bring(hub, Y.encodeStateAsUpdate(this.doc), false);
  }

  static async open(hub: Hub): Promise<Window> {
    const opened = await hub.open(ROOM, NOBODY);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return new Window(opened.room);
  }

  get text(): string {
    return this.doc.getText('body').toString();
  }

  async type(words: string): Promise<unknown> {
    const body = this.doc.getText('body');
    body.insert(body.length, words);
    return this.outcome;
  }
}

export async function textAt(hub: Hub): Promise<string> {
  const window = await Window.open(hub);
  window.room.dispose();
  return window.text;
}

/** Structs without content for the range: 10 bytes, and whoever uses these clocks next writes into nothing. */
export const emptied = (client: number, clock: number, length: number): Uint8Array => {
  const number = (value: number): number[] => {
    const bytes: number[] = [];
    for (let left = value; ; left = Math.floor(left / 128)) {
      if (left < 128) return [...bytes, left];
      bytes.push((left % 128) | 128);
    }
  };
  return Uint8Array.from([1, 1, ...number(client), ...number(clock), 0, ...number(length), 0]);
};

export async function bring(hub: Hub, update: Uint8Array, link: boolean): Promise<unknown> {
  const opened = await hub.open(ROOM, NOBODY);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const outcome = link
    ? await opened.room.apply(update, new LinkOrigin('other'))
    : await opened.room.apply(update, {}, 'socket');
  opened.room.dispose();
  return outcome;
}

/** What the document's own id has reached. */
export const clockOf = (doc: Y.Doc): number => Y.decodeStateVector(Y.encodeStateVector(doc)).get(doc.clientID) ?? 0;
