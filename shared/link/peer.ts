// One connected link, the same at both ends: hello, channels, fragments, heartbeat, close. What to open and follow is decided outside. One file, for frames of all kinds meet here.
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import { CLOSE, isFinalClose } from '../protocol/close-codes.ts';
import type { CursorFrame } from '../protocol/cursor-frames.ts';
import {
  commonVersion,
  decodeLinkFrame,
  FEATURE,
  LINK_VERSIONS,
  OUR_FEATURES,
  type LinkFrame,
} from '../protocol/link-frames.ts';
import { LIMITS } from '../protocol/limits.ts';
import { parseRoomName } from '../protocol/room-name.ts';
import type { SegmentFrame } from '../protocol/segment-frames.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { FrameWriter, type SpareFrames } from './frame-writer.ts';
import { LinkPulse } from './link-pulse.ts';
import { LinkOrigin, RoomChannel, type ChannelPort, type ChannelPurpose, type MayHand } from './room-channel.ts';
import type { QuestionTurns } from './question-turns.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Principal, RoomHandle, RoomSource } from './room-source.ts';
import type { Transport, TransportClose } from './transport.ts';

export type Hello = Extract<LinkFrame, { kind: 'hello' }>;
export type FollowFrame = Extract<LinkFrame, { kind: 'follow' }>;
export type ChangesFrame = Extract<LinkFrame, { kind: 'changes' }>;

/** What the ends do differently. */
export interface PeerEvents {
  /** Both ends know each other; channels may be opened. */
  onHello(hello: Hello): void;
  onFollow(frame: FollowFrame): void;
  onChanges(frame: ChangesFrame): void;
  onListed(request: number): void;
  /** The relays that acknowledge the other end. */
  onRelays(hubs: readonly string[]): void;
  /** The newest record of the membership log (section ML). */
  onLog?(head: string): void;
  /** Segments of history (section SW); left out by an end that keeps none. */
  onSegments?(frame: SegmentFrame): void;
  /** What devices hold (section CU). */
  onHoldings?(frame: CursorFrame): void;
  /** A channel that this end opened is over: refused before it was open, or closed by either end. */
  onChannelEnd(channel: RoomChannel, code: number, reason: string): void;
  /** The link is over; everything of it is disposed. Called once. */
  onEnd(close: TransportClose): void;
}

export interface PeerOptions {
  readonly transport: Transport;
  readonly source: RoomSource;
  readonly workspace: string;
  /** Who the other end is to this hub. */
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dialing: boolean;
  /** Whether this end passes on presence that came to it over other links; relays do, hosts do not. */
  readonly forwardPresence: boolean;
  readonly mayHand?: MayHand;
  /** The device that this end speaks for; left out where there is none (a relay). */
  readonly device?: string;
  /** Bits of FEATURE beyond those of every link: what this end takes part in. */
  readonly features?: number;
  /** What the other end may ask over all its links and sockets. */
  readonly questions?: QuestionTurns;
}

/** A channel that the other end opened while the room loads here. */
interface Opening {
  readonly kept: Uint8Array[];
  weight: number;
}

export class Peer implements Disposable, ChannelPort {
  readonly #options: PeerOptions;
  readonly #events: PeerEvents;
  readonly #writer: FrameWriter;
  readonly #assembler = new FrameAssembler();
  readonly #pulse: LinkPulse;
  readonly #held = new DisposableStore();
  readonly #channels = new Map<number, RoomChannel>();
  readonly #openings = new Map<number, Opening>();
  /** Channels of ours that the other end opened; before that `refused` means that the room is not opened at all. */
  readonly #accepted = new Set<number>();
  #hello: Hello | null = null;
  #nextChannel: number;
  /** Rooms that are being loaded for the other end, those included whose channel it closed again. */
  #loading = 0;
  /** Of what was sent to rooms which load here, and of updates that are being judged or stored. */
  readonly #underWay = new ReadAhead(LIMITS.linkReadAhead, (held) => this.#hold(held));
  #ended = false;

  constructor(options: PeerOptions, events: PeerEvents) {
    this.#options = options;
    this.#events = events;
    this.#nextChannel = options.dialing ? 1 : 2;
    const { transport, clock } = options;
    this.#writer = new FrameWriter(transport, clock, () => this.close(CLOSE.slow, 'The other end reads too slowly.'));
    this.#pulse = new LinkPulse(clock, {
      lastSent: () => this.#writer.lastSent,
      beat: (wantsAnswer) => this.#writer.control({ kind: 'heartbeat', wantsAnswer }, true),
      silent: () => this.close(CLOSE.silent, 'The other end has been silent for too long.'),
    });
    this.#held.add(this.#pulse);
    this.#held.add(this.#writer);
  }

  /** Introduces this end and begins to hear the other. */
  start(): void {
    const { transport, clock, source, workspace } = this.#options;
    this.#held.add(
      clock.after(LIMITS.unauthenticatedTime, () => {
        if (!this.#hello) this.close(CLOSE.silent, 'The other end did not introduce itself in time.');
      }),
    );
    this.#held.add(transport.onClose((close) => this.#end(close)));
    const { hub, epoch } = source;
    const device = this.#options.device ?? '';
    const features = OUR_FEATURES | (this.#options.features ?? 0);
    this.#writer.control({ kind: 'hello', versions: LINK_VERSIONS, hub, epoch, workspace, device, features });
    this.#held.add(transport.onMessage((message) => this.#receive(message)));
  }

  /** Whether the other end said in its hello that it understands this (a bit of FEATURE). */
  knows(feature: number): boolean {
    return ((this.#hello?.features ?? 0) & feature) !== 0;
  }

  /** Channels that are open or opening. */
  get channels(): number {
    return this.#channels.size + this.#openings.size;
  }

  control(...frame: Parameters<FrameWriter['control']>): void {
    this.#writer.control(...frame);
  }

  queue(...item: Parameters<FrameWriter['queue']>): void {
    this.#writer.queue(...item);
  }

  /** Frames for when nothing else waits; wake() says that there are some. */
  setSpare(spare: SpareFrames): void {
    this.#writer.setSpare(spare);
  }

  wake(): void {
    this.#writer.wake();
  }

  broken(reason: string): void {
    this.close(CLOSE.badFrame, `A rule of the link was broken: ${reason}.`);
  }

  giveUp(id: number, code: number, reason: string): void {
    const channel = this.#channels.get(id);
    if (!channel) return;
    this.#writer.control({ kind: 'close', channel: id, code, reason }, channel.live);
    this.#endChannel(channel, code, reason);
  }

  questionWait(room: string): number {
    return this.#options.questions?.wait(room) ?? 0;
  }

  answering<T>(room: string, answer: () => T): T {
    const { clock, questions } = this.#options;
    if (!questions) return answer();
    const start = clock.now();
    try {
      return answer();
    } finally {
      questions.spent(room, clock.now() - start);
    }
  }

  after(milliseconds: number, run: () => void): Disposable {
    return this.#options.clock.after(milliseconds, run);
  }

  reading(bytes: number): void {
    this.#underWay.add(bytes);
  }

  /** Asks for a sign of life; without one soon the link is closed. */
  ask(): void {
    if (!this.#ended) this.#pulse.ask();
  }

  /** Opens a channel for a room that is open here, with its first question in the same burst. Owns `room` from now on. */
  openChannel(room: RoomHandle, purpose: ChannelPurpose, onProgress: (channel: RoomChannel) => void): RoomChannel {
    const id = this.#nextChannel;
    this.#nextChannel += 2;
    const name = room.name.slice(this.#options.workspace.length + 1);
    const live = purpose === 'live';
    this.#writer.control({ kind: 'open', channel: id, live, pull: purpose === 'pull', room: name }, live);
    return this.#begin(id, room, purpose, onProgress);
  }

  /** Closes a channel that has nothing left to say. */
  closeChannel(channel: RoomChannel): void {
    if (this.#channels.get(channel.id) !== channel) return;
    this.#writer.control({ kind: 'close', channel: channel.id, code: 1000, reason: '' });
    this.#forget(channel);
  }

  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#writer.flush();
    this.#options.transport.close(code, reason);
    // Transports tell their own end as well; should one not, the link is over all the same.
    this.#end({ code, reason });
  }

  dispose(): void {
    this.close(CLOSE.stopping, 'This end is stopping.');
  }

  /** Nothing that a held link waits for comes over it. */
  #hold(held: boolean): void {
    if (this.#ended) return;
    this.#pulse.hold(held);
    this.#options.transport.hold?.(held);
  }

  #begin(
    id: number,
    room: RoomHandle,
    purpose: ChannelPurpose,
    onProgress?: (channel: RoomChannel) => void,
  ): RoomChannel {
    const { source, dialing, forwardPresence, mayHand } = this.#options;
    const channel = new RoomChannel({
      id,
      room,
      purpose,
      ours: this.#isOurs(id),
      origin: new LinkOrigin(this.#hello?.hub ?? source.hub),
      marks: !dialing,
      forwardPresence,
      ...(mayHand ? { mayHand } : {}),
      port: this,
      ...(onProgress ? { onProgress } : {}),
    });
    this.#channels.set(id, channel);
    channel.start();
    return channel;
  }

  #receive(message: Uint8Array): void {
    if (this.#ended) return;
    this.#pulse.heard();
    if (message.length > (this.#hello ? LIMITS.linkFrame : LIMITS.unauthenticatedFrame)) {
      this.close(CLOSE.tooLarge, 'A frame is larger than the limit.');
      return;
    }
    const frame = decodeLinkFrame(message);
    if (!frame) this.broken('a frame cannot be read');
    else if (this.#hello) this.#take(frame);
    else if (frame.kind === 'hello') this.#greet(frame);
    else this.broken('the first frame is not a hello');
  }

  #takeBatch(frames: readonly Uint8Array[]): void {
    for (const bytes of frames) {
      const frame = decodeLinkFrame(bytes);
      if (this.#ended) return;
      if (!frame) this.broken('a frame of a batch cannot be read');
      else if (frame.kind === 'batch') this.broken('a batch lies within a batch');
      else this.#take(frame);
    }
  }

  #greet(hello: Hello): void {
    const { source, workspace } = this.#options;
    if (commonVersion(hello.versions) === null) {
      this.close(CLOSE.version, 'The two programs speak no common version of the link; the older one needs an update.');
    } else if (hello.workspace !== workspace) {
      this.close(CLOSE.forbidden, 'This link is for another workspace.');
    } else if (hello.hub === source.hub) {
      this.close(CLOSE.forbidden, 'Both ends have the same identity: one data folder is a copy of the other.');
    } else {
      this.#hello = hello;
      if (this.knows(FEATURE.batch)) this.#writer.batch();
      this.#events.onHello(hello);
    }
  }

  #take(frame: LinkFrame): void {
    switch (frame.kind) {
      case 'open':
        void this.#openForThem(frame.channel, frame.live ? 'live' : frame.pull ? 'pull' : 'both', frame.room);
        break;
      case 'data':
        this.#takeData(frame.channel, frame.bytes, frame.more);
        break;
      case 'ack':
        this.#channels.get(frame.channel)?.acknowledged(frame.count, frame.number);
        break;
      case 'mark':
        this.#channels.get(frame.channel)?.marked(frame.number);
        break;
      case 'refused':
        this.#refused(frame.channel, frame.code, frame.reason);
        break;
      case 'close': {
        if (this.#openings.delete(frame.channel)) this.#assembler.drop(frame.channel);
        const channel = this.#channels.get(frame.channel);
        if (channel) this.#endChannel(channel, frame.code, frame.reason);
        break;
      }
      case 'opened':
        if (this.#isOurs(frame.channel) && this.#channels.has(frame.channel)) this.#accepted.add(frame.channel);
        break;
      case 'follow':
        this.#events.onFollow(frame);
        break;
      case 'changes':
        this.#events.onChanges(frame);
        break;
      case 'listed':
        this.#events.onListed(frame.request);
        break;
      case 'heartbeat':
        if (frame.wantsAnswer) this.#writer.control({ kind: 'heartbeat', wantsAnswer: false }, true);
        break;
      case 'relays':
        this.#events.onRelays(frame.hubs);
        break;
      case 'log':
        this.#events.onLog?.(frame.head);
        break;
      case 'batch':
        this.#takeBatch(frame.frames);
        break;
      case 'followSegments':
      case 'segments':
      case 'fetchSegments':
      case 'segment':
        this.#events.onSegments?.(frame);
        break;
      case 'holds':
      case 'holders':
        this.#events.onHoldings?.(frame);
        break;
      case 'hello':
      case 'unknown':
        break;
    }
  }

  #refused(id: number, code: number, reason: string): void {
    const channel = this.#channels.get(id);
    if (!channel) return;
    if (this.#isOurs(id) && !this.#accepted.has(id)) this.#endChannel(channel, code, reason);
    else channel.refused(code, reason);
  }

  #takeData(id: number, bytes: Uint8Array, more: boolean): void {
    // A channel that is closed here: what was under way to it is no longer wanted, and is not kept.
    if (!this.#openings.has(id) && !this.#channels.has(id)) return;
    const assembled = this.#assembler.add(id, bytes, more);
    if (assembled.kind === 'tooLarge') {
      this.close(CLOSE.tooLarge, 'A message is larger than the limit.');
      return;
    }
    if (assembled.kind === 'more') return;
    const opening = this.#openings.get(id);
    if (opening) {
      opening.weight += assembled.message.length;
      this.reading(assembled.message.length);
      if (opening.weight > LIMITS.frame)
        this.close(CLOSE.tooLarge, 'Too much was sent to a room that is still loading.');
      else opening.kept.push(new Uint8Array(assembled.message));
      return;
    }
    this.#channels.get(id)?.receive(assembled.message);
  }

  #isOurs(id: number): boolean {
    return id % 2 === (this.#options.dialing ? 1 : 0);
  }

  async #openForThem(id: number, purpose: ChannelPurpose, room: string): Promise<void> {
    const { source, workspace, principal } = this.#options;
    if (this.#isOurs(id) || id === 0 || this.#channels.has(id) || this.#openings.has(id)) {
      this.broken('a channel number cannot be used');
      return;
    }
    const refuse = (code: number, reason: string): void =>
      this.#writer.control({ kind: 'refused', channel: id, code, reason });
    if (this.channels >= LIMITS.channels) {
      refuse(CLOSE.tooMany, 'Too many rooms are open on this link.');
      return;
    }
    if (this.#loading >= LIMITS.channels) {
      this.close(CLOSE.tooMany, 'Rooms are opened faster than they can be loaded.');
      return;
    }
    const name = `${workspace}/${room}`;
    if (!parseRoomName(name)) {
      refuse(CLOSE.forbidden, 'This room cannot be opened.');
      return;
    }
    const opening: Opening = { kept: [], weight: 0 };
    this.#openings.set(id, opening);
    this.#loading += 1;
    const outcome = await source.open(name, principal).finally(() => {
      this.#loading -= 1;
      this.reading(-opening.weight);
    });
    if (this.#ended || this.#openings.get(id) !== opening) {
      if (outcome.kind === 'open') outcome.room.dispose();
      return;
    }
    this.#openings.delete(id);
    if (outcome.kind === 'refused') {
      this.#assembler.drop(id);
      refuse(outcome.code, outcome.reason);
      return;
    }
    this.#writer.control({ kind: 'opened', channel: id }, purpose === 'live');
    const channel = this.#begin(id, outcome.room, purpose);
    for (const message of opening.kept) channel.receive(message);
  }

  #endChannel(channel: RoomChannel, code: number, reason: string): void {
    this.#forget(channel);
    if (this.#isOurs(channel.id)) this.#events.onChannelEnd(channel, code, reason);
  }

  #forget(channel: RoomChannel): void {
    this.#channels.delete(channel.id);
    this.#accepted.delete(channel.id);
    this.#assembler.drop(channel.id);
    this.#writer.drop(channel.id);
    channel.dispose();
  }

  #end(close: TransportClose): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#held.dispose();
    this.#openings.clear();
    for (const channel of this.#channels.values()) {
      if (isFinalClose(close.code)) channel.dispose();
      else channel.lose();
    }
    this.#channels.clear();
    this.#options.logger.log('info', 'link-end', { code: close.code, reason: close.reason });
    this.#events.onEnd(close);
  }
}
