// A relay's folder with pages of which it is known what stood in them when, and what a store tells of it; for tests that kill the relay. It asserts nothing.
import { join } from 'node:path';
import * as Y from 'yjs';
import { loadOrCreateRelayKey } from '../../server/relay-key.ts';
import { FakeClock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import { History } from '../../shared/hub/history/history.ts';
import { encodeSegmentBody, joinSignature } from '../../shared/hub/history/segment.ts';
import type { SegmentSigner } from '../../shared/hub/history/segment-signer.ts';
import { RoomBytes } from '../../shared/hub/room-bytes.ts';
import { LevelDocStore } from '../../shared/node/level-doc-store.ts';
import { segmentSigner } from '../../shared/node/segment-signer.ts';

const [MINUTE, HOUR] = [60_000, 3_600_000];

/** What stood in a page at a time. */
export interface Moment {
  readonly at: number;
  readonly text: string;
}

export interface KnownPage {
  readonly room: string;
  readonly moments: readonly Moment[];
}

/** What a store tells of a page at one of its moments. */
export interface Told extends Moment {
  readonly room: string;
  readonly expected: string;
  readonly complete: boolean;
  /** Since when it says that it knows. */
  readonly since: number;
}

/** The store of a relay that does not run, with its history. */
export class RestingStore {
  readonly #store: LevelDocStore;
  readonly #signer: SegmentSigner;
  readonly #history: History;

  private constructor(store: LevelDocStore, signer: SegmentSigner, clock: FakeClock) {
    this.#store = store;
    this.#signer = signer;
    const retention = { days: 0, bytes: 0 };
    this.#history = new History({ store, signer, clock, logger: silentLogger, retention });
  }

  /** @param now what its clock says. */
  static async open(data: string, now: number): Promise<RestingStore> {
    const signer = segmentSigner(await loadOrCreateRelayKey(data));
    const store = await LevelDocStore.open({ directory: join(data, 'store') });
    return new RestingStore(store, signer, new FakeClock(now));
  }

  async close(): Promise<void> {
    await this.#history.close();
    await this.#store.close();
  }

  get bytesOfHistory(): number {
    return this.#history.counts.bytes;
  }

  /** A page that was recorded from its first letter: in each session its text is replaced by another of some kilobytes. */
  async recorded(room: string, sessions: number, from: number): Promise<KnownPage> {
    const doc = new Y.Doc({ gc: false });
    const moments: Moment[] = [];
    for (let session = 0; session < sessions; session += 1) {
      const body = doc.getText('body');
      const startedAt = from + session * HOUR;
      const updates = collecting(doc, () => {
        body.delete(0, body.length);
        body.insert(0, `${room} in its session ${session}: ${filling(session)}`);
      });
      for (const update of updates) await this.#store.append(room, update);
      const endedAt = await this.#segment(room, startedAt, updates);
      moments.push({ at: endedAt, text: body.toJSON() });
    }
    return { room, moments };
  }

  /** A page that is older than recording, whose old text was deleted since; its tail is long enough to be merged when it is opened. */
  async older(room: string, from: number): Promise<KnownPage> {
    const doc = new Y.Doc({ gc: false });
    const body = doc.getText('body');
    const before = collecting(
      doc,
      () => undefined,
      () => {
        for (let at = 0; at < 240; at += 1)
          body.insert(body.length, `${room} of old ${at} ${filling(at).slice(0, 1_000)} `);
      },
    );
    await Promise.all(before.map((update) => this.#store.append(room, update)));
    const written: Uint8Array[] = [...collecting(doc, () => body.insert(body.length, 'and now'))];
    const text = body.toJSON();
    written.push(...collecting(doc, () => body.delete(0, body.length - 3)));
    for (const update of written) await this.#store.append(room, update);
    await this.#segment(room, from, written);
    // As a merging finds it that comes hours after another one wanted to collect: others' sessions were waited for.
    const clocks = new RoomBytes(await this.#store.load(room)).clocks;
    const may = await this.#history.recorder.mayCollect(room, { clocks, urgent: false, whole: async () => null });
    if (may) throw new Error('nothing waits for a base');
    return { room, moments: [{ at: from, text }] };
  }

  /** Whether what was deleted there is collected. */
  async isMerged(room: string): Promise<boolean> {
    return (await this.#store.load(room))?.state !== null;
  }

  async told(pages: readonly KnownPage[]): Promise<readonly Told[]> {
    const told: Told[] = [];
    for (const { room, moments } of pages) {
      for (const { at, text: expected } of moments) {
        const { update, complete, since } = await this.#history.stateAt(room, at);
        const doc = new Y.Doc();
        Y.applyUpdate(doc, update);
        told.push({ room, at, expected, text: doc.getText('body').toJSON(), complete, since: since ?? Infinity });
        doc.destroy();
      }
    }
    return told;
  }

  /** One update a minute; answers when it ended. */
  async #segment(room: string, startedAt: number, updates: readonly Uint8Array[]): Promise<number> {
    const timed = updates.map((update, at) => ({ at: startedAt + at * MINUTE, update }));
    const endedAt = timed.at(-1)?.at ?? startedAt;
    const { publicKey: signer } = this.#signer;
    const who = { device: 'device', member: 'member', signer, clients: [] };
    const body = encodeSegmentBody({ base: false, room, ...who, startedAt, endedAt, updates: timed });
    const bytes = joinSignature(body, await this.#signer.sign(body));
    await this.#store.segments.add({ hash: await this.#signer.hash(bytes), room, endedAt }, bytes);
    return endedAt;
  }
}

/** The updates of each of these changes. */
function collecting(doc: Y.Doc, ...changes: readonly (() => void)[]): readonly Uint8Array[] {
  const updates: Uint8Array[] = [];
  const listener = (update: Uint8Array): void => void updates.push(update);
  doc.on('update', listener);
  for (const change of changes) change();
  doc.off('update', listener);
  return updates;
}

/** Some kilobytes, the same for the same number. */
function filling(seed: number): string {
  let state = seed + 1;
  return Array.from({ length: 400 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  }).join(' ');
}
