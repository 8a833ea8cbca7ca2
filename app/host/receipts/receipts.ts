// Follows what this computer writes and who comes to hold it, by room and sitting (docs/storage.md, RC1 to RC6). It claims nothing that no acknowledgement says.
import { toWireError } from '../../../shared/base/app-error.ts';
import type { Clock } from '../../../shared/base/clock.ts';
import { DisposableStore, type Disposable } from '../../../shared/base/disposable.ts';
import { fromUtf8, utf8 } from '../../../shared/base/encoding.ts';
import { Emitter, type Event } from '../../../shared/base/emitter.ts';
import type { Logger } from '../../../shared/base/logger.ts';
import type { ValueStore, ValueWrite } from '../../../shared/hub/value-store.ts';
import type { HubReceipt, ReceiptFacts } from '../../../shared/link/hub-receipt.ts';
import type { Principal, RoomSource } from '../../../shared/link/room-source.ts';
import { parseRoomName } from '../../../shared/protocol/room-name.ts';
import { parseJson } from '../data-folder.ts';
import {
  edited,
  holdersOfSittings,
  lastEdit,
  missed,
  NO_ROW,
  published,
  receiptRow,
  receipted,
  unreceipted,
  type ReceiptRow,
  type SittingHolders,
} from './receipt-row.ts';

/** What receipts need of a link to a relay. */
export interface ReceiptLink {
  receipt(room: string, number: number): Promise<HubReceipt | null>;
  receiptFacts(space: string): ReceiptFacts;
  loaded(): Promise<void>;
}
export interface ReceiptWorkspace {
  readonly id: string;
  readonly link: ReceiptLink | null;
  readonly onChange: Event<string>;
}

export interface ReceiptsParts {
  readonly values: ValueStore;
  readonly source: Pick<RoomSource, 'onChange' | 'changes' | 'heads'>;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where it is stored; receipts of two kinds stand beside each other (RC8). */
  readonly kind?: 'receipts' | 'peer-receipts';
}

/** With what is remembered of other hubs: a repair numbers rooms anew and empties it (UP5), as does a copied folder. */
const AREA = 'link';
/** Rooms of which is remembered what was written here, the newest. */
const MOST = 5_000;
/** Milliseconds for which changes are collected before receipts are asked for, and before they are stored. */
const LOOK = 100;
const SAVE = 1_000;
const PAGE = 500;

export class Receipts {
  readonly #parts: ReceiptsParts;
  readonly #rows = new Map<string, ReceiptRow>();
  /** Rooms with changes that no good receipt is known for. */
  readonly #open = new Set<string>();
  /** By `<workspace>/<space>`, the newest change that is in the rows. */
  readonly #reached = new Map<string, number>();
  readonly #dirty = new Set<string>();
  /** Spaces in which something is beyond what is stored of `#reached`. */
  readonly #moved = new Set<string>();
  readonly #workspaces = new Map<string, ReceiptWorkspace>();
  readonly #ready = new Map<string, Promise<void>>();
  /** What was written in workspaces of which the stored rows are not read yet. */
  readonly #early = new Map<string, { readonly room: string; readonly number: number; readonly at: number }[]>();
  readonly #held = new DisposableStore();
  readonly #changes = new Emitter<string>();
  /** What is known of who holds something here became different; the value is the workspace. */
  readonly onChange: Event<string> = this.#changes.event;
  #looks = new Map<string, Disposable>();
  #looking: Promise<void> = Promise.resolve();
  #saveTimer: Disposable | null = null;
  #saving: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: ReceiptsParts) {
    this.#parts = parts;
    this.#held.add(
      parts.source.onChange((changes) => {
        for (const { room, number, forwarded } of changes) this.#changed(room, number, forwarded);
      }),
    );
  }

  /** Takes over what is stored of a workspace, and follows it. Whoever asks of() meanwhile waits for it. */
  watch(workspace: ReceiptWorkspace): void {
    this.#workspaces.set(workspace.id, workspace);
    this.#early.set(workspace.id, this.#early.get(workspace.id) ?? []);
    const ready = this.#load(workspace.id)
      .catch((error: unknown) => {
        // Nothing is claimed of what cannot be read.
        this.#failed('receipts-not-read', workspace.id, error);
      })
      .then(() => {
        const early = this.#early.get(workspace.id) ?? [];
        this.#early.delete(workspace.id);
        for (const { room, number, at } of early) this.#edited(room, number, at);
      });
    this.#ready.set(workspace.id, ready);
    this.#held.add(
      workspace.onChange((part) => {
        if (part === 'truths') this.#look(workspace.id, false);
        else if (part === 'holders') this.#look(workspace.id, true);
      }),
    );
    void ready.then(() => this.#look(workspace.id, true));
  }

  /** What was written in a room on this computer, by sitting, newest first, and who holds it, as far as anybody told. */
  async of(room: string): Promise<readonly SittingHolders[]> {
    const address = parseRoomName(room);
    const workspace = address && this.#workspaces.get(address.workspace);
    if (!workspace) return [];
    await this.#ready.get(workspace.id);
    await workspace.link?.loaded();
    await this.#attend(workspace, room);
    const row = this.#rows.get(room);
    if (!row) return [];
    return holdersOfSittings(row, factsOf(workspace, address.space), address.document);
  }

  /** What is remembered of a workspace's relays was taken away: so is what rests on it. */
  forget(workspace: string): void {
    for (const map of [this.#rows, this.#reached]) {
      for (const key of [...map.keys()]) if (key.startsWith(`${workspace}/`)) map.delete(key);
    }
    for (const set of [this.#open, this.#dirty, this.#moved]) {
      for (const room of [...set]) if (room.startsWith(`${workspace}/`)) set.delete(room);
    }
  }

  /** The workspace is on this computer no more; its values are removed with what else is remembered of its relays. */
  leave(workspace: string): void {
    this.#looks.get(workspace)?.dispose();
    this.#looks.delete(workspace);
    this.#workspaces.delete(workspace);
    this.forget(workspace);
  }

  /** The room was purged. */
  drop(room: string): void {
    if (!this.#rows.delete(room)) return;
    this.#open.delete(room);
    this.#touch(room);
  }

  /** Resolves when all that could be learned by now is taken in. */
  async settled(): Promise<void> {
    await Promise.all(this.#ready.values());
    await this.#looking;
  }

  /** Resolves when what is known is stored, or could not be. */
  async close(): Promise<void> {
    this.#held.dispose();
    for (const look of this.#looks.values()) look.dispose();
    this.#looks.clear();
    this.#closed = true;
    await this.#looking;
    this.#saveTimer?.dispose();
    this.#save();
    await this.#saving;
    this.#changes.clear();
  }

  #changed(room: string, number: number, forwarded: boolean): void {
    const address = parseRoomName(room);
    if (!address || address.space.startsWith('~')) return;
    const { workspace } = address;
    const space = `${workspace}/${address.space}`;
    this.#reached.set(space, Math.max(number, this.#reached.get(space) ?? 0));
    // What came from others is noted with what is stored next.
    this.#moved.add(space);
    if (forwarded) return;
    const at = this.#parts.clock.now();
    const early = this.#early.get(workspace) ?? (this.#workspaces.has(workspace) ? null : []);
    if (!early) return this.#edited(room, number, at);
    // Of a workspace that is being made; one that does not come about leaves no more than this.
    if (early.length < PAGE) early.push({ room, number, at });
    this.#early.set(workspace, early);
  }

  #edited(room: string, number: number, at: number): void {
    this.#set(room, edited(this.#rows.get(room) ?? NO_ROW, number, at));
    this.#open.add(room);
  }

  #set(room: string, row: ReceiptRow): void {
    if (this.#rows.get(room) === row) return;
    // Behind all others: the one that was touched longest ago comes first in the map.
    this.#rows.delete(room);
    this.#rows.set(room, row);
    this.#touch(room);
    if (this.#rows.size <= MOST) return;
    const oldest = this.#rows.keys().next().value;
    if (oldest !== undefined) this.drop(oldest);
  }

  #touch(room: string): void {
    this.#dirty.add(room);
    if (this.#closed) return;
    this.#saveTimer ??= this.#parts.clock.after(SAVE, () => {
      this.#saveTimer = null;
      this.#save();
    });
  }

  #look(workspace: string, everything: boolean): void {
    if (this.#closed) return;
    const timer = everything ? `${workspace} holders` : workspace;
    if (this.#looks.has(timer)) return;
    this.#looks.set(
      timer,
      this.#parts.clock.after(LOOK, () => {
        this.#looks.delete(timer);
        const known = this.#workspaces.get(workspace);
        if (!known) return;
        this.#looking = this.#looking
          .then(() => this.#lookAt(known, everything))
          .catch((error: unknown) => {
            // What was not learned now is learned with what comes next.
            this.#failed('receipts-not-learned', workspace, error);
          });
      }),
    );
  }

  async #lookAt(workspace: ReceiptWorkspace, everything: boolean): Promise<void> {
    await this.#ready.get(workspace.id);
    const prefix = `${workspace.id}/`;
    let news = false;
    for (const room of everything ? [...this.#rows.keys()] : [...this.#open]) {
      if (this.#closed) return;
      if (room.startsWith(prefix)) news = (await this.#attend(workspace, room)) || news;
    }
    if (news || everything) this.#changes.fire(workspace.id);
  }

  /** Whether anything was learned of the room. */
  async #attend(workspace: ReceiptWorkspace, room: string): Promise<boolean> {
    const address = parseRoomName(room);
    const { link } = workspace;
    const before = this.#rows.get(room);
    if (!address || !link || !before) return false;
    for (const number of unreceipted(before, link.receiptFacts(address.space))) {
      const receipt = await link.receipt(room, number);
      const row = this.#rows.get(room);
      if (receipt && row) this.#set(room, receipted(row, number, receipt, this.#parts.clock.now()));
    }
    const row = this.#rows.get(room);
    // Of a link that was replaced, or has not begun, nothing is learned and nothing becomes void.
    const facts = link.receiptFacts(address.space);
    if (!row || workspace.link !== link || facts.hub === '') return false;
    const now = published(row, facts, address.document, this.#parts.clock.now());
    this.#set(room, now);
    if (unreceipted(now, facts).length === 0) this.#open.delete(room);
    else this.#open.add(room);
    return now !== before;
  }

  async #load(workspace: string): Promise<void> {
    const { values, source, principal } = this.#parts;
    const prefix = this.#keyOf(workspace, '');
    const reached = new Map<string, number>();
    const stored: [string, ReceiptRow][] = [];
    for await (const [key, value] of values.entries(AREA, prefix)) {
      const [kind, ...rest] = key.slice(prefix.length).split('/');
      const content = parseJson(fromUtf8(value) ?? '');
      const row = receiptRow.safeParse(content);
      if (kind === 'room' && row.success) stored.push([rest.join('/'), row.data]);
      else if (kind === 'at' && typeof content === 'number') reached.set(rest.join('/'), content);
    }
    for (const [room, row] of stored.sort((a, b) => lastEdit(a[1]) - lastEdit(b[1]))) {
      this.#rows.set(room, row);
      this.#open.add(room);
    }
    for (const { space } of await source.heads(workspace, principal)) {
      const after = reached.get(`${workspace}/${space}`);
      if (after !== undefined) await this.#catchUp(workspace, space, after);
    }
  }

  /** RC2: what an earlier run stored and did not note before it ended. */
  async #catchUp(workspace: string, space: string, from: number): Promise<void> {
    const key = `${workspace}/${space}`;
    for (let after = from; ;) {
      const changes = await this.#parts.source.changes(workspace, space, after, PAGE);
      for (const { room, number } of changes) {
        const row = this.#rows.get(room);
        if (row) this.#set(room, missed(row, number));
      }
      const last = changes.at(-1);
      if (!last) return;
      after = last.number;
      this.#reached.set(key, Math.max(after, this.#reached.get(key) ?? 0));
      this.#moved.add(key);
      if (changes.length < PAGE) return;
    }
  }

  #save(): void {
    const [rooms, spaces] = [[...this.#dirty], [...this.#moved]];
    this.#dirty.clear();
    this.#moved.clear();
    if (rooms.length === 0 && spaces.length === 0) return;
    const writes = rooms.map((room): ValueWrite => {
      const row = this.#rows.get(room);
      return {
        area: AREA,
        key: this.#keyOf(workspaceOf(room), `room/${room}`),
        value: row ? utf8(JSON.stringify(row)) : null,
      };
    });
    // Together with the rows: what is beyond it was not noted.
    for (const space of spaces) {
      const reached = this.#reached.get(space) ?? 0;
      writes.push({
        area: AREA,
        key: this.#keyOf(workspaceOf(space), `at/${space}`),
        value: utf8(JSON.stringify(reached)),
      });
    }
    this.#saving = this.#saving
      .then(() => this.#parts.values.write(writes))
      .catch((error: unknown) => {
        for (const room of rooms) this.#dirty.add(room);
        for (const space of spaces) this.#moved.add(space);
        this.#failed('receipts-not-stored', '', error);
      });
  }

  #keyOf(workspace: string, name: string): string {
    return `${workspace}/${this.#parts.kind ?? 'receipts'}/${name}`;
  }

  #failed(event: string, workspace: string, error: unknown): void {
    this.#parts.logger.log('warn', event, { workspace, code: toWireError(error).code });
  }
}

function factsOf({ link }: ReceiptWorkspace, space: string): ReceiptFacts {
  return link?.receiptFacts(space) ?? { hub: '', turn: 0, holders: [] };
}

function workspaceOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
