// A room's client on a bare WebSocket that knows exactly which of its update messages were acknowledged as durable.
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { decodeRoomFrame, encodeStep1, encodeStep2, encodeUpdate } from '../../shared/protocol/room-frames.ts';

export interface TypingClientOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** Speaks y-websocket's protocol with `caravan.ack.v1`. */
export class TypingClient {
  readonly doc = new Y.Doc();
  readonly #socket: WebSocket;
  /** For each update message sent, what it carried. */
  readonly #sent: string[] = [];
  #acked = 0;
  readonly synced: Promise<void>;
  readonly closed: Promise<number>;

  constructor({ url, headers = {}, protocols = ['caravan.ack.v1', 'caravan.v1'] }: TypingClientOptions) {
    this.#socket = new WebSocket(url, [...protocols], { headers, perMessageDeflate: false });
    this.closed = new Promise((resolve) => this.#socket.once('close', (code) => resolve(code)));
    this.#socket.on('error', () => undefined);
    this.synced = new Promise((resolve, reject) => {
      this.#socket.once('close', (code) => reject(new Error(`closed with ${code} before it was synced`)));
      this.#socket.on('open', () => this.#socket.send(encodeStep1(Y.encodeStateVector(this.doc))));
      this.#socket.on('message', (data) => {
        const frame = decodeRoomFrame(new Uint8Array(data as Buffer));
        if (frame?.kind === 'step1') this.#send(encodeStep2(Y.encodeStateAsUpdate(this.doc, frame.stateVector)), '');
        if (frame?.kind === 'step2' || frame?.kind === 'update') Y.applyUpdate(this.doc, frame.update, this);
        if (frame?.kind === 'step2') resolve();
        if (frame?.kind === 'ack') this.#acked = frame.count;
      });
    });
    this.synced.catch(() => undefined);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#send(encodeUpdate(update), this.#typing);
    });
  }

  #typing = '';

  /** Types a word at the end of the page's body. */
  type(word: string): void {
    this.edit(word, (body) => body.insert(body.length, word));
  }

  /** Changes the page's body, in one update that is known by `word`. */
  edit(word: string, change: (body: Y.Text) => void): void {
    this.#typing = word;
    const body = this.doc.getText('body');
    this.doc.transact(() => change(body));
  }

  get text(): string {
    return this.doc.getText('body').toString();
  }

  /** The words that the host has said are durable. */
  get durable(): readonly string[] {
    return this.#sent.slice(0, this.#acked).filter((word) => word !== '');
  }

  get typed(): readonly string[] {
    return this.#sent.filter((word) => word !== '');
  }

  close(): void {
    this.#socket.close();
  }

  #send(message: Uint8Array, word: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#sent.push(word);
    this.#socket.send(message);
  }
}
