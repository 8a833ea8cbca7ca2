// How an open document takes in what others write: once a frame, in order, and never in the way of one's own keys. The host is played.
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { writeSyncStep1, writeSyncStep2, writeUpdate } from 'y-protocols/sync';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { FakeClock } from '../../../shared/base/clock.ts';
import { disposable, type Disposable } from '../../../shared/base/disposable.ts';
import type { HostConnection } from '../connection/host-connection.ts';
import type { Frames } from '../window/frames.ts';
import { DocumentHandle } from './document-handle.ts';

/** A window whose frames a test draws. */
class DrawnFrames implements Frames {
  areDrawn = true;
  readonly #asked = new Map<() => void, () => void>();
  readonly #hidden = new Set<() => void>();

  next(run: () => void, drawn: () => void): Disposable {
    this.#asked.set(run, drawn);
    return disposable(() => void this.#asked.delete(run));
  }

  onHidden(run: () => void): Disposable {
    this.#hidden.add(run);
    return disposable(() => void this.#hidden.delete(run));
  }

  get areAsked(): boolean {
    return this.#asked.size > 0;
  }

  draw(took = 0): void {
    const asked = [...this.#asked];
    this.#asked.clear();
    for (const [run] of asked) run();
    clock.advance(took);
    for (const [, drawn] of asked) drawn();
  }

  hide(): void {
    this.areDrawn = false;
    for (const run of [...this.#hidden]) run();
  }
}

/** The host's end of the one socket: an empty document that somebody else writes into. */
class PlayedHost {
  readonly doc = new Y.Doc();
  readonly received: Uint8Array[] = [];
  say: (message: Uint8Array) => void = () => undefined;
  drop: () => void = () => undefined;

  constructor() {
    this.doc.on('update', (update: Uint8Array) => this.tell(0, (encoder) => writeUpdate(encoder, update)));
  }

  tell(type: number, write: (encoder: ReturnType<typeof createEncoder>) => void): void {
    const encoder = createEncoder();
    writeVarUint(encoder, type);
    write(encoder);
    this.say(toUint8Array(encoder));
  }

  answer(): void {
    this.tell(0, (encoder) => writeSyncStep2(encoder, this.doc));
  }

  write(text: string): void {
    const body = this.doc.getText('body');
    body.insert(body.length, text);
  }

  socketClass(): HostConnection['rooms']['Socket'] {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const host = this;
    class PlayedSocket {
      readonly protocol = 'caravan.ack.v1';
      binaryType = 'arraybuffer';
      readyState = 0;
      onopen: ((event: unknown) => void) | null = null;
      onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
      onclose: ((event: { code: number; reason: string }) => void) | null = null;
      onerror: ((event: unknown) => void) | null = null;

      constructor() {
        host.say = (message) => this.onmessage?.({ data: new Uint8Array(message).buffer });
        host.drop = () => {
          this.readyState = 3;
          this.onclose?.({ code: 1006, reason: '' });
        };
        queueMicrotask(() => {
          this.readyState = 1;
          this.onopen?.({});
          host.answer();
        });
      }

      send(data: Uint8Array): void {
        host.received.push(data);
      }

      close(): void {
        this.readyState = 3;
      }
    }
    return PlayedSocket as unknown as HostConnection['rooms']['Socket'];
  }
}

let clock = new FakeClock();
let frames = new DrawnFrames();
let host = new PlayedHost();
let handle: DocumentHandle;
/** What the document said after each transaction that changed it. */
let changes: string[] = [];

const text = (): string => handle.doc.getText('body').toJSON();

beforeEach(async () => {
  clock = new FakeClock();
  frames = new DrawnFrames();
  host = new PlayedHost();
  changes = [];
  handle = new DocumentHandle('w/s/d', { url: 'ws://host', Socket: host.socketClass() }, clock, frames);
  await Promise.resolve();
  expect(handle.synced).toBe(true);
  handle.doc.getText('body').observe(() => changes.push(text()));
});

afterEach(() => {
  handle.dispose();
  host.doc.destroy();
  expect([frames.areAsked, clock.pending]).toEqual([false, 0]);
});

it('[OD1] takes in a hundred edits of others between two frames as one change', () => {
  for (let at = 0; at < 100; at += 1) host.write(String(at % 10));
  expect(changes).toEqual([]);
  frames.draw();
  expect(changes).toEqual(['0123456789'.repeat(10)]);
  host.write('!');
  frames.draw();
  expect(changes).toHaveLength(2);
});

it('[OD1] what is taken in together is as remote as it was alone', () => {
  const local: boolean[] = [];
  handle.doc.on('afterTransaction', (transaction) => local.push(transaction.local));
  // Somebody else writes under the id of this window: it takes another one (FC3).
  const { clientID } = handle.doc;
  host.doc.clientID = clientID;
  host.write('a');
  host.write('b');
  frames.draw();
  expect(local).toEqual([false]);
  expect(handle.doc.clientID).not.toBe(clientID);
  expect(handle.awareness.clientID).toBe(handle.doc.clientID);
});

it('[OD1] one edit that nobody can read takes none of its neighbours with it', () => {
  host.write('a');
  host.tell(0, (encoder) => writeUpdate(encoder, new Uint8Array([9, 9, 9])));
  host.write('b');
  const told = vi.spyOn(console, 'error').mockReturnValue();
  frames.draw();
  expect(told).toHaveBeenCalledOnce();
  told.mockRestore();
  expect(text()).toBe('ab');
});

it('[OD2] a comparison and presence find what arrived before them', () => {
  host.write('a');
  const sent = host.received.length;
  host.tell(0, (encoder) => writeSyncStep1(encoder, new Y.Doc()));
  expect(text()).toBe('a');
  const answer = createDecoder(host.received[sent] ?? new Uint8Array());
  expect([readVarUint(answer), readVarUint(answer)]).toEqual([0, 1]);
  const received = new Y.Doc();
  Y.applyUpdate(received, readVarUint8Array(answer));
  expect(received.getText('body').toJSON()).toBe('a');

  const others = new Awareness(new Y.Doc());
  others.setLocalState({ cursor: 1 });
  const seen: string[] = [];
  handle.awareness.on('change', () => seen.push(text()));
  const present = (): void =>
    host.tell(1, (encoder) => writeVarUint8Array(encoder, encodeAwarenessUpdate(others, [others.clientID])));
  host.write('b');
  present();
  expect(seen).toEqual([]);
  frames.draw();
  expect(seen).toEqual(['ab']);
  // With no words before it presence waits for nothing; with the connection goes who was here over it.
  others.setLocalState({ cursor: 2 });
  present();
  expect(seen).toHaveLength(2);
  host.write('c');
  others.setLocalState({ cursor: 3 });
  present();
  host.drop();
  frames.draw();
  expect(text()).toBe('abc');
  expect([...handle.awareness.getStates().keys()]).not.toContain(others.clientID);
  others.destroy();
});

it('[OD3] a key is in the document and at the host while others’ edits wait', () => {
  host.write('theirs');
  const sent = host.received.length;
  handle.doc.getText('body').insert(0, 'mine');
  expect(changes).toEqual(['mine']);
  expect(host.received).toHaveLength(sent + 1);
  frames.draw();
  expect(changes).toHaveLength(2);
  expect([...text()].sort().join('')).toBe([...'minetheirs'].sort().join(''));
});

it('[OD4] waits for no frame that does not come', () => {
  host.write('a');
  clock.advance(249);
  expect(text()).toBe('');
  clock.advance(1);
  expect(text()).toBe('a');
  expect(frames.areAsked).toBe(false);
  host.write('b');
  frames.hide();
  expect(text()).toBe('ab');
  host.write('c');
  host.write('d');
  expect(changes).toEqual(['a', 'ab', 'abc', 'abcd']);
});

it('[OD5] leaves the window free for twice as long as drawing others’ edits took', () => {
  host.write('a');
  frames.draw(30);
  host.write('b');
  expect(frames.areAsked).toBe(false);
  clock.advance(59);
  host.write('c');
  expect(frames.areAsked).toBe(false);
  clock.advance(1);
  expect(frames.areAsked).toBe(true);
  frames.draw(1_000);
  expect(changes).toEqual(['a', 'abc']);
  host.write('d');
  clock.advance(149);
  expect(frames.areAsked).toBe(false);
  clock.advance(1);
  frames.draw();
  expect(text()).toBe('abcd');
});
