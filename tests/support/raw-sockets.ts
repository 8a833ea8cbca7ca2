// A relay's sockets as anybody could open them, for tests: a room and a link that obey nothing, and keep every byte that came.
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { randomId } from '../../shared/base/random-id.ts';
import { encodePresence } from '../../shared/link/presence.ts';
import { decodeLinkFrame, encodeLinkFrame, LINK_VERSIONS, type LinkFrame } from '../../shared/protocol/link-frames.ts';
import {
  decodeRoomFrame,
  encodeAwareness,
  encodeStep1,
  encodeUpdate,
  type RoomFrame,
} from '../../shared/protocol/room-frames.ts';
import type { SegmentFrame } from '../../shared/protocol/segment-frames.ts';
import { until } from './stock-client.ts';

const EVERYTHING = new Uint8Array([0]);
const QUERY_PRESENCE = new Uint8Array([3]);

export abstract class RawSocket {
  readonly bytes: Uint8Array[] = [];
  protected readonly socket: WebSocket;
  code: number | null = null;

  protected constructor(url: string, protocols: readonly string[]) {
    this.socket = new WebSocket(url, [...protocols]);
    this.socket.on('error', () => undefined);
    this.socket.on('close', (code) => (this.code = code));
    // From the first byte on: an answer may come in one packet with that to the upgrade.
    this.socket.on('message', (data: Buffer) => {
      const message = new Uint8Array(data);
      this.bytes.push(message);
      this.take(message);
    });
    onTestFinished(() => this.socket.terminate());
  }

  /** Whether it was let in. */
  protected async opened(): Promise<boolean> {
    try {
      await once(this.socket, 'open');
      return true;
    } catch {
      return false;
    }
  }

  protected abstract take(message: Uint8Array): void;

  send(message: Uint8Array): void {
    this.socket.send(message);
  }

  async close(): Promise<void> {
    this.socket.close();
    await until(() => this.code !== null, 'the socket is closed');
  }
}

/** One room's messages, wherever they travel. */
export class RoomTalk {
  readonly frames: RoomFrame[] = [];
  readonly doc = new Y.Doc();
  readonly #send: (message: Uint8Array) => void;

  constructor(send: (message: Uint8Array) => void) {
    this.#send = send;
  }

  take(message: Uint8Array): void {
    const frame = decodeRoomFrame(message);
    if (!frame) return;
    this.frames.push(frame);
    if (frame.kind === 'update' || frame.kind === 'step2') Y.applyUpdate(this.doc, frame.update);
  }

  get text(): string {
    return this.doc.getText('body').toJSON();
  }

  /** Asks for everything, and resolves with the text when it came. */
  async read(): Promise<string> {
    const before = this.#count('step2');
    this.#send(encodeStep1(EVERYTHING));
    await until(() => this.#count('step2') > before, 'the answer to a question');
    return this.text;
  }

  /** A word by a client of its own. */
  write(word: string): void {
    const doc = new Y.Doc();
    doc.getText('body').insert(0, ` ${word} `);
    this.#send(encodeUpdate(Y.encodeStateAsUpdate(doc)));
    doc.destroy();
  }

  /** What a client that wrote nothing answers: not empty, and without effect. */
  echo(): void {
    const answer = encodeUpdate(Y.encodeStateAsUpdate(this.doc));
    answer[1] = 1;
    this.#send(answer);
  }

  /** Announces somebody, and resolves with whether the relay counts them as present. */
  async announce(name: string): Promise<boolean> {
    const client = this.doc.clientID;
    this.#send(encodeAwareness(encodePresence([{ client, clock: 1, state: JSON.stringify({ status: name }) }])));
    this.#send(QUERY_PRESENCE);
    // Where nobody is present there is no answer to that; to a question there always is one, and it comes behind it.
    await this.read();
    return this.present(name);
  }

  present(name: string): boolean {
    return this.frames.some(
      (frame) => frame.kind === 'awareness' && new TextDecoder().decode(frame.update).includes(name),
    );
  }

  get acknowledged(): number {
    return this.frames.reduce((most, frame) => (frame.kind === 'ack' ? Math.max(most, frame.count) : most), 0);
  }

  #count(kind: RoomFrame['kind']): number {
    return this.frames.filter((frame) => frame.kind === kind).length;
  }
}

export class RawRoom extends RawSocket {
  readonly talk = new RoomTalk((message) => this.send(message));

  private constructor(url: string, protocols: readonly string[]) {
    super(url, protocols);
  }

  /** Null where it is not let in. */
  static async open(url: string, room: string, ticket: string | null): Promise<RawRoom | null> {
    const offers = ['caravan.ack.v1', 'caravan.v1', ...(ticket === null ? [] : [`tkt.${ticket}`])];
    const made = new RawRoom(`${url}/${room}`, offers);
    return (await made.opened()) ? made : null;
  }

  protected take(message: Uint8Array): void {
    this.talk.take(message);
  }
}

/** Says that it understands everything. */
const ALL_FEATURES = 31;

export class RawLink extends RawSocket {
  readonly frames: LinkFrame[] = [];
  readonly #workspace: string;
  readonly #talks = new Map<number, RoomTalk>();
  #channel = 1;
  #request = 0;

  private constructor(url: string, workspace: string, ticket: string | null) {
    super(`${url}/v1/link/${workspace}`, ['caravan.link.v1', ...(ticket === null ? [] : [`tkt.${ticket}`])]);
    this.#workspace = workspace;
  }

  /** Null where it is not let in. */
  static async open(url: string, workspace: string, ticket: string | null, device = ''): Promise<RawLink | null> {
    const link = new RawLink(url, workspace, ticket);
    if (!(await link.opened())) return null;
    const epoch = randomId();
    link.frame({
      kind: 'hello',
      versions: LINK_VERSIONS,
      hub: randomId(),
      epoch,
      workspace,
      device,
      features: ALL_FEATURES,
    });
    await until(() => link.frames.some(({ kind }) => kind === 'hello'), 'the relay introduces itself');
    return link;
  }

  get epoch(): string {
    const hello = this.frames.find((frame) => frame.kind === 'hello');
    return hello?.kind === 'hello' ? hello.epoch : '';
  }

  frame(frame: Parameters<typeof encodeLinkFrame>[0]): void {
    this.send(encodeLinkFrame(frame));
  }

  /** Opens a room's channel: how the relay answered, and what can be said there. */
  async room(
    room: string,
  ): Promise<{ readonly code: number | null; readonly talk: RoomTalk; readonly channel: number }> {
    const channel = this.#channel;
    this.#channel += 2;
    const talk = new RoomTalk((bytes) => this.frame({ kind: 'data', channel, more: false, bytes }));
    this.#talks.set(channel, talk);
    this.frame({ kind: 'open', channel, live: true, pull: false, room: room.slice(this.#workspace.length + 1) });
    const answer = (): LinkFrame | undefined =>
      this.frames.find((one) => (one.kind === 'opened' || one.kind === 'refused') && one.channel === channel);
    await until(() => answer() !== undefined, `an answer about ${room}`);
    const given = answer();
    return { code: given?.kind === 'refused' ? given.code : null, talk, channel };
  }

  /** Asks for everything that changed, of all spaces and of those named; resolves with the rooms that were told, ever. */
  async list(spaces: readonly string[] = []): Promise<ReadonlySet<string>> {
    const request = ++this.#request;
    const { epoch } = this;
    const cursors = spaces.map((space) => ({ space, epoch, after: 0, heard: 0 }));
    this.frame({ kind: 'follow', request, more: false, digests: true, cursors });
    await until(() => this.frames.some((one) => one.kind === 'listed' && one.request === request), 'the list');
    return this.told();
  }

  /** Rooms of which the relay said that they are there. */
  told(): ReadonlySet<string> {
    const rooms = this.frames.flatMap((frame) =>
      frame.kind === 'changes'
        ? frame.entries.map(({ document }) => `${this.#workspace}/${frame.space}/${document}`)
        : [],
    );
    return new Set(rooms);
  }

  followSegments(): void {
    this.frame({ kind: 'followSegments', more: false, cursors: [] });
  }

  /** Segments that were offered, by room. */
  offered(): ReadonlyMap<string, { readonly number: number; readonly hash: string }> {
    const found = new Map<string, { number: number; hash: string }>();
    for (const frame of this.frames) {
      if (frame.kind !== 'segments') continue;
      for (const { document, number, hash } of frame.entries) {
        found.set(`${this.#workspace}/${frame.space}/${document}`, { number, hash });
      }
    }
    return found;
  }

  /** Whether the relay hands the segment over. */
  async fetchSegment(space: string, number: number, hash: string): Promise<boolean> {
    const answers = (): readonly Extract<SegmentFrame, { kind: 'segment' }>[] =>
      this.frames.filter((frame) => frame.kind === 'segment' && frame.hash === hash && !frame.more) as never;
    const before = answers().length;
    this.frame({ kind: 'fetchSegments', wanted: [{ space, number, hash }] });
    await until(() => answers().length > before, 'an answer about a segment');
    return answers().at(-1)?.missing === false;
  }

  protected take(message: Uint8Array): void {
    const frame = decodeLinkFrame(message);
    if (!frame) return;
    if (frame.kind === 'batch') {
      for (const bytes of frame.frames) this.take(bytes);
      return;
    }
    this.frames.push(frame);
    // Looked through at once: without that no more than a few offers come.
    if (frame.kind === 'segments' && frame.upTo > 0) {
      const { space, upTo: after, tag } = frame;
      this.frame({ kind: 'followSegments', more: false, cursors: [{ space, epoch: this.epoch, after, tag }] });
    }
    if (frame.kind === 'data') this.#talks.get(frame.channel)?.take(frame.bytes);
  }
}
