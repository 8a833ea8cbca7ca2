// A hub that records history, a window onto it, and what the segments say was typed; for the tests of history's rules.
import { onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { testSigner } from './test-signer.ts';
import { FakeClock, type Clock } from '../../shared/base/clock.ts';
import { silentLogger } from '../../shared/base/logger.ts';
import type { RoomHandle } from '../../shared/link/room-source.ts';
import type { DocStore } from '../../shared/hub/doc-store.ts';
import { Hub } from '../../shared/hub/hub.ts';
import { MemoryDocStore } from '../../shared/hub/memory-doc-store.ts';
import { History } from '../../shared/hub/history/history.ts';
import { PENDING_AREA } from '../../shared/hub/history/pending-rows.ts';
import type { Retention } from '../../shared/hub/history/retention.ts';
import { typedText } from '../../shared/hub/history/typed-text.ts';

export const ROOM = 'ws/space/page';
export const FOR_EVER: Retention = { days: 0, bytes: 0 };

export interface Running {
  readonly hub: Hub;
  readonly history: History;
  readonly store: DocStore;
  close(): Promise<void>;
}

export async function running(
  store: DocStore = new MemoryDocStore(),
  clock: Clock = new FakeClock(),
  retention: Retention = FOR_EVER,
): Promise<Running> {
  const history = new History({ store, signer: await testSigner(), clock, logger: silentLogger, retention });
  const access = { allows: () => true, onChange: () => ({ dispose: () => undefined }) };
  const limits = { compactAfter: 1, tailEntries: 5 };
  const hub = new Hub({ store, access, clock, logger: silentLogger, recorder: history.recorder, limits });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await hub.close();
    await history.close();
    await store.close();
  };
  onTestFinished(close);
  return { hub, history, store, close };
}

/** A window: a document of its own, whose edits go to the hub as one socket's. */
export class Window {
  readonly doc = new Y.Doc();
  readonly #room: RoomHandle;
  readonly #sent: Promise<unknown>[] = [];

  constructor(room: RoomHandle) {
    this.#room = room;
    Y.applyUpdate(this.doc, room.diff(new Uint8Array([0])), 'hub');
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'hub') this.#sent.push(room.apply(update, this, 'socket'));
    });
    room.onUpdate(({ update, origins }) => {
      if (!origins.has(this)) Y.applyUpdate(this.doc, update, 'hub');
    });
  }

  static async open(hub: Hub, device: string | null = null): Promise<Window> {
    const opened = await hub.open(ROOM, { device, member: device && `member of ${device}` });
    if (opened.kind === 'refused') throw new Error(opened.reason);
    return new Window(opened.room);
  }

  get body(): Y.Text {
    return this.doc.getText('body');
  }

  async type(text: string): Promise<void> {
    this.body.insert(this.body.length, text);
    await this.stored();
  }

  async stored(): Promise<void> {
    await Promise.all(this.#sent);
  }

  close(): void {
    this.#room.dispose();
  }
}

export const words = async (history: History, room = ROOM): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const { hash } of await history.segmentsOf(room)) {
    found.push(...typedText((await history.readUpdates('ws', hash)) ?? []));
  }
  return found;
};

export const pendingRows = async (store: DocStore): Promise<number> => {
  let rows = 0;
  for await (const _row of store.values.entries(PENDING_AREA)) rows += 1;
  return rows;
};
