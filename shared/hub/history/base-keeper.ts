// Keeps what a room held before anything of it was recorded (a base, rule SG14), before a merging would collect it. It rebuilds nothing.
import * as encoding from 'lib0/encoding';
import { toWireError } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { readTotally } from '../../protocol/byte-reader.ts';
import { parseRoomName } from '../../protocol/room-name.ts';
import type { DocStore } from '../doc-store.ts';
import type { Merging } from '../edit-recorder.ts';
import { readUpdateFacts } from '../update-facts.ts';
import { readLayout } from '../update-layout.ts';
import type { ValueWrite } from '../value-store.ts';
import { gaps, RangesByClient } from './clock-ranges.ts';
import { PENDING_AREA, readPendingRow } from './pending-rows.ts';
import { decodeSegment, encodeSegmentBody, joinSignature } from './segment.ts';
import type { SegmentSigner } from './segment-signer.ts';

/** By room: whether the room's base was decided on, or since when it waits. */
export const BASE_AREA = 'history-base';
const FORMAT = 1;
/** Milliseconds for which segments of other hubs are waited for: a session lasts half an hour at most, and travels after text. */
export const BASE_PATIENCE = 2 * 60 * 60 * 1000;

export interface BaseKeeperOptions {
  readonly store: DocStore;
  readonly signer: SegmentSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onKept: (room: string, number: number) => void;
}

type Mark = { readonly kind: 'waiting'; readonly since: number } | { readonly kind: 'decided' };

/** What the segments and pending rows of a room cover. */
interface Covered {
  readonly ranges: RangesByClient;
  /** Something was edited at this hub. */
  readonly own: boolean;
  /** When the first of all that is covered came. */
  readonly since: number;
}

export class BaseKeeper {
  readonly #options: BaseKeeperOptions;
  /** Rooms that are decided: no disk is asked again. */
  readonly #decided = new Set<string>();

  constructor(options: BaseKeeperOptions) {
    this.#options = options;
  }

  /**
   * Whether what was deleted in a room may be collected now. It may while nothing of it was recorded here, once a base is
   * durable, and where the segments cover all of it. Never throws: where it cannot be told, nothing is collected.
   */
  async mayCollect(room: string, merging: Merging): Promise<boolean> {
    if (this.#decided.has(room)) return true;
    try {
      const collect = await this.#decide(room, merging);
      return collect;
    } catch (error) {
      this.#options.logger.log('warn', 'base-not-kept', { room, code: toWireError(error).code });
      // Making room comes first: a document that is full takes no word at all.
      return merging.urgent;
    }
  }

  async #decide(room: string, merging: Merging): Promise<boolean> {
    const { store, clock } = this.#options;
    const mark = readMark(await store.values.get(BASE_AREA, room));
    if (mark?.kind === 'decided') return this.#remember(room);
    const covered = await this.#covered(room);
    if (!covered.own) return true;
    const now = clock.now();
    const whole = [...merging.clocks].every(([client, end]) => gaps(covered.ranges.of(client), end).length === 0);
    if (whole) {
      await store.values.write([writeMark(room, { kind: 'decided' })]);
      return this.#remember(room);
    }
    const since = mark?.since ?? now;
    if (!merging.urgent && Math.abs(now - since) < BASE_PATIENCE) {
      if (!mark) await store.values.write([writeMark(room, { kind: 'waiting', since })]);
      return false;
    }
    await this.#keep(room, merging, covered);
    return this.#remember(room);
  }

  async #keep(room: string, merging: Merging, { since }: Covered): Promise<void> {
    const { store, signer, clock, logger, onKept } = this.#options;
    const update = await merging.whole();
    const done = [writeMark(room, { kind: 'decided' })];
    const bytes = update && (await signBase(signer, { room, since, madeAt: clock.now(), update }));
    if (!bytes) {
      logger.log('warn', 'base-too-large', { room });
      await store.values.write(done);
      return;
    }
    const hash = await signer.hash(bytes);
    const endedAt = decodeSegment(bytes)?.endedAt ?? since;
    const number = await store.segments.add({ hash, room, endedAt }, bytes, done);
    if (number !== null) onKept(room, number);
  }

  #remember(room: string): true {
    this.#decided.add(room);
    return true;
  }

  /** Rows first: a session that is cut meanwhile is then read twice, and not never. */
  async #covered(room: string): Promise<Covered> {
    const { store, signer } = this.#options;
    const ranges = new RangesByClient();
    let own = false;
    let since = Infinity;
    const add = (update: Uint8Array): void => {
      // A walk over its bytes, where nothing is missing in it: facts of a million structs hold everybody up for half a second.
      const sections = readLayout(update)?.sections;
      for (const section of sections ?? []) ranges.add(section.client, section);
      for (const [client, structs] of (sections ? null : readUpdateFacts(update)?.structs) ?? []) {
        for (const struct of structs) ranges.add(client, struct);
      }
    };
    for await (const [, value] of store.values.entries(PENDING_AREA, `${room}/`)) {
      own = true;
      for (const { at, update } of readPendingRow(value)?.updates ?? []) {
        since = Math.min(since, at);
        add(update);
      }
    }
    const workspace = parseRoomName(room)?.workspace ?? '';
    for (const hash of await store.segments.ofRoom(room)) {
      const bytes = await store.segments.read(workspace, hash);
      const segment = bytes && decodeSegment(bytes);
      if (!segment) continue;
      own ||= !segment.base && equal(segment.signer, signer.publicKey);
      since = Math.min(since, segment.startedAt);
      for (const { update } of segment.updates) add(update);
    }
    return { ranges, own, since };
  }
}

/** A base as a signed segment, or null when it is larger than any segment may be. @param update the room's whole content. */
export async function signBase(
  signer: SegmentSigner,
  base: { readonly room: string; readonly since: number; readonly madeAt: number; readonly update: Uint8Array },
): Promise<Uint8Array | null> {
  const { room, since, madeAt, update } = base;
  if (update.length > LIMITS.document) return null;
  // A clock that was set back must not make it end before it begins.
  const endedAt = Math.max(since, madeAt);
  const body = encodeSegmentBody({
    base: true,
    room,
    device: '',
    member: '',
    signer: signer.publicKey,
    startedAt: since,
    endedAt,
    // Whoever wrote in it, it claims nobody's authorship.
    clients: [],
    updates: [{ at: endedAt, update }],
  });
  return joinSignature(body, await signer.sign(body));
}

function writeMark(room: string, mark: Mark): ValueWrite {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarUint(encoder, mark.kind === 'decided' ? 1 : 0);
  encoding.writeVarUint(encoder, mark.kind === 'decided' ? 0 : mark.since);
  return { area: BASE_AREA, key: room, value: encoding.toUint8Array(encoder) };
}

/** Null for what is not there, or no version up to this one wrote. */
function readMark(value: Uint8Array | null): Mark | null {
  return (
    value &&
    readTotally(value, (reader): Mark | null => {
      if (reader.varUint() !== FORMAT) return null;
      const decided = reader.varUint() === 1;
      return decided ? { kind: 'decided' } : { kind: 'waiting', since: reader.varUint() };
    })
  );
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
