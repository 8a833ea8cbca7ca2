// A link's dialing end as bytes: channels, fragments, acknowledgements. It stores nothing and builds no document.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';

const FRAME = Object.freeze({
  hello: 0,
  open: 1,
  data: 4,
  ack: 5,
  close: 7,
  follow: 8,
  changes: 9,
  listed: 10,
  batch: 20,
});
/** The product's own limit (shared/protocol/limits.ts). */
const FRAGMENT = 64 * 1024;

/** As shared/link/frame-batch.ts has it. */
const FULL = 32 * 1024;
const MOST_FRAMES = 500;

/** @param {(encoder: encoding.Encoder) => void} write */
function encoded(write) {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** A room's message. @param {0 | 1 | 2} step @param {Uint8Array} bytes */
export const roomMessage = (step, bytes) =>
  encoded((encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });

/**
 * @typedef {{
 *   message?: (channel: number, step: number, bytes: Uint8Array) => void,
 *   changed?: (space: string, documents: string[]) => void,
 *   listed?: () => void,
 *   ack?: (channel: number, count: number) => void,
 * }} LinkEvents what is heard: room messages of type 0, announcements, the end of the first list
 */

export class BenchLink {
  /** @type {WebSocket} */
  #socket;
  #events;
  /** @type {Map<number, Uint8Array[]>} */
  #pieces = new Map();
  /** Update messages received, by channel. @type {Map<number, number>} */
  #received = new Map();
  /** @type {Set<number>} */
  #unacknowledged = new Set();
  #next = 1;
  /** Frames of this turn. @type {Uint8Array[]} */
  #frames = [];
  #waiting = 0;

  /** @param {WebSocket} socket @param {LinkEvents} events */
  constructor(socket, events) {
    this.#socket = socket;
    this.#events = events;
  }

  /** Resolves after the hellos. @param {string} url @param {string} workspace @param {LinkEvents} events @returns {Promise<BenchLink>} */
  static open(url, workspace, events) {
    const socket = new WebSocket(`${url}/v1/link/${workspace}`, ['caravan.link.v1'], { perMessageDeflate: false });
    const link = new BenchLink(socket, events);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code, reason) => reject(new Error(`The link was closed with ${code} ${String(reason)}.`)));
      socket.once('open', () => {
        socket.send(
          encoded((encoder) => {
            encoding.writeVarUint(encoder, FRAME.hello);
            encoding.writeVarUint(encoder, 1);
            encoding.writeVarUint(encoder, 1);
            const hub = `bench${process.pid}x${Math.random().toString(16).slice(2)}`;
            for (const text of [hub, 'epoch', workspace, '']) encoding.writeVarString(encoder, text);
            // It reads batches.
            encoding.writeVarUint(encoder, 1);
          }),
        );
      });
      socket.on('message', (/** @type {Buffer} */ data) => {
        if (link.#receive(data)) resolve(link);
      });
    });
  }

  /** As a host does: frames of one moment share a message. @param {Uint8Array} frame */
  #send(frame) {
    if (this.#frames.length === 0) queueMicrotask(() => this.#flush());
    this.#frames.push(frame);
    this.#waiting += frame.length;
    if (this.#waiting >= FULL || this.#frames.length >= MOST_FRAMES) this.#flush();
  }

  #flush() {
    const frames = this.#frames;
    this.#frames = [];
    this.#waiting = 0;
    const [first] = frames;
    if (!first) return;
    this.#socket.send(
      frames.length === 1
        ? first
        : encoded((encoder) => {
            encoding.writeVarUint(encoder, FRAME.batch);
            for (const frame of frames) encoding.writeVarUint8Array(encoder, frame);
          }),
    );
  }

  /** Asks for the list of everything. */
  follow() {
    this.#send(
      encoded((encoder) => {
        encoding.writeVarUint(encoder, FRAME.follow);
        for (const value of [1, 0, 0]) encoding.writeVarUint(encoder, value);
      }),
    );
  }

  /** @param {string} room `<space>/<document>` @param {boolean} live */
  openChannel(room, live) {
    const channel = this.#next;
    this.#next += 2;
    this.#send(
      encoded((encoder) => {
        for (const value of [FRAME.open, channel, live ? 1 : 0]) encoding.writeVarUint(encoder, value);
        encoding.writeVarString(encoder, room);
      }),
    );
    return channel;
  }

  /** @param {number} channel @param {Uint8Array} message */
  send(channel, message) {
    for (let at = 0; at === 0 || at < message.length; at += FRAGMENT) {
      const end = Math.min(message.length, at + FRAGMENT);
      this.#send(
        encoded((encoder) => {
          for (const value of [FRAME.data, channel, end < message.length ? 1 : 0])
            encoding.writeVarUint(encoder, value);
          encoding.writeUint8Array(encoder, message.subarray(at, end));
        }),
      );
    }
  }

  /** @param {number} channel */
  closeChannel(channel) {
    this.#unacknowledged.delete(channel);
    this.#send(
      encoded((encoder) => {
        for (const value of [FRAME.close, channel, 1000]) encoding.writeVarUint(encoder, value);
        encoding.writeVarString(encoder, '');
      }),
    );
  }

  terminate() {
    this.#socket.terminate();
  }

  /** Whether it was the hello. @param {Uint8Array} data */
  #receive(data) {
    const decoder = decoding.createDecoder(data);
    switch (decoding.readVarUint(decoder)) {
      case FRAME.hello:
        return true;
      case FRAME.batch:
        while (decoding.hasContent(decoder)) this.#receive(decoding.readVarUint8Array(decoder));
        return false;
      case FRAME.data:
        this.#data(decoder);
        return false;
      case FRAME.ack:
        this.#events.ack?.(decoding.readVarUint(decoder), decoding.readVarUint(decoder));
        return false;
      case FRAME.listed:
        this.#events.listed?.();
        return false;
      case FRAME.changes: {
        const space = decoding.readVarString(decoder);
        decoding.readVarUint(decoder);
        decoding.readVarUint(decoder);
        const documents = Array.from({ length: decoding.readVarUint(decoder) }, () => {
          const document = decoding.readVarString(decoder);
          decoding.readVarUint(decoder);
          return document;
        });
        this.#events.changed?.(space, documents);
        return false;
      }
      default:
        return false;
    }
  }

  /** @param {decoding.Decoder} decoder */
  #data(decoder) {
    const channel = decoding.readVarUint(decoder);
    const more = decoding.readVarUint(decoder) === 1;
    let message = decoding.readTailAsUint8Array(decoder);
    const before = this.#pieces.get(channel);
    if (more) {
      if (before) before.push(message);
      else this.#pieces.set(channel, [message]);
      return;
    }
    if (before) {
      message = Buffer.concat([...before, message]);
      this.#pieces.delete(channel);
    }
    const inner = decoding.createDecoder(message);
    if (decoding.readVarUint(inner) !== 0) return;
    const step = decoding.readVarUint(inner);
    if (step > 0) {
      this.#received.set(channel, (this.#received.get(channel) ?? 0) + 1);
      if (this.#unacknowledged.size === 0) setImmediate(() => this.#acknowledge());
      this.#unacknowledged.add(channel);
    }
    this.#events.message?.(channel, step, decoding.readVarUint8Array(inner));
  }

  /** One acknowledgement for what came together, as a host sends it. */
  #acknowledge() {
    for (const channel of this.#unacknowledged) {
      this.#send(
        encoded((encoder) => {
          for (const value of [FRAME.ack, channel, this.#received.get(channel) ?? 0, 0])
            encoding.writeVarUint(encoder, value);
        }),
      );
    }
    this.#unacknowledged.clear();
  }
}
