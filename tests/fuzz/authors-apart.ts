// Authors with a host each, who write apart and now and then meet through a relay; what they typed and deleted is written down.
import * as Y from 'yjs';
import { memoryStore, Program, type OpenStore } from './convergence-host.ts';
import { ScenarioTime } from './convergence-time.ts';
import { WORKSPACE } from './convergence-scenario.ts';
import { hashOf, storedDocument } from './stored-state.ts';
import type { RoomHandle } from '../../shared/link/room-source.ts';
import { linkHubs, NOBODY, type Linked } from '../support/linked-hubs.ts';

const ROOM = `${WORKSPACE}/one/page`;
const FROM_HUB = 'hub';

/** Every character that was ever inserted, by the id of its item, and every id that was deleted. */
class Ledger {
  readonly #inserted: { readonly client: number; readonly clock: number; readonly text: string }[] = [];
  readonly #deleted = new Map<number, Set<number>>();

  watch(doc: Y.Doc): void {
    // Before Yjs collects what the transaction deleted.
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (transaction.origin === FROM_HUB) return;
      for (const [client, ranges] of transaction.deleteSet.clients) {
        const ids = this.#deleted.get(client) ?? new Set();
        for (const { clock, len } of ranges) for (let at = clock; at < clock + len; at += 1) ids.add(at);
        this.#deleted.set(client, ids);
      }
      const before = transaction.beforeState.get(doc.clientID) ?? 0;
      const structs = doc.store.clients.get(doc.clientID) ?? [];
      for (let at = structs.length - 1; at >= 0 && structs[at]!.id.clock >= before; at -= 1) {
        const item = structs[at]!;
        if (!(item instanceof Y.Item) || !(item.content instanceof Y.ContentString) || item.parentSub !== null)
          continue;
        this.#inserted.push({ client: doc.clientID, clock: item.id.clock, text: item.content.str });
      }
    });
  }

  /** How often each character must be there, when all have met. */
  expected(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { client, clock, text } of this.#inserted) {
      const deleted = this.#deleted.get(client);
      for (let at = 0; at < text.length; at += 1) {
        if (deleted?.has(clock + at)) continue;
        const unit = text.charAt(at);
        counts.set(unit, (counts.get(unit) ?? 0) + 1);
      }
    }
    return counts;
  }
}

export class Author {
  readonly doc = new Y.Doc();
  readonly program: Program;
  readonly linked: Linked;
  readonly #handle: RoomHandle;
  #waiting = 0;
  #fault: Error | null = null;

  constructor(client: number, program: Program, linked: Linked, handle: RoomHandle, ledger: Ledger) {
    this.doc.clientID = client;
    this.program = program;
    this.linked = linked;
    this.#handle = handle;
    ledger.watch(this.doc);
    handle.onUpdate(({ update, origins }) => {
      if (!(origins.size === 1 && origins.has(this))) Y.applyUpdate(this.doc, update, FROM_HUB);
    });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== FROM_HUB) void this.#send(update, this);
    });
  }

  /** What the author typed is durable, and what came is shown. */
  get isQuiet(): boolean {
    if (this.#fault) throw this.#fault;
    return this.#waiting === 0;
  }

  /** Hands the author's host somebody else's updates, as a link does. */
  receive(update: Uint8Array): void {
    void this.#send(update, {});
  }

  async #send(update: Uint8Array, origin: object): Promise<void> {
    this.#waiting += 1;
    const { kind } = await this.#handle.apply(update, origin);
    this.#waiting -= 1;
    if (kind !== 'stored' && kind !== 'unchanged') this.#fault ??= new Error(`a host answered ${kind}`);
  }
}

/** A program whose disk is as quick as it can be. */
function started({ clock, disks }: ScenarioTime, open: OpenStore): Promise<Program> {
  return Program.start({ open, clock, disks, random: () => 0, happened: { compactions: 0, lostWrites: 0 } });
}

/** A program's store, by its name. */
export type Stores = (name: string) => OpenStore;

export class Authors {
  readonly time: ScenarioTime;
  readonly #ledger = new Ledger();
  readonly #authors = new Map<string, Author>();
  readonly #relay: Program;
  readonly #random: () => number;
  readonly #stores: Stores;

  private constructor(time: ScenarioTime, relay: Program, random: () => number, stores: Stores) {
    this.time = time;
    this.#relay = relay;
    this.#random = random;
    this.#stores = stores;
  }

  /**
   * @param random decides who meets the relay first, and makes client ids.
   * @param stores where each host's documents are kept, and the relay's.
   */
  static async begin(random: () => number, stores: Stores = memoryStore): Promise<Authors> {
    const time = new ScenarioTime(() => 'authors and their relay');
    return new Authors(time, await time.drive(started(time, stores('relay'))), random, stores);
  }

  /** The author of a name, with a host that is not connected; one who is new has nothing before the next meeting. */
  async author(name: string): Promise<Author> {
    const known = this.#authors.get(name);
    if (known) return known;
    const { clock } = this.time;
    const program = await this.time.drive(started(this.time, this.#stores(`host-${String(this.#authors.size)}`)));
    const linked = linkHubs(program.hub, () => this.#relay.hub, {
      workspace: WORKSPACE,
      clock,
      memory: program.memory(),
    });
    linked.reachable = false;
    await this.time.drive(linked.link.start());
    const opened = await this.time.drive(program.hub.open(ROOM, NOBODY));
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const client = 1 + Math.floor(this.#random() * 4e6) * 1_000 + this.#authors.size;
    const author = new Author(client, program, linked, opened.room, this.#ledger);
    this.#authors.set(name, author);
    return author;
  }

  quiet(): Promise<void> {
    const all = [...this.#authors.values()];
    return this.time.until(() => all.every((author) => author.isQuiet));
  }

  /** Everybody (or these) connects, one after another in any order, until all have everything; then all are apart again. */
  async meet(names: Iterable<string> = this.#authors.keys()): Promise<void> {
    await this.quiet();
    const order = [...names]
      .flatMap((name) => this.#authors.get(name) ?? [])
      .map((author) => ({ author, place: this.#random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ author }) => author);
    for (const { linked } of order) {
      linked.reachable = true;
      linked.link.retryNow();
      await this.time.drive(linked.link.settled());
    }
    await this.time.drive(Promise.all(order.map(({ linked }) => linked.link.settled())));
    for (const { linked } of order) {
      linked.reachable = false;
      linked.pipe().cut();
    }
  }

  /** What is wrong now that all have met; [] when all hold the same, and every character that nobody deleted. */
  async faults(): Promise<string[]> {
    const faults: string[] = [];
    const relay = await this.time.drive(storedDocument(this.#relay.hub, ROOM));
    const hash = hashOf(relay);
    const text = relay.getText('body').toString();
    for (const [name, { doc, program, linked }] of this.#authors) {
      const stored = await this.time.drive(storedDocument(program.hub, ROOM));
      if (stored.store.pendingStructs || stored.store.pendingDs) faults.push(`${name}: something pends`);
      if (hashOf(stored) !== hash) faults.push(`${name}: another state than the relay’s`);
      if (stored.getText('body').toString() !== text) faults.push(`${name}: another text than the relay’s`);
      if (doc.getText('body').toString() !== text) faults.push(`${name}: the window shows another text`);
      if (linked.link.outbox().length > 0) faults.push(`${name}: something waits in the outbox`);
    }
    const expected = this.#ledger.expected();
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charAt(at);
      expected.set(unit, (expected.get(unit) ?? 0) - 1);
    }
    for (const [unit, missing] of expected) {
      if (missing !== 0) faults.push(`${JSON.stringify(unit)}: ${String(missing)} missing`);
    }
    return faults;
  }

  /** The text that the relay holds. */
  async text(): Promise<string> {
    return (await this.time.drive(storedDocument(this.#relay.hub, ROOM))).getText('body').toString();
  }

  async end(): Promise<void> {
    const all = [...this.#authors.values()];
    await this.time.drive(Promise.all(all.map(({ linked }) => linked.link.close())));
    await this.time.drive(Promise.all([...all.map(({ program }) => program.close()), this.#relay.close()]));
  }
}
