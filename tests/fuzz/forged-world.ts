// A host with windows, a relay, and somebody who writes under the windows' client ids: every step is one that can happen anywhere.
import * as encoding from 'lib0/encoding';
import { vi } from 'vitest';
import * as Y from 'yjs';
import { systemClock } from '../../shared/base/clock.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { ClockGuard } from '../../shared/hub/clock-guard.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore, MemoryMedium } from '../../shared/hub/memory-doc-store.ts';
import { returnWords } from '../../shared/hub/return-words.ts';
import { acceptSession } from '../../shared/hub/session.ts';
import { VolatileLinkMemory } from '../../shared/link/link-memory.ts';
import { LinkOrigin } from '../../shared/link/room-channel.ts';
import type { Transport } from '../../shared/link/transport.ts';
import { forged } from '../interop/hostile/updates.ts';
import { linkHubs, NOBODY, type Linked } from '../support/linked-hubs.ts';
import { MortalMemory } from '../support/mortal-memory.ts';
import { ForgedWindow } from './forged-window.ts';
import { randomOf } from './seeded.ts';

export const ROOM = 'team/space/page';
const EVERYBODY = { allows: () => true, onChange: new Emitter<void>().event };
/** Turns until what does not end counts as stuck. */
const PATIENCE = 8_000;
/** Letters that are told apart wherever they turn up. */
const FIRST_LETTER = 0x4e00;

export type Forgery =
  /** Structs without content, behind what the relay has. */
  | 'empty'
  /** Words of the forger's there. */
  | 'words'
  /** Deletions of what nobody wrote yet. */
  | 'deletes'
  /** Structs behind a hole. */
  | 'hole'
  /** Whoever has a window open and wrote nothing so far. */
  | 'unused';

export type Step =
  | { readonly kind: 'type'; readonly window: number; readonly letters: number; readonly back: number }
  | { readonly kind: 'turn'; readonly turns: number }
  | {
      readonly kind: 'forge';
      readonly how: Forgery;
      readonly length: number;
      /** To the relay, or to the host as from another member. */
      readonly where: 'relay' | 'host';
    }
  | { readonly kind: 'hold' | 'flow'; readonly window: number; readonly direction: 'up' | 'down' }
  | { readonly kind: 'holdLink' | 'flowLink' | 'cutLink' | 'slow' | 'quick' | 'kill' | 'restart' | 'put' }
  | { readonly kind: 'cut' | 'leave' | 'visit'; readonly window: number };

interface Running {
  readonly hub: Hub;
  readonly guard: ClockGuard;
  readonly linked: Linked;
  readonly memory: MortalMemory;
  readonly pin: Disposable;
  readonly disk: { dead: boolean };
}

export class ForgedWorld {
  readonly relay = new Hub({
    store: new MemoryDocStore(),
    access: EVERYBODY,
    clock: systemClock,
    logger: silentLogger,
  });
  readonly windows: ForgedWindow[];
  /** Every letter that was written into a page, by whom. */
  readonly typed: string[] = [];
  readonly log: string[] = [];
  readonly #medium = new MemoryMedium();
  readonly #memory = new VolatileLinkMemory();
  readonly #random: () => number;
  /** Turns that a write takes. */
  #slowness = 0;
  /** The turn in which the last write that was asked for is done. */
  #free = 0;
  #turns = 0;
  #host: Running | null = null;

  private constructor(seed: number, windows: number) {
    this.#random = randomOf(seed);
    const host = { accept: (transport: Transport) => this.#accept(transport) };
    this.windows = Array.from({ length: windows }, () => new ForgedWindow(ROOM, () => host, this.#freshClient));
  }

  static async start(seed: number, windows: number): Promise<ForgedWorld> {
    const world = new ForgedWorld(seed, windows);
    await world.#startHost();
    await world.until(() => world.windows.every((window) => window.isEditable));
    return world;
  }

  async turn(milliseconds = 5): Promise<void> {
    this.#turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
    for (const { sockets } of this.windows) sockets.pump();
    vi.advanceTimersByTime(milliseconds);
  }

  async until(condition: () => boolean, milliseconds = 5): Promise<void> {
    for (let turns = 0; !condition(); turns += 1) {
      if (turns > PATIENCE) throw new Error(`it does not come to rest\n${this.describe()}`);
      await this.turn(milliseconds);
    }
  }

  async drive<T>(promise: Promise<T>, milliseconds = 5): Promise<T> {
    let over = false;
    const watched = promise.finally(() => (over = true));
    watched.catch(() => undefined);
    await this.until(() => over, milliseconds);
    return watched;
  }

  describe(): string {
    const link = this.#host?.linked.link;
    return [
      ...this.windows.map((window) => window.describe()),
      `link ${link?.status.state} waiting ${link?.waiting} fetching ${link?.fetching}`,
      ...this.log,
    ].join('\n');
  }

  async run(step: Step): Promise<void> {
    switch (step.kind) {
      case 'type': {
        const window = this.windows[step.window];
        for (let left = step.letters; left > 0; left -= 1) {
          const letter = String.fromCharCode(FIRST_LETTER + this.typed.length);
          if (window?.type(letter, step.back)) this.typed.push(letter);
        }
        return;
      }
      case 'turn':
        for (let left = step.turns; left > 0; left -= 1) await this.turn();
        return;
      case 'forge':
        await this.#forge(step);
        return;
      case 'hold':
      case 'flow': {
        const window = this.windows[step.window];
        if (window) window.sockets.held[step.direction] = step.kind === 'hold';
        return;
      }
      case 'cut':
        this.windows[step.window]?.sockets.cut();
        return;
      case 'leave':
      case 'visit':
        this.windows[step.window]?.[step.kind]();
        return;
      case 'holdLink':
        this.#host?.linked.pipe().pause();
        return;
      case 'flowLink':
        this.#host?.linked.pipe().resume();
        return;
      case 'cutLink':
        this.#host?.linked.pipe().cut();
        return;
      case 'slow':
      case 'quick':
        this.#slowness = step.kind === 'slow' ? 1 + Math.floor(this.#random() * 20) : 0;
        return;
      case 'kill':
        await this.#kill();
        await this.#startHost();
        return;
      case 'restart':
        await this.#stop();
        await this.#startHost();
        return;
      case 'put': {
        const host = this.#running;
        const [passage] = host.guard.aside.open('team');
        if (passage) await this.#put(passage.id);
        return;
      }
    }
  }

  /** Everything flows again, all that is offered is inserted, and nobody has anything left for anybody. */
  async settle(): Promise<void> {
    this.#slowness = 0;
    for (const window of this.windows) {
      window.sockets.held.up = false;
      window.sockets.held.down = false;
      window.visit();
    }
    for (let quiet = 0, rounds = 0; quiet < 2; rounds += 1) {
      if (rounds > 60) throw new Error(`words go aside for ever\n${this.describe()}`);
      const host = this.#running;
      host.linked.pipe().resume();
      host.linked.link.retryNow();
      await this.until(
        () => this.windows.every(({ isSaved, isEditable, sockets }) => isSaved && isEditable && sockets.isQuiet),
        50,
      );
      await this.drive(host.linked.link.settled(), 50);
      const offered = host.guard.aside.open('team');
      for (const { id } of offered) await this.#put(id);
      quiet = offered.length === 0 ? quiet + 1 : 0;
    }
  }

  async hostText(): Promise<string> {
    return textAt(this.#running.hub);
  }

  async relayText(): Promise<string> {
    return textAt(this.relay);
  }

  async close(): Promise<void> {
    for (const window of this.windows) window.close();
    for (let turns = 0; turns < 5; turns += 1) await this.turn();
    await this.#stop();
    await this.drive(this.relay.close());
  }

  readonly #freshClient = (): number => Math.floor(this.#random() * 2 ** 32);

  get #running(): Running {
    if (!this.#host) throw new Error('no host');
    return this.#host;
  }

  async #put(id: string): Promise<void> {
    const { hub, guard } = this.#running;
    const text = guard.aside.get(id)?.text ?? '';
    try {
      await this.drive(returnWords(hub, guard.aside, id, NOBODY));
      this.log.push(`put ${codes(text)}`);
    } catch (error) {
      this.log.push(`not put ${codes(text)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #accept(transport: Transport): boolean {
    if (!this.#host) return false;
    const { hub } = this.#host;
    acceptSession(transport, {
      source: hub,
      room: ROOM,
      principal: NOBODY,
      ack: true,
      clock: systemClock,
      logger: silentLogger,
    });
    return true;
  }

  async #startHost(): Promise<void> {
    const disk = { dead: false };
    this.#free = 0;
    const store = this.#slow(new MemoryDocStore(this.#medium), disk);
    const guard = new ClockGuard({
      values: store.values,
      clock: systemClock,
      onFailure: () => undefined,
      freshClient: this.#freshClient,
    });
    await this.drive(guard.load());
    const hub = new Hub({ store, access: EVERYBODY, clock: systemClock, logger: silentLogger, guard });
    const memory = new MortalMemory(this.#memory);
    const linked = linkHubs(hub, () => this.relay, { workspace: 'team', memory });
    await this.drive(linked.link.start());
    this.#host = { hub, guard, linked, memory, disk, pin: linked.link.pin(ROOM) };
  }

  async #kill(): Promise<void> {
    const { hub, guard, linked, memory, disk, pin } = this.#running;
    this.#host = null;
    disk.dead = true;
    memory.dead = true;
    for (const { sockets } of this.windows) sockets.cut();
    linked.pipe().cut();
    pin.dispose();
    await this.drive(Promise.allSettled([linked.link.close(), hub.close(), guard.close()]));
  }

  async #stop(): Promise<void> {
    const { hub, guard, linked, pin } = this.#running;
    this.#host = null;
    pin.dispose();
    await this.drive(linked.link.close());
    await this.drive(hub.close());
    await this.drive(guard.close());
  }

  /** A disk that takes its time, and none after its process was killed. */
  #slow<T extends DocStore | DocStore['values']>(store: T, disk: { dead: boolean }): T {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'values') return this.#slow(value as DocStore['values'], disk);
        if (typeof value !== 'function') return value;
        if (name !== 'append' && name !== 'compact' && name !== 'write') {
          return (...given: unknown[]): unknown => Reflect.apply(value, target, given);
        }
        return async (...given: unknown[]): Promise<unknown> => {
          // One after the other, whatever the disk's pace becomes meanwhile.
          this.#free = Math.max(this.#free, this.#turns + this.#slowness);
          const until = this.#free;
          while (this.#turns < until) await new Promise((resolve) => setImmediate(resolve));
          if (disk.dead) throw new Error('the process is gone');
          return Reflect.apply(value, target, given) as Promise<unknown>;
        };
      },
    });
  }

  async #forge({ how, length, where }: Extract<Step, { kind: 'forge' }>): Promise<void> {
    const hub = where === 'relay' ? this.relay : this.#running.hub;
    const opened = await this.drive(hub.open(ROOM, NOBODY));
    if (opened.kind === 'refused') return;
    const { room } = opened;
    const clocks = Y.decodeStateVector(room.stateVector());
    const whole = room.diff(Uint8Array.of(0));
    const victims = this.windows.flatMap(({ doc }) => (doc ? [doc.clientID] : []));
    for (const client of how === 'unused' ? victims.filter((one) => !clocks.has(one)) : clocks.keys()) {
      const update = forgery(how, { client, clock: clocks.get(client) ?? 0, length, whole });
      const outcome = await this.drive(
        where === 'relay' ? room.apply(update, {}, 'socket') : room.apply(update, new LinkOrigin('other')),
      );
      this.log.push(`forge ${how} ${where} ${client}@${clocks.get(client) ?? 0}+${length}: ${outcome.kind}`);
    }
    room.dispose();
  }
}

function forgery(
  how: Forgery,
  at: { readonly client: number; readonly clock: number; readonly length: number; readonly whole: Uint8Array },
): Uint8Array {
  switch (how) {
    case 'empty':
    case 'unused':
      return forged(at.client, at.clock, at.length);
    case 'hole':
      return forged(at.client, at.clock + 2, at.length);
    case 'deletes': {
      const encoder = encoding.createEncoder();
      // Far enough that nobody gets there: deletions of what was written are anybody's right.
      for (const number of [0, 1, at.client, 1, at.clock + 1_000, at.length]) encoding.writeVarUint(encoder, number);
      return encoding.toUint8Array(encoder);
    }
    case 'words': {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, at.whole);
      doc.clientID = at.client;
      let made = new Uint8Array([0, 0]);
      doc.on('update', (update: Uint8Array) => (made = new Uint8Array(update)));
      doc.getText('body').insert(doc.getText('body').length, 'X'.repeat(at.length));
      doc.destroy();
      return made;
    }
  }
}

async function textAt(hub: Hub): Promise<string> {
  const opened = await hub.open(ROOM, NOBODY);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, opened.room.diff(Uint8Array.of(0)));
  opened.room.dispose();
  return doc.getText('body').toString();
}

export const codes = (text: string): string =>
  [...text]
    .map((letter) => (letter.charCodeAt(0) >= FIRST_LETTER ? letter.charCodeAt(0) - FIRST_LETTER : letter))
    .join(' ');
