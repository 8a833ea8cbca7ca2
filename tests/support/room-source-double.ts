// An in-memory RoomSource with a Y.Doc per room, for tests of the link alone; the hub is the real one. Faults by command.
import * as Y from 'yjs';
import { disposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/emitter.ts';
import { randomId } from '../../shared/base/random-id.ts';
import { DeleteSet } from '../../shared/hub/delete-set.ts';
import { decodeStateVector, Knowledge } from '../../shared/hub/knowledge.ts';
import { digestOf } from '../../shared/hub/room-digest.ts';
import { LinkOrigin } from '../../shared/link/room-channel.ts';
import { parseRoomName } from '../../shared/protocol/room-name.ts';
import type {
  ApplyOutcome,
  Change,
  OpenOutcome,
  Origin,
  PresenceUpdate,
  RoomDigest,
  RoomHandle,
  RoomRight,
  RoomSource,
  RoomUpdate,
  SourceChange,
  SpaceHead,
} from '../../shared/link/room-source.ts';

interface Room {
  readonly name: string;
  readonly space: string;
  readonly doc: Y.Doc;
  number: number;
  readonly updates: Emitter<RoomUpdate>;
  readonly presence: Emitter<PresenceUpdate>;
  readonly gone: Emitter<{ code: number; reason: string }>;
  readonly present: Map<Origin, Uint8Array>;
  due: { updates: Uint8Array[]; origins: Set<Origin>; announced: Promise<void> } | null;
}

export class RoomSourceDouble implements RoomSource {
  readonly hub: string;
  epoch = randomId();
  readonly #rooms = new Map<string, Room>();
  readonly #heads = new Map<string, number>();
  readonly #changes = new Emitter<readonly SourceChange[]>();
  readonly #rights = new Emitter<void>();
  readonly onRights = this.#rights.event;
  readonly #epochs: { epoch: string; ends: Map<string, number> | null }[] = [];
  readonly #workspace: string;
  /** Every apply is answered with it while it is set. */
  failing: ApplyOutcome | null = null;
  /** Awaited before a room is open, and before an update is judged: a slow disk. */
  loading: Promise<void> = Promise.resolve();
  storing: Promise<void> = Promise.resolve();
  /** Bytes of the updates that it was given. */
  given = 0;
  /** Rooms that are not opened for links. */
  readonly refused = new Map<string, number>();
  /** Rooms whose updates are refused. */
  readonly readOnly = new Set<string>();
  /** Rooms that are nobody's any more, and still listed. */
  readonly purged = new Set<string>();
  /** Spaces that links may not hear of. */
  readonly hidden = new Set<string>();
  /** Spaces that links may read alone. */
  readonly viewed = new Set<string>();
  /** How many times a room was opened for a link. */
  opened = 0;
  /** How many digests were asked for. */
  digested = 0;
  held = 0;

  constructor(workspace: string, hub = randomId()) {
    this.#workspace = workspace;
    this.hub = hub;
    this.#epochs.push({ epoch: this.epoch, ends: null });
  }

  /** Subscriptions to its events. */
  get listeners(): number {
    let count = this.#changes.size + this.#rights.size;
    for (const { updates, presence, gone } of this.#rooms.values()) count += updates.size + presence.size + gone.size;
    return count;
  }

  /** As a start of the program does. */
  newEpoch(): void {
    const last = this.#epochs.at(-1);
    if (last) last.ends = new Map(this.#heads);
    this.epoch = randomId();
    this.#epochs.push({ epoch: this.epoch, ends: null });
  }

  /** As after a repair: everything is here, and no cursor holds. */
  forgetEpochs(): void {
    this.#epochs.length = 0;
    this.newEpoch();
  }

  /** As when a backup is restored over it: everything since the snapshot is gone, and a new epoch begins. */
  snapshot(): () => void {
    const rooms = [...this.#rooms].map(([name, room]) => [name, Y.encodeStateAsUpdate(room.doc), room.number] as const);
    const heads = new Map(this.#heads);
    const epoch = this.epoch;
    return () => {
      this.#rooms.clear();
      this.#heads.clear();
      for (const [space, number] of heads) this.#heads.set(space, number);
      for (const [name, update, number] of rooms) {
        const room = this.#room(name);
        Y.applyUpdate(room.doc, update, 'restored');
        room.number = number;
      }
      this.#epochs.splice(this.#epochs.findIndex((known) => known.epoch === epoch) + 1);
      this.newEpoch();
    };
  }

  /** Edits as a window does: durable at once, announced after. */
  edit(room: string, change: (doc: Y.Doc) => void): void {
    const known = this.#room(room);
    const updates: Uint8Array[] = [];
    const collect = (update: Uint8Array): void => void updates.push(update);
    known.doc.on('update', collect);
    known.doc.transact(() => change(known.doc));
    known.doc.off('update', collect);
    for (const update of updates) this.#stored(known, update, this);
  }

  type(room: string, text: string): void {
    this.edit(room, (doc) => doc.getText('body').insert(doc.getText('body').length, text));
  }

  /** Takes over what another hub holds of a room, as by a bundle: durable, and announced as a change of its own. */
  take(room: string, from: RoomSourceDouble): void {
    this.edit(room, (doc) => Y.applyUpdate(doc, from.state(room)));
  }

  text(room: string): string {
    return this.#rooms.get(room)?.doc.getText('body').toJSON() ?? '';
  }

  roomNames(): string[] {
    return [...this.#rooms.keys()].sort();
  }

  state(room: string): Uint8Array {
    return Y.encodeStateAsUpdate(this.#room(room).doc);
  }

  announcePresence(room: string, update: Uint8Array, origin: Origin): void {
    const known = this.#room(room);
    known.present.set(origin, update);
    known.presence.fire({ update, origin });
  }

  presentIn(room: string): number {
    return this.#room(room).present.size;
  }

  takeAway(room: string, code: number): void {
    this.#room(room).gone.fire({ code, reason: 'taken away' });
  }

  async open(name: string): Promise<OpenOutcome> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.loading;
    this.opened += 1;
    const code = this.refused.get(name);
    if (code !== undefined || !parseRoomName(name)) return { kind: 'refused', code: code ?? 4403, reason: 'not here' };
    const room = this.#room(name);
    this.held += 1;
    const release = disposable(() => void (this.held -= 1));
    const handle: RoomHandle = {
      name,
      stateVector: () => Y.encodeStateVector(room.doc),
      diff: (vector) => Y.encodeStateAsUpdate(room.doc, vector),
      apply: (update, origin) => this.#apply(room, update, origin),
      get number() {
        return room.number;
      },
      onUpdate: room.updates.event,
      applyPresence: (update, origin) => {
        room.present.set(origin, update);
        room.presence.fire({ update, origin });
        return true;
      },
      dropPresence: (origin) => void room.present.delete(origin),
      losePresence: (origin) => void room.present.delete(origin),
      presence: () => [...room.present.values()].at(0) ?? null,
      onPresence: room.presence.event,
      onGone: room.gone.event,
      dispose: () => release.dispose(),
    };
    return { kind: 'open', room: handle };
  }

  may(right: RoomRight, room: string): boolean {
    const address = parseRoomName(room);
    if (!address || this.purged.has(room)) return false;
    return this.mayIn(right, address.workspace, address.space) && (right !== 'write' || !this.readOnly.has(room));
  }

  mayIn(right: RoomRight, _workspace: string, space: string): boolean {
    return !this.hidden.has(space) && (right !== 'write' || !this.viewed.has(space));
  }

  heads(): Promise<readonly SpaceHead[]> {
    const heads = [...this.#heads].filter(([space]) => !this.hidden.has(space));
    return Promise.resolve(heads.map(([space, number]) => ({ workspace: this.#workspace, space, number })));
  }

  /** Hides exactly these spaces from links from now on. */
  hide(...spaces: readonly string[]): void {
    this.hidden.clear();
    for (const space of spaces) this.hidden.add(space);
    this.#rights.fire();
  }

  /** From now on links may read exactly these spaces alone, and write in the others. */
  onlyShow(...spaces: readonly string[]): void {
    this.viewed.clear();
    for (const space of spaces) this.viewed.add(space);
    this.#rights.fire();
  }

  changes(_workspace: string, space: string, after: number, limit: number): Promise<readonly Change[]> {
    const changes = [...this.#rooms.values()]
      .filter((room) => room.space === space && room.number > after)
      .sort((a, b) => a.number - b.number)
      .slice(0, limit)
      .map(({ name, number }) => ({ room: name, number }));
    return Promise.resolve(changes);
  }

  async digests(rooms: readonly string[]): Promise<readonly (RoomDigest | null)[]> {
    // A turn later, as a store that reads would.
    await new Promise((resolve) => setImmediate(resolve));
    this.digested += rooms.length;
    return rooms.map((name) => {
      const room = this.#rooms.get(name);
      if (!room || room.number === 0) return null;
      const deletes = DeleteSet.decode(deletesOf(room.doc));
      const clocks = decodeStateVector(Y.encodeStateVector(room.doc));
      return deletes && clocks && { number: room.number, digest: digestOf(new Knowledge(clocks, deletes)) };
    });
  }

  knowsCursor(epoch: string, _workspace: string, space: string, number: number): Promise<boolean> {
    const known = this.#epochs.find((entry) => entry.epoch === epoch);
    return Promise.resolve(known !== undefined && number <= ((known.ends ?? this.#heads).get(space) ?? 0));
  }

  readonly onChange = this.#changes.event;

  #room(name: string): Room {
    const known = this.#rooms.get(name);
    if (known) return known;
    const room: Room = {
      name,
      space: parseRoomName(name)?.space ?? '',
      doc: new Y.Doc(),
      number: 0,
      updates: new Emitter(),
      presence: new Emitter(),
      gone: new Emitter(),
      present: new Map(),
      due: null,
    };
    this.#rooms.set(name, room);
    return room;
  }

  async #apply(room: Room, update: Uint8Array, origin: Origin): Promise<ApplyOutcome> {
    this.given += update.length;
    await new Promise((resolve) => setImmediate(resolve));
    await this.storing;
    if (this.failing) return this.failing;
    const before = Y.encodeStateAsUpdate(room.doc);
    const trial = new Y.Doc();
    Y.applyUpdate(trial, before);
    let changed: Uint8Array | null = null;
    trial.on('update', (change: Uint8Array) => void (changed = change));
    try {
      Y.applyUpdate(trial, update);
    } catch {
      return { kind: 'refused', code: 4400, reason: 'not an update' };
    }
    if (trial.store.pendingStructs !== null || trial.store.pendingDs !== null) return { kind: 'gap' };
    if (changed === null) return { kind: 'unchanged' };
    if (this.readOnly.has(room.name) || this.viewed.has(room.space))
      return { kind: 'refused', code: 4403, reason: 'read only' };
    Y.applyUpdate(room.doc, update, origin);
    const number = this.#stored(room, changed, origin);
    // Announced first, acknowledged after: as a hub does.
    await room.due?.announced;
    return { kind: 'stored', number };
  }

  #stored(room: Room, update: Uint8Array, origin: Origin): number {
    const number = (this.#heads.get(room.space) ?? 0) + 1;
    this.#heads.set(room.space, number);
    room.number = number;
    if (room.due) {
      room.due.updates.push(update);
      room.due.origins.add(origin);
      return number;
    }
    const due = { updates: [update], origins: new Set([origin]) };
    const announced = new Promise<void>((resolve) => {
      setImmediate(() => {
        room.due = null;
        room.updates.fire({ update: Y.mergeUpdates(due.updates), origins: due.origins });
        const forwarded = [...due.origins].every((origin) => origin instanceof LinkOrigin);
        const { name, space } = room;
        this.#changes.fire([{ workspace: this.#workspace, space, room: name, number: room.number, forwarded }]);
        resolve();
      });
    });
    room.due = { ...due, announced };
    return number;
  }
}

/** The delete set of a document: what stands behind the structs when it lacks none. */
function deletesOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc)).subarray(1);
}
